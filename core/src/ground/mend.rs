//! What would mend a refused login? What anybody may do about it, and what would let in more than is let in today.
//!
//! The second is told only of a token whose signature a configured key has verified: whoever writes an unproven token
//! writes it so that the advice asks for what they want.

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
};

use serde::Serialize;

type Text = Cow<'static, str>;

/// Who can do it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Whose {
    /// Whoever sets the server's settings.
    #[default]
    Administrator,
    /// Whoever runs the identity provider, or has an application registered there.
    IdentityProvider,
    /// Whoever logs in.
    Client,
}

/// A remedy in its two parts; each is a clause without its full stop that the other may follow or precede.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mend {
    narrow: Option<Text>,
    widening: Option<Text>,
    /// Who does the narrow part.
    whose: Whose,
}

impl Mend {
    /// What lets nobody in whom these settings keep out.
    pub(crate) fn narrow(text: impl Into<Text>) -> Self {
        Self { narrow: Some(text.into()), ..Self::default() }
    }

    /// What the identity provider's administrator does.
    pub(crate) fn provider(text: impl Into<Text>) -> Self {
        Self { whose: Whose::IdentityProvider, ..Self::narrow(text) }
    }

    /// What whoever logs in does.
    pub(crate) fn client(text: impl Into<Text>) -> Self {
        Self { whose: Whose::Client, ..Self::narrow(text) }
    }

    /// Who does what lets nobody in whom these settings keep out.
    pub(crate) fn whose(&self) -> Whose {
        self.whose
    }

    /// What makes the server believe more of what the token says: an issuer, an audience, a claim, a line of the map, a
    /// longer limit.
    pub(crate) fn widening(text: impl Into<Text>) -> Self {
        Self { widening: Some(text.into()), ..Self::default() }
    }

    /// The same, with what widens beside it.
    pub(crate) fn or(self, text: impl Into<Text>) -> Self {
        Self { widening: Some(text.into()), ..self }
    }

    /// Whether a part of it is told of proven tokens only.
    pub(crate) fn widens(&self) -> bool {
        self.widening.is_some()
    }

    /// What may be told of a token that is proven or not: the one place where advice that widens is left out.
    pub(crate) fn told(&self, proven: bool) -> Option<String> {
        match (&self.narrow, self.widening.as_ref().filter(|_| proven)) {
            (Some(narrow), Some(widening)) => Some(format!("{narrow}, or {widening}")),
            (Some(only), None) | (None, Some(only)) => Some(only.to_string()),
            (None, None) => None,
        }
    }

    /// What only a proof adds.
    pub(crate) fn widening_part(&self) -> Option<&str> {
        self.widening.as_deref()
    }
}

impl From<&'static str> for Mend {
    fn from(text: &'static str) -> Self {
        Self::narrow(text)
    }
}

impl From<String> for Mend {
    fn from(text: String) -> Self {
        Self::narrow(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_widens_is_told_of_proven_tokens_only() {
        let both = Mend::narrow("request another token").or("add `a`");
        assert_eq!(both.told(true).as_deref(), Some("request another token, or add `a`"));
        assert_eq!(both.told(false).as_deref(), Some("request another token"));
        assert_eq!(Mend::widening("add `a`").told(true).as_deref(), Some("add `a`"));
        assert_eq!(Mend::widening("add `a`").told(false), None);
    }
}
