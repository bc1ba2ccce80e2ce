//! Is a registered claim (RFC 7519 section 4.1) of the kind that CockroachDB's token library reads it as?

use crate::ground::{
    json::{Kind, Value},
    time,
};

/// The claims that the library types as it reads them; it refuses the token if one does not fit.
pub(crate) const REGISTERED: [&str; 7] = ["iss", "sub", "jti", "aud", "exp", "nbf", "iat"];

/// What the library wants a claim to be, where the value is not that.
pub(crate) fn misfit(name: &str, value: Value<'_>) -> Option<&'static str> {
    let (fits, wanted) = match name {
        "iss" | "sub" | "jti" => (value.is_null() || value.kind() == Kind::String, "a string"),
        "aud" => (value.kind() == Kind::String || value.strings().is_some(), "a string or an array of strings"),
        "exp" | "nbf" | "iat" => (time::loose(value).is_some(), "a time"),
        _ => return None,
    };
    (!fits).then_some(wanted)
}
