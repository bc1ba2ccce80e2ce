//! What else is worth knowing? What fails next, what nearly fits, and what deserves attention.

use alloc::vec::Vec;

use crate::{
    answers::{
        failure::{Failure, Stop},
        remedy::Remedy,
    },
    ground::reason::Check,
    judging::attempt::Attempt,
    parsed::settings::{Places, Settings},
    telling::{
        document::Advice,
        near_miss::{fetched, find::find, key},
        newer_name,
        teller::Teller,
        warnings,
    },
};

type Outcomes = [(Check, Result<(), Stop>)];

/// Everything worth knowing about an attempt beside its reason; `database` is the warning that the database is laxer.
pub(super) fn collect(
    settings: &Settings,
    places: &Places<'_>,
    attempt: &Attempt<'_>,
    outcomes: &Outcomes,
    database: Option<Advice>,
    text: &[u8],
) -> Vec<Advice> {
    let failures = || {
        outcomes.iter().filter_map(|(_, outcome)| match outcome {
            Err(Stop::Failed(failure)) => Some(failure),
            _ => None,
        })
    };
    let keys_needed = outcomes.iter().any(|(_, outcome)| matches!(outcome, Err(Stop::KeysNeeded(_))));
    let teller = Teller { places };
    let hints = |failure| find(failure, attempt, text).into_iter().map(move |hint| (failure, hint));
    let mut advice: Vec<Advice> =
        failures().flat_map(hints).map(|(failure, hint)| teller.near_miss(failure, hint)).collect();
    if keys_needed {
        advice.splice(0..0, fetched::advice(places, attempt));
    }
    // While keys are needed the first failure is not the reason, but what would fail next.
    advice.extend(failures().skip(usize::from(!keys_needed)).map(|failure| teller.next_failure(failure)));
    advice.extend(database);
    advice.extend(newer_name::near_miss(attempt));
    if !keys_needed {
        advice.extend(warnings::keys_unread::warning(places, attempt));
    }
    let accepted = failures().next().is_none() && !keys_needed;
    advice.extend(warnings::all::collect(settings, places, attempt, accepted));
    advice
}

/// Whether nobody has proven the token. One that is cut may be anybody's: that it is cut says enough.
pub(super) fn is_doubtful(attempt: &Attempt<'_>, outcomes: &Outcomes) -> bool {
    let says_whose = |failure: &Failure| matches!(failure.code.check(), Check::Issuer | Check::Key | Check::Signature);
    let fails = |outcome: &Result<(), Stop>| matches!(outcome, Err(Stop::Failed(failure)) if says_whose(failure));
    let is_cut = || attempt.key.is_some_and(|key| attempt.token.cut(key).is_some());
    !attempt.proven() && outcomes.iter().any(|(_, outcome)| fails(outcome)) && !is_cut() && !key::is_in_the_set(attempt)
}

/// What stands before all other advice on a token that nobody has proven; nothing where a remedy has found whose it is.
pub(super) fn unproven(remedies: &[Remedy]) -> Option<Advice> {
    if remedies.iter().any(Remedy::lets_in) {
        return None;
    }
    let message = "nobody has proven this token: its signature has not verified under a key that it names, so whoever sent \
                   it may have written it, and nothing is proposed that believes more of what it says";
    let remedy = "make sure first that the signature verifies under a key of an identity provider of yours";
    Some(Advice::warning(Check::Signature, message, remedy))
}
