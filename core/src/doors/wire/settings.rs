//! The verbs `settings_to_sql` and `settings_from_sql`: settings in their other form.

use alloc::{boxed::Box, string::String, vec::Vec};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    doors::wire::call::{Call, CallError, invalid},
    ground::{
        json::{on_one_line, written},
        text::one_line,
    },
    telling::SCHEMA,
};

#[derive(Serialize)]
struct SqlText {
    schema: u32,
    sql: String,
}

#[derive(Serialize)]
struct SettingsRead {
    schema: u32,
    settings: Box<RawValue>,
    ignored: Vec<String>,
}

pub(super) fn to_sql(call: &Call<'_>) -> Result<String, CallError> {
    let settings = call.settings()?.map_err(CallError::from)?;
    Ok(written(&SqlText { schema: SCHEMA, sql: settings.to_sql() }, SCHEMA))
}

pub(super) fn from_sql(call: &Call<'_>) -> Result<String, CallError> {
    let settings = call.settings()?.map_err(CallError::from)?;
    let json = RawValue::from_string(on_one_line(&settings.to_json()));
    let json = json.map_err(|_| invalid("the settings could not be written"))?;
    let ignored = settings.ignored().iter().map(|name| one_line(name.as_str())).collect();
    Ok(written(&SettingsRead { schema: SCHEMA, settings: json, ignored }, SCHEMA))
}
