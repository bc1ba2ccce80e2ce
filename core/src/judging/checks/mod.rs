//! The checks: each judges one thing and adds what it found to the attempt.
//!
//! Which of them decides first is the profile's order; a check judges whenever it can, whatever failed before it, so
//! that an explanation can show all there is to mend.

mod audience;
mod candidates;
mod groups;
mod header;
mod identity;
mod issuer;
mod key;
mod line;
mod principal;
mod time;
mod token;

use alloc::boxed::Box;

use crate::{
    answers::refusal::{Failure, KeysNeeded},
    ground::reason::{Check, ReasonCode},
    judging::attempt::Attempt,
    parsed::settings::SettingName,
};
pub(crate) use audience::stated as stated_audiences;

/// Why a check did not pass.
pub(crate) enum Stop {
    /// It failed.
    Failed(Failure),
    /// It cannot be judged before keys are fetched.
    KeysNeeded(Box<KeysNeeded>),
    /// It says nothing here; why.
    Moot(&'static str),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Judges one check.
pub(crate) fn run(check: Check, attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    judge(check, attempt).map_err(|stop| match stop {
        Stop::Failed(failure) => Stop::Failed(Failure { proven: attempt.proven(), ..failure }),
        other => other,
    })
}

fn judge(check: Check, attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    match check {
        // OK because a validator is only made from settings that could be compiled.
        Check::Settings => Ok(()),
        Check::Enabled => enabled(attempt),
        Check::Token => token::judge(attempt),
        Check::Header => header::judge(attempt),
        Check::Issuer => issuer::judge(attempt),
        Check::Key => key::judge(attempt),
        Check::Signature => key::signature(attempt),
        Check::Time => time::judge(attempt),
        Check::Audience => audience::judge(attempt),
        Check::Principal => principal::judge(attempt),
        Check::IdentityMap => identity::map(attempt).map_err(|stop| identity::with_line(stop, attempt)),
        Check::User => identity::user(attempt),
        Check::Reserved => identity::reserved(attempt),
        Check::Groups => groups::judge(attempt),
        Check::Internal => Err(Failure::new(ReasonCode::InternalError, "no such check stands in an order").into()),
    }
}

fn enabled(attempt: &Attempt<'_>) -> Result<(), Stop> {
    if attempt.compiled.enabled {
        return Ok(());
    }
    // CockroachDB looks for a token before it looks whether tokens are wanted.
    let empty = attempt.token.shape_defect().is_some_and(|defect| defect.code == ReasonCode::TokenEmpty);
    if empty && attempt.rules().judging.token_before_switch {
        return Err(Stop::Moot("no token was sent"));
    }
    let failure = Failure::new(ReasonCode::Disabled, "token logins are switched off")
        .setting(SettingName::Enabled.as_str())
        .expected(["true"])
        .actual(["false"]);
    Err(failure.into())
}
