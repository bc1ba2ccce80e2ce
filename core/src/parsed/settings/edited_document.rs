//! Where in the document are changed values written? The parts that go, and what comes instead in the document's own form.
//!
//! A form has many ways to write a text. Each is tried: what reads back as the changed settings is right.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::ops::Range;

use super::{
    forms::{encoding::unmarked, sql::writer},
    names::SettingName,
    settings::Settings,
    value,
};
use crate::ground::{
    json::quote,
    limits::EDITED_DOCUMENT_BYTES_MAX,
    position::{Lines, TextRange},
    splice::Splice,
};

/// Replacements in one document, in its order, none in another.
pub(crate) struct Edits {
    parts: Vec<(Range<usize>, String)>,
}

impl Edits {
    /// The document with the replacements made.
    pub(crate) fn apply(&self, document: &str) -> String {
        let mut edited = String::with_capacity(document.len());
        let mut at = 0;
        for (range, text) in &self.parts {
            edited.push_str(document.get(at..range.start).unwrap_or_default());
            edited.push_str(text);
            at = range.end;
        }
        edited.push_str(document.get(at..).unwrap_or_default());
        edited
    }
}

impl Settings {
    /// The same as parts by line and column, each with what comes instead.
    pub(crate) fn document_edits(&self, before: &Self) -> Option<Vec<(TextRange, String)>> {
        let edits = self.edits_of(before)?;
        let lines = Lines::of(before.document());
        Some(edits.parts.into_iter().map(|(range, text)| (lines.range(range.start, range.end), text)).collect())
    }

    /// What makes the document of `before` say what these settings say; nothing where it has no place for that.
    pub(crate) fn edits_of(&self, before: &Self) -> Option<Edits> {
        if before.document().len() > EDITED_DOCUMENT_BYTES_MAX {
            return None;
        }
        let mut parts = Vec::new();
        for name in self.differing(before) {
            parts.push(before.part(name, self.given(name)?)?);
        }
        parts.sort_by_key(|(range, _)| range.start);
        let apart = parts.windows(2).all(|pair| matches!(pair, [(one, _), (next, _)] if one.end <= next.start));
        let edits = Edits { parts: if apart { parts } else { merged(parts)? } };
        reads_as(&edits.apply(before.document()), self).then_some(edits)
    }

    /// The replacement that gives one setting its new value.
    fn part(&self, name: SettingName, new: &str) -> Option<(Range<usize>, String)> {
        let wanted = self.changed_to(name, new);
        let ways = match self.given(name) {
            Some(old) => {
                let splice = Splice::between(old, new);
                let place = |offset| self.document_offset(name, offset);
                let range = place(splice.start)?..place(splice.end)?;
                written(&splice.text).into_iter().map(|text| (range.clone(), text)).collect()
            }
            None => self.places_for(name, new),
        };
        ways.into_iter().find(|(range, text)| {
            let edits = Edits { parts: vec![(range.clone(), text.clone())] };
            range.start <= range.end && reads_as(&edits.apply(self.document()), &wanted)
        })
    }

    /// Where a value can be put in that the document leaves out.
    fn places_for(&self, name: SettingName, new: &str) -> Vec<(Range<usize>, String)> {
        let document = self.document();
        let end = document.trim_end().len();
        let statement = writer::statement(name, new);
        let mut ways = Vec::new();
        if let Some(close) = document.rfind('}') {
            let inside = document.get(..close).unwrap_or_default().trim_end();
            let comma = if inside.ends_with('{') { "" } else { "," };
            let member = format!("{comma}\n  {}: {}", quote(name.as_str()), value::plain(name, new));
            ways.push((inside.len()..inside.len(), member));
        }
        ways.push((end..end, format!("\n{statement}")));
        ways.push((end..end, format!(";\n{statement}")));
        ways.push((end..end, format!("\n{}\t{new}", name.as_str())));
        ways.push((end..end, format!("\n{},\"{}\"", name.as_str(), new.replace('"', "\"\""))));
        ways
    }
}

/// Two replacements at one place, one after the other; nothing where they overlap.
fn merged(parts: Vec<(Range<usize>, String)>) -> Option<Vec<(Range<usize>, String)>> {
    let mut merged: Vec<(Range<usize>, String)> = Vec::new();
    for (range, text) in parts {
        match merged.last_mut() {
            Some((last, before)) if last.end > range.start => {
                if *last != range {
                    return None;
                }
                before.push_str(&text);
            }
            _ => merged.push((range, text)),
        }
    }
    Some(merged)
}

/// The ways in which documents write a text inside a value: as it is, in a JSON string, between the quotes of SQL, of SQL
/// with escapes, of separated values, and in a JSON string that stands in a JSON string.
fn written(text: &str) -> Vec<String> {
    let in_json = |text: &str| {
        let quoted = quote(text);
        quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
    };
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    let mut ways = vec![text.to_string(), in_json(text), text.replace('\'', "''"), escaped, text.replace('"', "\"\"")];
    ways.dedup();
    ways
}

fn reads_as(document: &str, wanted: &Settings) -> bool {
    Settings::from_text(unmarked(document)).is_ok_and(|read| read == *wanted)
}
