//! Why did a login not happen? The two kinds of refusal, and what the client may be told of them.

use alloc::{string::String, vec::Vec};
use core::fmt;

use serde::Serialize;

use crate::{
    answers::remedy::Remedy,
    ground::{
        position::{Position, TextRange},
        reason::{Check, ReasonCode},
        text::{one_line, shown},
    },
    parsed::settings::{Places, SettingName},
};

/// Why [`Validator::validate`](crate::Validator::validate) gave no login. Nobody is logged in by either kind.
///
/// What a host may do about it, [`Refusal::need`] says; kinds that this version does not know are refusals like any other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

    /// What the host has to fetch before the token can be judged; `None` where nothing that it fetches changes the answer.
    ///
    /// # Example
    /// ```
    /// use sqljwt::{Need, Refusal};
    ///
    /// /// The addresses to ask, in a host that fetches keys.
    /// fn addresses(refusal: &Refusal) -> Vec<&str> {
    ///     match refusal.need() {
    ///         Some(Need::Keys(keys)) => keys.jwks_url.iter().chain(&keys.discovery_url).map(String::as_str).collect(),
    ///         // Something that this host cannot fetch, or nothing: nobody logs in.
    ///         _ => Vec::new(),
    ///     }
    /// }
    /// # let settings = sqljwt::Settings::from_json(r#"{
    /// #     "server.jwt_authentication.enabled": true,
    /// #     "server.jwt_authentication.issuers": "https://idp.example",
    /// #     "server.jwt_authentication.audience": "db-login",
    /// #     "server.jwt_authentication.jwks_auto_fetch.enabled": true
    /// # }"#)?;
    /// # let validator = sqljwt::Validator::new(&settings)?;
    /// # let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIn0.AA";
    /// # let refusal = validator.validate(token, "alice", 1_800_000_000).expect_err("no keys are at hand");
    /// assert_eq!(addresses(&refusal), ["https://idp.example/.well-known/openid-configuration"]);
    /// # Ok::<(), sqljwt::SettingsError>(())
    /// ```
    #[must_use]
    pub const fn need(&self) -> Option<Need<'_>> {
        match self {
            Self::Rejected(rejection) => match &rejection.user_info {
                Some(needed) => Some(Need::UserInfo(needed)),
                None => None,
            },
            Self::KeysNeeded(keys) => Some(Need::Keys(keys)),
        }
    }
}

/// What a host has to fetch before a token can be judged. The engine itself never fetches anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need<'r> {
    /// The keys of the token's issuer.
    Keys(&'r KeysNeeded),
    /// What the issuer knows of the bearer: the token does not say which groups they are in.
    UserInfo(&'r UserInfoNeeded),
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
    /// Where in the settings document what decided begins. [`Validator::validate`](crate::Validator::validate) does not
    /// look for it: documents have it, and settings that cannot be used.
    pub position: Option<Position>,
    /// The whole of what stands there; as `position`.
    pub range: Option<TextRange>,
    /// What can be done, the best first; each change was tried. [`Validator::validate`](crate::Validator::validate) tries
    /// nothing: documents have it.
    pub remedies: Vec<Remedy>,
    /// What the issuer can be asked, where nothing but the person's groups is missing.
    pub user_info: Option<UserInfoNeeded>,
    /// The same as a place in a setting's value.
    pub(crate) place: Option<(SettingName, usize)>,
    /// What the client may be told.
    pub client: ClientAnswer,
}

impl Rejection {
    /// The same, with what can be done: the best of it is what is told in one sentence.
    pub(crate) fn with_remedies(self, remedies: Vec<Remedy>) -> Self {
        let remedy = remedies.first().map_or(self.remedy, |best| best.message.clone());
        Self { remedy, remedies, ..self }
    }

    /// The same, with the place of what decided.
    pub(crate) fn located(self, places: &Places<'_>) -> Self {
        match self.place {
            Some((name, offset)) if self.position.is_none() => {
                Self { position: places.position(name, offset), range: places.range(name, offset), ..self }
            }
            _ => self,
        }
    }
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
            position: Option<Position>,
            range: Option<TextRange>,
            remedies: &'r [Remedy],
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
            range: self.range,
            remedies: &self.remedies,
        }
        .serialize(serializer)
    }
}

/// What the host has to ask the token's issuer about its bearer, of whom everything else is judged already.
///
/// [`UserInfoFetch`](crate::UserInfoFetch) says whom to ask; [`Validator::with_user_info`](crate::Validator::with_user_info)
/// takes the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UserInfoNeeded {
    /// The issuer, as configured; in documents on one line.
    #[serde(serialize_with = "inert")]
    pub issuer: String,
    /// The address of its discovery document, whose `userinfo_endpoint` is to be asked with the token.
    pub discovery_url: String,
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
    /// Why the keys are needed, on one line.
    pub cause: String,
    /// Whether keys are there, fresh, without the one that the token names: then caches on the way are to be passed over.
    pub refresh: bool,
    /// What can be done, the best first; as in [`Rejection::remedies`].
    pub remedies: Vec<Remedy>,
    /// What the client may be told if the keys cannot be had.
    #[serde(skip)]
    pub client: ClientAnswer,
}

impl KeysNeeded {
    /// The same, with what can be done.
    pub(crate) fn with_remedies(self, remedies: Vec<Remedy>) -> Self {
        Self { remedies, ..self }
    }
}

impl fmt::Display for KeysNeeded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the keys of issuer `{}` are needed: {}", shown(&self.issuer), self.cause)
    }
}

impl core::error::Error for KeysNeeded {}

fn inert<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&one_line(text))
}
