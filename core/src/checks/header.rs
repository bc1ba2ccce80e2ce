//! Does the token ask for nothing that this server does not do?

use crate::{attempt::Attempt, checks::Stop, reason::ReasonCode, refusal::Failure, token::header};

pub(super) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    if attempt.token.shape_defect().is_some() {
        return Err(Stop::Moot("the token has no header"));
    }
    match header::read(attempt.token.header()) {
        Ok(header) => attempt.header = Some(header),
        Err(defect) => {
            let mut failure = Failure::new(defect.code, defect.message);
            if let Some(actual) = defect.actual {
                failure = failure.actual([actual]);
            }
            return Err(failure.into());
        }
    }
    let events = attempt.claims.and_then(|claims| claims.member("events"));
    if attempt.rules.rules().events_refused && events.is_some() {
        let message = "the token reports an event (claim `events`): it is a logout or security-event token, no login";
        return Err(Failure::new(ReasonCode::TypNotAllowed, message).into());
    }
    Ok(())
}
