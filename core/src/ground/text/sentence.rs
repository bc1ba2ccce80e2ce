//! How do several values, or a number of things, read in a sentence?

use alloc::{format, string::String};

use super::shown::shown;

/// A sentence's list of values: `` `a`, `b` and `c` ``, at most `most` of them.
pub(crate) fn listed<S: AsRef<str>>(values: &[S], most: usize) -> String {
    let mut text = String::new();
    let hidden = values.len().saturating_sub(most);
    for (index, value) in values.iter().take(most).enumerate() {
        let last = index + 1 == values.len();
        text.push_str(match (index, last) {
            (0, _) => "`",
            (_, true) => " and `",
            (_, false) => ", `",
        });
        text.push_str(&shown(value.as_ref()));
        text.push('`');
    }
    if hidden > 0 {
        text.push_str(&format!(" and {hidden} more"));
    }
    text
}

/// Names in a row, without back-ticks: `a, b and c`, with that word before the last.
pub(crate) fn joined<S: AsRef<str>>(names: &[S], word: &str) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        match index {
            0 => {}
            _ if index + 1 == names.len() => text.push_str(&format!(" {word} ")),
            _ => text.push_str(", "),
        }
        text.push_str(name.as_ref());
    }
    text
}

/// `1 key`, `2 keys`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_a_sentence_does() {
        assert_eq!(listed(&["a"], 3), "`a`");
        assert_eq!(listed(&["a", "b", "c"], 3), "`a`, `b` and `c`");
        assert_eq!(listed(&["a", "b", "c", "d"], 2), "`a`, `b` and 2 more");
        assert_eq!(joined(&["a"], "or"), "a");
        assert_eq!(joined(&["a", "b", "c"], "or"), "a, b or c");
    }
}
