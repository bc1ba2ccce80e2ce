//! Lint: what is wrong with settings, judged without any token.

mod document;
mod findings;
mod listed;
mod misread_value;
mod rule;
mod rules;
mod run;
mod subject;

pub use document::{LintDocument, LintFinding, Proof, Witness};
pub use rule::{Rule, RuleRow, RulesDocument, Severity};
