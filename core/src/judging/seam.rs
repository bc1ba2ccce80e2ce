//! Profiles that the engine does not have yet: whatever a profile picks of each room's dialects, the rest of the engine
//! follows. The rules here are those of real servers as far as they differ from those that are there.

use crate::{
    answers::{login::Login, refusal::Refusal},
    ground::{
        profile::Profile,
        reason::{Check, ReasonCode},
    },
    judging::{attempt::Attempt, run::decide},
    parsed::{
        identity_map,
        keys::Reading,
        settings::{self, Settings},
        sql_user,
        token::{self, UnverifiedToken, compact},
    },
    rules::{
        policy::compiled::Compiled,
        profile::rules::{Judging, Rules, Words},
    },
};

/// CockroachDB 23.1 to 25.2: keys and signature before the bearer, a map that regards case, and the newer texts.
const COCKROACHDB_24: Rules = Rules {
    order: &[
        Check::Settings,
        Check::Enabled,
        Check::Token,
        Check::Header,
        Check::Issuer,
        Check::Key,
        Check::Signature,
        Check::Time,
        Check::Principal,
        Check::IdentityMap,
        Check::User,
        Check::Reserved,
        Check::Audience,
        Check::Groups,
    ],
    settings: settings::Dialect::COCKROACHDB,
    keys: Reading::Database,
    token: token::Dialect::COCKROACHDB,
    map: identity_map::Dialect { ignore_case: false, ..identity_map::Dialect::COCKROACHDB },
    users: sql_user::Dialect::COCKROACHDB,
    judging: Judging {
        token_before_switch: true,
        expiry_needed: false,
        leeway: false,
        email_verified: false,
        user_info_subject: false,
    },
    client: Words { message: in_24, vague: "invalid token", unable: "unable", talkative: true },
    offers_options: false,
    lets_in: true,
};

/// 22.2: the signature before the issuer, and another word for the bearer.
const COCKROACHDB_22: Rules = Rules {
    order: &[
        Check::Settings,
        Check::Enabled,
        Check::Token,
        Check::Header,
        Check::Key,
        Check::Signature,
        Check::Time,
        Check::Issuer,
        Check::Principal,
        Check::IdentityMap,
        Check::User,
        Check::Reserved,
        Check::Audience,
        Check::Groups,
    ],
    client: Words { message: in_22, ..COCKROACHDB_24.client },
    ..COCKROACHDB_24
};

/// PostgreSQL 18 with a strict validator: tokens as the standards have them, a map that is not anchored and regards case,
/// one text for every refusal.
const POSTGRESQL_18: Rules = Rules {
    order: COCKROACHDB_24.order,
    settings: settings::Dialect::STRICT,
    keys: Reading::Strict,
    token: token::Dialect::STRICT,
    map: identity_map::Dialect { anchored: false, ..identity_map::Dialect::STRICT },
    users: sql_user::Dialect::COCKROACHDB,
    judging: Judging {
        token_before_switch: false,
        expiry_needed: true,
        leeway: true,
        email_verified: false,
        user_info_subject: false,
    },
    client: Words {
        message: |_| "OAuth bearer authentication failed",
        vague: "OAuth bearer authentication failed",
        unable: "OAuth bearer authentication failed",
        talkative: false,
    },
    offers_options: true,
    lets_in: true,
};

fn in_24(code: ReasonCode) -> &'static str {
    match code.check() {
        Check::IdentityMap | Check::User => "JWT authentication: invalid principal",
        _ => "JWT authentication: invalid token",
    }
}

fn in_22(code: ReasonCode) -> &'static str {
    match code.check() {
        Check::IdentityMap | Check::User => "JWT authentication: invalid subject",
        _ => in_24(code),
    }
}

/// The order of the newest database.
const IDENTITY_FIRST: &[Check] = Profile::Cockroachdb.order();

/// A token whose signature nobody made, of an issuer that is not configured, for a user that it does not give.
const WRONG_IN_EVERY_WAY: &str =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL290aGVyIiwic3ViIjoiQ2FybCJ9.AA";

/// The same of the configured issuer.
const OF_THE_ISSUER: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2EiLCJzdWIiOiJDYXJsIn0.AA";

fn decided(rules: &'static Rules, token: &str, user: &str) -> Result<Login, Refusal> {
    let settings = Settings::from_json(
        r#"{"server.jwt_authentication.enabled": true, "server.jwt_authentication.issuers": "https://a",
            "server.jwt_authentication.audience": "db", "server.identity_map.configuration": "https://a carl carl"}"#,
    );
    let compiled = Compiled::under(&settings.unwrap(), Profile::Cockroachdb, rules).ok().unwrap();
    let parts = compact::split(token.as_bytes(), 10_000);
    let token = UnverifiedToken::read(&parts);
    decide(Attempt::new(&compiled, &token, user, 1_800_000_000))
}

fn refusal(rules: &'static Rules, token: &str) -> (ReasonCode, alloc::string::String) {
    match decided(rules, token, "root") {
        Err(Refusal::Rejected(rejection)) => (rejection.code, rejection.client.message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_order_is_the_profile_s() {
    assert_eq!(refusal(&COCKROACHDB_22, WRONG_IN_EVERY_WAY).0, ReasonCode::KeyNotFound);
    assert_eq!(refusal(&COCKROACHDB_24, WRONG_IN_EVERY_WAY).0, ReasonCode::IssuerNotAllowed);
    assert_eq!(refusal(Profile::Cockroachdb.rules(), WRONG_IN_EVERY_WAY).0, ReasonCode::UserMismatch);
}

#[test]
fn the_map_s_dialect_is_the_profile_s() {
    // Today's database compares `Carl` and `carl` without regard to case; the older ones and PostgreSQL do not.
    const CASE_MATTERS: Rules = Rules { order: IDENTITY_FIRST, ..COCKROACHDB_24 };
    const POSTGRESQL: Rules = Rules { order: IDENTITY_FIRST, map: POSTGRESQL_18.map, ..COCKROACHDB_24 };
    const NEWEST: Rules = Rules { order: IDENTITY_FIRST, map: identity_map::Dialect::COCKROACHDB, ..COCKROACHDB_24 };
    assert_eq!(refusal(&CASE_MATTERS, OF_THE_ISSUER).0, ReasonCode::IdentityUnmapped);
    assert_eq!(refusal(&POSTGRESQL, OF_THE_ISSUER).0, ReasonCode::IdentityUnmapped);
    assert_eq!(refusal(&NEWEST, OF_THE_ISSUER).0, ReasonCode::UserMismatch);
}

#[test]
fn the_client_is_told_in_the_profile_s_words() {
    let words = |rules| refusal(rules, "").1;
    assert_eq!(words(&POSTGRESQL_18), "OAuth bearer authentication failed");
    assert_eq!(words(&COCKROACHDB_24), "password authentication failed for user root");
    for (rules, expected) in [(&COCKROACHDB_22, "invalid subject"), (&COCKROACHDB_24, "invalid principal")] {
        let message = (rules.client.message)(ReasonCode::UserMismatch);
        assert!(message.ends_with(expected), "{message}");
    }
}

#[test]
fn what_is_judged_is_the_profile_s() {
    // The database takes any `sub`; PostgreSQL's strict reader would have a text.
    let number = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2EiLCJzdWIiOjF9.AA";
    assert_eq!(refusal(&COCKROACHDB_24, number).0, ReasonCode::PayloadInvalid);
    assert_eq!(refusal(&POSTGRESQL_18, number).0, ReasonCode::KeyNotFound);
}
