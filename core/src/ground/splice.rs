//! Which text stands in another one's place? A part of a value, and what it should read instead.

use alloc::string::String;

/// A replacement of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Splice {
    /// Where the part begins, in bytes.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// What stands there instead.
    pub(crate) text: String,
}

impl Splice {
    /// The shortest replacement that makes one text the other.
    pub(crate) fn between(old: &str, new: &str) -> Self {
        let same = |(one, other): &(char, char)| one == other;
        let width = |pairs: &mut dyn Iterator<Item = (char, char)>| {
            pairs.take_while(same).map(|(character, _)| character.len_utf8()).sum::<usize>()
        };
        let start = width(&mut old.chars().zip(new.chars()));
        let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
        let behind = width(&mut old_rest.chars().rev().zip(new_rest.chars().rev()));
        let end = old.len().saturating_sub(behind);
        let text = new_rest.get(..new_rest.len().saturating_sub(behind)).unwrap_or_default();
        Self { start, end, text: text.into() }
    }

    /// The text with the part replaced; nothing where it has no such part.
    pub(crate) fn apply(&self, text: &str) -> Option<String> {
        let (before, behind) = (text.get(..self.start)?, text.get(self.end..)?);
        (self.start <= self.end).then(|| alloc::format!("{before}{}{behind}", self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_replacement_gives_the_other_text() {
        for (old, new, part) in [
            ("a b", "a c b", (2, 2, "c ")),
            ("aa", "aaa", (2, 2, "a")),
            ("äö", "äü", (2, 4, "ü")),
            ("", "x", (0, 0, "x")),
            ("same", "same", (4, 4, "")),
        ] {
            let splice = Splice::between(old, new);
            assert_eq!((splice.start, splice.end, splice.text.as_str()), part, "{old} {new}");
            assert_eq!(splice.apply(old).as_deref(), Some(new));
        }
        assert_eq!(Splice { start: 1, end: 2, text: String::new() }.apply("ä"), None);
    }
}
