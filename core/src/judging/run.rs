//! May the token log in? The one driver: every question that the engine answers runs the checks here.

use alloc::vec::Vec;
use core::ops::ControlFlow;

use crate::{
    answers::{
        failure::{Failure, Stop},
        identity::Identity,
        login::Login,
        refusal::{Refusal, Rejection},
    },
    ground::reason::{Check, ReasonCode},
    judging::{
        attempt::Attempt,
        checks::{
            audience, enabled, groups, header, identity_map, issuer, key, principal, reserved, signature, time, token,
            user,
        },
        client,
        needs::needs,
    },
};

/// Runs the checks in the profile's order. `see` gets the outcome of each and may end the run with what it makes of it.
pub(crate) fn run<E>(
    attempt: &mut Attempt<'_>,
    mut see: impl FnMut(Check, Result<(), Stop>) -> ControlFlow<E>,
) -> Option<E> {
    for &check in attempt.rules().order {
        let outcome = usable(check, attempt).and_then(|()| judge(check, attempt));
        if let ControlFlow::Break(end) = see(check, outcome) {
            return Some(end);
        }
    }
    None
}

/// How every check went.
pub(crate) fn outcomes(attempt: &mut Attempt<'_>) -> Vec<(Check, Result<(), Stop>)> {
    let mut outcomes = Vec::with_capacity(attempt.rules().order.len());
    run(attempt, |check, outcome| {
        outcomes.push((check, outcome));
        ControlFlow::<()>::Continue(())
    });
    outcomes
}

/// Decides: the first check that does not pass is the reason.
///
/// # Errors
/// The refusal; nobody logs in.
pub(crate) fn decide(mut attempt: Attempt<'_>) -> Result<Login, Refusal> {
    let stop = first_stop(&mut attempt);
    conclude(attempt, stop)
}

/// The first check that does not pass, if there is one.
pub(crate) fn first_stop(attempt: &mut Attempt<'_>) -> Option<Stop> {
    run(attempt, |_, outcome| match outcome {
        Err(stop) if stop.decides() => ControlFlow::Break(stop),
        _ => ControlFlow::Continue(()),
    })
}

/// How the same login goes at another moment: what `tell` makes of the first check that does not pass there. `before` is how
/// every check went at some moment, and counts again for those that no clock decides.
pub(crate) fn decide_again<T>(
    attempt: &mut Attempt<'_>,
    before: &[(Check, Result<(), Stop>)],
    tell: impl FnOnce(Check, &Stop) -> T,
) -> Option<T> {
    for &check in attempt.rules().order {
        let known = before.iter().find(|(other, _)| *other == check && !is_judged_again(check));
        let judged;
        let outcome = match known {
            Some((_, outcome)) => outcome,
            None => {
                judged = usable(check, attempt).and_then(|()| judge(check, attempt));
                &judged
            }
        };
        if let Err(stop) = outcome
            && stop.decides()
        {
            return Some(tell(check, stop));
        }
    }
    None
}

/// Whether a check looks at the moment, or finds what such a check builds on: the keys that count are those of the moment. No
/// other check reads [`Attempt::now`].
const fn is_judged_again(check: Check) -> bool {
    let looks = matches!(check, Check::Key | Check::Signature | Check::Time);
    looks || matches!(check, Check::Token | Check::Header | Check::Issuer)
}

/// The first check that does not pass of a token that nobody has signed, as if somebody had: the checks of its key and its
/// signature decide nothing. A login is never made so, for it takes a token that has verified.
pub(crate) fn first_stop_unsigned(attempt: &mut Attempt<'_>) -> Option<Stop> {
    run(attempt, |check, outcome| match outcome {
        Err(stop) if stop.decides() && !matches!(check, Check::Key | Check::Signature) => ControlFlow::Break(stop),
        _ => ControlFlow::Continue(()),
    })
}

/// Says who bears the token, by every check but those of the SQL user.
///
/// # Errors
/// The refusal; nobody is known by it.
pub(crate) fn identify(mut attempt: Attempt<'_>) -> Result<Identity, Refusal> {
    let stop = first_stop_of_bearer(&mut attempt);
    conclude_bearer(attempt, stop)
}

/// The first check that does not pass, whoever the bearer wants to be.
pub(crate) fn first_stop_of_bearer(attempt: &mut Attempt<'_>) -> Option<Stop> {
    let is_about_users = |check| matches!(check, Check::IdentityMap | Check::User | Check::Reserved);
    run(attempt, |check, outcome| match outcome {
        Err(stop) if stop.decides() && !is_about_users(check) => ControlFlow::Break(stop),
        _ => ControlFlow::Continue(()),
    })
}

/// What comes of such a run.
///
/// # Errors
/// The refusal; nobody is known by it.
pub(crate) fn conclude_bearer(attempt: Attempt<'_>, stop: Option<Stop>) -> Result<Identity, Refusal> {
    concluded(attempt, stop, Attempt::into_identity)
}

/// What comes of a run whose first deciding stop this is.
///
/// # Errors
/// The refusal; nobody logs in.
pub(crate) fn conclude(attempt: Attempt<'_>, stop: Option<Stop>) -> Result<Login, Refusal> {
    concluded(attempt, stop, Attempt::into_login)
}

fn concluded<'a, T>(
    attempt: Attempt<'a>,
    stop: Option<Stop>,
    answer: impl FnOnce(Attempt<'a>) -> Option<T>,
) -> Result<T, Refusal> {
    match stop {
        Some(Stop::Failed(failure)) => {
            let client = client::answer(&failure, &attempt);
            let user_info = groups::to_ask(&failure, &attempt);
            Err(Refusal::Rejected(Rejection { user_info, ..failure.into_rejection(client) }))
        }
        Some(Stop::KeysNeeded(keys)) => Err(Refusal::KeysNeeded(*keys)),
        Some(Stop::Moot(_)) | None => {
            let rules = attempt.rules();
            answer(attempt).ok_or_else(|| Refusal::Rejected(client::internal_error(rules)))
        }
    }
}

/// Whether everything that a check goes by can be used.
fn usable(check: Check, attempt: &Attempt<'_>) -> Result<(), Stop> {
    match attempt.compiled.lacks(|| needs(check)) {
        true => Err(Stop::Moot("a setting that it goes by cannot be used")),
        false => Ok(()),
    }
}

fn judge(check: Check, attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    match check {
        // OK because nothing is judged before the settings are compiled.
        Check::Settings => Ok(()),
        Check::Enabled => enabled::judge(attempt),
        Check::Token => token::judge(attempt),
        Check::Header => header::judge(attempt),
        Check::Issuer => issuer::judge(attempt),
        Check::Key => key::judge(attempt),
        Check::Signature => signature::judge(attempt),
        Check::Time => time::judge(attempt),
        Check::Audience => audience::judge(attempt),
        Check::Principal => principal::judge(attempt),
        Check::IdentityMap => identity_map::judge(attempt),
        Check::User => user::judge(attempt),
        Check::Reserved => reserved::judge(attempt),
        Check::Groups => groups::judge(attempt),
        Check::Internal => Err(Failure::new(ReasonCode::InternalError, "no such check stands in an order").into()),
    }
}
