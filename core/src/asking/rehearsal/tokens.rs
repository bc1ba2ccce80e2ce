//! What becomes of these tokens?

use alloc::{string::String, vec::Vec};

use crate::{
    answers::{decision::Decision, refusal::Refusal},
    asking::rehearsal::{
        document::{KeySetFault, RehearsedOutcome, RehearsedToken, TokenFate},
        stage::Tomorrow,
    },
    ground::{
        limits::{LOGIN_STEPS_MAX, REHEARSAL_STEPS_MAX, REHEARSED_TOKENS_MAX},
        reason::ReasonCode,
        text::quoted,
        work::Work,
    },
    judging::{
        attempt::Attempt,
        run::{conclude_bearer, first_stop_of_bearer},
    },
    parsed::{
        keys::{KeyEntry, KeySet},
        token::{UnverifiedToken, compact},
    },
    rules::{key_cache::KeyCache, policy::compiled::Compiled},
};

/// The tokens that could be judged.
pub(super) struct Judged {
    pub(super) tokens: Vec<RehearsedToken>,
    /// The ids that they name, as they are written.
    pub(super) named: Vec<Option<String>>,
    pub(super) untried: usize,
}

/// Judges each token by today's keys and by the new ones.
pub(super) fn judge(
    today: (&Compiled, &KeyCache),
    tomorrow: &Tomorrow,
    new: Option<&KeySet>,
    tokens: &[&[u8]],
    now: i64,
) -> Judged {
    let mut budget = Work::of(REHEARSAL_STEPS_MAX);
    let (compiled, cache) = today;
    let compiled_then = tomorrow.compiled.as_ref().unwrap_or(compiled);
    let mut judged = Judged { tokens: Vec::new(), named: Vec::new(), untried: 0 };
    for text in tokens.iter().take(REHEARSED_TOKENS_MAX) {
        let Some(before) = side(&mut budget, compiled, cache, text, now) else { break };
        let Some(after) = side(&mut budget, compiled_then, &tomorrow.cache, text, now) else { break };
        let after = match tomorrow.fault.as_ref().filter(|_| tomorrow.is_unusable) {
            Some(fault) => Side { principals: Vec::new(), outcome: unusable(fault), ..after },
            None => after,
        };
        judged.named.push(before.id.clone());
        judged.tokens.push(told(before, after, new));
    }
    judged.untried = tokens.len().saturating_sub(judged.tokens.len());
    judged
}

/// One token by one set.
struct Side {
    issuer: Option<String>,
    /// The id that it names, as it is written.
    id: Option<String>,
    principals: Vec<String>,
    outcome: RehearsedOutcome,
}

/// What is decided of a token; nothing where the budget does not allow it.
fn side(budget: &mut Work, compiled: &Compiled, cache: &KeyCache, text: &[u8], now: i64) -> Option<Side> {
    let parts = compact::split(text, compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let mut attempt = Attempt::new(compiled, &token, "", now).with(Some(cache), None);
    let steps = budget.left().min(LOGIN_STEPS_MAX);
    attempt.work = Work::of(steps);
    let stop = first_stop_of_bearer(&mut attempt);
    *budget = Work::of(budget.left().saturating_sub(steps.saturating_sub(attempt.work.left())));
    let issuer = attempt.stated_issuer();
    let issuer = (!issuer.is_empty()).then(|| quoted(&issuer));
    let id = attempt.header.as_ref().and_then(|header| header.key_id.as_deref()).map(String::from);
    let signed_with = attempt.verified.as_ref().map(|verified| verified.key().thumbprint());
    let (principals, outcome) = match conclude_bearer(attempt, stop) {
        Ok(identity) => (
            identity.principals.iter().map(|principal| quoted(principal)).collect(),
            RehearsedOutcome { decision: Decision::Accept, code: None, message: None, signed_with },
        ),
        // What another login would still be judged by is not there.
        Err(Refusal::Rejected(reason)) if reason.code == ReasonCode::TooCostly && steps < LOGIN_STEPS_MAX => {
            return None;
        }
        Err(Refusal::Rejected(reason)) => {
            let (code, message) = (Some(reason.code), Some(reason.message));
            (Vec::new(), RehearsedOutcome { decision: Decision::Reject, code, message, signed_with })
        }
        Err(Refusal::KeysNeeded(keys)) => {
            let message = Some(keys.cause);
            (Vec::new(), RehearsedOutcome { decision: Decision::KeysNeeded, code: None, message, signed_with })
        }
    };
    Some(Side { issuer, id, principals, outcome })
}

/// What is decided of every token by settings that cannot be used.
fn unusable(fault: &KeySetFault) -> RehearsedOutcome {
    RehearsedOutcome {
        decision: Decision::Reject,
        code: Some(fault.code),
        message: Some(fault.message.clone()),
        signed_with: None,
    }
}

fn told(before: Side, after: Side, new: Option<&KeySet>) -> RehearsedToken {
    let fate = match (before.outcome.decision, after.outcome.decision) {
        (Decision::KeysNeeded, _) => TokenFate::Unknown,
        (Decision::Accept, Decision::Accept) => TokenFate::Kept,
        (Decision::Accept, _) => TokenFate::Lost,
        (_, Decision::Accept) => TokenFate::Gained,
        _ => TokenFate::Refused,
    };
    // Under the id that the token names it would have verified.
    let moved = before.outcome.signed_with.as_deref().filter(|_| after.outcome.signed_with.is_none());
    let key_is_now = moved.and_then(|print| {
        let is_it = |entry: &&KeyEntry| entry.state.as_ref().is_ok_and(|key| key.thumbprint() == print);
        new?.entries().iter().find(is_it)?.id.as_deref().map(quoted)
    });
    RehearsedToken {
        issuer: before.issuer,
        kid: before.id.as_deref().map(quoted),
        principals: if before.principals.is_empty() { after.principals } else { before.principals },
        fate,
        today: before.outcome,
        tomorrow: after.outcome,
        key_is_now,
    }
}
