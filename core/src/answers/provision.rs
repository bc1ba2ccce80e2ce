//! Which SQL user has to be made before a login, if it is not there? Said only of a login that has passed every check.

use alloc::{format, string::String};

use serde::Serialize;

use crate::answers::roles::identifier;

/// A SQL user to be made for a login, where there is none of that name yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Provision {
    /// Where the user comes from, as the database records it.
    pub source: String,
    /// The statement that makes the user, with names in quotes.
    pub statement: String,
}

impl Provision {
    pub(crate) fn new(user: &str, source: String) -> Self {
        let literal = source.replace('\'', "''");
        let statement = format!("CREATE USER IF NOT EXISTS {} WITH PROVISIONSRC '{literal}';", identifier(user));
        Self { source, statement }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_is_quoted_whatever_stands_in_it() {
        let provision = Provision::new("o\"k", "jwt_token:https://a.example/it's".into());
        let expected = r#"CREATE USER IF NOT EXISTS "o""k" WITH PROVISIONSRC 'jwt_token:https://a.example/it''s';"#;
        assert_eq!(provision.statement, expected);
    }
}
