//! Everything above one login: what is wrong with settings, who can become whom, what a change would do.
//!
//! Nothing here decides a login, and nothing needs a token that somebody could misuse.

pub use crate::asking::{
    lint::{LintDocument, LintFinding, Proof, Rule, Severity, Witness},
    reach::{ReachDocument, ReachOfIssuer, ReachedUser},
    settings_change::SettingsChange,
    who_can::{ReachableUser, Standing, Way, WhoCanDocument},
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

impl Validator {
    /// Tells who can become this SQL user: which issuers, claims and lines of the identity map can produce it, each with a
    /// principal that does. Without a user: which users, or families of users, can be become at all, the most dangerous
    /// first.
    ///
    /// # Example
    /// ```
    /// use sqljwt::Validator;
    ///
    /// let validator = Validator::from_text(r#"{
    ///     "server.jwt_authentication.enabled": true,
    ///     "server.jwt_authentication.issuers": "https://idp.example",
    ///     "server.jwt_authentication.audience": "db-login",
    ///     "server.identity_map.configuration": "https://idp.example /^([a-z]+)@example\\.com$ \\1"
    /// }"#)?;
    /// let answer = validator.who_can(Some("admin"));
    /// assert_eq!(answer.users[0].ways[0].example.as_deref(), Some("admin@example.com"));
    /// assert!(answer.complete);
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub fn who_can(&self, user: Option<&str>) -> WhoCanDocument {
        WhoCanDocument::of(self.compiled(), user)
    }

    /// Tells whom a principal becomes, at that issuer or at each.
    #[must_use]
    pub fn reach(&self, issuer: Option<&str>, principal: &str) -> ReachDocument {
        ReachDocument::of(self.compiled(), issuer, principal)
    }
}
