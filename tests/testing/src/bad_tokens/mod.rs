//! Tokens that must be refused: every reason that a token can give, each with a maker.
//!
//! Reasons that no token can give have none: those of the settings (`settings_invalid`, `disabled`, …) and
//! `internal_error`.

mod making;
mod table;

use std::fmt;

use serde_json::{Value, json};
use sqljwt::ReasonCode;

pub use table::BadToken;

use crate::{issuer::Issuer, token::TokenBuilder};

/// One row of the table.
struct Row {
    name: &'static str,
    code: ReasonCode,
    about: &'static str,
    /// Mints it from a token that would log in.
    token: fn(TokenBuilder<'_>) -> String,
    /// What the settings have to say beside what lets the issuer's good tokens in, where that matters.
    settings: Option<fn(&Issuer) -> Value>,
    user: Option<&'static str>,
}

impl BadToken {
    /// The name: `snake_case`, the same as in Python's test kit.
    ///
    /// # Example
    /// ```
    /// assert_eq!(sqljwt_testing::BadToken::AlgNone.as_str(), "alg_none");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The reason that it is refused with, in the `hardened` profile.
    ///
    /// # Example
    /// ```
    /// assert_eq!(sqljwt_testing::BadToken::AlgNone.code(), sqljwt::ReasonCode::AlgNotAllowed);
    /// ```
    #[must_use]
    pub const fn code(self) -> ReasonCode {
        self.row().code
    }

    /// What is wrong with it.
    ///
    /// # Example
    /// ```
    /// assert_eq!(sqljwt_testing::BadToken::AlgNone.about(), "no signature, and alg says none");
    /// ```
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.row().about
    }

    /// The SQL user to request, where that matters; empty for none.
    ///
    /// # Example
    /// ```
    /// use sqljwt_testing::BadToken;
    /// assert_eq!((BadToken::ReservedName.user(), BadToken::AlgNone.user()), (Some("root"), None));
    /// ```
    #[must_use]
    pub const fn user(self) -> Option<&'static str> {
        self.row().user
    }

    /// Does to a good token what is wrong with this one.
    pub(crate) fn mint(self, good: TokenBuilder<'_>) -> String {
        (self.row().token)(good)
    }

    /// What the settings have to say for it to be refused for its reason.
    pub(crate) fn settings(self, issuer: &Issuer) -> Value {
        self.row().settings.map_or_else(|| json!({}), |settings| settings(issuer))
    }
}

impl fmt::Display for BadToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
