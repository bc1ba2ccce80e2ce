//! Where in the document does this part of a value stand?

use alloc::{string::String, sync::Arc, vec, vec::Vec};
use core::iter;

use crate::ground::json::Value;

/// A value's text, quotes and escapes resolved, that remembers where each stretch of it stands in the document.
#[derive(Clone, Default)]
pub(super) struct Traced {
    /// Shared with settings that differ in other values.
    text: Arc<String>,
    runs: Vec<Run>,
}

/// From here to the next run, text and document go side by side.
#[derive(Clone, Copy)]
struct Run {
    text: usize,
    document: usize,
}

impl Traced {
    /// An empty text that would stand there.
    pub(super) fn empty(at: usize) -> Self {
        Self { text: Arc::default(), runs: vec![Run { text: 0, document: at }] }
    }

    /// A text that stands there as it is.
    pub(super) fn verbatim(text: impl Into<String>, at: usize) -> Self {
        Self { text: Arc::new(text.into()), runs: vec![Run { text: 0, document: at }] }
    }

    /// The text of a JSON string, in a JSON text that begins at `base`.
    pub(super) fn json_string(string: Value<'_>, base: usize) -> Self {
        let (start, _) = string.span();
        let mut text = Self::empty(base.saturating_add(start).saturating_add(1));
        string.for_each_piece(|piece, at| text.push(piece, base.saturating_add(at)));
        text
    }

    /// Adds the next piece of the text, which stands at that offset of the document.
    pub(super) fn push(&mut self, piece: &str, at: usize) {
        if piece.is_empty() {
            return;
        }
        let here = self.text.len();
        let goes_on = self.runs.last().is_some_and(|run| run.document.wrapping_add(here - run.text) == at);
        if !goes_on {
            // A run without text says where an empty value stands; the first piece replaces it.
            if self.runs.last().is_some_and(|run| run.text == here) {
                self.runs.pop();
            }
            self.runs.push(Run { text: here, document: at });
        }
        Arc::make_mut(&mut self.text).push_str(piece);
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The offset in the document of an offset in the text.
    pub(super) fn document_offset(&self, offset: usize) -> usize {
        let after = self.runs.partition_point(|run| run.text <= offset);
        let run = after.checked_sub(1).and_then(|index| self.runs.get(index));
        run.map_or(0, |run| run.document.saturating_add(offset - run.text))
    }

    /// The same text, of a document that is not there.
    pub(super) fn placeless(&self) -> Self {
        Self { text: Arc::clone(&self.text), runs: vec![Run { text: 0, document: 0 }] }
    }

    /// The place from that offset on, with another text of the same length, or a shorter one.
    pub(super) fn with_text(self, start: usize, text: String) -> Self {
        let first = Run { text: 0, document: self.document_offset(start) };
        let later = self.runs.into_iter().filter(|run| run.text > start);
        let later = later.map(|run| Run { text: run.text.saturating_sub(start), ..run });
        Self { text: Arc::new(text), runs: iter::once(first).chain(later).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_go_back_to_the_document() {
        let mut traced = Traced::empty(10);
        assert_eq!(traced.document_offset(0), 10);
        traced.push("ab", 10);
        traced.push("\n", 12);
        traced.push("c", 14);
        traced.push("d", 15);
        assert_eq!(traced.as_str(), "ab\ncd");
        let offsets: Vec<_> = (0..6).map(|offset| traced.document_offset(offset)).collect();
        assert_eq!(offsets, [10, 11, 12, 14, 15, 16]);
        let rest = traced.with_text(1, "B\nCD".into());
        let offsets: Vec<_> = (0..5).map(|offset| rest.document_offset(offset)).collect();
        assert_eq!(offsets, [11, 12, 14, 15, 16]);
    }
}
