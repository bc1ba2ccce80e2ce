//! Settings as SQL statements: reading what people have in their scripts and on their screens, and writing it.

pub(crate) mod statements;
pub(crate) mod writer;

mod cursor;
mod escapes;
mod lexer;
mod option;
mod passing;
pub(super) mod session;
mod token;
