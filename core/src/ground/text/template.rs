//! A text with gaps that is both written and read: so what is read back never differs from what was written.

use alloc::{string::String, vec::Vec};

/// A text with gaps. Between two pieces stands a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// The fixed text, one piece more than there are values; only the last may be empty.
    pub(crate) pieces: &'static [&'static str],
    /// What the values are.
    pub(crate) values: &'static [&'static str],
}

/// What a text says where a template fits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading<'t> {
    /// Where the text begins that fits.
    pub(crate) at: usize,
    /// The values by their names.
    pub(crate) values: Vec<(&'static str, &'t str)>,
    /// What follows the last piece; empty where a value is last.
    pub(crate) rest: &'t str,
}

impl Template {
    pub(crate) const fn new(pieces: &'static [&'static str], values: &'static [&'static str]) -> Self {
        Self { pieces, values }
    }

    /// The text with these values; any beyond its gaps are left out.
    pub(crate) fn filled(&self, values: &[&str]) -> String {
        let mut text = String::new();
        let values = values.iter().take(self.values.len()).copied().chain(core::iter::repeat(""));
        for (piece, value) in self.pieces.iter().zip(values) {
            text.push_str(piece);
            text.push_str(value);
        }
        text
    }

    /// The first place in one line of text that begins as this does. Texts are cut in logs: values that are not there are left out,
    /// and what is left of the last is taken for it. `whole`: every piece has to be there.
    pub(crate) fn read<'t>(&self, text: &'t str, whole: bool) -> Option<Reading<'t>> {
        let (first, others) = self.pieces.split_first()?;
        let at = beginning(text, first)?;
        let mut rest = text.get(at.saturating_add(first.len())..)?;
        let mut values = Vec::new();
        for (&name, &piece) in self.values.iter().zip(others) {
            let (value, after) = match rest.split_once(piece) {
                _ if piece.is_empty() => (rest, ""),
                Some(split) => split,
                None if whole => return None,
                None => (rest, ""),
            };
            values.push((name, value));
            rest = after;
        }
        if others.is_empty() && !ends_a_word(rest) {
            return None;
        }
        Some(Reading { at, values, rest })
    }
}

/// Where a text stands in another one, not as the tail of a longer word.
fn beginning(text: &str, wanted: &str) -> Option<usize> {
    let mut places = text.match_indices(wanted).map(|(at, _)| at);
    places.find(|&at| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | '-' | '.'))
    })
}

/// Where a text stands in another one, not as a part of a longer word.
pub(crate) fn word_at(text: &str, wanted: &str) -> Option<usize> {
    let at = beginning(text, wanted)?;
    text.get(at.saturating_add(wanted.len())..).is_some_and(ends_a_word).then_some(at)
}

fn ends_a_word(rest: &str) -> bool {
    rest.chars().next().is_none_or(|next| !next.is_alphanumeric() && !matches!(next, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUED: Template =
        Template::new(&["token issued for ", " and login was for ", ""], &["principal", "requested_user"]);

    #[test]
    fn what_is_written_is_read() {
        let text = ISSUED.filled(&["[a b]", "c"]);
        let reading = ISSUED.read(&text, true).unwrap();
        assert_eq!(reading.values, [("principal", "[a b]"), ("requested_user", "c")]);
    }

    #[test]
    fn a_cut_text_keeps_what_it_has() {
        assert_eq!(ISSUED.read("DETAIL: token issued for [a…", false).unwrap().values.len(), 2);
        assert!(ISSUED.read("token issued for [a…", true).is_none());
    }

    #[test]
    fn a_longer_word_is_another_word() {
        let fixed = Template::new(&["invalid token"], &[]);
        assert!(fixed.read("ERROR: invalid token (SQLSTATE 28000)", true).is_some());
        assert!(fixed.read("invalid tokenizer", true).is_none() && fixed.read("xinvalid token", true).is_none());
    }
}
