//! Which questions are there? The two tables of verbs, and the entries that look a call's verb up in them.

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

/// What logins are asked about, and what they go by.
const LOGINS: [Verb; 9] = [
    Verb { name: "explain", answer: explain::answer },
    Verb { name: "validate", answer: validate::answer },
    Verb { name: "identify", answer: identify::answer },
    Verb { name: "roles", answer: roles::answer },
    Verb { name: "decode", answer: decode::answer },
    Verb { name: "keys", answer: keys::answer },
    Verb { name: "settings_to_sql", answer: settings::to_sql },
    Verb { name: "settings_from_sql", answer: settings::from_sql },
    Verb { name: "reasons", answer: reasons::answer },
];

/// What the advisor is asked.
const ADVISOR: [Verb; 11] = [
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
];

/// The advisor's verbs by their names alone: who holds these does not hold what answers them.
const ADVISOR_NAMES: [&str; ADVISOR.len()] = names(&ADVISOR);

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
    document(text, &[&LOGINS, &ADVISOR])
}

/// Answers one call as [`call`] does, unless its verb is one of the advisor's: a program that calls nothing else is linked
/// without the advisor.
///
/// # Errors
/// As [`call`]; so is a call whose verb is one of the advisor's.
///
/// # Example
/// ```
/// let answer = sqljwt::wire::call_about_logins(r#"{"verb": "lint", "settings": {}}"#);
/// assert!(answer.contains("`lint` is a verb of the advisor, which this build does not have"));
/// ```
#[must_use]
pub fn call_about_logins(text: &str) -> String {
    document(text, &[&LOGINS])
}

/// The verbs that a call may have: those of logins, then those of the advisor.
///
/// # Example
/// ```
/// assert!(sqljwt::wire::verbs().any(|verb| verb == "explain"));
/// ```
pub fn verbs() -> impl Iterator<Item = &'static str> {
    LOGINS.iter().map(|verb| verb.name).chain(ADVISOR_NAMES)
}

#[derive(Serialize)]
struct ErrorDocument {
    schema: u32,
    error: CallError,
}

fn document(text: &str, tables: &[&[Verb]]) -> String {
    answer(text, tables).unwrap_or_else(|error| written(&ErrorDocument { schema: SCHEMA, error }, SCHEMA))
}

fn answer(text: &str, tables: &[&[Verb]]) -> Result<String, CallError> {
    let document = Call::document(text)?;
    let call = Call::of(text, &document)?;
    let verbs = || tables.iter().copied().flatten();
    let names = || verbs().map(|verb| verb.name);
    let one_of = || {
        let names: Vec<_> = names().collect();
        format!("it is one of {}", listed(&names, names.len()))
    };
    let name = call.string("verb")?.ok_or_else(|| invalid(format!("the call has no `verb`; {}", one_of())))?;
    if let Some(verb) = verbs().find(|verb| *name == *verb.name) {
        return (verb.answer)(&call);
    }
    if ADVISOR_NAMES.contains(&&*name) {
        return Err(invalid(format!(
            "`{name}` is a verb of the advisor, which this build does not have; {}",
            one_of()
        )));
    }
    let meant = nearest(&name, names()).map(|verb| format!("; `{verb}` is probably meant"));
    Err(invalid(format!("`{}` is no verb; {}{}", shown(&name), one_of(), meant.unwrap_or_default())))
}

#[allow(clippy::indexing_slicing, reason = "the compiler runs it: an index out of bounds does not compile")]
const fn names<const N: usize>(verbs: &[Verb; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = verbs[at].name;
        at += 1;
    }
    names
}
