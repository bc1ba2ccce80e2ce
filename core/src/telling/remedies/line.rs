//! Which line of the identity map would give this login its SQL user? One that fits this token alone, then those that fit
//! more.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::{
    ground::{
        kinship::kinship,
        text::{can_be_copied, shown},
        unicode,
    },
    judging::attempt::Attempt,
    parsed::{
        identity_map::{IssuerMap, MissedBy, NearMiss},
        map_line, risk,
        settings::{Change, SettingName},
        sql_user,
    },
    telling::remedies::proposal::Proposal,
};

/// How many of a token's principals are looked at.
const LOOKED_AT: usize = 10;

/// How many of the map's issuers are looked at.
const ISSUERS: usize = 1000;

/// Longer issuers are not compared: nobody mistypes them.
const COMPARED_BYTES_MAX: usize = 512;

/// The lines that were probably meant, then a new one for exactly this token, then one for its whole domain.
pub(super) fn proposals(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let issuer = attempt.stated_issuer();
    let mut proposals = of_another_name(attempt, &issuer);
    proposals.extend(nearly(attempt, &issuer));
    if let Some(line) = exact(attempt) {
        let message = format!("add the line `{line}` to {}", SettingName::IdentityMap.as_str());
        let proposal = Proposal::widening(message, Change::new().add_line(line));
        proposals.push(with_risk(proposal, attempt, &issuer));
    }
    proposals.extend(pattern(attempt));
    // An issuer that the map alone names has to be configured too.
    match attempt.compiled.policy(&issuer) {
        Some(_) => proposals,
        None => proposals.into_iter().map(Proposal::if_it_suffices).collect(),
    }
}

/// The line for everybody who is named as this token's user is, with another name in the place of the requested one: an
/// address of the same domain, an account of the same namespace.
fn pattern(attempt: &Attempt<'_>) -> Option<Proposal> {
    exact(attempt)?;
    let (issuer, requested) = (attempt.stated_issuer(), attempt.names().normalized(attempt.requested));
    let principal = bearer(attempt, &requested)?;
    let (before, after) = principal.split_once(&*requested)?;
    let whole_domain = before.is_empty() && after.starts_with('@') && !risk::domain(after.trim_start_matches('@'));
    let whole_namespace = after.is_empty() && before.starts_with("system:serviceaccount:") && before.ends_with(':');
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "@.:-_".contains(c));
    if !(whole_domain || whole_namespace) || !is_plain(before) || !is_plain(after) || !issuer.is_ascii() {
        return None;
    }
    let (before, after) = (before.replace('.', r"\."), after.replace('.', r"\."));
    let line = format!(r"{issuer} /^{before}([a-z0-9_.-]+){after}$ \1");
    let message = format!("add the line `{line}` to {}", SettingName::IdentityMap.as_str());
    let others = if whole_domain { "an address of that domain" } else { "an account of that namespace" };
    let risk = format!("everybody with {others} logs in under the name in it");
    Some(Proposal::widening(message, Change::new().add_line(line)).risking(risk))
}

/// Why no line is offered for this token, where it is one that many have.
pub(super) fn withheld(attempt: &Attempt<'_>) -> Option<String> {
    let requested = attempt.names().normalized(attempt.requested);
    let principal = bearer(attempt, &requested)?;
    let who = risk::principal(principal)?;
    Some(format!("no line is offered for `{}`: {who}", shown(principal)))
}

/// The line of that number written so that it gives exactly this token the requested SQL user.
pub(super) fn instead_of(number: u32, attempt: &Attempt<'_>) -> Option<(String, Change)> {
    let line = exact(attempt)?;
    let message = format!("write line {number} of the identity map as `{line}`");
    Some((message, Change::new().replace_line(number, line)))
}

/// The line that gives exactly this token the requested SQL user, where one may be offered.
fn exact(attempt: &Attempt<'_>) -> Option<String> {
    let issuer = attempt.stated_issuer();
    let requested = attempt.names().normalized(attempt.requested);
    let may_log_in = !requested.is_empty()
        && !attempt.names().is_reserved(&requested)
        && attempt.names().check(&requested).is_ok()
        && attempt.names().is_plain(attempt.requested);
    let is_known = attempt.compiled.policy(&issuer).is_some() || attempt.compiled.map.lines_for(&issuer).is_some();
    if !is_known || !may_log_in {
        return None;
    }
    let principal = bearer(attempt, &requested)?;
    let is_shared = risk::principal(principal).is_some();
    map_line::exact(&issuer, principal, &requested, attempt.names()).filter(|_| !is_shared)
}

/// Lines that were written for this issuer under another name.
fn of_another_name(attempt: &Attempt<'_>, issuer: &str) -> Vec<Proposal> {
    let map = &attempt.compiled.map;
    if issuer.len() > COMPARED_BYTES_MAX || map.lines_for(issuer).is_some() || !can_be_copied(issuer) {
        return Vec::new();
    }
    let is_stranger = |named: &&str| attempt.compiled.policy(named).is_none() && kinship(issuer, named).is_some();
    let renamed = map.issuers().take(ISSUERS).find(is_stranger).map(|named| {
        let message = format!(
            "begin the lines for `{}` with `{}` in {}",
            shown(named),
            shown(issuer),
            SettingName::IdentityMap.as_str()
        );
        Proposal::widening(message, Change::new().rename_issuer(named, issuer))
    });
    renamed.into_iter().collect()
}

/// Lines that match but for one detail, with the detail put right.
fn nearly(attempt: &Attempt<'_>, issuer: &str) -> Vec<Proposal> {
    let Some(lines) = attempt.compiled.map.lines_for(issuer) else { return Vec::new() };
    let principals = attempt.principals.iter().flatten().take(LOOKED_AT);
    let misses =
        principals.flat_map(|principal| lines.near_misses(principal, &attempt.work).map(move |miss| (principal, miss)));
    let proposal = |(principal, miss): (&Cow<'_, str>, NearMiss<'_>)| {
        let line = miss.line;
        let identity: Cow<'_, str> = match miss.change {
            MissedBy::Case if line.pattern().is_none() => principal.clone(),
            MissedBy::Slash => format!("/{}", line.identity).into(),
            _ => return None,
        };
        let written = map_line::exact(issuer, principal, line.user, attempt.names());
        let text = match miss.change {
            MissedBy::Case => written.unwrap_or_else(|| format!("{issuer} {identity} {}", line.user)),
            _ => format!("{issuer} {identity} {}", line.user),
        };
        let message = format!("write line {} of the identity map as `{}`", line.number, shown(&text));
        Some(Proposal::widening(message, Change::new().replace_line(line.number, text)))
    };
    misses.filter_map(proposal).take(LINES).collect()
}

/// How many lines are proposed to be written otherwise.
const LINES: usize = 2;

/// The principal that a line would be for: the only one, or the only one that holds the requested SQL user's name.
fn bearer<'a>(attempt: &'a Attempt<'_>, requested: &str) -> Option<&'a Cow<'a, str>> {
    let principals = attempt.principals.as_deref()?;
    if let [only] = principals {
        return Some(only);
    }
    let mut covering = principals.iter().take(LOOKED_AT).filter(|principal| covers(principal, requested));
    covering.next().filter(|_| covering.next().is_none())
}

/// Whether the name stands in the principal as a whole word.
fn covers(principal: &str, name: &str) -> bool {
    let (folded, name) = (sql_user::normalized(principal), sql_user::normalized(name));
    // Marks belong to the letter before them: `alic` does not stand in `alic̣e`.
    let names = if folded.is_ascii() { [].as_slice() } else { ["l", "m", "n"].as_slice() };
    let classes: Vec<_> = names.iter().filter_map(|name| unicode::class(name)).collect();
    let of_a_word = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '-' | '.')
            || classes.iter().any(|class| unicode::holds(class, c))
    };
    folded.split(|c: char| !of_a_word(c)).any(|word| word == name)
}

/// The proposal with what else the line does.
fn with_risk(proposal: Proposal, attempt: &Attempt<'_>, issuer: &str) -> Proposal {
    let mut said: Vec<Cow<'static, str>> = Vec::new();
    match attempt.compiled.map.lines_for(issuer) {
        None => said.push(
            "it is the first line for this issuer: from then on only those of its users who have a line can log in"
                .into(),
        ),
        Some(lines) => said.extend(shared(attempt, lines)),
    }
    if let Some(why) = risk::claim(attempt.policy().claim.as_str()) {
        said.push(
            format!("the claim `{}` does not say who somebody is: {why}", shown(attempt.policy().claim.as_str()))
                .into(),
        );
    }
    let is_cased =
        |name: &Cow<'_, str>| name.chars().any(|c| unicode::lower(c) != c || unicode::is_lowercase_letter(c));
    if attempt.rules().map.ignore_case && attempt.principals.iter().flatten().any(is_cased) {
        said.push("the database compares it without regard to case".into());
    }
    let mut others = attempt.candidates.iter().flatten().filter(|candidate| candidate.defect.is_none());
    if let Some(other) = others.next() {
        said.push(format!("the same person is then `{}` and this SQL user", shown(&other.user)).into());
    }
    let proposal =
        if risk::claim(attempt.policy().claim.as_str()).is_some() { proposal.after_others() } else { proposal };
    if said.is_empty() { proposal } else { proposal.risking(said.join("; ")) }
}

/// That the requested SQL user is somebody's already.
fn shared(attempt: &Attempt<'_>, lines: &IssuerMap) -> Option<Cow<'static, str>> {
    let requested = attempt.names().normalized(attempt.requested);
    let gives = |user: &str| match user.split_once(r"\1") {
        None => attempt.names().normalized(user) == requested,
        Some((before, after)) => {
            let inside = requested.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            inside.is_some_and(|inside| !inside.is_empty())
        }
    };
    let line = lines.lines().find(|line| gives(line.user))?;
    if line.user.contains(r"\1") {
        let fact = format!(
            "line {} may give `{}` to somebody else already: be sure that both are one person",
            line.number,
            shown(&requested)
        );
        return Some(fact.into());
    }
    let fact = format!(
        "line {} gives `{}` to `{}` already: be sure that both are to log in as that SQL user",
        line.number,
        shown(&requested),
        shown(line.identity)
    );
    Some(fact.into())
}
