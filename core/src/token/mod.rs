//! What does the token's text say? Taken apart and read, but believed in nothing until its signature has verified.

pub(crate) mod claim;
pub(crate) mod compact;
pub(crate) mod go;
pub(crate) mod header;
pub(crate) mod moment;

use alloc::{string::String, vec::Vec};

use crate::{
    json::{Defect, Document, Duplicates, JsonError, Value},
    keys::{Algorithm, Key},
    token::compact::ShapeDefect,
};

/// A token as it arrived. Anybody can write one, so nothing in it is believed; it can be read and asked about.
#[derive(Debug)]
pub(crate) struct UnverifiedToken<'t> {
    shape: Result<Signed<'t>, ShapeDefect>,
    header: Result<Document, JsonError>,
    claims: Result<Document, JsonError>,
}

/// The bytes that the signature covers, and the signature.
#[derive(Debug)]
struct Signed<'t> {
    input: &'t [u8],
    signature: Vec<u8>,
}

impl<'t> UnverifiedToken<'t> {
    /// Takes the token apart and reads its header and its claims, each byte once.
    pub(crate) fn read(token: &'t [u8], bytes_max: usize) -> Self {
        match compact::split(token, bytes_max) {
            Ok(parts) => Self {
                shape: Ok(Signed { input: parts.signing_input, signature: parts.signature }),
                header: document(parts.header).and_then(bare),
                claims: document(parts.payload),
            },
            Err(defect) => Self { shape: Err(defect), header: Err(unread()), claims: Err(unread()) },
        }
    }

    /// What is wrong with the compact form.
    pub(crate) fn shape_defect(&self) -> Option<&ShapeDefect> {
        self.shape.as_ref().err()
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
        let signed = token.shape.as_ref().ok()?;
        key.verify(algorithm, signed.input, &signed.signature).then_some(Self { key, algorithm })
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

fn document(bytes: Vec<u8>) -> Result<Document, JsonError> {
    match String::from_utf8(bytes) {
        Ok(text) => Document::parse(text, Duplicates::RefusedAtTop),
        Err(error) => {
            Err(JsonError { offset: error.utf8_error().valid_up_to(), defect: Defect::Expected("UTF-8 text") })
        }
    }
}

/// CockroachDB's token library leaves white space around the header's object out of what it verifies: nobody can sign
/// such a token for it, and anybody can add the white space to another.
fn bare(document: Document) -> Result<Document, JsonError> {
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
