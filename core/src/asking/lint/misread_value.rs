//! Was the value of a setting meant otherwise than it is read?

use alloc::format;

use super::{findings::Draft, subject::Subject};
use crate::{
    ground::json::{Document, Duplicates},
    parsed::settings::{Change, SettingName, misread},
};

/// What was meant by the whole of a value, and how it should read; nothing where it is read as it was meant, or may be.
pub(super) fn told(subject: &Subject<'_>, name: SettingName) -> Option<Draft> {
    let text = subject.settings.text(name);
    let misread = misread(name, text)?;
    let is_json = Document::parse(text, Duplicates::LastWins).is_ok();
    let is_broken = subject.compiled.is_broken(name);
    // What is a list is read as one, with whatever stands in its texts.
    if is_json && !is_broken && !misread.facts.contains(IN_A_LIST) {
        return None;
    }
    // An audience may have blanks in it, and so may an issuer that is no address.
    let are_addresses = misread.texts.iter().all(|text| text.contains("://"));
    if misread.by_blanks && !(name == SettingName::Issuers && are_addresses) {
        return None;
    }
    let message = match is_json || is_broken {
        true => format!("{} does not read as it was meant: {}", name.as_str(), misread.facts),
        false => misread.message,
    };
    Some(Draft::new(message, misread.remedy).at(name, 0).mended_by(Change::new().splice(name, misread.splice)))
}

/// How the fact begins that several texts were written into one of a list.
const IN_A_LIST: &str = "one text of the list holds";
