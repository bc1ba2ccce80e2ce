//! Which questions are there? The one table of verbs, and the entry that looks a call's verb up in it.

use alloc::{format, string::String, vec::Vec};

use serde::Serialize;

use crate::{
    doors::wire::{
        call::{Call, CallError, invalid},
        compare, convert_map, coverage, decode, explain, identify, keys, lint, log, reach, reasons, rehearse, roles,
        settings, suggest, validate, who_can, window,
    },
    ground::{
        json::written,
        nearest::nearest,
        text::{listed, shown},
    },
    telling::SCHEMA,
};

/// A verb, and what answers a call that has it.
struct Verb {
    name: &'static str,
    answer: fn(&Call<'_>) -> Result<String, CallError>,
}

const VERBS: &[Verb] = &[
    Verb { name: "explain", answer: explain::answer },
    Verb { name: "validate", answer: validate::answer },
    Verb { name: "identify", answer: identify::answer },
    Verb { name: "roles", answer: roles::answer },
    Verb { name: "decode", answer: decode::answer },
    Verb { name: "keys", answer: keys::answer },
    Verb { name: "lint", answer: lint::answer },
    Verb { name: "rules", answer: lint::rules },
    Verb { name: "log", answer: log::answer },
    Verb { name: "who_can", answer: who_can::answer },
    Verb { name: "reach", answer: reach::answer },
    Verb { name: "suggest", answer: suggest::answer },
    Verb { name: "rehearse", answer: rehearse::answer },
    Verb { name: "window", answer: window::answer },
    Verb { name: "convert_map", answer: convert_map::answer },
    Verb { name: "compare", answer: compare::answer },
    Verb { name: "coverage", answer: coverage::answer },
    Verb { name: "settings_to_sql", answer: settings::to_sql },
    Verb { name: "settings_from_sql", answer: settings::from_sql },
    Verb { name: "reasons", answer: reasons::answer },
];

/// Answers one call: JSON text in, JSON text out, never anything else.
///
/// # Errors
/// A call that cannot be understood is answered with a document whose member `error` has the code `call_invalid`.
///
/// # Example
/// ```
/// let answer = sqljwt::wire::call(r#"{"verb": "explain", "settings": {}, "token": "", "user": "alice", "now": 0}"#);
/// assert!(answer.starts_with(r#"{"schema":2,"decision":"reject","profile":"hardened""#));
/// let answer = sqljwt::wire::call(r#"{"verb": "explian"}"#);
/// assert!(answer.contains("`explain`"));
/// ```
#[must_use]
pub fn call(text: &str) -> String {
    answer(text).unwrap_or_else(|error| written(&ErrorDocument { schema: SCHEMA, error }, SCHEMA))
}

/// The verbs that a call may have.
///
/// # Example
/// ```
/// assert!(sqljwt::wire::verbs().any(|verb| verb == "explain"));
/// ```
pub fn verbs() -> impl Iterator<Item = &'static str> {
    VERBS.iter().map(|verb| verb.name)
}

#[derive(Serialize)]
struct ErrorDocument {
    schema: u32,
    error: CallError,
}

fn answer(text: &str) -> Result<String, CallError> {
    let document = Call::document(text)?;
    let call = Call::of(text, &document)?;
    let one_of = || {
        let names: Vec<_> = verbs().collect();
        format!("it is one of {}", listed(&names, names.len()))
    };
    let name = call.string("verb")?.ok_or_else(|| invalid(format!("the call has no `verb`; {}", one_of())))?;
    let Some(verb) = VERBS.iter().find(|verb| *name == *verb.name) else {
        let meant = nearest(&name, verbs()).map(|verb| format!("; `{verb}` is probably meant"));
        return Err(invalid(format!("`{}` is no verb; {}{}", shown(&name), one_of(), meant.unwrap_or_default())));
    };
    (verb.answer)(&call)
}
