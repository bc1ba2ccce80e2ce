//! Where does an issuer's discovery document say that its keys are? (OpenID Connect Discovery 1.0 section 3)

use alloc::{format, string::String};

use super::{
    fault::{FetchError, FetchFault},
    response::Response,
};
use crate::ground::{
    json::{Document, Duplicates, JsonError, Kind, Value},
    text::shown,
};

/// What is used of a discovery document; each member that is no text, or empty, is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Discovery {
    pub(crate) issuer: Option<String>,
    pub(crate) jwks_uri: Option<String>,
    pub(crate) userinfo_endpoint: Option<String>,
}

impl Discovery {
    /// Reads a document; `duplicates` says whether a member may stand in it twice.
    pub(crate) fn parse(response: &Response, duplicates: Duplicates) -> Result<Self, FetchError> {
        let text = response.text().ok_or_else(|| invalid("is no text in UTF-8"))?;
        let document = match duplicates {
            // What stands after the object is not read by the database.
            Duplicates::LastWins => Document::parse_prefix(text, duplicates).map(|(document, _)| document),
            _ => Document::parse(text, duplicates),
        };
        let document =
            document.map_err(|JsonError { defect, .. }| invalid(&format!("is not JSON: {}", defect.describe())))?;
        let root = document.root();
        if root.kind() != Kind::Object {
            return Err(invalid(&format!("is {}, expected an object", root.kind().describe())));
        }
        let text = |name| {
            let value = root.member(name).and_then(Value::string).filter(|text| !text.is_empty());
            value.map(|text| String::from(&*text))
        };
        Ok(Self { issuer: text("issuer"), jwks_uri: text("jwks_uri"), userinfo_endpoint: text("userinfo_endpoint") })
    }

    /// That the document is the issuer's own (section 4.3): byte for byte, otherwise one provider could speak for another.
    pub(crate) fn is_of(&self, issuer: &str) -> Result<(), FetchError> {
        let remedy = "configure the issuer as its discovery document names it, or give the address of its key set in \
                      issuer_jwks_map";
        match self.issuer.as_deref() {
            Some(stated) if stated == issuer => Ok(()),
            Some(stated) => Err(FetchError::new(
                FetchFault::DiscoveryIssuer,
                format!("the discovery document is that of `{}`, not of `{}`", shown(stated), shown(issuer)),
                remedy,
            )),
            None => {
                let message = format!("the discovery document names no `issuer`, expected `{}`", shown(issuer));
                Err(FetchError::new(FetchFault::DiscoveryIssuer, message, remedy))
            }
        }
    }

    /// The address of the key set.
    pub(crate) fn keys_at(&self) -> Result<&str, FetchError> {
        self.jwks_uri.as_deref().ok_or_else(|| {
            let message = "the discovery document has no `jwks_uri`";
            let remedy = "ask the identity provider where its key set is, and give that address in issuer_jwks_map";
            FetchError::new(FetchFault::JwksUriMissing, message, remedy)
        })
    }
}

fn invalid(what: &str) -> FetchError {
    let remedy = "look at the address in a browser: it has to be the identity provider's discovery document, as JSON";
    FetchError::new(FetchFault::DiscoveryInvalid, format!("the discovery document {what}"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn read(body: &[u8]) -> Result<Discovery, FetchFault> {
        let response = Response::new(200, Vec::<(String, String)>::new(), body);
        Discovery::parse(&response, Duplicates::RefusedAtTop).map_err(|error| error.fault)
    }

    #[test]
    fn a_document_says_whose_it_is_and_where_the_keys_are() {
        let document = br#"{"issuer": "https://a.example", "jwks_uri": "https://a.example/k", "x": [1]}"#;
        let discovery = read(document).unwrap();
        assert_eq!(discovery.keys_at(), Ok("https://a.example/k"));
        assert_eq!(discovery.is_of("https://a.example"), Ok(()));
        for other in ["", "https://a.example/", "https://A.example", "https://b.example"] {
            assert_eq!(discovery.is_of(other).map_err(|error| error.fault), Err(FetchFault::DiscoveryIssuer));
        }
    }

    #[test]
    fn what_is_no_such_document_is_refused_for_what_it_is() {
        for body in [&b""[..], b"<html>", b"[]", b"null", b"\xff{}", b"{} x", br#"{"issuer": "a", "issuer": "b"}"#] {
            assert_eq!(read(body), Err(FetchFault::DiscoveryInvalid), "{body:?}");
        }
        for body in [&b"{}"[..], br#"{"jwks_uri": ""}"#, br#"{"jwks_uri": null}"#, br#"{"jwks_uri": ["https://a"]}"#] {
            let discovery = read(body).unwrap();
            assert_eq!(discovery.keys_at().map_err(|error| error.fault), Err(FetchFault::JwksUriMissing));
            assert_eq!(discovery.is_of("").map_err(|error| error.fault), Err(FetchFault::DiscoveryIssuer));
        }
    }
}
