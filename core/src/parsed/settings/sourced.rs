//! Which setting gave this value, and where in its text does it stand? What a message names is then the one to change.

use alloc::sync::Arc;
use core::{fmt, ops::Deref};

use super::names::SettingName;
use crate::ground::text::shown;

/// The place in the settings that gives a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) setting: SettingName,
    /// The issuer whose own the value is, in a setting that has an object of issuers.
    pub(crate) issuer: Option<Arc<str>>,
    /// The member of that issuer's object.
    pub(crate) member: Option<&'static str>,
    /// Where it begins in the text of the setting, in bytes.
    pub(crate) offset: usize,
}

impl Source {
    /// The whole of a setting.
    pub(crate) const fn of(setting: SettingName) -> Self {
        Self { setting, issuer: None, member: None, offset: 0 }
    }

    /// What an option of the engine gives one issuer: all of it, or a member of it.
    pub(crate) fn own(setting: SettingName, issuer: &Arc<str>, member: Option<&'static str>) -> Self {
        Self { setting, issuer: Some(Arc::clone(issuer)), member, offset: 0 }
    }

    /// The same, but a part of it that stands there.
    pub(crate) fn at(&self, offset: usize) -> Self {
        Self { offset, ..self.clone() }
    }

    /// Whether the value holds for one issuer alone.
    pub(crate) const fn is_own(&self) -> bool {
        self.issuer.is_some()
    }
}

/// As messages name it: `claim` of `https://idp.example` in engine.issuers.
impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(member) = self.member {
            write!(out, "`{member}` of ")?;
        }
        if let Some(issuer) = &self.issuer {
            write!(out, "`{}` in ", shown(issuer))?;
        }
        out.write_str(self.setting.as_str())
    }
}

/// A value that knows what gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

impl<T> Sourced<T> {
    pub(crate) const fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

impl<T> Deref for Sourced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: AsRef<str>> AsRef<str> for Sourced<T> {
    fn as_ref(&self) -> &str {
        self.value.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_source_is_named_as_an_administrator_would_find_it() {
        let issuer = Arc::from("https://a\n");
        assert_eq!(Source::of(SettingName::Claim).at(3).to_string(), "server.jwt_authentication.claim");
        let keys = Source::own(SettingName::EngineIssuerKeys, &issuer, None);
        assert_eq!(keys.to_string(), "`https://a\\u{a}` in engine.issuer_keys");
        let claim = Source::own(SettingName::EngineIssuers, &issuer, Some("claim"));
        assert_eq!(claim.to_string(), "`claim` of `https://a\\u{a}` in engine.issuers");
        assert!(claim.is_own() && !Source::of(SettingName::Claim).is_own());
    }
}
