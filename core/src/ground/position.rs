//! Which line and column is this byte of a text, as editors count them?

use alloc::vec::Vec;
use core::{fmt, iter};

/// A place in a text, as editors count it.
///
/// # Example
/// ```
/// let error = sqljwt::Settings::from_json("{\n  \"x\": 1\n}").expect_err("no setting has that name");
/// let position = error.position.expect("the name stands in the document");
/// assert_eq!((position.line, position.column), (2, 3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Position {
    /// The line, the first being 1.
    pub line: u32,
    /// The character in that line, the first being 1.
    pub column: u32,
}

impl Position {
    /// The place of the byte at `offset`; beyond the end of the text, its end.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let bytes = text.as_bytes();
        let before = bytes.get(..offset).unwrap_or(bytes);
        let newlines = count(before, |byte| byte == b'\n');
        let is_first_line = newlines == 0;
        let line = if is_first_line { before } else { before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default() };
        // Every byte but a continuation byte of UTF-8 (0b10xx_xxxx) begins a character.
        let characters = count(line, |byte| byte & 0xc0 != 0x80);
        let one_based = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
        Self { line: one_based(newlines), column: one_based(characters) }
    }
}

/// How many bytes are so. In portions that one byte can count, which the compiler turns into a few instructions: settings have
/// many faults and may be large.
fn count(bytes: &[u8], is_so: impl Fn(u8) -> bool) -> usize {
    let portions = bytes.chunks(usize::from(u8::MAX));
    portions.map(|portion| usize::from(portion.iter().fold(0_u8, |count, &byte| count + u8::from(is_so(byte))))).sum()
}

/// A part of a text, from its first character to the place after its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct TextRange {
    /// Where it begins.
    pub start: Position,
    /// Where it has ended.
    pub end: Position,
}

/// A text whose lines have been counted, for many questions about places in it.
pub(crate) struct Lines<'t> {
    text: &'t str,
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        Self { text, starts: iter::once(0).chain(after).collect() }
    }

    /// The place of the byte at `offset`; beyond the end of the text, its end.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or_default();
        let here = Position::of(self.text.get(start..).unwrap_or_default(), offset.saturating_sub(start));
        let above = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
        Position { line: here.line.saturating_add(above), ..here }
    }

    /// The byte of a place; beyond the end of its line, that end.
    pub(crate) fn offset(&self, place: Position) -> usize {
        let line = place.line.saturating_sub(1) as usize;
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let line = self.text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let within = line.char_indices().nth(place.column.saturating_sub(1) as usize);
        start.saturating_add(within.map_or(line.len(), |(at, _)| at))
    }

    /// The part of the text between two bytes.
    pub(crate) fn range(&self, start: usize, end: usize) -> TextRange {
        TextRange { start: self.position(start), end: self.position(end) }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "aé\n\u{1f600}b\r\nc";
        let at = |offset| {
            let position = Position::of(text, offset);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(4), (2, 1));
        assert_eq!(at(8), (2, 2));
        assert_eq!(at(11), (3, 1));
        assert_eq!(at(usize::MAX), (3, 2));
    }

    #[test]
    fn a_place_has_the_byte_that_it_was_made_from() {
        let text = "ä\n\nbc\r\n\u{1f600}d";
        let lines = Lines::of(text);
        for at in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
            assert_eq!(lines.offset(Position::of(text, at)), at);
        }
        let beyond = [Position { line: 99, column: 1 }, Position { line: 1, column: 99 }];
        assert_eq!(beyond.map(|place| lines.offset(place)), [text.len(), 2]);
    }

    #[test]
    fn long_lines_and_many_of_them_are_counted_to_the_last() {
        for count in [254, 255, 256, 510, 511, 1000] {
            let place = |text: &str| {
                (Position::of(text, text.len()).line as usize, Position::of(text, text.len()).column as usize)
            };
            assert_eq!(place(&"x".repeat(count)), (1, count + 1));
            assert_eq!(place(&"é".repeat(count)), (1, count + 1));
            assert_eq!(place(&"\n".repeat(count)), (count + 1, 1));
        }
    }
}
