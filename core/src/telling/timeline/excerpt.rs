//! How does the line of the settings at fault read, with a mark below its part? Where it holds no secret.

use alloc::string::String;
use core::iter;

use crate::ground::{
    position::{Position, TextRange},
    private_keys,
    text::is_invisible,
};

/// How much of a line is shown where no width is given.
pub(super) const WIDTH: usize = 100;

/// A line of the settings, and the marks that stand below it.
pub(super) struct Excerpt {
    pub(super) line: String,
    pub(super) carets: String,
}

/// As much of the line as there is room for, around what stands at that place.
pub(super) fn of(
    document: &str,
    place: Position,
    range: Option<TextRange>,
    room: usize,
    ascii: bool,
) -> Option<Excerpt> {
    let line = document.split('\n').nth(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    if room < ROOM_MIN || line.trim().is_empty() || may_be_secret(document, line) {
        return None;
    }
    let length = line.chars().count();
    let start = usize::try_from(place.column).ok()?.checked_sub(1)?.min(length);
    let end = match range {
        Some(range) if range.start == place && range.end.line == place.line => {
            usize::try_from(range.end.column).ok()?
        }
        Some(range) if range.start == place => length.saturating_add(1),
        _ => start.saturating_add(2),
    };
    let end = end.saturating_sub(1).clamp(start.saturating_add(1), length.max(start.saturating_add(1)));
    let blanks = line.chars().take_while(|character| character.is_whitespace()).count().min(start);
    // From where on the line is shown: from its first word, or from so much before the place that there is room for it.
    let whole = length.saturating_sub(blanks) <= room;
    let from = if whole || start.saturating_sub(blanks) < room / 2 { blanks } else { start.saturating_sub(room / 3) };
    let cut_before = from > blanks;
    let cut_after = length.saturating_sub(from) > room;
    let until = if cut_after { from.saturating_add(room) } else { length };
    let dots = if ascii { '~' } else { '…' };
    let visible = |(at, character): (usize, char)| match character {
        _ if cut_before && at == from || cut_after && at.saturating_add(1) == until => dots,
        '\t' => ' ',
        hidden if is_invisible(hidden) => '?',
        character => character,
    };
    let shown = line.chars().enumerate().skip(from).take(until.saturating_sub(from)).map(visible);
    let marks = end.min(until.max(start.saturating_add(1))).saturating_sub(start);
    let carets = iter::repeat_n(' ', start.saturating_sub(from)).chain(iter::repeat_n('^', marks));
    Some(Excerpt { line: shown.collect::<String>().trim_end().into(), carets: carets.collect() })
}

/// Less than this shows nothing that anybody could read.
const ROOM_MIN: usize = 16;

/// Whether the line may hold a key or a token, which somebody pasted among the settings.
fn may_be_secret(document: &str, line: &str) -> bool {
    document.contains("PRIVATE KEY")
        || line.contains("eyJ")
        || private_keys::named(line).is_some()
        || private_keys::named(&line.replace("\"\"", "\"")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(document: &str, (line, column): (u32, u32), end: u32, room: usize) -> Option<(String, String)> {
        let place = Position { line, column };
        let range = TextRange { start: place, end: Position { line, column: end } };
        of(document, place, Some(range), room, false).map(|excerpt| (excerpt.line, excerpt.carets))
    }

    #[test]
    fn the_part_is_marked_below_its_line() {
        let document = "{\r\n    \"x\": \"ab\"\r\n}";
        let expected = ("\"x\": \"ab\"".into(), "     ^^^^".into());
        assert_eq!(excerpt(document, (2, 10), 14, 40), Some(expected));
    }

    #[test]
    fn of_a_long_line_its_neighbourhood_is_shown() {
        let document = alloc::format!("{}HERE{}", "a".repeat(200), "b".repeat(200));
        let (line, carets) = excerpt(&document, (1, 201), 205, 40).unwrap();
        assert_eq!(line.chars().count(), 40);
        let marked: String = line.chars().skip(carets.find('^').unwrap()).take(carets.matches('^').count()).collect();
        assert_eq!(marked, "HERE");
        assert!(line.starts_with("…a") && line.ends_with("b…"), "{line}");
    }

    #[test]
    fn marks_stay_within_the_room_and_the_end_of_a_line_has_one() {
        let document = "x".repeat(500);
        let (line, carets) = excerpt(&document, (1, 1), 501, 40).unwrap();
        assert_eq!((line.chars().count(), carets.len()), (40, 40));
        assert_eq!(excerpt("abc", (1, 4), 4, 40), Some(("abc".into(), "   ^".into())));
        assert_eq!(excerpt("abc", (7, 1), 1, 40), None);
    }

    #[test]
    fn keys_and_tokens_are_not_shown() {
        for line in [
            r#""jwks": {"keys": [{"kty": "OKP", "d": "c2VjcmV0"}]}"#,
            r#"jwks,"{""keys"": [{""kty"": ""OKP"", ""d"": ""c2VjcmV0""}]}""#,
            "eyJhbGciOiJSUzI1NiJ9.e30.AA",
            "'-----BEGIN PRIVATE KEY-----'",
        ] {
            assert_eq!(excerpt(line, (1, 1), 5, 80), None, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_seen_takes_one_place() {
        assert_eq!(excerpt("a\u{202e}\u{1b}b", (1, 4), 5, 40), Some(("a??b".into(), "   ^".into())));
    }
}
