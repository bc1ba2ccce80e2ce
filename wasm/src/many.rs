//! May these tokens log in? Many questions in one crossing of the border between JavaScript and the engine.

use serde::Serialize;
use sqljwt::{Decision, ReasonCode, Refusal, Validator};

use crate::border::pieces;

/// What became of one login.
#[derive(Serialize)]
pub(crate) struct Outcome {
    decision: Decision,
    code: Option<ReasonCode>,
    user: Option<String>,
}

/// Decides one login for each moment. Its token and its user stand in `texts`, one after the other; `ends` says where each ends.
pub(crate) fn validate(validator: &Validator, texts: &[u8], ends: &[u32], moments: &[i64]) -> Vec<Outcome> {
    let mut pieces = pieces(texts, ends);
    let logins = moments.iter().map_while(|&now| Some((pieces.next()?, pieces.next()?, now)));
    logins.map(|(token, user, now)| outcome(validator, token, &String::from_utf8_lossy(user), now)).collect()
}

fn outcome(validator: &Validator, token: &[u8], user: &str, now: i64) -> Outcome {
    let nobody = Outcome { decision: Decision::Reject, code: None, user: None };
    match validator.validate(token, user, now) {
        Ok(login) => Outcome { decision: Decision::Accept, user: Some(login.user), ..nobody },
        Err(Refusal::Rejected(rejection)) => Outcome { code: Some(rejection.code), ..nobody },
        Err(Refusal::KeysNeeded(_)) => Outcome { decision: Decision::KeysNeeded, ..nobody },
        // A kind that this module does not know refuses all the same.
        Err(_) => nobody,
    }
}
