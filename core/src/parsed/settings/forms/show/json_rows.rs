//! Settings as rows of JSON: which values do these objects hold?
//!
//! `cockroach sql --format=json` prints an array of rows, `--format=ndjson` a row on each line, and the admin API's
//! `_admin/v1/settings` one object under `key_values`.

use super::{
    columns::{is_value, is_variable},
    rows::row,
};
use crate::{
    ground::json::{Document, Duplicates, Kind, Value},
    parsed::settings::{error::SettingsError, names::SettingName, reading::Reading, traced::Traced},
};

/// The member under which the admin API gives all settings.
const KEY_VALUES: &str = "key_values";

/// Whether a text that begins so may be an array of rows.
pub(crate) fn begins(text: &str) -> bool {
    text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', ']']))
}

/// Takes in the rows, if the text is rows of settings.
pub(crate) fn read(reading: &mut Reading<'_>) -> Option<Result<(), SettingsError>> {
    let text = reading.document();
    // The first name of an object of settings is a setting's; rows have other names. Nothing is read twice but those.
    let first = text.split('"').nth(1).unwrap_or_default();
    if SettingName::named(first).is_some() && text.trim_start().starts_with('{') {
        return None;
    }
    let (document, end) = Document::parse_prefix(text, Duplicates::RefusedAtTop).ok()?;
    let root = document.root();
    let first = root.elements().next().unwrap_or(root);
    let is_api = root.member(KEY_VALUES).is_some_and(|values| values.kind() == Kind::Object);
    if !is_api && name_and_value(first).is_none() {
        return None;
    }
    Some(if is_api {
        api(root, reading).and_then(|()| ends(text, end))
    } else if root.kind() == Kind::Array {
        root.elements().try_for_each(|element| object(element, 0, reading)).and_then(|()| ends(text, end))
    } else {
        lines(reading)
    })
}

/// The text has to end there.
fn ends(text: &str, end: usize) -> Result<(), SettingsError> {
    let rest = text.get(end..).unwrap_or_default().trim_start();
    if rest.is_empty() {
        return Ok(());
    }
    Err(SettingsError::misformed(text, text.len() - rest.len(), "expected the end of the text"))
}

fn api(root: Value<'_>, reading: &mut Reading<'_>) -> Result<(), SettingsError> {
    let values = root.member(KEY_VALUES);
    for (name, setting) in values.iter().flat_map(|values| values.members()) {
        let Some(value) = setting.member("value") else {
            let message = "expected an object with the member `value`";
            return Err(SettingsError::misformed(reading.document(), setting.span().0, message));
        };
        row(reading, &name.string().unwrap_or_default(), name.span().0, traced(value, 0));
    }
    Ok(())
}

/// One value after another, to the end of the text.
fn lines(reading: &mut Reading<'_>) -> Result<(), SettingsError> {
    let text = reading.document();
    let mut base = 0;
    loop {
        let rest = text.get(base..).unwrap_or_default();
        if rest.trim_start().is_empty() {
            return Ok(());
        }
        let (document, end) = Document::parse_prefix(rest, Duplicates::RefusedAtTop).map_err(|error| {
            let message = alloc::format!("the row is not JSON: {}", error.defect.describe());
            SettingsError::misformed(text, base + error.offset, message)
        })?;
        object(document.root(), base, reading)?;
        base += end;
    }
}

/// The object of one row; its JSON begins at `base`.
fn object(object: Value<'_>, base: usize, reading: &mut Reading<'_>) -> Result<(), SettingsError> {
    let Some((name, value)) = name_and_value(object) else {
        let message = "expected a row with the members `variable` and `value`";
        return Err(SettingsError::misformed(reading.document(), base + object.span().0, message));
    };
    row(reading, &name.string().unwrap_or_default(), base + name.span().0, traced(value, base));
    Ok(())
}

fn name_and_value(object: Value<'_>) -> Option<(Value<'_>, Value<'_>)> {
    let find = |is: fn(&str) -> bool| {
        object.members().find(|(name, _)| name.string().is_some_and(|name| is(&name))).map(|(_, value)| value)
    };
    Some((find(is_variable).filter(|name| name.kind() == Kind::String)?, find(is_value)?))
}

fn traced(value: Value<'_>, base: usize) -> Traced {
    match value.kind() {
        Kind::String => Traced::json_string(value, base),
        Kind::Null => Traced::empty(base + value.span().0),
        _ => Traced::verbatim(value.written(), base + value.span().0),
    }
}
