//! What do the profiles disagree on? An order of checks, and for each room of the engine one of its dialects.

use crate::{
    ground::reason::{Check, ReasonCode},
    parsed::{identity_map, keys, settings, sql_user, token},
};

/// The rules of a profile.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The checks in the order in which they decide.
    pub(crate) order: &'static [Check],
    pub(crate) settings: settings::Dialect,
    pub(crate) keys: keys::Reading,
    pub(crate) token: token::Dialect,
    pub(crate) map: identity_map::Dialect,
    pub(crate) users: sql_user::Dialect,
    pub(crate) judging: Judging,
    pub(crate) client: Words,
    /// Whether a remedy may use the engine's options: a database has nothing like them.
    pub(crate) offers_options: bool,
    /// Whether anybody is let in by these rules; otherwise they only say what a server would decide.
    pub(crate) lets_in: bool,
}

/// What is judged by one server and not by another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judging {
    /// A login without a token is refused as such even when token logins are switched off.
    pub(crate) token_before_switch: bool,
    /// `exp` has to be there.
    pub(crate) expiry_needed: bool,
    /// `engine.leeway_seconds` is honoured.
    pub(crate) leeway: bool,
    /// An e-mail principal has to be verified where the token speaks of verification.
    pub(crate) email_verified: bool,
    /// What a userinfo endpoint answers has to be about the token's subject (OpenID Connect Core 1.0 section 5.3.2).
    pub(crate) user_info_subject: bool,
}

/// What the person who logs in is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// The error message for a reason.
    pub(crate) message: fn(ReasonCode) -> &'static str,
    /// The error message that says nothing.
    pub(crate) vague: &'static str,
    /// The error message while keys cannot be had, or settings cannot be used.
    pub(crate) unable: &'static str,
    /// Whether a message says which check failed before the token is proven, and has a DETAIL.
    pub(crate) talkative: bool,
}
