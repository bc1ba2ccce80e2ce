//! Which option of the engine stands in this comment, and what is it set to?

use core::ops::Range;

use crate::{
    ground::{
        json::{Document, Duplicates},
        text::shown,
    },
    parsed::settings::{error::SettingsError, names::SettingName, reading::Reading, value},
};

/// Takes in what follows the mark in a comment: `engine.name = JSON`.
pub(super) fn read(text: &str, range: Range<usize>, reading: &mut Reading<'_>) {
    let line = text.get(range.clone()).unwrap_or_default();
    let at = range.end - line.trim_start().len();
    let Some((written, json)) = line.split_once('=') else {
        return reading.note(|| SettingsError::misformed(text, at, "expected `engine.name = value` after `sqljwt:`"));
    };
    let written = written.trim();
    let name = match SettingName::named(written) {
        Some(name) if name.is_engine_option() => name,
        Some(name) => {
            return reading.refuse_with(name, || {
                let message = alloc::format!("expected an option of the engine, found `{}`", shown(written));
                let remedy = "set the database's own settings with `SET CLUSTER SETTING`";
                SettingsError::misformed(text, at, message).with_remedy(remedy)
            });
        }
        None => return reading.unknown(written, at),
    };
    let base = range.end - json.len();
    match Document::parse(json, Duplicates::Refused) {
        Ok(document) => reading.set(name, value::from_json(name, document.root(), base)),
        Err(error) => reading.refuse_with(name, || {
            let message = alloc::format!("the option's value is not JSON: {}", error.defect.describe());
            SettingsError::misformed(text, base + error.offset, message).of(name)
        }),
    }
}
