//! What does the database print of its settings? Tables, separated values, rows of JSON.

pub(crate) mod below_prompt;
pub(crate) mod json_rows;
pub(crate) mod read;

mod cells;
mod columns;
mod delimited;
mod rows;
mod single;
mod table;
