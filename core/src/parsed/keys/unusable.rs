//! Why can nothing be verified with a key?

use alloc::{format, string::String};

use crate::ground::{
    json::Value,
    reason::ReasonCode::{self, KeyInvalid},
    splice::Splice,
};

/// Why a key was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) code: ReasonCode,
    /// The fact, beginning with the key's name; of the key itself it holds nothing secret.
    pub(crate) message: String,
    /// What to change in the key, where that can be told: a clause without its full stop.
    pub(crate) remedy: Option<String>,
    /// How a part of the key set should read, where that is certain.
    pub(crate) instead: Option<Splice>,
}

impl Unusable {
    pub(super) fn new(code: ReasonCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), remedy: None, instead: None }
    }

    pub(super) fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// Says how a value of the key should read.
    pub(super) fn instead(self, value: Value<'_>, text: impl Into<String>) -> Self {
        let (start, end) = value.span();
        Self { instead: Some(Splice { start, end, text: text.into() }), ..self }
    }
}

/// A key that is no key as it stands.
pub(super) fn invalid(message: String) -> Unusable {
    Unusable::new(KeyInvalid, message)
}

/// A key with a member of the wrong kind.
pub(super) fn misshapen(name: &str, value: Value<'_>, expected: &str) -> Unusable {
    invalid(format!("has a member `{name}` that is {}, expected {expected}", value.kind().describe()))
}
