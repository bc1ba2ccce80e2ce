//! What was found? The document of the verb `lint`.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use super::rule::{Rule, Severity};
use crate::{
    asking::settings_change::SettingsChange,
    ground::{json::written, named::named, position::TextRange, profile::Profile},
    parsed::settings::Position,
    telling::SCHEMA,
};

/// What settings break of the rules: the document of the verb `lint`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct LintDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Whose rules the settings are read by.
    pub profile: Profile,
    /// What was found, in the order of the document; what stands nowhere in it comes first.
    pub findings: Vec<LintFinding>,
    /// How many more were found than are told.
    pub untold: usize,
    /// How many errors there are, told or not.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// How many notes.
    pub notes: usize,
}

impl LintDocument {
    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

/// One rule that is broken at one place.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct LintFinding {
    /// The rule.
    pub rule: Rule,
    /// How grave it is.
    pub severity: Severity,
    /// The setting.
    pub setting: Option<&'static str>,
    /// Where in the settings document it stands.
    pub position: Option<Position>,
    /// The whole of what stands there.
    pub range: Option<TextRange>,
    /// The fact, in one line.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// How it is known.
    pub proof: Proof,
    /// Who shows it.
    pub witness: Option<Witness>,
    /// The change of the settings that mends it, where there is one.
    pub change: Option<SettingsChange>,
}

/// How a finding is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proof {
    /// The settings say so themselves.
    Text,
    /// A principal was constructed that shows it, and the identity map was asked about it.
    Witness,
    /// All principals were searched.
    Search,
    /// It could not be proved: the pattern is too large to be searched.
    NotProved,
}

impl Proof {
    /// How it is known, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Witness => "witness",
            Self::Search => "search",
            Self::NotProved => "not_proved",
        }
    }
}

named!(Proof);

/// Principals that show what was found: the identity map gives them this SQL user by these lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Witness {
    /// Whose principals they are.
    pub issuer: String,
    /// The principals, each on one line.
    pub principals: Vec<String>,
    /// The SQL user whom they become.
    pub user: String,
    /// The lines of the identity map that make them that user, counted from 1.
    pub lines: Vec<u32>,
}
