//! Which of the engine's answers are texts? Its documents, and settings in their several spellings.

use pyo3::prelude::*;
use serde::Serialize;
use sqljwt::{Change, Explanation, Settings, SettingsError, dangerous, wire};

use crate::{
    arguments::{self, Token},
    engine::{Attempt, Engine},
    guard::detached,
    keys, objects,
    texts::Texts,
};

/// Answers one call: JSON text in, JSON text out.
#[pyfunction]
pub(crate) fn call(py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = arguments::text("text", text)?;
    Ok(detached(py, || wire::call(&text))?)
}

/// Explains one login under settings that may be unusable, in its texts.
#[pyfunction]
#[pyo3(signature = (settings, token, user, now=None))]
pub(crate) fn explain(
    py: Python<'_>,
    settings: &Bound<'_, PyAny>,
    token: &Bound<'_, PyAny>,
    user: &Bound<'_, PyAny>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<Texts> {
    let (settings, token) = (arguments::text("settings", settings)?, arguments::token(token)?);
    let (user, now) = (arguments::text("user", user)?, arguments::moment(now)?);
    let explanation = || Explanation::of(Settings::from_text(&settings), token.as_bytes(), &user, now);
    Ok(Texts::of(detached(py, explanation)?))
}

/// What a login would do to the roles of its SQL user, as a JSON document.
#[pyfunction]
#[pyo3(signature = (engine, token, user, memberships, existing_roles, now=None))]
pub(crate) fn roles_document(
    engine: &Bound<'_, Engine>,
    token: &Bound<'_, PyAny>,
    user: &Bound<'_, PyAny>,
    memberships: &Bound<'_, PyAny>,
    existing_roles: &Bound<'_, PyAny>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let attempt = Attempt::of(engine, token, user, now)?;
    let present = arguments::memberships(memberships)?;
    let existing = arguments::existing_roles(existing_roles)?;
    Ok(detached(engine.py(), || attempt.roles(&present, existing.as_deref()).to_json())?)
}

/// Which keys there are, how they followed each other in these fetches, and which have signed these tokens, as a JSON document.
#[pyfunction]
#[pyo3(signature = (engine, records, tokens, now=None))]
pub(crate) fn keys_document(
    py: Python<'_>,
    engine: &Engine,
    records: &Bound<'_, PyAny>,
    tokens: &Bound<'_, PyAny>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let (tokens, now) = (arguments::tokens(tokens)?, arguments::moment(now)?);
    let records = keys::read(py, &arguments::records(records)?)?;
    let validator = engine.0.at_this_moment();
    Ok(detached(py, || {
        let tokens: Vec<&[u8]> = tokens.iter().map(Token::as_bytes).collect();
        validator.keys(&records, &tokens, now).to_json()
    })?)
}

/// How a token reads, unverified, as a JSON document; or the code of what is wrong with its form.
#[pyfunction]
pub(crate) fn decode(py: Python<'_>, token: &Bound<'_, PyAny>) -> PyResult<(Option<String>, Option<&'static str>)> {
    let token = arguments::token(token)?;
    let view = detached(py, || dangerous::decode_unverified(token.as_bytes()).map(|view| written(&view)))?;
    Ok(match view {
        Ok(view) => (Some(view), None),
        Err(code) => (None, Some(code.as_str())),
    })
}

/// Settings in any spelling as SQL statements.
#[pyfunction]
pub(crate) fn settings_to_sql(py: Python<'_>, settings: &Bound<'_, PyAny>) -> PyResult<String> {
    let settings = read(py, &arguments::text("settings", settings)?, Settings::from_text)?;
    Ok(detached(py, || settings.to_sql())?)
}

/// Settings in any spelling as a JSON object, with the names that were passed over.
#[pyfunction]
pub(crate) fn settings_to_json(py: Python<'_>, settings: &Bound<'_, PyAny>) -> PyResult<(String, Vec<String>)> {
    let settings = read(py, &arguments::text("settings", settings)?, Settings::from_text)?;
    Ok((detached(py, || settings.to_json())?, settings.ignored().to_vec()))
}

/// The settings' document with values in it changed: each change is a setting, the names of the objects around the value, and
/// the value; without names it is the setting's whole value as the database holds it, with names JSON.
#[pyfunction]
pub(crate) fn settings_with(
    py: Python<'_>,
    settings: &Bound<'_, PyAny>,
    changes: Vec<(String, Vec<String>, String)>,
) -> PyResult<String> {
    let settings = read(py, &arguments::text("settings", settings)?, Settings::from_text)?;
    let changed = detached(py, || {
        let change = changes.into_iter().fold(Change::new(), |change, (setting, path, value)| match path.is_empty() {
            true => change.set(setting, value),
            false => change.set_member(setting, path, value),
        });
        settings.with(&change).map(|changed| changed.document().to_owned())
    })?;
    changed.map_err(|error| objects::settings_invalid(py, &error))
}

/// SQL statements as a JSON object of settings.
#[pyfunction]
pub(crate) fn settings_from_sql(py: Python<'_>, sql: &Bound<'_, PyAny>) -> PyResult<String> {
    let settings = read(py, &arguments::text("sql", sql)?, Settings::from_sql)?;
    Ok(detached(py, || settings.to_json())?)
}

/// Reads settings, and raises `SettingsInvalid` where they cannot be read.
pub(crate) fn read(
    py: Python<'_>,
    text: &str,
    reader: fn(&str) -> Result<Settings, SettingsError>,
) -> PyResult<Settings> {
    detached(py, || reader(text))?.map_err(|error| objects::settings_invalid(py, &error))
}

/// A document on one line.
fn written<T: Serialize>(document: &T) -> String {
    // OK because the engine's documents hold nothing that JSON cannot say; a failure would end in the guard.
    serde_json::to_string(document).expect("the engine's documents can be written as JSON")
}
