//! Is the SQL user one for people at all? The database keeps some names for itself.

use alloc::format;

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::Finding,
    },
    ground::{reason::ReasonCode, text::shown},
    judging::attempt::Attempt,
    parsed::settings::SettingName,
};

pub(crate) fn judge(attempt: &Attempt<'_>) -> Result<(), Stop> {
    let Some(candidate) = attempt.chosen() else { return Err(Stop::Moot("no SQL user is found")) };
    if !attempt.names().is_reserved(&candidate.user) {
        return Ok(());
    }
    let given_by = match candidate.line {
        Some(line) => format!("line {line} of the identity map gives it"),
        None => "the token's own claim gives it".into(),
    };
    let message = format!("the SQL user `{}` is reserved for the database; {given_by}", shown(&candidate.user));
    let failure = Failure::new(ReasonCode::UserReserved, message).about(SettingName::IdentityMap);
    Err(failure.actual([&candidate.user]).into())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let user = attempt.chosen().map_or("", |candidate| &candidate.user);
    Finding::new(format!("`{}` is an ordinary SQL user", shown(user)))
}
