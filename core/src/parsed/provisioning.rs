//! May a SQL user be made for the bearer of a token, and how is it written where the user comes from? (CockroachDB's
//! `security.provisioning.jwt.enabled`)

use alloc::{format, string::String};

use crate::ground::text::shown;

/// How the database says that a user comes of tokens.
const PREFIX: &str = "jwt_token:";

/// The source that the database records for users of an issuer, or why it can record none.
///
/// It takes an address without a port, and reads it as Go does. Of what Go's reader would write otherwise only blanks are
/// taken over; everything else that it would encode is refused.
pub(crate) fn source(issuer: &str) -> Result<String, &'static str> {
    if issuer.is_empty() {
        return Err("it is empty");
    }
    if issuer.bytes().any(|byte| !byte.is_ascii_graphic() && byte != b' ') || has_bad_escape(issuer) {
        return Err("it is no address that can be parsed");
    }
    let rest = match issuer.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => match rest.starts_with('/') {
            true => rest,
            false => return Err("it has an opaque part or a port"),
        },
        Some((before, _)) if !before.contains('/') => return Err("it is no address that can be parsed"),
        _ => issuer,
    };
    let authority = rest.strip_prefix("//").map_or("", |rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.contains(':') && !(host.starts_with('[') && host.ends_with(']')) {
        return Err("it has an opaque part or a port");
    }
    if authority
        .bytes()
        .any(|byte| matches!(byte, b' ' | b'<' | b'>' | b'"' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'))
    {
        return Err("it is no address that can be parsed");
    }
    Ok(format!("{PREFIX}{}", issuer.replace(' ', "%20")))
}

/// That no user can be made for the tokens of an issuer, and what to do about it.
pub(crate) fn unrecorded(issuer: &str) -> Option<(String, &'static str)> {
    let why = source(issuer).err()?;
    let message =
        format!("the database cannot record the issuer `{}` as where a user comes from: {why}", shown(issuer));
    let remedy =
        "make the SQL users by hand, or have the identity provider issue tokens under an address without a port";
    Some((message, remedy))
}

/// A letter, then letters, digits, `+`, `-` and `.` (RFC 3986 section 3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// A `%` without two hexadecimal digits after it.
fn has_bad_escape(text: &str) -> bool {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    bytes
        .iter()
        .enumerate()
        .filter(|&(_, &byte)| byte == b'%')
        .any(|(at, _)| !is_hex(bytes.get(at.saturating_add(1))) || !is_hex(bytes.get(at.saturating_add(2))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_records_an_address_without_a_port() {
        for (issuer, recorded) in [
            ("idp.example.com", "jwt_token:idp.example.com"),
            ("//idp.example.com", "jwt_token://idp.example.com"),
            ("https://accounts.google.com", "jwt_token:https://accounts.google.com"),
            ("https://kc.example/realms/r", "jwt_token:https://kc.example/realms/r"),
            ("https://[2001:db8::1]/x", "jwt_token:https://[2001:db8::1]/x"),
            ("idp1 idp2", "jwt_token:idp1%20idp2"),
            ("https://a.example/x:y", "jwt_token:https://a.example/x:y"),
        ] {
            assert_eq!(source(issuer).as_deref(), Ok(recorded), "{issuer}");
        }
        for issuer in [
            "",
            "example.com:389",
            "https://idp.example:443",
            "https://idp.example:443/x",
            "https://[::1]:8443",
            "//idp.example:80",
            "[]!@#%#^$&*",
            "https://a.example/%zz",
            "https://a b.example",
            "a.example/\n",
            "https://löcal.example",
            ":x",
        ] {
            assert!(source(issuer).is_err(), "{issuer}");
        }
    }
}
