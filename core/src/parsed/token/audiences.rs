//! For whom does a token say it is? (RFC 7519 section 4.1.3)

use alloc::{borrow::Cow, vec::Vec};

use crate::ground::json::Value;

/// The audiences that a claim `aud` states, when it is a string or an array of strings.
pub(crate) fn stated(aud: Value<'_>) -> Option<Vec<Cow<'_, str>>> {
    aud.string().map(|audience| [audience].into()).or_else(|| aud.strings())
}
