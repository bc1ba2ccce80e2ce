//! What does a client ask? A line of JSON over the socket, or the user and password of HTTP Basic, read strictly.

use std::{borrow::Cow, fmt};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::Deserialize;
use serde_json::error::Category;
use zeroize::Zeroize;

/// One login.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request<'r> {
    /// The token.
    #[serde(borrow)]
    pub token: Cow<'r, str>,
    /// The SQL user asked for; empty to ask which one the token gives.
    #[serde(borrow, default)]
    pub user: Cow<'r, str>,
    /// Who asks, as the host knows it: for the log alone.
    #[serde(borrow, default)]
    pub peer: Cow<'r, str>,
}

/// Why a request is none. Its texts hold nothing of what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRequest(pub &'static str);

impl fmt::Display for BadRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

const MEMBERS: &str = "the request is no object of a `token` and, at most, a `user` and a `peer`, each a text";

impl<'r> Request<'r> {
    /// Reads a line, without its line feed.
    ///
    /// # Errors
    /// It is not a JSON object of a `token` and, at most, a `user` and a `peer`, each a text.
    ///
    /// # Example
    /// ```
    /// use sqljwt_agent::Request;
    ///
    /// let request = Request::of_line(br#"{"token": "eyJ", "user": "ada"}"#).expect("a request");
    /// assert_eq!((&*request.token, &*request.user, &*request.peer), ("eyJ", "ada", ""));
    /// assert!(Request::of_line(b"{}").is_err());
    /// ```
    pub fn of_line(line: &'r [u8]) -> Result<Self, BadRequest> {
        let text = str::from_utf8(line).map_err(|_| BadRequest("the request is not UTF-8"))?;
        // Serde takes an array of the members as well.
        if text.trim_ascii_start().starts_with('[') {
            return Err(BadRequest(MEMBERS));
        }
        // serde_json's own messages quote what they do not understand.
        serde_json::from_str(text).map_err(|error| match error.classify() {
            Category::Data => BadRequest(MEMBERS),
            _ => BadRequest("the request is not JSON on one line"),
        })
    }
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(token) = &mut self.token {
            token.zeroize();
        }
    }
}

/// User and password of HTTP Basic (RFC 7617): the SQL user, and the token.
pub struct Basic {
    decoded: Vec<u8>,
    /// Where the colon stands.
    colon: usize,
    /// How many bytes the user has, all of them UTF-8.
    user: usize,
}

impl Basic {
    /// Reads the value of an `Authorization` header.
    ///
    /// # Errors
    /// It is not of the scheme Basic, not base64, has no colon, or a user that is not UTF-8.
    ///
    /// # Example
    /// ```
    /// use sqljwt_agent::Basic;
    ///
    /// let basic = Basic::of_header(b"Basic YWRhOmV5Sg==").expect("`ada:eyJ`");
    /// assert_eq!((basic.user(), basic.token()), ("ada", &b"eyJ"[..]));
    /// assert!(Basic::of_header(b"Bearer eyJ").is_err());
    /// ```
    pub fn of_header(value: &[u8]) -> Result<Self, BadRequest> {
        let (scheme, encoded) = match value.iter().position(|&byte| byte == b' ') {
            Some(blank) => value.split_at(blank),
            None => (value, &[][..]),
        };
        if !scheme.eq_ignore_ascii_case(b"basic") {
            return Err(BadRequest("the Authorization header is not of the scheme Basic"));
        }
        let mut decoded = BASE64
            .decode(encoded.trim_ascii())
            .map_err(|_| BadRequest("the Authorization header is not base64 after `Basic`"))?;
        let colon = decoded.iter().position(|&byte| byte == b':');
        let user = colon.and_then(|colon| str::from_utf8(decoded.get(..colon)?).ok()).map(str::len);
        match (colon, user) {
            (Some(colon), Some(user)) => Ok(Self { decoded, colon, user }),
            _ => {
                decoded.zeroize();
                Err(BadRequest("the Authorization header holds no user in UTF-8, colon and password"))
            }
        }
    }

    /// The SQL user asked for; empty to ask which one the token gives.
    #[must_use]
    pub fn user(&self) -> &str {
        // OK because it was UTF-8 when it was read.
        self.decoded.get(..self.user).and_then(|user| str::from_utf8(user).ok()).unwrap_or_default()
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &[u8] {
        self.decoded.get(self.colon + 1..).unwrap_or_default()
    }
}

impl Drop for Basic {
    fn drop(&mut self) {
        self.decoded.zeroize();
    }
}

/// As RFC 7617 writes it, also without its padding, which some clients leave out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_strictly() {
        for (line, is_read) in [
            (r#"{"token":"a"}"#, true),
            (r#" {"peer":"p","user":"u","token":""} "#, true),
            (r#"{"token":"\u0000"}"#, true),
            ("", false),
            ("{}", false),
            ("null", false),
            (r#"["a"]"#, false),
            (r#"{"user":"u"}"#, false),
            (r#"{"token":1}"#, false),
            (r#"{"token":null}"#, false),
            (r#"{"token":"a","user":null}"#, false),
            (r#"{"token":"a","token":"b"}"#, false),
            (r#"{"token":"a","roles":"b"}"#, false),
            (r#"{"token":"a"} {"token":"b"}"#, false),
            (r#"{"token":"a""#, false),
            ("{\"token\":\"\t\"}", false),
        ] {
            assert_eq!(Request::of_line(line.as_bytes()).is_ok(), is_read, "{line}");
        }
        assert!(Request::of_line(b"{\"token\":\"\xff\"}").is_err());
    }

    #[test]
    fn basic_is_read_strictly() {
        let pair = |value: &str| {
            Basic::of_header(value.as_bytes()).ok().map(|basic| (basic.user().to_owned(), basic.token().to_vec()))
        };
        assert_eq!(pair("Basic YWRhOmV5Sg=="), Some(("ada".into(), b"eyJ".to_vec())));
        assert_eq!(pair("bASIC  YWRhOmV5Sg"), Some(("ada".into(), b"eyJ".to_vec())));
        // A password may hold colons, a user may not.
        assert_eq!(pair("Basic OmE6Yg=="), Some((String::new(), b"a:b".to_vec())));
        // No colon; a user of 0xff; base64url; a blank within; another scheme.
        for value in [
            "Basic YWRh",
            "Basic /zph",
            "Basic YWRhOj8_",
            "Basic YWRh OmV5Sg==",
            "Basic",
            "",
            "BasicYWRhOmV5Sg==",
            "Bearer eyJ",
        ] {
            assert_eq!(pair(value), None, "{value}");
        }
    }
}
