//! What becomes of a setting's JSON object when a member is set, renamed or put first? All else stays as it is written.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::ground::{
    json::{Document, Duplicates, Kind, Value, quote},
    splice::Splice,
};

/// The JSON text with a member set.
pub(super) fn with_member(text: &str, path: &[String], json: &str) -> Option<String> {
    let text = if text.trim().is_empty() { "{}" } else { text };
    let (document, _) = Document::parse_prefix(text, Duplicates::LastWins).ok()?;
    let (mut here, mut rest) = (document.root(), path);
    while let Some((name, inner)) = rest.split_first() {
        let next = match name.parse::<usize>() {
            Ok(place) if here.kind() == Kind::Array => here.elements().nth(place),
            _ => here.member(name),
        };
        let Some(next) = next else { return inserted(text, here, rest, json) };
        (here, rest) = (next, inner);
    }
    let (start, end) = here.span();
    Splice { start, end, text: json.to_owned() }.apply(text)
}

/// The JSON text with a member put at the end of an object, and objects around its value.
fn inserted(text: &str, object: Value<'_>, path: &[String], json: &str) -> Option<String> {
    let (first, inner) = path.split_first()?;
    if object.kind() != Kind::Object {
        return None;
    }
    let mut member = json.to_string();
    for name in inner.iter().rev() {
        member = format!("{{{}: {member}}}", quote(name));
    }
    let (start, end) = object.span();
    let close = end.checked_sub(1)?;
    let before = text.get(start..close)?.trim_end();
    let comma = if before.ends_with('{') { "" } else { ", " };
    let at = start.checked_add(before.len())?;
    Splice { start: at, end: at, text: format!("{comma}{}: {member}", quote(first)) }.apply(text)
}

/// The JSON object with a member under another name.
pub(super) fn renamed(text: &str, old: &str, new: &str) -> String {
    let renamed = || {
        let (document, _) = Document::parse_prefix(text, Duplicates::LastWins).ok()?;
        let (key, _) = document.root().members().find(|(key, _)| key.is_string(old))?;
        let (start, end) = key.span();
        Splice { start, end, text: quote(new) }.apply(text)
    };
    renamed().unwrap_or_else(|| text.into())
}

/// The key set with the key at this place before all others.
pub(super) fn key_first(text: &str, place: usize) -> Option<String> {
    let (document, _) = Document::parse_prefix(text, Duplicates::LastWins).ok()?;
    let keys: Vec<Value<'_>> = document.root().member("keys")?.elements().collect();
    let (start, end) = (keys.first()?.span().0, keys.last()?.span().1);
    let first = keys.get(place)?.written();
    let others = keys.iter().enumerate().filter(|&(other, _)| other != place).map(|(_, key)| key.written());
    let all: Vec<&str> = core::iter::once(first).chain(others).collect();
    Splice { start, end, text: all.join(", ") }.apply(text)
}
