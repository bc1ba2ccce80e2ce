//! What becomes of sample logins? Each is judged by both settings; those that change alike are one change.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use crate::{
    answers::decision::Decision,
    asking::{
        compare::{
            changes::Changes,
            document::{ChangeEvidence, ChangeExample, ChangeKind, ChangeOutcome, ComparedLogins, SettingsDifference},
            side::Side,
        },
        logins::{Judged, SampleLogin, judge, told},
    },
    ground::{
        limits::{SAMPLE_LOGINS_MAX, SAMPLE_STEPS_MAX, SAMPLES_TOLD_MAX},
        reason::ReasonCode,
        text::{counted, one_line, quoted, shown},
        work::Work,
    },
};

/// What distinguishes changes: what was decided, why, and by which lines.
type Cause = (ChangeKind, Option<&'static str>, [(Option<ReasonCode>, Option<u32>); 2]);

/// Judges them.
pub(super) fn judge_all(old: &Side, new: &Side, logins: &[SampleLogin], changes: &mut Changes) -> ComparedLogins {
    let work = Work::of(SAMPLE_STEPS_MAX);
    let mut counts = ComparedLogins::default();
    let mut grouped: BTreeMap<Cause, SettingsDifference> = BTreeMap::new();
    for (place, login) in logins.iter().enumerate().take(SAMPLE_LOGINS_MAX) {
        let Some((before, after)) = by(old, login, &work).zip(by(new, login, &work)) else { break };
        counts.judged = counts.judged.saturating_add(1);
        counts.unsigned = counts.unsigned.saturating_add(login.is_unsigned().into());
        let Some(kind) = kind(&before, &after) else {
            counts.same = counts.same.saturating_add(1);
            continue;
        };
        let count = match kind {
            ChangeKind::Gained => &mut counts.gained,
            ChangeKind::OtherUser => &mut counts.other_user,
            ChangeKind::Lost => &mut counts.lost,
            _ => &mut counts.otherwise_refused,
        };
        *count = count.saturating_add(1);
        let setting = setting(kind, &before, &after);
        let of = |judged: &Judged| (judged.refused.as_ref().and_then(|refused| refused.code), judged.line);
        let cause = (kind, setting, [of(&before), of(&after)]);
        let change = grouped.entry(cause).or_insert_with(|| SettingsDifference {
            kind,
            evidence: ChangeEvidence::Login,
            setting,
            issuer: before.issuer.as_deref().or(after.issuer.as_deref()).map(quoted),
            old_line: before.line,
            new_line: after.line,
            message: String::new(),
            count: 0,
            logins: Vec::new(),
            example: Some(example(place, login, &before, &after)),
        });
        change.count = change.count.saturating_add(1);
        if change.logins.len() < SAMPLES_TOLD_MAX {
            change.logins.push(place);
        }
    }
    counts.untried = logins.len().saturating_sub(counts.judged);
    for change in grouped.into_values() {
        let message = message(&change);
        changes.add(SettingsDifference { message: one_line(message), ..change });
    }
    counts
}

/// What one of the settings decides.
fn by(side: &Side, login: &SampleLogin, work: &Work) -> Option<Judged> {
    match &side.state {
        Ok((compiled, keys)) => judge(compiled, keys, login, work),
        Err(error) => Some(Judged::unusable(error, side.profile)),
    }
}

/// What changes; nothing where nothing does.
fn kind(old: &Judged, new: &Judged) -> Option<ChangeKind> {
    let is_let_in = |judged: &Judged| judged.decision == Decision::Accept;
    match (is_let_in(old), is_let_in(new)) {
        (false, true) => Some(ChangeKind::Gained),
        (true, false) => Some(ChangeKind::Lost),
        (true, true) => (old.user != new.user).then_some(ChangeKind::OtherUser),
        (false, false) => {
            let refused =
                |judged: &Judged| judged.refused.as_ref().map(|refused| (refused.code, refused.client.clone()));
            let ((old_code, old_client), (new_code, new_client)) = refused(old).zip(refused(new))?;
            match () {
                () if (old_code, old.decision) != (new_code, new.decision) => Some(ChangeKind::OtherReason),
                () if old_client != new_client => Some(ChangeKind::OtherMessage),
                () => None,
            }
        }
    }
}

/// The setting that the deciding check of the refusing side goes by.
fn setting(kind: ChangeKind, old: &Judged, new: &Judged) -> Option<&'static str> {
    let by = |judged: &Judged| judged.refused.as_ref().and_then(|refused| refused.setting);
    match kind {
        ChangeKind::OtherUser => Some(crate::parsed::settings::SettingName::IdentityMap.as_str()),
        ChangeKind::Gained => by(old),
        _ => by(new).or_else(|| by(old)),
    }
}

fn example(place: usize, login: &SampleLogin, old: &Judged, new: &Judged) -> ChangeExample {
    let outcome = |judged: &Judged| ChangeOutcome {
        decision: judged.decision,
        users: judged.user.iter().map(|user| quoted(user)).collect(),
        line: judged.line,
        code: judged.refused.as_ref().and_then(|refused| refused.code),
        why: judged.refused.as_ref().map(|refused| refused.why.clone()),
        client: judged.refused.as_ref().map(|refused| refused.client.clone()),
    };
    ChangeExample {
        issuer: told(old.issuer.as_ref().or(new.issuer.as_ref())),
        new_issuer: None,
        principal: told(old.principal.as_ref().or(new.principal.as_ref())),
        login: Some(place),
        unsigned: login.is_unsigned(),
        old: outcome(old),
        new: outcome(new),
    }
}

/// The change in a sentence.
fn message(change: &SettingsDifference) -> String {
    let Some(example) = &change.example else { return String::new() };
    let who = match &example.principal {
        Some(principal) => format!("`{}`", shown(principal)),
        None => format!("the login at place {}", example.login.unwrap_or_default()),
    };
    let who = match change.count {
        0 | 1 => who,
        count => format!("{}, first of them {who},", counted(count, "login")),
    };
    let verb = |one: &'static str, many: &'static str| if change.count > 1 { many } else { one };
    let user = |outcome: &ChangeOutcome| {
        let line = outcome.line.map(|line| format!(" by line {line} of the identity map")).unwrap_or_default();
        format!("`{}`{line}", shown(outcome.users.first().map_or("", String::as_str)))
    };
    let why = |outcome: &ChangeOutcome| -> String { outcome.why.clone().unwrap_or_default() };
    let (old, new) = (&example.old, &example.new);
    match change.kind {
        ChangeKind::Gained => {
            format!(
                "{who} {} let in as {}, and {} refused before: {}",
                verb("is", "are"),
                user(new),
                verb("was", "were"),
                why(old)
            )
        }
        ChangeKind::Lost => {
            format!(
                "{who} {} refused, and {} let in as {} before: {}",
                verb("is", "are"),
                verb("was", "were"),
                user(old),
                why(new)
            )
        }
        ChangeKind::OtherUser => {
            format!(
                "{who} {} in as {}, and {} {} before",
                verb("logs", "log"),
                user(new),
                verb("was", "were"),
                user(old)
            )
        }
        ChangeKind::OtherMessage => {
            let told = |outcome: &ChangeOutcome| {
                let client = outcome.client.as_ref();
                let detail = client.and_then(|client| client.detail.as_deref());
                let detail = detail.map(|detail| format!(" ({})", shown(detail))).unwrap_or_default();
                format!("`{}`{detail}", client.map(|client| shown(&client.message)).unwrap_or_default())
            };
            format!("{who} {} refused as before, and told {}, where it was {}", verb("is", "are"), told(new), told(old))
        }
        _ => format!("{who} {} refused for another reason: {}; before: {}", verb("is", "are"), why(new), why(old)),
    }
}
