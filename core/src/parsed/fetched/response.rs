//! What came back from an address that was asked for keys?

use alloc::{string::String, vec::Vec};
use core::fmt;

/// An answer over HTTP, as the host received it.
///
/// # Example
/// ```
/// let headers = [("Cache-Control", "max-age=300")];
/// let response = sqljwt::Response::new(200, headers, br#"{"keys": []}"#);
/// assert_eq!(response.status, 200);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header fields in the order in which they came: names in any case, a name as often as it came.
    pub headers: Vec<(String, String)>,
    /// The body after any transfer and content coding.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer with these header fields.
    pub fn new<N: Into<String>, V: Into<String>>(
        status: u16,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { status, headers, body: body.into() }
    }

    /// The values of a header field, line by line.
    pub(crate) fn header<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        let named = self.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }

    /// The same with only those header fields that say how long it may be used: the others may be somebody's.
    pub(crate) fn without_strangers(mut self) -> Self {
        const KEPT: [&str; 5] = ["cache-control", "expires", "date", "age", "vary"];
        self.headers.retain(|(name, _)| KEPT.iter().any(|kept| name.eq_ignore_ascii_case(kept)));
        self
    }

    /// The body as text.
    pub(crate) fn text(&self) -> Option<&str> {
        core::str::from_utf8(&self.body).ok()
    }
}

/// Shows how long the body is, not what is in it: an identity provider may have published what is secret.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
