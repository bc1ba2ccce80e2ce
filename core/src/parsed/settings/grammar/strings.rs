//! Which texts does a setting hold that is either one plain text or a JSON list of them?

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use crate::{
    ground::{
        fault::Fault,
        json::{Defect, Document, Duplicates, Kind, Value},
        reason::ReasonCode,
    },
    parsed::settings::sourced::{Source, Sourced},
};

/// How a setting of texts is read, and how it is spoken of.
#[derive(Clone, Copy)]
pub(crate) struct Style<'s> {
    /// Nothing that only looks like JSON, and no empty text in a list.
    pub(super) strict: bool,
    /// The code of every fault.
    pub(super) code: ReasonCode,
    /// `issuer`, `audience`.
    pub(super) noun: &'static str,
    /// What the texts come from.
    pub(super) source: &'s Source,
}

impl Style<'_> {
    /// The value as JSON, or nothing if it is a plain text.
    ///
    /// The database takes whatever is not JSON for a plain text, a list with a comma too many included. A strict
    /// reader refuses a text that begins like JSON and is not.
    pub(super) fn json(self, text: &str) -> Result<Option<Document<'_>>, Fault> {
        let duplicates = if self.strict { Duplicates::Refused } else { Duplicates::LastWins };
        let error = match Document::parse(text, duplicates) {
            Ok(document) => return Ok(Some(document)),
            Err(error) => error,
        };
        let meant = text.trim_start().starts_with(['[', '{', '"']);
        // What breaks the grammar is no JSON for the database either; the other defects are beyond our reader only.
        match error.defect {
            Defect::Expected(_) if !(self.strict && meant) => Ok(None),
            // `6e74172b-be56-…` is an application's id, of which only the beginning reads as a number too large.
            Defect::NumberOutOfRange if !meant && text.trim().parse::<f64>().is_err() => Ok(None),
            defect => {
                let message = alloc::format!("the value begins like JSON and is not: {}", defect.describe());
                Err(self.fault(error.offset, message))
            }
        }
    }

    /// The elements of an array of strings, each once.
    pub(super) fn list(self, array: Value<'_>) -> Result<Vec<Sourced<String>>, Fault> {
        array.elements().map(|element| self.element(element)).collect::<Result<_, _>>().map(once)
    }

    fn element(self, element: Value<'_>) -> Result<Sourced<String>, Fault> {
        let at = element.span().0;
        let text = match element.string() {
            Some(text) if text.is_empty() && self.strict => {
                Err(self.fault(at, alloc::format!("expected the text of an {}, found an empty string", self.noun)))
            }
            Some(text) => Ok(text.into_owned()),
            None if element.is_null() && !self.strict => Ok(String::new()),
            None => Err(self.wrong(element, "a string in the list")),
        };
        text.map(|text| self.sourced(text, at))
    }

    /// A text that stands there.
    pub(super) fn sourced(self, text: impl Into<String>, offset: usize) -> Sourced<String> {
        Sourced::new(text.into(), self.source.at(offset))
    }

    /// The fault of a value that is of another kind than expected.
    pub(super) fn wrong(self, value: Value<'_>, expected: &str) -> Fault {
        let found = value.kind();
        let fault = self.fault(value.span().0, alloc::format!("expected {expected}, found {}", found.describe()));
        if found == Kind::String {
            return fault.with_remedy(alloc::format!("write the {} without the double quotes", self.noun));
        }
        fault
    }

    pub(super) fn fault(self, offset: usize, message: impl Into<String>) -> Fault {
        Fault::new(self.code, offset, message)
    }
}

/// The texts in order, without those that stood before: a list means the same with and without them.
pub(crate) fn once<T: AsRef<str>>(texts: Vec<T>) -> Vec<T> {
    let mut known = BTreeSet::new();
    let first: Vec<bool> = texts.iter().map(|text| known.insert(text.as_ref())).collect();
    texts.into_iter().zip(first).filter_map(|(text, first)| first.then_some(text)).collect()
}
