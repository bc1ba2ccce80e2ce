//! Which texts does the value of a setting list, each with its place, as they are written? Before doubles are taken out, and
//! whether the value can be used or not.

use alloc::{string::String, vec::Vec};

use crate::ground::{
    json::{Document, Duplicates, Kind, Value},
    splice::Splice,
};

/// The texts of a value.
pub(super) struct Listed {
    pub(super) items: Vec<Item>,
    pub(super) form: Form,
}

/// How the texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The value is the text.
    Plain,
    Array,
    /// The members of an object.
    Members,
}

/// One text of the value.
pub(super) struct Item {
    pub(super) text: String,
    /// Where it begins, in bytes.
    pub(super) offset: usize,
    /// Where it ends, in an object with its value.
    end: usize,
    /// What the object says of it, where that is a text.
    pub(super) of: Option<(String, usize)>,
}

impl Listed {
    /// Reads a text, an array of texts, or an object `issuer_jwks_map` of texts. Of other JSON nothing is listed.
    pub(super) fn of(text: &str) -> Self {
        let plain = |items| Self { items, form: Form::Plain };
        if text.trim().is_empty() {
            return plain(Vec::new());
        }
        let Ok(document) = Document::parse(text, Duplicates::LastWins) else {
            return plain([Item { text: text.into(), offset: 0, end: text.len(), of: None }].into());
        };
        let root = document.root();
        match root.kind() {
            Kind::Array => Self { items: root.elements().filter_map(element).collect(), form: Form::Array },
            Kind::Object => {
                let map = root.members().find(|(name, map)| {
                    name.string().is_some_and(|name| name.eq_ignore_ascii_case("issuer_jwks_map"))
                        && map.kind() == Kind::Object
                });
                let items =
                    map.into_iter().flat_map(|(_, map)| map.members().collect::<Vec<_>>()).map(member).collect();
                Self { items, form: Form::Members }
            }
            // The database reads null as an empty list.
            Kind::Null => Self { items: Vec::new(), form: Form::Array },
            _ => plain(Vec::new()),
        }
    }

    /// What takes one of several texts out of the value.
    pub(super) fn without(&self, index: usize) -> Option<Splice> {
        if self.form == Form::Plain {
            return None;
        }
        let spans: Vec<(usize, usize)> = self.items.iter().map(|item| (item.offset, item.end)).collect();
        without(&spans, index)
    }
}

/// What takes one of several parts of an array or an object out, with its comma.
pub(super) fn without(spans: &[(usize, usize)], index: usize) -> Option<Splice> {
    let &(start, end) = spans.get(index)?;
    let before = index.checked_sub(1).and_then(|before| spans.get(before));
    let (start, end) = match (spans.get(index.saturating_add(1)), before) {
        (Some(&(next, _)), _) => (start, next),
        (None, Some(&(_, last))) => (last, end),
        (None, None) => (start, end),
    };
    Some(Splice { start, end, text: String::new() })
}

/// The database takes null for the empty text.
fn element(value: Value<'_>) -> Option<Item> {
    let text = if value.is_null() { String::new() } else { value.string()?.into_owned() };
    let (offset, end) = value.span();
    Some(Item { text, offset, end, of: None })
}

fn member((name, value): (Value<'_>, Value<'_>)) -> Item {
    let of = value.string().map(|text| (text.into_owned(), value.span().0));
    Item { text: name.string().unwrap_or_default().into_owned(), offset: name.span().0, end: value.span().1, of }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_less_leaves_the_others() {
        for (value, index, left) in [
            (r#"["a", "b", "c"]"#, 0, r#"["b", "c"]"#),
            (r#"["a", "b", "c"]"#, 1, r#"["a", "c"]"#),
            (r#"["a", "b", "c"]"#, 2, r#"["a", "b"]"#),
            (r#"["a"]"#, 0, "[]"),
            (r#"{"issuer_jwks_map": {"a": "u", "b": "v"}}"#, 1, r#"{"issuer_jwks_map": {"a": "u"}}"#),
        ] {
            let splice = Listed::of(value).without(index).unwrap();
            assert_eq!(splice.apply(value).as_deref(), Some(left));
        }
        assert!(Listed::of("a").without(0).is_none());
    }
}
