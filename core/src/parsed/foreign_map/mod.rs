//! Maps from principals to users as other servers write them: PostgreSQL's `pg_ident.conf` and Trino's user mapping. Read,
//! judged by nobody yet; what becomes of them here is for `asking`.

mod are;
mod java;
mod lexer;
mod pattern;
mod pg_ident;
mod rule;
mod trino;
mod ways;
mod without;
mod written;

#[cfg(test)]
mod tests;

pub(crate) use pattern::Pattern;
pub(crate) use pg_ident::read as read_pg_ident;
pub(crate) use rule::{Case, Piece, Principals, Read, Replacing, Rule, Stops, Users, WhyNot};
pub(crate) use trino::{read_pattern as read_trino_pattern, read_rules as read_trino_rules};
pub(crate) use ways::{Captured, Unknown, Ways};
pub(crate) use written::written;
