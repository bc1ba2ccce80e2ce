//! What is written so far, and what has been said? Every fact is told once.

use alloc::{string::String, vec::Vec};

use super::{
    excerpt,
    line::{Line, Tone},
    look::Look,
    wrapped::wrapped,
};
use crate::ground::{
    position::{Position, TextRange},
    text::{one_line, shown},
};

/// The lines so far.
pub(super) struct Page<'e> {
    pub(super) look: Look<'e>,
    lines: Vec<Line>,
    told: Vec<String>,
}

impl<'e> Page<'e> {
    pub(super) fn new(look: Look<'e>) -> Self {
        Self { look, lines: Vec::new(), told: Vec::new() }
    }

    /// The lines, without an empty one at the end.
    pub(super) fn lines(mut self) -> Vec<Line> {
        while self.lines.last().is_some_and(|line| line.lead.is_empty() && line.text.is_empty()) {
            self.lines.pop();
        }
        self.lines
    }

    /// Adds a text in as many lines as it takes, those after the first below the first one's text.
    pub(super) fn put(&mut self, tone: Tone, indent: usize, lead: &str, text: impl Into<String>) {
        let mut text = one_line(text);
        if self.look.ascii {
            text = text.replace('…', "...");
        }
        let Some(width) = self.look.width else { return self.lines.push(Line::new(tone, indent, lead, text)) };
        let lead_width = lead.chars().count();
        // Below a long lead there would be no room.
        let hang = if lead_width > width / 3 { 2 } else { lead_width };
        let room = |taken: usize| width.saturating_sub(indent + taken).max(1);
        for (number, part) in wrapped(&text, room(lead_width), room(hang)).into_iter().enumerate() {
            let line = if number == 0 {
                Line::new(tone, indent, lead, part)
            } else {
                Line::new(tone, indent + hang, "", part)
            };
            self.lines.push(line);
        }
    }

    /// Adds a line as it is: it is to be copied, or to stand below another.
    pub(super) fn put_whole(&mut self, tone: Tone, indent: usize, text: impl Into<String>) {
        self.lines.push(Line::new(tone, indent, "", one_line(text)));
    }

    /// Adds an empty line, unless there is one or nothing yet.
    pub(super) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !(line.lead.is_empty() && line.text.is_empty())) {
            self.lines.push(Line::new(Tone::Quiet, 0, "", ""));
        }
    }

    /// Adds the place in the settings, and the line that stands there; each once.
    pub(super) fn put_place(
        &mut self,
        indent: usize,
        setting: Option<&str>,
        position: Option<Position>,
        range: Option<TextRange>,
    ) {
        let place = match (position, setting) {
            (Some(Position { line, column }), setting) => {
                let name = setting.map(|name| alloc::format!(" ({name})")).unwrap_or_default();
                alloc::format!("{}:{line}:{column}{name}", shown(self.look.file))
            }
            (None, Some(setting)) => String::from(setting),
            (None, None) => return,
        };
        if !self.news(&place) {
            return;
        }
        self.put(Tone::Place, indent, "at ", place);
        let (Some(document), Some(position)) = (self.look.document, position) else { return };
        let indent = indent + 3;
        let room = self.look.width.unwrap_or(excerpt::WIDTH).saturating_sub(indent);
        if let Some(excerpt) = excerpt::of(document, position, range, room, self.look.ascii) {
            self.put_whole(Tone::Excerpt, indent, excerpt.line);
            self.put_whole(Tone::Caret, indent, excerpt.carets);
        }
    }

    /// Whether the fact has not been told; from now on it has.
    pub(super) fn news(&mut self, fact: &str) -> bool {
        let known = self.told.iter().any(|told| {
            told == fact
                || fact.len() >= WHOLE_FACT && told.contains(fact)
                || told.len() >= WHOLE_FACT && introduces(fact, told)
        });
        if !known {
            self.told.push(fact.into());
        }
        !known
    }
}

/// From how many bytes on a text that stands in another is the same fact, and not a word that both have.
const WHOLE_FACT: usize = 16;

/// Whether all that stands before the known fact says what it is about: `1 key cannot be used: …`.
fn introduces(fact: &str, known: &str) -> bool {
    let before = fact.strip_suffix(known).and_then(|before| before.strip_suffix(": "));
    before.is_some_and(|before| !before.contains(';'))
}
