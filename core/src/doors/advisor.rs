//! Everything above one login: what is wrong with settings, who can become whom, what a change would do.
//!
//! Nothing here decides a login, and nothing needs a token that somebody could misuse.

pub use crate::asking::{
    lint::{LintDocument, LintFinding, Proof, Rule, Severity, Witness},
    settings_change::SettingsChange,
};
use crate::parsed::settings::{Settings, SettingsError};

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
