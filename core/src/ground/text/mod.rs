//! Texts in messages: what of a text is shown, and how.

mod invisible;
pub(super) mod line;
mod sentence;
mod shown;
mod template;

pub(crate) use invisible::is_invisible;
pub(crate) use line::{cut, one_line};
pub(crate) use sentence::{counted, joined, listed};
pub(crate) use shown::{can_be_copied, quoted, shown};
pub(crate) use template::{Reading, Template, word_at};
