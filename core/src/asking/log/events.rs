//! What servers and clients say of a login beside the database's texts for a reason: rows of texts with their meaning.

use alloc::borrow::Cow;
#[cfg(test)]
use alloc::vec::Vec;

use super::{
    document::{LogOutcome, LogSource},
    facts::{Facts, ranked},
};
use crate::{
    answers::login::ACCEPTED,
    ground::{
        reason::{Check, ReasonCode},
        text::Template,
    },
    rules::profile::words::NO_TOKEN,
};

/// A text with its meaning.
struct Row {
    event: &'static str,
    outcome: LogOutcome,
    source: LogSource,
    text: Template,
    codes: Codes,
    /// What happened; empty where the reasons say it.
    cause: &'static str,
    /// What to change; empty where the reasons say it, or where there is nothing to.
    remedy: &'static str,
}

/// Which reasons a text stands for.
#[derive(Clone, Copy)]
enum Codes {
    These(&'static [ReasonCode]),
    /// The server says one sentence for all of them.
    All,
}

macro_rules! rows {
    ($($event:literal $source:ident $outcome:ident [$($piece:literal),+] ($($value:literal),*) $codes:expr; $cause:literal; $remedy:literal;)+) => {
        const ROWS: &[Row] = &[
            Row {
                event: "password_failed", outcome: LogOutcome::Rejected, source: LogSource::Cockroachdb, text: NO_TOKEN,
                codes: Codes::These(&[ReasonCode::TokenEmpty]),
                cause: "no token arrived in the password field, or the server took the token for an ordinary password, or the SQL user does not exist",
                remedy: "send the token in the password field, ask CockroachDB for a login by token with options=--crdb:jwt_auth_enabled=true, \
                         and create the SQL user with CREATE USER, or set security.provisioning.jwt.enabled to true",
            },
            Row {
                event: "accepted", outcome: LogOutcome::Accepted, source: LogSource::Sqljwt, text: ACCEPTED,
                codes: Codes::These(&[]), cause: "the user was let in", remedy: "",
            },
            $(Row {
                event: $event, outcome: LogOutcome::$outcome, source: LogSource::$source,
                text: Template::new(&[$($piece),+], &[$($value),*]),
                codes: $codes, cause: $cause, remedy: $remedy,
            },)+
        ];
    };
}

use Codes::{All, These};
use ReasonCode as R;

const ONE_SENTENCE: &str = "look into the server's own log at the same moment: the line of sqljwt there, `sqljwt: …` or `pam_sqljwt: …`, names the reason";

rows! {
    // CockroachDB, beside the texts of its token logins.
    "identity_unmapped" Cockroachdb Rejected ["system identity \"", "\" did not map to a database role"] ("principal") These(&[R::IdentityUnmapped]); ""; "";
    "user_mismatch" Cockroachdb Rejected ["requested user identity \"", "\" does not correspond to any mapping for system identity \"", "\""] ("requested_user", "principal") These(&[R::UserMismatch]); ""; "";
    "user_reserved" Cockroachdb Rejected ["system identity \"", "\" mapped to reserved database role \"", "\""] ("principal", "user") These(&[R::UserReserved]); ""; "";
    "login_disabled" Cockroachdb Rejected ["does not have login privilege"] () These(&[]); "the SQL user exists and has no LOGIN"; "give the user LOGIN: ALTER USER … WITH LOGIN";
    "keys_unavailable" Cockroachdb Rejected ["unable to fetch jwks: ", ""] ("cause") These(&[R::KeysUnavailable]); ""; "";
    "keys_unavailable" Cockroachdb Rejected ["JWT authentication: HTTP request failed"] () These(&[R::KeysUnavailable]); ""; "";
    "keys_unavailable" Cockroachdb Rejected ["no JWKS URI found in OpenID configuration"] () These(&[R::KeysUnavailable]); ""; "";
    "keys_unavailable" Cockroachdb Rejected ["invalid JWKS URI in OpenID configuration"] () These(&[R::KeysUnavailable]); ""; "";
    "keys_unavailable" Cockroachdb Rejected ["JWT authentication: no jwks uri set for issuer"] () These(&[R::KeysUnavailable, R::IssuerNotAllowed]); ""; "add the issuer to issuer_jwks_map in server.jwt_authentication.issuers";
    "jwks_invalid" Cockroachdb Rejected ["invalid JWK in JWK set"] () These(&[R::KeyInvalid, R::JwksInvalid]); "a key of the fetched set is malformed, and the database drops the whole set"; "have the identity provider publish only well-formed keys, or set server.jwt_authentication.jwks by hand and server.jwt_authentication.jwks_auto_fetch.enabled to false";
    "jwks_invalid" Cockroachdb Rejected ["unusable RSA public key in JWK set"] () These(&[R::KeyInvalid, R::JwksInvalid]); ""; "";
    "jwks_invalid" Cockroachdb Rejected ["unusable EC public key in JWK set"] () These(&[R::KeyInvalid, R::JwksInvalid]); ""; "";
    "jwks_invalid" Cockroachdb Rejected ["unusable OKP public key in JWK set"] () These(&[R::KeyInvalid, R::JwksInvalid]); ""; "";
    "userinfo_needed" Cockroachdb Rejected ["JWT authorization: No userinfo endpoint"] () These(&[R::UserinfoNeeded, R::GroupsMissing]); "the token states no groups, and the identity provider names no userinfo endpoint to ask for them"; "have the identity provider put the groups into its tokens, or name the claim that holds them in server.jwt_authentication.group_claim";
    "issuers_invalid" Cockroachdb Rejected ["JWT authentication: issuers JSON not valid"] () These(&[R::IssuersInvalid]); ""; "";
    "issuers_invalid" Cockroachdb Rejected ["JWT authentication issuers JSON not valid"] () These(&[R::IssuersInvalid]); ""; "";
    "provisioning_failed" Cockroachdb Rejected ["JWT provisioning: ", ""] ("cause") These(&[]); "the SQL user does not exist and could not be created from the token"; "create the user with CREATE USER; an issuer with a port cannot provision with security.provisioning.jwt.enabled";
    "api_refused" Cockroachdb Rejected ["a valid authentication cookie or JWT is required"] () All; "the DB Console's API says one sentence for every refusal"; "look into the database's log at the same moment, or try the same token at a SQL login";
    "licence_missing" Cockroachdb Rejected ["use of JWT authentication requires an enterprise license"] () These(&[]); "this version of the database asks for a licence before it takes tokens"; "set enterprise.license, or use a version from 24.3 on";
    "licence_missing" Cockroachdb Rejected ["JWT token authentication requires CCL features"] () These(&[]); "this build of the database cannot take tokens"; "use the full build of CockroachDB";
    "not_a_client" Cockroachdb Rejected ["JWT token authentication is only available for client connections"] () These(&[]); "something other than a SQL client asks for a login by token"; "connect as an ordinary SQL client";
    "password_unterminated" Cockroachdb Rejected ["expected 0-terminated byte array"] () These(&[R::TokenMalformed]); "the client's password message has no end"; "use a client that ends its password message with a NUL byte";

    // PostgreSQL's OAuth, at the client and in the log.
    "oauth_failed" Postgresql Rejected ["OAuth bearer authentication failed for user \"", "\""] ("requested_user") All; "PostgreSQL says one sentence for every refused token"; "";
    "pam_failed" Postgresql Rejected ["PAM authentication failed for user \"", "\""] ("requested_user") All; "PostgreSQL says one sentence for every login that PAM refuses"; "";
    "validator_refused" Postgresql Rejected ["Validator failed to authorize the provided token"] () All; "the validator has refused the token"; "";
    "validator_no_identity" Postgresql Rejected ["Validator provided no identity"] () These(&[R::ClaimMissing, R::ClaimInvalid]); "the validator took the token and found nobody in it"; "name the claim that says who logs in: server.jwt_authentication.claim";
    "validator_failed" Postgresql Rejected ["internal error in OAuth validator module"] () These(&[R::KeysUnavailable, R::SettingsInvalid, R::InternalError]); "the validator could not judge the token"; "look into the server's log for the line `sqljwt: …` before it: settings or keys are not to be had";
    "map_no_match" Postgresql Rejected ["no match in usermap \"", "\" for user \"", "\" authenticated as \"", "\""] ("map", "requested_user", "principal") These(&[R::IdentityUnmapped, R::UserMismatch]); "no line of that map in pg_ident.conf gives this bearer the requested user"; "log in as the user that the map gives, or add a line for exactly this person to the map in pg_ident.conf";
    "map_no_match" Postgresql Rejected ["provided user name (", ") and authenticated user name (", ") do not match"] ("requested_user", "principal") These(&[R::UserMismatch, R::IdentityUnmapped]); "there is no map, so the bearer's name and the user have to be the same"; "log in as the user whose name the token has, or name a map in the line of pg_hba.conf with map= and add a line to pg_ident.conf";
    "hba_no_entry" Postgresql Rejected ["no pg_hba.conf entry for host \"", "\", user \"", "\", database \"", "\""] ("host", "requested_user", "database") These(&[]); "no line of pg_hba.conf lets this user come from there, so no token was asked for"; "add a line to pg_hba.conf for this host, user and database, with TLS if the message says `no encryption`, and reload";
    "hba_rejected" Postgresql Rejected ["pg_hba.conf rejects connection for host \"", "\", user \"", "\", database \"", "\""] ("host", "requested_user", "database") These(&[]); "a line of pg_hba.conf refuses this connection, so no token was asked for"; "put a line for this host, user and database before the one that rejects, and reload";
    "sasl_mechanism" Postgresql Rejected ["client selected an invalid SASL authentication mechanism"] () These(&[]); "the client does not speak OAUTHBEARER"; "use a client that does: libpq from version 18 on";
    "sasl_malformed" Postgresql Rejected ["malformed OAUTHBEARER message"] () These(&[R::TokenMalformed, R::TokenEmpty]); "the client's message is none of OAUTHBEARER: the fault is the driver's, or the token holds letters that no token has"; "send the token alone, without line feeds, or update the driver";
    "sasl_authzid" Postgresql Rejected ["client uses authorization identity, but it is not supported"] () These(&[]); "the driver asks to act as somebody else within OAUTHBEARER"; "switch the authorization identity off in the driver";
    "bearer_malformed" Postgresql Rejected ["malformed OAuth bearer token"] () These(&[R::TokenMalformed, R::TokenEmpty, R::TokenBadBase64]); "what the client sent is no bearer token: it is empty, or holds letters that no token has"; "send the token alone, as it was issued";
    "validator_option" Postgresql Rejected ["unrecognized authentication option name: \"", "\""] ("option") These(&[]); "a line of pg_hba.conf has an option that the validator does not know"; "correct or remove that option in pg_hba.conf";
    "role_missing" Postgresql Rejected ["role \"", "\" does not exist"] ("requested_user") These(&[]); "the token is good, and the server has no such role"; "create the role with LOGIN: CREATE ROLE … LOGIN";
    "role_no_login" Postgresql Rejected ["role \"", "\" is not permitted to log in"] ("requested_user") These(&[]); "the token is good, and the role has no LOGIN"; "give it LOGIN: ALTER ROLE … LOGIN";
    "client_unconfigured" Postgresql Rejected ["server requires OAuth authentication, but oauth_issuer and oauth_client_id are not both set"] () These(&[]); "the client does not know where to get a token"; "set oauth_issuer and oauth_client_id in the connection string";
    "client_refused" Postgresql Rejected ["server rejected OAuth bearer token: ", ""] ("status") All; "the server has refused the token and says no more to the client"; "";
    "client_issuer" Postgresql Rejected ["server's discovery document at ", " (issuer \"", "\") is incompatible with oauth_issuer (", ")"] ("url", "issuer", "client_issuer") These(&[]); "the client trusts another issuer than the one that the server names"; "set oauth_issuer at the client, or issuer= in the line of pg_hba.conf, so that both are the same";
    "accepted" Postgresql Accepted ["connection authenticated: identity=\"", "\" method="] ("principal") These(&[]); "the user has proven who they are; what follows in the log says whether they may log in"; "";
    "accepted" Postgresql Accepted ["connection authorized: user=", " "] ("user") These(&[]); "the user was let in"; "";

    // What this project writes that is no reason of the table.
    "accepted" Sqljwt Accepted ["accepted: principal `", "` of issuer `", "`, for pg_ident.conf to map"] ("principal", "issuer") These(&[]); "the token is good; pg_ident.conf decides which user it gives"; "";
    "keys_needed" Sqljwt Rejected ["the keys of issuer `", "` are needed: ", ""] ("issuer", "cause") These(&[R::KeysUnavailable]); "the issuer's keys were not there yet, so the token could not be judged"; "";
    "request_invalid" Sqljwt Rejected ["request_invalid: ", ""] ("cause") These(&[]); "the agent was asked in a way that it does not understand, and judged no token"; "correct the program that asks the agent";
    "settings_unusable" Sqljwt Rejected ["settings_unusable: ", ""] ("cause") These(&[R::SettingsInvalid]); "the agent has no settings that can be used, and judged no token"; "correct the settings at the place named";
}

/// The row that a text fits first, with where it does.
pub(super) fn read(text: &str) -> Option<(usize, Facts)> {
    let found = |row: &'static Row| {
        let places = text.split('\n').scan(0_usize, |begin, line| {
            let at = *begin;
            *begin = begin.saturating_add(line.len()).saturating_add(1);
            Some((at, line))
        });
        let mut read = places.filter_map(|(at, line)| Some((at, row.text.read(line, true)?)));
        read.next().map(|(at, reading)| (at.saturating_add(reading.at), row, reading))
    };
    // A role that a statement names and that does not exist is no login.
    let of_logins = |row: &&Row| !row.event.starts_with("role_") || text.contains("FATAL");
    let (at, row, reading) = ROWS.iter().filter(of_logins).filter_map(found).min_by_key(|&(at, ..)| at)?;
    let mut facts = Facts::new(row.outcome, row.source, row.event);
    facts.state_all(&reading);
    facts.codes = match row.codes {
        These(codes) => codes.to_vec(),
        All => ranked(|code| code.check() != Check::Internal),
    };
    if row.codes.is_all() {
        facts.remedy = Some(Cow::Borrowed(ONE_SENTENCE));
    }
    if !row.cause.is_empty() {
        facts.cause = Some(Cow::Borrowed(row.cause));
    }
    if !row.remedy.is_empty() {
        facts.remedy = Some(Cow::Borrowed(row.remedy));
    }
    facts.exact = facts.codes.len() == 1;
    Some((at, facts))
}

impl Codes {
    const fn is_all(self) -> bool {
        matches!(self, Self::All)
    }
}

/// The names that entries may have for what no reason is, each once.
#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = ROWS.iter().map(|row| row.event).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_reads_what_it_would_write() {
        for row in ROWS {
            let values = ["v1", "v2", "v3", "v4", "v5", "v6"];
            let text = alloc::format!("FATAL:  {}", row.text.filled(&values));
            let (at, facts) = read(&text).unwrap();
            assert_eq!((at, facts.event, facts.outcome), (8, row.event, row.outcome), "{text}");
            let stated: Vec<_> = facts.values.iter().map(|value| value.value.as_deref().unwrap()).collect();
            assert_eq!(stated, values[..row.text.values.len()], "{text}");
            assert!(!facts.cause().is_empty() && (facts.remedy().is_some() || row.outcome == LogOutcome::Accepted));
        }
    }

    #[test]
    fn names_are_words_for_programs() {
        assert!(names().iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    }
}
