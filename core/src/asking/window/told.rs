//! How does the window read in one sentence?

use alloc::{format, string::String};

use crate::{
    asking::window::document::{Window, WindowEdge, WindowState},
    ground::time::{span, utc},
};

/// What is to be told.
pub(super) struct Told<'t> {
    pub(super) state: WindowState,
    pub(super) now: i64,
    pub(super) window: Option<&'t Window>,
    pub(super) renewed: Option<&'t Window>,
    pub(super) begins: Option<&'t WindowEdge>,
    pub(super) ends: Option<&'t WindowEdge>,
    /// Why it is not accepted now, or never.
    pub(super) why: Option<&'t str>,
}

/// The sentence.
pub(super) fn message(told: &Told<'_>) -> String {
    match told.state {
        WindowState::Open => open(told),
        WindowState::Later => later(told),
        WindowState::Past => past(told),
        WindowState::Never => never(told.why),
        WindowState::Unknown => unknown(told),
    }
}

fn open(told: &Told<'_>) -> String {
    match until(told.window) {
        None => "the login is accepted, and no time ends that: the token never expires".into(),
        Some(until) => {
            let left = span(until.saturating_sub(told.now));
            format!(
                "the login is accepted for another {left}, until {}{}{}",
                utc(until),
                colon(told.ends),
                beyond(told)
            )
        }
    }
}

fn later(told: &Told<'_>) -> String {
    let window = told.window.or(told.renewed);
    let Some(from) = from(window) else { return never(told.why) };
    let end = match until(window) {
        None => ", and no time ends that".into(),
        Some(until) => format!(", until {}", utc(until)),
    };
    let wait = span(from.saturating_sub(told.now));
    format!("the login is accepted in {wait}, from {} on{end}{}", utc(from), colon(told.begins))
}

fn past(told: &Told<'_>) -> String {
    let window = told.window.or(told.renewed);
    let Some(until) = until(window) else { return never(told.why) };
    let since = span(told.now.saturating_sub(until));
    let accepted = match from(window) {
        None => String::new(),
        Some(from) if told.window.is_some() => format!("; it was accepted from {} on", utc(from)),
        Some(from) => format!("; with the keys that are held it would have been accepted from {} on", utc(from)),
    };
    format!("the login is refused since {}, {since} ago{}{accepted}", utc(until), colon(told.ends))
}

/// The sentence about a login that is accepted at no moment, and why.
pub(super) fn never(why: Option<&str>) -> String {
    match why {
        Some(why) => format!("the login is accepted at no moment: {why}"),
        None => "the login is accepted at no moment".into(),
    }
}

fn unknown(told: &Told<'_>) -> String {
    let renewed = match told.renewed {
        None => "when the login is accepted cannot be told before that".into(),
        Some(window) => match until(Some(window)) {
            None => "with them the login is accepted, and no time ends that".into(),
            Some(until) if until <= told.now => format!("with those that are held it is refused since {}", utc(until)),
            Some(until) => format!("with those that are held it is accepted until {}", utc(until)),
        },
    };
    format!("the issuer's keys have to be fetched for a login at this moment; {renewed}")
}

/// What follows once the keys are fetched again.
fn beyond(told: &Told<'_>) -> String {
    match told.renewed {
        None => String::new(),
        Some(renewed) if until(Some(renewed)) == until(told.window) => String::new(),
        Some(renewed) => match until(Some(renewed)) {
            None => "; with the same keys fetched again no time ends it".into(),
            Some(until) => format!("; with the same keys fetched again until {}", utc(until)),
        },
    }
}

fn colon(edge: Option<&WindowEdge>) -> String {
    edge.map(|edge| format!(": {}", edge.message)).unwrap_or_default()
}

fn from(window: Option<&Window>) -> Option<i64> {
    Some(window?.from.as_ref()?.seconds)
}

fn until(window: Option<&Window>) -> Option<i64> {
    Some(window?.until.as_ref()?.seconds)
}
