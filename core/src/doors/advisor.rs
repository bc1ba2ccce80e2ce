//! Everything above one login: what is wrong with settings, who can become whom, what a change would do.
//!
//! Nothing here decides a login, and nothing needs a token that somebody could misuse.

pub use crate::asking::{
    lint::{LintDocument, LintFinding, Proof, Rule, Severity, Witness},
    settings_change::SettingsChange,
    window::{Turn, Window, WindowDocument, WindowEdge, WindowOutcome, WindowState},
};
use crate::{
    doors::validator::Validator,
    parsed::settings::{Settings, SettingsError},
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
/// assert_eq!(window.lasting.and_then(|lasting| lasting.code).map(|code| code.as_str()), Some("not_enabled"));
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[must_use]
pub fn window(validator: &Validator, token: impl AsRef<[u8]>, user: &str, now: i64) -> WindowDocument {
    validator.window(token.as_ref(), user, now)
}
