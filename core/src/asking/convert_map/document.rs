//! What is told of a map that was converted?

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    asking::settings_change::SettingsChange,
    ground::{json::written, named::named, profile::Profile},
    telling::SCHEMA,
};

/// Whose map is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapDialect {
    /// PostgreSQL's `pg_ident.conf`, of version 16 or later.
    PgIdent,
    /// The file of Trino's property `user-mapping.file`.
    TrinoRules,
    /// Trino's property `user-mapping.pattern`: the pattern, or the line of the properties file.
    TrinoPattern,
}

impl MapDialect {
    /// Every dialect.
    ///
    /// # Example
    /// ```
    /// use sqljwt::advisor::MapDialect;
    /// assert!(MapDialect::all().iter().any(|dialect| dialect.as_str() == "pg_ident"));
    /// ```
    #[must_use]
    pub const fn all() -> &'static [Self] {
        &[Self::PgIdent, Self::TrinoRules, Self::TrinoPattern]
    }

    /// The dialect, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PgIdent => "pg_ident",
            Self::TrinoRules => "trino_rules",
            Self::TrinoPattern => "trino_pattern",
        }
    }
}

named!(MapDialect, LineOutcome);

/// Whose principals the map is for: the first column of an identity map, which the other servers' maps do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapIssuers {
    /// The issuer of the text's only map.
    One(String),
    /// Names of maps, each with its issuer.
    Each(Vec<(String, String)>),
}

/// A map of another server as an identity map: the document of the verb `convert_map`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ConvertMapDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Under whose rules the identity map is to be read.
    pub profile: Profile,
    /// Whose map was read.
    pub dialect: MapDialect,
    /// Why the other server does not take the text, where it does not: then nobody is let in.
    pub refused: Option<String>,
    /// The identity map.
    pub map: String,
    /// How many lines are exact.
    pub exact: usize,
    /// How many lines are converted and differ.
    pub converted: usize,
    /// How many lines are left out.
    pub left_out: usize,
    /// The change that sets it; `None` where it is too long to be shown once more.
    pub change: Option<SettingsChange>,
    /// Every line with a rule, in the order of the text.
    pub lines: Vec<ConvertedLine>,
}

impl ConvertMapDocument {
    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

/// What became of one line.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ConvertedLine {
    /// The line of the text, counted from 1.
    pub line: u32,
    /// What became of it.
    pub outcome: LineOutcome,
    /// The first of its lines in the identity map, counted from 1; `None` where it has none.
    pub map_line: Option<u32>,
    /// What differs, or why it is left out.
    pub message: Option<String>,
    /// What to write on the other server, or here.
    pub remedy: Option<String>,
    /// A principal that the two treat differently, tried on both.
    pub witness: Option<MapWitness>,
}

/// What became of a line of another server's map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineOutcome {
    /// It gives the same principals the same users.
    Exact,
    /// It gives fewer principals a user, and nobody another one.
    Converted,
    /// It has no line here.
    LeftOut,
}

impl LineOutcome {
    /// The outcome, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Converted => "converted",
            Self::LeftOut => "left_out",
        }
    }
}

/// A principal that the other server's map and a line here treat differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MapWitness {
    /// The principal.
    pub principal: String,
    /// The users that the other server's map gives it.
    pub source: Vec<String>,
    /// The users that the line gives it here, or would give it.
    pub here: Vec<String>,
}
