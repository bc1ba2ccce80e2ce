//! Everything above one login: what is wrong with settings, who can become whom, what a change would do.
//!
//! Nothing here decides a login, and nothing needs a token that somebody could misuse.

use alloc::vec::Vec;

pub use crate::asking::{
    compare::{
        ChangeEvidence, ChangeExample, ChangeKind, ChangeOutcome, CompareDocument, ComparedLogins, ComparedSettings,
        ComparedSide, SettingsDifference, SettingsFault,
    },
    convert_map::{ConvertMapDocument, ConvertedLine, LineOutcome, MapDialect, MapIssuers, MapWitness},
    coverage::{
        CoverageDocument, Covered, RefusedLogins, UnexpectedLogin, UnreachedAudience, UnreachedKey, UnreachedLine,
    },
    lint::{LintDocument, LintFinding, Proof, Rule, RuleRow, RulesDocument, Severity, Witness},
    log::{LogCount, LogCounts, LogDocument, LogEntry, LogOutcome, LogReader, LogReason, LogSource, LogValue},
    logins::SampleLogin,
    reach::{ReachDocument, ReachOfIssuer, ReachedUser},
    rehearsal::{
        Evidence, IssuerNeeded, KeyFate, KeySetFault, ReaderVerdict, RehearsalDocument, RehearsalFinding,
        RehearsalKind, RehearsedKey, RehearsedOutcome, RehearsedToken, SetVerdict, TokenFate,
    },
    settings_change::SettingsChange,
    suggest::{SuggestDocument, SuggestRefusal, SuggestTrial, SuggestedLine, SuggestedSetting, SuggestedTokenKind},
    who_can::{ReachableUser, Standing, Way, WhoCanDocument},
    window::{Turn, Window, WindowDocument, WindowEdge, WindowOutcome, WindowState},
};
use crate::{
    asking::{
        compare::compare as compared,
        coverage::coverage as covered,
        suggest::{Sample, suggest as suggested},
    },
    doors::validator::Validator,
    parsed::{
        fetched::FetchError,
        settings::{Settings, SettingsError},
    },
};

/// Judges settings without any token, usable or not.
///
/// # Example
/// ```
/// use sqljwt::{Settings, advisor};
///
/// let settings = Settings::from_text(r#"{
///     "server.jwt_authentication.enabled": true,
///     "server.jwt_authentication.issuers": "https://idp.example",
///     "server.jwt_authentication.audience": "db-login",
///     "server.identity_map.configuration": "https://idp.example /@example\\.com admin2"
/// }"#);
/// let found = advisor::lint(settings.as_ref());
/// assert!(found.findings.iter().any(|finding| finding.rule == advisor::Rule::MapRegexUnanchored));
/// ```
#[must_use]
pub fn lint(settings: Result<&Settings, &SettingsError>) -> LintDocument {
    LintDocument::of(settings)
}

/// A map of PostgreSQL or Trino as an identity map for these settings, line by line with what differs.
///
/// Nobody is given a user whom the other server's map does not give. Of the settings the profile counts, and the identity map
/// that they have is what the change replaces.
///
/// # Example
/// ```
/// use sqljwt::{
///     Settings,
///     advisor::{LineOutcome, MapDialect, MapIssuers, convert_map},
/// };
/// let text = r"idp /^([a-z]+)@example\.com$ \1";
/// let settings = Settings::from_json("{}")?;
/// let converted = convert_map(text, MapDialect::PgIdent, &MapIssuers::One("https://idp.example".into()), &settings);
/// assert_eq!(converted.lines[0].outcome, LineOutcome::Exact);
/// assert_eq!(converted.map, r"https://idp.example /^([a-z]+)@example\.com$ \1");
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[must_use]
pub fn convert_map(text: &str, dialect: MapDialect, issuers: &MapIssuers, settings: &Settings) -> ConvertMapDocument {
    ConvertMapDocument::of(text, dialect, issuers, settings)
}

/// Which logins, users, reasons and messages change between two settings, usable or not: for whole issuers, audiences, keys and
/// options, for principals that are constructed because the two identity maps treat them differently, and for these sample
/// logins. Nobody logs in by it.
///
/// # Errors
/// Fetched keys were given whose record is none.
///
/// # Example
/// ```
/// use sqljwt::{
///     Settings,
///     advisor::{ChangeKind, ComparedSettings, compare},
/// };
/// let settings = |pattern: &str| {
///     Settings::from_json(&format!(
///         r#"{{
///             "server.jwt_authentication.enabled": true,
///             "server.jwt_authentication.issuers": "https://idp.example",
///             "server.jwt_authentication.audience": "db-login",
///             "server.identity_map.configuration": "https://idp.example {pattern} \\1"
///         }}"#
///     ))
/// };
/// let (old, new) = (settings(r"/^([a-z]+)@example\\.com$")?, settings(r"/^([a-z]+)@example.com$")?);
/// let told = compare(ComparedSettings::new(Ok(&old)), ComparedSettings::new(Ok(&new)), &[])?;
/// assert_eq!((told.gained, told.lost, told.complete), (1, 0, true));
/// let change = &told.changes[0];
/// assert_eq!(change.kind, ChangeKind::Gained);
/// let example = change.example.as_ref().and_then(|example| example.principal.as_deref());
/// assert_eq!(example, Some("x@examplexcom"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(
    old: ComparedSettings<'_>,
    new: ComparedSettings<'_>,
    logins: &[SampleLogin],
) -> Result<CompareDocument, FetchError> {
    compared(old, new, logins)
}

/// What of these settings no sample login goes by that is accepted, and why the others are refused.
///
/// # Errors
/// Fetched keys were given whose record is none.
///
/// # Example
/// ```
/// use sqljwt::{
///     Settings,
///     advisor::{ComparedSettings, SampleLogin, coverage},
/// };
/// let settings = Settings::from_json(
///     r#"{
///         "server.jwt_authentication.enabled": true,
///         "server.jwt_authentication.issuers": "https://idp.example",
///         "server.jwt_authentication.audience": "db-login",
///         "server.identity_map.configuration": "https://idp.example 1 ada\nhttps://idp.example 2 bob"
///     }"#,
/// )?;
/// let claims = r#"{"iss": "https://idp.example", "aud": "db-login", "sub": "1", "exp": 1800000100}"#;
/// let logins = [SampleLogin::of_claims(claims, "ada", 1_800_000_000)];
/// let told = coverage(ComparedSettings::new(Ok(&settings)), &logins)?;
/// assert_eq!((told.accepted, told.lines.reached), (1, 1));
/// assert_eq!(told.lines.unreached[0].line, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coverage(settings: ComparedSettings<'_>, logins: &[SampleLogin]) -> Result<CoverageDocument, FetchError> {
    covered(settings, logins)
}

/// All rules of [`lint`]: what each finds, and why that matters.
#[must_use]
pub fn rules() -> RulesDocument {
    RulesDocument::new()
}

/// From a log back to the cause: what its lines say of logins, a database's, a client's or this project's. A log of any length is
/// read by [`LogReader`].
///
/// # Example
/// ```
/// use sqljwt::{ReasonCode, advisor};
///
/// let told = advisor::from_log("ERROR: JWT authentication: invalid issuer\nDETAIL: token issued by https://other.example");
/// assert_eq!(told.entries[0].codes[0], ReasonCode::IssuerNotAllowed);
/// assert_eq!(told.entries[0].values[0].value.as_deref(), Some("https://other.example"));
/// ```
#[must_use]
pub fn from_log(text: &str) -> LogDocument {
    LogDocument::of(text)
}

/// Who can become this SQL user: which issuers, claims and lines of the identity map can produce it, each with a principal that
/// does. Without a user: which users, or families of users, can be become at all, the most dangerous first.
///
/// # Example
/// ```
/// use sqljwt::{Validator, advisor};
///
/// let validator = Validator::from_text(r#"{
///     "server.jwt_authentication.enabled": true,
///     "server.jwt_authentication.issuers": "https://idp.example",
///     "server.jwt_authentication.audience": "db-login",
///     "server.identity_map.configuration": "https://idp.example /^([a-z]+)@example\\.com$ \\1"
/// }"#)?;
/// let answer = advisor::who_can(&validator, Some("admin"));
/// assert_eq!(answer.users[0].ways[0].example.as_deref(), Some("admin@example.com"));
/// assert!(answer.complete);
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[must_use]
pub fn who_can(validator: &Validator, user: Option<&str>) -> WhoCanDocument {
    WhoCanDocument::of(validator.compiled(), user)
}

/// Whom a principal becomes, at that issuer or at each.
#[must_use]
pub fn reach(validator: &Validator, issuer: Option<&str>, principal: &str) -> ReachDocument {
    ReachDocument::of(validator.compiled(), issuer, principal)
}

/// When a login begins to be accepted and when it will stop being so, and because of what. Each answer is the validator's own:
/// it is asked at every moment that the token, the settings and the keys at hand name.
///
/// # Example
/// ```
/// use sqljwt::{Validator, advisor::{self, WindowState}};
///
/// let validator = Validator::from_text(r#"{"server.jwt_authentication.enabled": false}"#)?;
/// let window = advisor::window(&validator, "eyJ…", "alice", 1_800_000_000);
/// assert_eq!(window.state, WindowState::Never);
/// assert_eq!(window.lasting.and_then(|lasting| lasting.code).map(|code| code.as_str()), Some("disabled"));
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[must_use]
pub fn window(validator: &Validator, token: impl AsRef<[u8]>, user: &str, now: i64) -> WindowDocument {
    validator.window(token.as_ref(), user, now)
}

/// What a key set does that is not there yet: which of these tokens are accepted today and with it, which keys come, go and change,
/// and which readers of key sets are known to take nothing of it. `issuer` says whose set it is; where all issuers have one set,
/// or there is one issuer, nobody needs to say it.
///
/// # Errors
/// Some issuers have keys of their own or fetched ones, and `issuer` does not say which is meant, or it is not configured.
///
/// # Example
/// ```
/// use sqljwt::{Validator, advisor};
///
/// let validator = Validator::from_text(r#"{"server.jwt_authentication.issuers": "https://idp.example"}"#)?;
/// let set = r#"{"keys": [{"kty": "AKP", "alg": "ML-DSA-44", "kid": "pq", "pub": "AAAA"}]}"#;
/// let rehearsal = advisor::rehearse(&validator, None, set, &[] as &[&str], 1_800_000_000)?;
/// let cockroachdb = rehearsal.readers.iter().find(|reader| reader.reader == "CockroachDB").expect("a row");
/// assert_eq!(cockroachdb.verdict, advisor::SetVerdict::DropsTheSet);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn rehearse<T: AsRef<[u8]>>(
    validator: &Validator,
    issuer: Option<&str>,
    key_set: &str,
    tokens: &[T],
    now: i64,
) -> Result<RehearsalDocument, IssuerNeeded> {
    let tokens: Vec<&[u8]> = tokens.iter().map(AsRef::as_ref).collect();
    validator.rehearse(issuer, key_set, &tokens, now)
}

/// Settings from a sample token: those under which it logs in as this SQL user (or as a proposed one where `user` is empty), and
/// nobody else does. With the issuer's key set the login is tried; without it the token is not proven, and the first line of the
/// SQL says so. `user_names` is the kind of server, as `engine.user_names` names it.
///
/// # Example
/// ```
/// use sqljwt::advisor;
///
/// let told = advisor::suggest("not a token", "alice", None, None, 1_800_000_000);
/// assert!(told.sql.is_none());
/// assert!(told.refused.is_some());
/// ```
#[must_use]
pub fn suggest(
    token: impl AsRef<[u8]>,
    user: &str,
    keys: Option<&str>,
    user_names: Option<&str>,
    now: i64,
) -> SuggestDocument {
    suggested(&Sample { token: token.as_ref(), user, keys, user_names, now })
}
