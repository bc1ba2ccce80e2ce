//! Which tokens verify with the new key set, and what else does it change?

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::decision::Decision,
    asking::{
        keys::{IssuerKeys, keys_of},
        rehearsal::{
            compare::{Compared, compare},
            document::{IssuerNeeded, KeyFate, RehearsalDocument, RehearsedToken, TokenFate},
            findings::{Found, findings},
            readers::{Published, readers},
            shape::shapes,
            stage::{Tomorrow, has_the_common_set, policy, tomorrow},
            tokens::{Judged, judge},
        },
    },
    ground::{
        limits::FETCHED_BYTES_MAX,
        text::{counted, joined, one_line},
    },
    parsed::keys::KeySet,
    rules::{
        key_cache::{Held, KeyCache},
        policy::{
            compiled::Compiled,
            issuer::{Keys, Policy},
            sides::Sides,
        },
    },
    telling::SCHEMA,
};

/// What a key set does that is not there yet.
///
/// # Errors
/// It has to be said whose set it is.
pub(crate) fn rehearse(
    sides: &Sides,
    cache: &KeyCache,
    issuer: Option<&str>,
    text: &str,
    tokens: &[&[u8]],
    now: i64,
) -> Result<RehearsalDocument, IssuerNeeded> {
    let compiled = sides.own();
    let policy = policy(compiled, issuer)?;
    let is_fetched = policy.keys_are_fetched();
    let today = keys_of(compiled, cache, &[], policy, now);
    let tomorrow = tomorrow(sides, cache, policy, text, now);
    let new = tomorrow.set(compiled, policy, now);
    let Judged { tokens, named, untried } = judge((compiled, cache), &tomorrow, new, tokens, now);
    let held = held(compiled, cache, policy, now);
    let compared = new.map(|new| compare(held, new, &named));
    let read = if text.len() > FETCHED_BYTES_MAX { "" } else { text };
    let shapes = shapes(read);
    let readers = if shapes.is_empty() {
        Vec::new()
    } else {
        {
            let own = new.map(|new| (compiled.rules.keys, new));
            readers(&Published { text: read, shapes: &shapes, own, is_fetched })
        }
    };
    let setting = (!is_fetched).then(|| policy.keys_source().setting.as_str());
    let found = Found { today: &today, setting, tomorrow: &tomorrow, compared: compared.as_ref(), shapes: &shapes };
    let findings = findings(&found, &readers, &tokens);
    let message = message(&tomorrow, compared.as_ref(), &tokens, &today);
    let Compared { keys, gone, overlap, .. } = compared.unwrap_or_default();
    let count = |is: fn(&RehearsedToken) -> bool| tokens.iter().filter(|token| is(token)).count();
    Ok(RehearsalDocument {
        schema: SCHEMA,
        profile: compiled.profile,
        message,
        issuers: issuers(compiled, policy),
        setting,
        fault: tomorrow.fault,
        keys,
        gone,
        overlap,
        findings,
        readers,
        untried,
        accepted_today: count(|token| token.today.decision == Decision::Accept),
        accepted_tomorrow: count(|token| token.tomorrow.decision == Decision::Accept),
        lost: count(|token| token.fate == TokenFate::Lost),
        today,
        tokens,
    })
}

/// The keys that count today.
fn held<'k>(compiled: &Compiled, cache: &'k KeyCache, policy: &'k Policy, now: i64) -> Option<&'k KeySet> {
    match &*policy.keys {
        Keys::Set(set) => Some(set),
        Keys::Remote(_) => match cache.held(&policy.issuer, compiled.rules.keys, now) {
            Held::Keys(_, set) => Some(set),
            Held::Unreadable(_) | Held::None(_) | Held::Unknown(_) => None,
        },
    }
}

/// Whose tokens are verified with the set.
fn issuers(compiled: &Compiled, policy: &Policy) -> Vec<String> {
    const NAMED: usize = 100;
    if !has_the_common_set(policy) {
        return [one_line(&**policy.issuer)].into();
    }
    let common = compiled.policies().filter(|policy| has_the_common_set(policy));
    common.take(NAMED).map(|policy| one_line(&**policy.issuer)).collect()
}

fn message(tomorrow: &Tomorrow, compared: Option<&Compared>, tokens: &[RehearsedToken], today: &IssuerKeys) -> String {
    let accepted =
        |side: fn(&RehearsedToken) -> Decision| tokens.iter().filter(|token| side(token) == Decision::Accept).count();
    let (before, after) = (accepted(|token| token.today.decision), accepted(|token| token.tomorrow.decision));
    let of_tokens = match tokens.len() {
        0 => String::new(),
        given => format!("; accepted of {}: {before} today, {after} with the new set", counted(given, "token")),
    };
    let set = match (&tomorrow.fault, compared) {
        (Some(fault), _) => {
            let then = match (tomorrow.is_unusable, &today.fresh_until) {
                (true, _) => "a database that refuses the setting keeps today's".into(),
                (false, Some(until)) => format!("those of today count until {}, and then nobody logs in", until.utc),
                (false, None) => "nobody logs in by it".into(),
            };
            format!("the new key set cannot be used, and {then}: {}", fault.message)
        }
        (None, Some(compared)) => {
            let fates = |fate: KeyFate| compared.keys.iter().filter(|key| key.fate == fate).count();
            let unusable = compared.keys.iter().filter(|key| key.key.code.is_some()).count();
            let told: Vec<String> = [
                (fates(KeyFate::Stays), "as today"),
                (fates(KeyFate::New), "new"),
                (fates(KeyFate::Changed), "under the id of another key of today"),
                (fates(KeyFate::Renamed), "under another id than today"),
                (fates(KeyFate::Shadowed), "behind another key of its id"),
            ]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
            let colon = if told.is_empty() { "" } else { ": " };
            let (keys, told) = (counted(compared.keys.len(), "key"), joined(&told, "and"));
            let unusable = if unusable == 0 { String::new() } else { format!("; {unusable} of them cannot be used") };
            let gone = if compared.gone.is_empty() {
                String::new()
            } else {
                format!("; without {} of today", counted(compared.gone.len(), "key"))
            };
            format!("the new key set has {keys}{colon}{told}{unusable}{gone}")
        }
        (None, None) => "the new key set cannot be used".into(),
    };
    set + &of_tokens
}
