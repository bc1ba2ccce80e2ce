//! What does the token's text say? Taken apart and read, but believed in nothing until its signature has verified.

pub(crate) mod audiences;
pub(crate) mod claim;
pub(crate) mod compact;
mod dialect;
pub(crate) mod header;

use crate::{
    ground::json::{Defect, Document, Duplicates, JsonError, Value},
    parsed::{
        keys::{Algorithm, Key},
        token::compact::{Parts, ShapeDefect},
    },
};

pub(crate) use dialect::Dialect;

/// A token as it arrived. Anybody can write one, so nothing in it is believed; it can be read and asked about.
#[derive(Debug)]
pub(crate) struct UnverifiedToken<'t> {
    parts: Result<&'t Parts<'t>, &'t ShapeDefect>,
    header: Result<Document<'t>, JsonError>,
    claims: Result<Document<'t>, JsonError>,
}

impl<'t> UnverifiedToken<'t> {
    /// Reads the header and the claims of a token that has been [taken apart](compact::split).
    pub(crate) fn read(parts: &'t Result<Parts<'t>, ShapeDefect>) -> Self {
        let parts = parts.as_ref();
        let (header, claims) = match parts {
            Ok(parts) => (document(parts.header()).and_then(bare), document(parts.payload())),
            Err(_) => (Err(unread()), Err(unread())),
        };
        Self { parts, header, claims }
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

/// A token whose signature has verified under a vetted key. There is no other way to make one, and a login is made from
/// nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VerifiedToken<'t> {
    key: &'t Key,
    algorithm: Algorithm,
}

impl<'t> VerifiedToken<'t> {
    /// Verifies the signature: the one place where a token becomes believed.
    pub(crate) fn verify(token: &'t UnverifiedToken<'_>, key: &'t Key, algorithm: Algorithm) -> Option<Self> {
        let parts = token.parts.ok()?;
        key.verify(algorithm, parts.signing_input, parts.signature()).then_some(Self { key, algorithm })
    }

    /// The same token under a key of the same material, without verifying again.
    pub(crate) fn under(self, key: &'t Key, algorithm: Algorithm) -> Option<Self> {
        (algorithm == self.algorithm && key.same_material(self.key)).then_some(Self { key, ..self })
    }

    pub(crate) fn key(&self) -> &'t Key {
        self.key
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
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
