//! Are token logins switched on?

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::Finding,
    },
    ground::reason::ReasonCode,
    judging::attempt::Attempt,
    parsed::settings::SettingName,
};

pub(crate) fn judge(attempt: &Attempt<'_>) -> Result<(), Stop> {
    if attempt.compiled.enabled {
        return Ok(());
    }
    // CockroachDB looks for a token before it looks whether tokens are wanted.
    let empty = attempt.token.shape_defect().is_some_and(|defect| defect.code == ReasonCode::TokenEmpty);
    if empty && attempt.rules().judging.token_before_switch {
        return Err(Stop::Moot("no token was sent"));
    }
    let failure = Failure::new(ReasonCode::Disabled, "token logins are switched off").about(SettingName::Enabled);
    Err(failure.expected(["true"]).actual(["false"]).into())
}

pub(crate) fn found() -> Finding {
    Finding::new("token logins are switched on").about(SettingName::Enabled)
}
