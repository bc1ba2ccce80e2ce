//! The comparison, question by question.

use alloc::{format, string::String, vec::Vec};

use crate::{
    asking::{
        compare::{
            changes::Changes,
            document::{ChangeKind, CompareDocument},
            issuers, options,
            principals::Search,
            profiles, samples,
            side::{ComparedSettings, Side},
        },
        logins::SampleLogin,
    },
    ground::{
        limits::COMPARE_STEPS_MAX,
        text::{counted, joined},
        work::Work,
    },
    parsed::{
        fetched::FetchError,
        regex::{Program, Reading, parse},
    },
    telling::SCHEMA,
};

/// Compares two settings, and what they make of sample logins.
///
/// # Errors
/// A fetch of keys that cannot be one.
pub(crate) fn compare(
    old: ComparedSettings<'_>,
    new: ComparedSettings<'_>,
    logins: &[SampleLogin],
) -> Result<CompareDocument, FetchError> {
    let (old, new) = (Side::of(old)?, Side::of(new)?);
    let mut changes = Changes::default();
    let judged = samples::judge_all(&old, &new, logins, &mut changes);
    let unsearched = match anybody() {
        Some(anybody) => {
            let work = Work::of(COMPARE_STEPS_MAX);
            issuers::compare(&old, &new, &Search { work: &work, anybody: &anybody }, &mut changes)
        }
        // OK because the pattern is one.
        None => 1,
    };
    options::compare(&old, &new, &mut changes);
    profiles::compare(&old, &new, &mut changes);
    let count = |kinds: &[ChangeKind]| kinds.iter().map(|&kind| changes.count(kind)).sum::<usize>();
    let (gained, lost) = (count(&[ChangeKind::Gained]), count(&[ChangeKind::Lost]));
    let changed =
        count(&[ChangeKind::OtherUser, ChangeKind::OtherReason, ChangeKind::OtherMessage, ChangeKind::OtherEffect]);
    let message = message(&old, &new, [gained, lost, changed], unsearched);
    let (told, untold) = changes.into_told();
    Ok(CompareDocument {
        schema: SCHEMA,
        profile: old.profile,
        new_profile: new.profile,
        message,
        gained,
        lost,
        changed,
        complete: unsearched == 0,
        unsearched,
        old: old.told(),
        new: new.told(),
        changes: told,
        untold,
        logins: judged,
    })
}

/// A regex that matches everything but the empty text.
fn anybody() -> Option<Program> {
    let regex = parse("(?s)^(.+)$", Reading::default()).ok()?;
    Program::compile(&regex.tree).ok()
}

fn message(old: &Side, new: &Side, [gained, lost, changed]: [usize; 3], unsearched: usize) -> String {
    let cannot = |side: &Side| side.state.is_err();
    let unusable = match (cannot(old), cannot(new)) {
        (true, true) => return "neither of the two settings can be used: nobody logs in by either".into(),
        (true, false) => "the old settings cannot be used, so nobody logged in by them; ",
        (false, true) => "the new settings cannot be used, so nobody logs in by them; ",
        (false, false) => "",
    };
    let kinds = [
        (gained, "lets somebody in", "let somebody in"),
        (lost, "keeps somebody out", "keep somebody out"),
        (changed, "changes something else", "change something else"),
    ];
    let some = kinds.into_iter().filter(|(count, ..)| *count > 0);
    let parts: Vec<String> = some
        .map(|(count, does, do_so)| {
            format!("{} that {}", counted(count, "change"), if count == 1 { does } else { do_so })
        })
        .collect();
    let found = match parts.as_slice() {
        [] => "no change of who logs in was found".into(),
        some => joined(some, "and"),
    };
    let off = |side: &Side| side.compiled().is_some_and(|compiled| !compiled.enabled);
    let switched = match off(old) && off(new) {
        true => "; token logins are switched off in both: what is told counts once they are on",
        false => "",
    };
    let rest = match unsearched {
        0 => String::new(),
        count => format!("; {} could not be searched to the end", counted(count, "question")),
    };
    format!("{unusable}{found}{switched}{rest}")
}
