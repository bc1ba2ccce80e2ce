//! What does the token's text say? Taken apart and read, but believed in nothing until its signature has verified.

use alloc::{format, string::String};

use super::{
    compact::{Parts, ShapeDefect},
    cut::Cut,
};
use crate::{
    ground::{
        json::{Defect, Document, Duplicates, JsonError, Value},
        text::shown,
    },
    parsed::keys::Key,
};

/// A token as it arrived. Anybody can write one, so nothing in it is believed; it can be read and asked about.
#[derive(Debug)]
pub(crate) struct UnverifiedToken<'t> {
    parts: Result<&'t Parts<'t>, &'t ShapeDefect>,
    header: Result<Document<'t>, JsonError>,
    claims: Result<Document<'t>, JsonError>,
}

impl<'t> UnverifiedToken<'t> {
    /// Reads the header and the claims of a token that has been [taken apart](super::compact::split).
    pub(crate) fn read(parts: &'t Result<Parts<'t>, ShapeDefect>) -> Self {
        let parts = parts.as_ref();
        let (header, claims) = match parts {
            Ok(parts) => (document(parts.header()).and_then(bare), document(parts.payload())),
            Err(_) => (Err(unread()), Err(unread())),
        };
        Self { parts, header, claims }
    }

    /// The token taken apart, if it has the compact form.
    pub(super) fn parts(&self) -> Option<&'t Parts<'t>> {
        self.parts.ok()
    }

    /// Whether the two have the same signature over the same text.
    pub(crate) fn is_signed_alike(&self, other: &UnverifiedToken<'_>) -> bool {
        let (Some(one), Some(other)) = (self.parts(), other.parts()) else { return false };
        one.signing_input == other.signing_input && one.signature() == other.signature()
    }

    /// The fact that the token is cut, if its signature is shorter than the key makes them.
    pub(crate) fn cut(&self, key: &Key) -> Option<String> {
        let parts = self.parts()?;
        let (bytes, whole) = (parts.signature().len(), key.signature_bytes());
        let cut = if bytes == 0 { Cut::NoSignature } else { Cut::Signature { bytes, whole: Some(whole) } };
        (bytes < whole).then(|| cut.message(parts.text_bytes()))
    }

    /// The fact that something was added, if its signature is longer than the key makes them.
    pub(crate) fn longer(&self, key: &Key) -> Option<String> {
        let (bytes, whole) = (self.parts()?.signature().len(), key.signature_bytes());
        (bytes > whole).then(|| {
            format!(
                "the signature has {bytes} bytes, and those of the key `{}` have {whole}: something was added to it",
                shown(key.id())
            )
        })
    }

    /// What is wrong with the compact form.
    pub(crate) fn shape_defect(&self) -> Option<&'t ShapeDefect> {
        self.parts.err()
    }

    /// The header, whatever JSON value it is.
    pub(crate) fn header(&self) -> Result<Value<'_>, &JsonError> {
        self.header.as_ref().map(Document::root)
    }

    /// The claims, whatever JSON value they are.
    pub(crate) fn claims(&self) -> Result<Value<'_>, &JsonError> {
        self.claims.as_ref().map(Document::root)
    }
}

fn document(bytes: &[u8]) -> Result<Document<'_>, JsonError> {
    match core::str::from_utf8(bytes) {
        Ok(text) => Document::parse(text, Duplicates::RefusedAtTop),
        Err(error) => Err(JsonError { offset: error.valid_up_to(), defect: Defect::Expected("UTF-8 text") }),
    }
}

/// CockroachDB's token library leaves white space around the header's object out of what it verifies: nobody can sign
/// such a token for it, and anybody can add the white space to another.
fn bare(document: Document<'_>) -> Result<Document<'_>, JsonError> {
    if document.is_bare() {
        return Ok(document);
    }
    let (start, end) = document.root().span();
    let offset = if start > 0 { 0 } else { end };
    Err(JsonError { offset, defect: Defect::Expected("no white space around the object") })
}

fn unread() -> JsonError {
    JsonError { offset: 0, defect: Defect::Expected("a token in compact form") }
}
