//! How is a name of the tables recognised, however it is written?

use alloc::string::String;

use crate::ground::unicode;

/// How a name is recognised; every text here is in lower case.
pub(super) enum Shape {
    Is(&'static str),
    Begins(&'static str),
    Ends(&'static str),
    Holds(&'static str),
    /// Both.
    Spans(&'static str, &'static str),
    /// An address on that host or on one below it.
    Host(&'static str),
    /// An application's id, as providers number things: eight, four, four, four and twelve hexadecimal digits.
    Id,
}

impl Shape {
    pub(super) fn fits(&self, name: &str) -> bool {
        match *self {
            Self::Is(text) => name == text,
            Self::Begins(text) => name.starts_with(text),
            Self::Ends(text) => name.ends_with(text),
            Self::Holds(text) => name.contains(text),
            Self::Spans(start, end) => name.starts_with(start) && name.ends_with(end),
            Self::Host(text) => {
                host(name).strip_suffix(text).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            Self::Id => is_id(name),
        }
    }
}

/// Whether a text is an id of eight, four, four, four and twelve hexadecimal digits.
pub(crate) fn is_id(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('-').all(is_part) && text.split('-').map(str::len).eq(lengths)
}

/// Lower case, without scheme and closing slash.
pub(super) fn bare(name: &str) -> String {
    let name = lower(name.trim());
    let name = name.strip_prefix("spn:").unwrap_or(&name);
    let name = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")).unwrap_or(name);
    name.trim_end_matches('/').into()
}

pub(super) fn lower(name: &str) -> String {
    name.chars().map(unicode::lower).collect()
}

/// The host of an address without its scheme.
pub(super) fn host(bare: &str) -> &str {
    bare.split(['/', ':', '?', '#']).next().unwrap_or_default()
}
