//! What can be done about a refused login without a change of the settings, and by whom? In words.

use alloc::{borrow::Cow, string::String};

use serde::Serialize;

type Text = Cow<'static, str>;

/// Who can do something about a refused login.
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

/// A clause without its full stop, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mend {
    text: Option<Text>,
    whose: Whose,
}

impl Mend {
    /// What the server's administrator does.
    pub(crate) fn administrator(text: impl Into<Text>) -> Self {
        Self { text: Some(text.into()), whose: Whose::Administrator }
    }

    /// What the identity provider's administrator does.
    pub(crate) fn provider(text: impl Into<Text>) -> Self {
        Self { text: Some(text.into()), whose: Whose::IdentityProvider }
    }

    /// What whoever logs in does.
    pub(crate) fn client(text: impl Into<Text>) -> Self {
        Self { text: Some(text.into()), whose: Whose::Client }
    }

    /// What to do.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Who does it.
    pub(crate) fn whose(&self) -> Whose {
        self.whose
    }
}

impl From<&'static str> for Mend {
    fn from(text: &'static str) -> Self {
        Self::administrator(text)
    }
}

impl From<String> for Mend {
    fn from(text: String) -> Self {
        Self::administrator(text)
    }
}
