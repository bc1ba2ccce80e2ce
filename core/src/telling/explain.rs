//! What is there to tell about a login attempt? Decided as every login is, and told check by check.

use alloc::vec::Vec;

use crate::{
    answers::{decision::Decision, failure::Stop},
    ground::{
        limits::{ADVICE_STEPS_MAX, REMEDY_STEPS_MAX},
        work::Work,
    },
    judging::{
        attempt::Attempt,
        run::{conclude, decide, outcomes},
    },
    parsed::{
        fetched::UserInfo,
        settings::Places,
        token::{UnverifiedToken, compact},
    },
    rules::{key_cache::KeyCache, policy::sides::Sides},
    telling::{
        advice,
        document::{Also, Answer, Explanation, SCHEMA, passed_over},
        remedies::told::remedies,
        report, server_decision,
        token_view::TokenView,
    },
};

/// Explains one login attempt.
pub(crate) fn explain(
    sides: &Sides,
    keys: &KeyCache,
    user_info: Option<&UserInfo>,
    text: &[u8],
    user: &str,
    now: i64,
) -> Explanation {
    let compiled = sides.own();
    let parts = compact::split(text, compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let mut attempt = Attempt::new(compiled, &token, user, now).with(Some(keys), user_info);
    let outcomes = outcomes(&mut attempt);
    let places = Places::of(sides.settings());
    let checks = outcomes.iter().map(|(check, outcome)| report::of(*check, outcome, &attempt, &places)).collect();
    let elsewhere = also(sides, &attempt);
    // Advice has a budget of its own, so that a costly decision leaves room to say what was costly.
    attempt.work = Work::of(ADVICE_STEPS_MAX);
    let database = server_decision::accepts(|| sides.reference(), &attempt, &outcomes, &[], text);
    let server_decision = database.as_ref().map(|_| Decision::Accept);
    let mut advice = advice::collect(sides.settings(), &places, &attempt, &outcomes, database, text);
    let is_doubtful = advice::is_doubtful(&attempt, &outcomes);
    let stop = outcomes.into_iter().find_map(|(_, outcome)| outcome.err().filter(Stop::decides));
    attempt.work = Work::of(REMEDY_STEPS_MAX);
    let found = remedies(stop.as_ref(), &attempt, sides.settings(), text);
    if is_doubtful {
        advice.splice(0..0, advice::unproven(&found.remedies));
    }
    let Answer { decision, login, keys_needed, userinfo_needed, reason, client } = conclude(attempt, stop).into();
    let keys_needed = keys_needed.map(|keys| keys.with_remedies(found.remedies.clone()));
    let reason = reason.map(|reason| reason.located(&places).with_remedies(found.remedies));
    let code = reason.as_ref().map(|reason| reason.code);
    let differs = |also: &Also| (also.decision, also.code) != (decision, code);
    Explanation {
        schema: SCHEMA,
        decision,
        profile: compiled.profile,
        login,
        keys_needed,
        userinfo_needed,
        reason,
        client,
        checks,
        advice,
        token: TokenView::of(&token),
        untried: found.untried,
        server_decision,
        also: elsewhere.into_iter().filter(differs).collect(),
        ignored: passed_over(sides.settings()),
    }
}

/// What each other profile decides of the same attempt.
fn also<'a>(sides: &'a Sides, attempt: &Attempt<'a>) -> Vec<Also> {
    let decided = sides.others().map(|(profile, compiled)| match compiled {
        Err(error) => Also { profile, decision: Decision::Reject, code: Some(error.code) },
        Ok(compiled) => {
            let mut other = attempt.under(compiled, attempt.token);
            other.verified_elsewhere = attempt.verified;
            let Answer { decision, reason, .. } = decide(other).into();
            Also { profile, decision, code: reason.map(|reason| reason.code) }
        }
    });
    decided.collect()
}
