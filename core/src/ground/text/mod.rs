//! Texts in messages: what of a text is shown, and how.

mod shown;

pub(crate) use shown::{can_be_copied, counted, cut, is_invisible, listed, one_line, quoted, shown};
