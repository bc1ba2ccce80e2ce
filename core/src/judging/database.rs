//! Would the database let in what was refused here? Judged by the one driver, under rules by which nobody logs in.
//!
//! Nothing but the answer leaves this file: the attempt that passes ends here, and no login can be made of it.

use alloc::collections::BTreeSet;

use crate::{
    ground::{json::Value, work::Work},
    judging::{attempt::Attempt, run::first_stop},
    parsed::{
        keys::{Algorithm, Key},
        token::{
            UnverifiedToken,
            reread::{Departure, Reread},
        },
    },
    rules::policy::compiled::Compiled,
};

/// How much of the budget for advice this may take: what part of it.
const SHARE: u64 = 2;

/// What the database reads over in a refused token that it lets in; nothing if it refuses it too, or if that cannot be
/// judged here: keys to fetch, a signature that no backend verifies, a text of unknown reading.
pub(crate) fn lets_in(reference: &Compiled, refused: &Attempt<'_>, text: &[u8]) -> Option<BTreeSet<Departure>> {
    let bytes_max = reference.max_token_bytes.max(refused.compiled.max_token_bytes);
    if text.len() > bytes_max || refused.work.spend(text.len() / 10).is_err() {
        return None;
    }
    let mut reread = Reread::of(text)?;
    // Which algorithm is asked of the key, and the claims are read for that: any name will do.
    let parts = Ok(reread.parts(Algorithm::RS256));
    let (key, algorithms) = key(reference, refused, &UnverifiedToken::read(&parts), reread.algorithm.as_deref())?;
    let named = reread.algorithm.as_deref().and_then(|name| name.parse().ok());
    if !named.is_some_and(|named| key.accepts(named)) {
        reread.departures.insert(Departure::Alg);
    }
    algorithms.iter().any(|&algorithm| passes(reference, refused, &reread, key, algorithm)).then_some(reread.departures)
}

/// The key that the token names, and what the database tries under it: the key's own `alg`, whatever the token says, or
/// else what the token says, or else everything.
fn key<'c>(
    reference: &'c Compiled,
    refused: &Attempt<'c>,
    token: &UnverifiedToken<'_>,
    named: Option<&str>,
) -> Option<(&'c Key, &'static [Algorithm])> {
    let text = |object: Value<'_>, name| object.member(name).and_then(Value::string).unwrap_or_default().into_owned();
    let (header, claims) = (token.header().ok()?, token.claims().ok()?);
    let keys = refused.keys_of(reference.policy(&text(claims, "iss"))?, reference.rules).set()?;
    let key = keys.find(&text(header, "kid"))?.state.as_ref().ok()?;
    let algorithms = match (key.stated_algorithm(), named) {
        (Some(stated), _) => stated.alone(),
        (None, Some(named)) => named.parse().ok().filter(|&named| key.accepts(named))?.alone(),
        (None, None) => key.algorithms(),
    };
    Some((key, algorithms))
}

fn passes(reference: &Compiled, refused: &Attempt<'_>, reread: &Reread, key: &Key, algorithm: Algorithm) -> bool {
    let parts = Ok(reread.parts(algorithm));
    let token = UnverifiedToken::read(&parts);
    let mut attempt = refused.under(reference, &token);
    if token.is_signed_alike(refused.token) {
        match (refused.key, refused.verified) {
            // The same signature has not verified under the same key.
            (Some(known), None) if known.same_material(key) => return false,
            (_, verified) => attempt.verified_elsewhere = verified,
        }
    }
    let budget = refused.work.left() / SHARE;
    attempt.work = Work::of(budget);
    let stop = first_stop(&mut attempt);
    let spent = budget.saturating_sub(attempt.work.left());
    refused.work.leave(refused.work.left().saturating_sub(spent));
    stop.is_none() && attempt.verified.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        answers::refusal::Refusal,
        ground::{
            json::{Document, Duplicates},
            profile::Profile,
            reason::ReasonCode,
        },
        judging::run::decide,
        parsed::{settings::Settings, token::compact},
    };
    use alloc::string::String;

    /// Asks of every login of these vectors that the database's profile lets in, by the same settings.
    fn accepted(mut ask: impl FnMut(&Compiled, &Compiled, &UnverifiedToken<'_>, &str, i64, &str)) -> usize {
        let text = include_str!("../../../tests/vectors/cockroachdb_tokens.json");
        let document = Document::parse(text, Duplicates::Refused).unwrap();
        let settings = document.root().member("settings").and_then(|all| all.member("lab")).unwrap().written();
        let settings = Settings::from_json(settings).unwrap();
        let own = Compiled::new(&settings, Profile::Cockroachdb).ok().unwrap();
        let reference = Compiled::of_the_database(&settings, Some(&own)).ok().unwrap();
        let mut asked = 0;
        for vector in document.root().member("vectors").unwrap().elements() {
            let member = |name: &str| vector.member(name).and_then(Value::string).map(String::from).unwrap_or_default();
            let (text, user) = (member("token"), member("user"));
            let now = vector.member("now").and_then(Value::number).unwrap().parse().unwrap();
            let parts = compact::split(text.as_bytes(), own.max_token_bytes);
            let token = UnverifiedToken::read(&parts);
            if decide(Attempt::new(&own, &token, &user, now)).is_ok() {
                ask(&own, &reference, &token, &user, now, &text);
                asked += 1;
            }
        }
        asked
    }

    #[test]
    fn nobody_logs_in_by_the_rules_that_only_foretell() {
        let asked = accepted(|_, reference, token, user, now, _| {
            assert!(first_stop(&mut Attempt::new(reference, token, user, now)).is_none());
            let answer = decide(Attempt::new(reference, token, user, now));
            let Err(Refusal::Rejected(rejection)) = answer else { panic!("{answer:?}") };
            assert_eq!(rejection.code, ReasonCode::InternalError);
        });
        assert!(asked > 40, "{asked}");
    }

    #[test]
    fn what_the_database_s_profile_lets_in_the_database_lets_in() {
        let asked = accepted(|own, reference, token, user, now, text| {
            let attempt = Attempt::new(own, token, user, now);
            assert_eq!(lets_in(reference, &attempt, text.as_bytes()), Some(BTreeSet::new()), "{text}");
        });
        assert!(asked > 40, "{asked}");
    }

    /// With every backend: short keys, coordinates without their zeros, keys that say what they are not for.
    #[test]
    fn keys_are_worth_what_they_are_worth_to_the_database() {
        let text = include_str!("../../../tests/vectors/cockroachdb_keys.json");
        let file: serde_json::Value = serde_json::from_str(text).unwrap();
        let mut asked = 0;
        for vector in file["vectors"].as_array().unwrap() {
            let id = vector["id"].as_str().unwrap();
            if !["5-8", "5-3-stripped", "14-encrypt", "16-rsa", "16-ec", "5-rs512"]
                .iter()
                .any(|end| id.strip_prefix("crdb-l-") == Some(end))
            {
                continue;
            }
            let mut settings = file["settings"][vector["settings"]["base"].as_str().unwrap()].clone();
            for (name, value) in vector["settings"]["set"].as_object().into_iter().flatten() {
                settings[name] = value.clone();
            }
            let settings = Settings::from_json(&serde_json::to_string(&settings).unwrap()).unwrap();
            let reference = Compiled::of_the_database(&settings, None).ok().unwrap();
            let text = vector["token"].as_str().unwrap();
            let parts = compact::split(text.as_bytes(), reference.max_token_bytes);
            let token = UnverifiedToken::read(&parts);
            let (user, now) = (vector["user"].as_str().unwrap(), vector["now"].as_i64().unwrap());
            let attempt = Attempt::new(&reference, &token, user, now);
            assert!(lets_in(&reference, &attempt, text.as_bytes()).is_some(), "{id}");
            asked += 1;
        }
        assert_eq!(asked, 6);
    }

    #[test]
    fn what_it_takes_is_taken_from_the_budget_for_advice() {
        accepted(|own, reference, token, user, now, text| {
            let attempt = Attempt::new(own, token, user, now);
            let before = attempt.work.left();
            assert!(lets_in(reference, &attempt, text.as_bytes()).is_some() && attempt.work.left() < before);
            attempt.work.leave(1);
            assert!(lets_in(reference, &attempt, text.as_bytes()).is_none());
        });
    }
}
