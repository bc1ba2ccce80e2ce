//! Why did a login not happen? The two kinds of refusal, and what the client may be told of them.

use alloc::{string::String, vec::Vec};
use core::fmt;

use serde::Serialize;

use crate::{
    ground::{
        reason::{Check, ReasonCode},
        remedy::Remedy,
        text::{one_line, quoted, shown},
    },
    parsed::settings::Position,
};

/// Why [`Validator::validate`](crate::Validator::validate) gave no login. Nobody is logged in by either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token may not log in.
    Rejected(Rejection),
    /// The issuer's keys have to be fetched before anything can be said.
    KeysNeeded(KeysNeeded),
}

impl Refusal {
    /// What the client may be told, whichever kind it is.
    ///
    /// # Example
    /// ```
    /// let settings = sqljwt::Settings::from_json(r#"{
    ///     "server.jwt_authentication.enabled": true,
    ///     "server.jwt_authentication.issuers": "https://idp.example",
    ///     "server.jwt_authentication.audience": "db-login",
    ///     "server.jwt_authentication.jwks_auto_fetch.enabled": true
    /// }"#)?;
    /// let validator = sqljwt::Validator::new(&settings)?;
    /// // The header names the key `k1`; the claims name the issuer.
    /// let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIn0.AA";
    /// let refusal = validator.validate(token, "alice", 1_800_000_000).expect_err("no keys are at hand");
    /// assert!(matches!(refusal, sqljwt::Refusal::KeysNeeded(_)));
    /// assert_eq!(refusal.client().message, "JWT authentication: invalid token");
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub const fn client(&self) -> &ClientAnswer {
        match self {
            Self::Rejected(rejection) => &rejection.client,
            Self::KeysNeeded(keys) => &keys.client,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejection) => rejection.fmt(formatter),
            Self::KeysNeeded(keys) => keys.fmt(formatter),
        }
    }
}

impl core::error::Error for Refusal {}

/// A login refused for one reason: the first check that failed in the profile's order.
///
/// The texts are for the administrator; [`Rejection::client`] is what the person who logs in may see.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejection {
    /// The reason, for programs.
    pub code: ReasonCode,
    /// The fact with both sides, for people: what was expected and what the token says.
    pub message: String,
    /// One sentence: what to change, and where.
    pub remedy: String,
    /// The setting that decided.
    pub setting: Option<&'static str>,
    /// What the setting or the rule allows.
    pub expected: Option<Vec<String>>,
    /// What the token or the login says.
    pub actual: Option<Vec<String>>,
    /// Where in the settings document the fault stands, when the settings themselves are unusable.
    pub position: Option<Position>,
    /// What the client may be told.
    pub client: ClientAnswer,
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, one_line(self.message.as_str()))
    }
}

impl core::error::Error for Rejection {}

impl Serialize for Rejection {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Reason<'r> {
            code: ReasonCode,
            number: u16,
            check: Check,
            message: &'r str,
            remedy: &'r str,
            setting: Option<&'static str>,
            expected: &'r Option<Vec<String>>,
            actual: &'r Option<Vec<String>>,
            reference: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            position: Option<Position>,
        }
        Reason {
            code: self.code,
            number: self.code.number(),
            check: self.code.check(),
            message: &self.message,
            remedy: &self.remedy,
            setting: self.setting,
            expected: &self.expected,
            actual: &self.actual,
            reference: self.code.reference(),
            position: self.position,
        }
        .serialize(serializer)
    }
}

/// What the person who logs in may be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClientAnswer {
    /// The error message.
    pub message: String,
    /// The DETAIL field; always `None` in the `hardened` profile.
    pub detail: Option<String>,
    /// The SQLSTATE of the error.
    pub sqlstate: &'static str,
}

/// Which keys the host has to fetch before the token can be judged. The engine itself never fetches anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeysNeeded {
    /// The issuer whose keys are needed, as configured; in documents on one line.
    #[serde(serialize_with = "inert")]
    pub issuer: String,
    /// The id of the key that the token names, on one line.
    pub kid: Option<String>,
    /// The address of the issuer's discovery document, whose `jwks_uri` names the key set.
    pub discovery_url: Option<String>,
    /// The address of the key set itself, where the settings give it.
    pub jwks_url: Option<String>,
    /// Why the keys are needed.
    pub cause: &'static str,
    /// What the client may be told if the keys cannot be had.
    #[serde(skip)]
    pub client: ClientAnswer,
}

impl fmt::Display for KeysNeeded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the keys of issuer `{}` are needed: {}", shown(&self.issuer), self.cause)
    }
}

impl core::error::Error for KeysNeeded {}

/// A failed check, before it is known what the client may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: ReasonCode,
    pub(crate) message: String,
    /// What the message gives as the cause, without the words around it; for a client that is told in other words.
    pub(crate) cause: Option<String>,
    pub(crate) remedy: Remedy,
    /// Whether the token was proven when the check failed.
    pub(crate) proven: bool,
    pub(crate) setting: Option<&'static str>,
    pub(crate) expected: Option<Vec<String>>,
    pub(crate) actual: Option<Vec<String>>,
}

impl Failure {
    /// A failure with the code's general remedy.
    pub(crate) fn new(code: ReasonCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            cause: None,
            remedy: code.mend(),
            proven: false,
            setting: None,
            expected: None,
            actual: None,
        }
    }

    pub(crate) fn remedy(self, remedy: impl Into<Remedy>) -> Self {
        Self { remedy: remedy.into(), ..self }
    }

    pub(crate) fn cause(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    pub(crate) fn setting(self, setting: &'static str) -> Self {
        Self { setting: Some(setting), ..self }
    }

    pub(crate) fn expected<S: AsRef<str>>(self, values: impl IntoIterator<Item = S>) -> Self {
        Self { expected: Some(shortened(values)), ..self }
    }

    pub(crate) fn actual<S: AsRef<str>>(self, values: impl IntoIterator<Item = S>) -> Self {
        Self { actual: Some(shortened(values)), ..self }
    }

    /// The refusal, with what the client may be told of it.
    pub(crate) fn into_rejection(self, client: ClientAnswer) -> Rejection {
        let remedy = self.remedy.told(self.proven).unwrap_or_else(|| self.code.narrow_remedy().into());
        Rejection {
            code: self.code,
            message: one_line(self.message),
            remedy: one_line(remedy),
            setting: self.setting,
            expected: self.expected,
            actual: self.actual,
            position: None,
            client,
        }
    }
}

/// Values as documents carry them: each cut, on one line and without private keys, and no more of them than a person
/// reads.
pub(crate) fn shortened<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Vec<String> {
    values.into_iter().take(SHOWN_VALUES_MAX).map(|value| quoted(value.as_ref())).collect()
}

/// How many values of a list documents carry.
pub(crate) const SHOWN_VALUES_MAX: usize = 50;

fn inert<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&one_line(text))
}
