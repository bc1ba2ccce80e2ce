//! What does the database's Unicode say about a character: its general category, its script, its other cases, its lower
//! case, its composed form?
//!
//! Not the newest Unicode, and not the compiler's: whether two names are one has to stay the same whoever builds the
//! engine, and be what the database says. So every table here is our own and of one version, 15.0, that of the Go release
//! which builds the database; the tests write the tables from libraries of exactly that version, and hold every name and
//! every character against them. In those libraries the tables of classes and cases take 170 kB, most of it in ranges of
//! one character; here they take 28 kB, and those of the composed form 15 kB.
//!
//! Of the compiler's tables the engine asks what white space and what a control character is: no version since 6.3 has
//! changed either, and a test holds both.

mod cases;
mod classes;
pub(crate) mod nfc;
mod run;
mod tables;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use cases::{is_lowercase_letter, lower, lowered, other_cases};
pub(crate) use classes::{CASED_LETTER, class, holds, short_name};
