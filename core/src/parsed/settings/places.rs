//! Where in the document does this part of a value stand, and where does it end?

use super::{
    names::{Kind, SettingName},
    settings::Settings,
};
use crate::ground::{
    json::{Document, Duplicates},
    position::{Lines, Position, TextRange},
};

/// A document of settings whose lines have been counted, for many questions about places in it.
pub(crate) struct Places<'s> {
    settings: &'s Settings,
    lines: Lines<'s>,
}

impl<'s> Places<'s> {
    pub(crate) fn of(settings: &'s Settings) -> Self {
        Self { settings, lines: Lines::of(settings.document()) }
    }

    /// Where that byte of a setting's value stands; nowhere if the document leaves the setting out.
    pub(crate) fn position(&self, name: SettingName, offset: usize) -> Option<Position> {
        Some(self.lines.position(self.settings.document_offset(name, offset)?))
    }

    /// Where a name that stands at that offset of the document is.
    pub(crate) fn name(&self, offset: usize, name: &str) -> (Position, TextRange) {
        let range = self.lines.range(offset, offset.saturating_add(name.len()));
        (range.start, range)
    }

    /// The whole of what stands there: the value, the part of a list or of an object that begins there, the line of the
    /// identity map.
    pub(crate) fn range(&self, name: SettingName, offset: usize) -> Option<TextRange> {
        let (start, end) = extent(name, self.settings.text(name), offset);
        let place = |offset| self.settings.document_offset(name, offset);
        Some(self.lines.range(place(start)?, place(end)?))
    }
}

/// The part of a value around an offset, in bytes.
fn extent(name: SettingName, text: &str, offset: usize) -> (usize, usize) {
    if offset == 0 {
        return (0, text.trim_end().len());
    }
    let (before, rest) = text.split_at_checked(offset).unwrap_or((text, ""));
    if name == SettingName::IdentityMap {
        let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
        let line = rest.split('\n').next().unwrap_or_default();
        return (start, offset.saturating_add(line.trim_end().len()));
    }
    let is_json = matches!(name.kind(), Kind::TextOrJson | Kind::List | Kind::Object);
    match Document::parse_prefix(rest, Duplicates::LastWins).ok().filter(|_| is_json) {
        Some((document, _)) => {
            let (start, end) = document.root().span();
            (offset.saturating_add(start), offset.saturating_add(end))
        }
        None => (offset, text.trim_end().len().max(offset)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn part(name: SettingName, document: &str, offset: usize) -> alloc::string::String {
        let settings = Settings::from_text(document).unwrap();
        let range = Places::of(&settings).range(name, offset).unwrap();
        let offset_of = |place: Position| {
            let line = document.split_inclusive('\n').take(place.line as usize - 1).map(str::len).sum::<usize>();
            line + document[line..].chars().take(place.column as usize - 1).map(char::len_utf8).sum::<usize>()
        };
        document[offset_of(range.start)..offset_of(range.end)].into()
    }

    #[test]
    fn a_part_ends_where_its_value_does() {
        let audience = r#"["a", "bé", "c"]"#;
        let map = "a b c\n  iss /^(.*)@x$ \\1  \r\nd e f";
        let sql = format!(
            "SET CLUSTER SETTING server.jwt_authentication.audience = '{audience}';\nSET CLUSTER SETTING \
             server.identity_map.configuration = '{map}';\n-- sqljwt: engine.issuer_keys = {{}}"
        );
        assert_eq!(part(SettingName::Audience, &sql, 0), audience);
        assert_eq!(part(SettingName::Audience, &sql, 6), "\"bé\"");
        assert_eq!(part(SettingName::IdentityMap, &sql, 12), "  iss /^(.*)@x$ \\1");
        assert_eq!(part(SettingName::IdentityMap, &sql, 0), map);
        let json = r#"{"server.jwt_authentication.jwks": "{\"keys\": [{\"kid\": \"k\"}]}", "server.jwt_authentication.claim": "email"}"#;
        assert_eq!(part(SettingName::Jwks, json, 10), r#"{\"kid\": \"k\"}"#);
        assert_eq!(part(SettingName::Claim, json, 0), "email");
    }

    #[test]
    fn counted_lines_give_the_places_that_counting_anew_gives() {
        let text = "ä\n\nbc\r\n\u{1f600}d";
        let lines = Lines::of(text);
        for offset in 0..text.len() + 2 {
            assert_eq!(lines.position(offset), Position::of(text, offset), "{offset}");
        }
    }
}
