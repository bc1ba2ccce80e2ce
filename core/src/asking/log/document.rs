//! What is told of a log: an entry for each login in it, and how often each kind of entry is there.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::ground::{
    json::written,
    named::named,
    reason::{Check, ReasonCode},
};

/// What a log says of logins: the document of the verb `log`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct LogDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// How many lines the log has.
    pub lines: u64,
    /// How many of them say nothing of a login that is known here.
    pub unknown: u64,
    /// The logins, in the order of the log; where there are none, the first line that says something unknown.
    pub entries: Vec<LogEntry>,
    /// How many more there are than are told.
    pub more: u64,
    /// How often each kind of entry is there, the most frequent first.
    pub counts: Vec<LogCount>,
    /// The reasons that the entries may have, in the order of their numbers.
    pub reasons: Vec<LogReason>,
    /// How many entries hold a token: each is as good as a password for as long as it lives.
    pub tokens: u64,
    /// What to do about tokens in the log; `None` where there are none.
    pub token_remedy: Option<&'static str>,
}

/// One login in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LogEntry {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// What became of the login.
    pub outcome: LogOutcome,
    /// Whose words these are.
    pub source: LogSource,
    /// Which of the texts known here this is: a code where the text names one, the database's message where it is one, or a word.
    pub event: &'static str,
    /// Whether the line itself names its reason; otherwise one text stands for all of `codes`.
    pub exact: bool,
    /// The reasons that it may mean, the most probable first; empty where the server refuses for a reason of its own.
    pub codes: Vec<ReasonCode>,
    /// What happened, in plain words.
    pub cause: String,
    /// What to change; `None` where there is nothing to.
    pub remedy: Option<String>,
    /// What the line says of the login.
    pub values: Vec<LogValue>,
    /// Whether a token stands in it.
    pub token: bool,
    /// The text, on one line, cut, and without any token.
    pub text: String,
}

/// What became of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LogOutcome {
    /// The user was let in.
    Accepted,
    /// The login was refused.
    Rejected,
    /// The text says nothing that is known here.
    Unknown,
}

impl LogOutcome {
    /// The outcome, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }
}

/// Whose words a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LogSource {
    /// CockroachDB's, in its log or at its client.
    Cockroachdb,
    /// PostgreSQL's, in its log or at its client.
    Postgresql,
    /// This project's: a module in a server, the agent, the command line, or a document.
    Sqljwt,
    /// Nobody's who is known here.
    Unknown,
}

impl LogSource {
    /// The source, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cockroachdb => "cockroachdb",
            Self::Postgresql => "postgresql",
            Self::Sqljwt => "sqljwt",
            Self::Unknown => "unknown",
        }
    }
}

named!(LogOutcome, LogSource);

/// A value that a line states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LogValue {
    /// What it is: `issuer`, `principal`, `requested_user`, `user`, `audience`, `key_id`, `claim` and so on.
    pub name: &'static str,
    /// The value, on one line; `None` where the log has it redacted.
    pub value: Option<String>,
}

/// How often one kind of entry is there.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct LogCount {
    /// Which of the texts known here.
    pub event: &'static str,
    /// What became of these logins.
    pub outcome: LogOutcome,
    /// The reasons that they may have, the most probable first.
    pub codes: Vec<ReasonCode>,
    /// How many there are.
    pub count: u64,
    /// The first of them, as [`LogEntry::text`] has it.
    pub example: String,
    /// The line on which that begins.
    pub line: u64,
}

/// A reason that an entry may have.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct LogReason {
    /// The reason, for programs.
    pub code: ReasonCode,
    /// Its number.
    pub number: u16,
    /// The check that gives it.
    pub check: Check,
    /// What it means.
    pub summary: &'static str,
    /// What to change.
    pub remedy: &'static str,
}

impl From<ReasonCode> for LogReason {
    fn from(code: ReasonCode) -> Self {
        Self { code, number: code.number(), check: code.check(), summary: code.summary(), remedy: code.remedy() }
    }
}

impl LogDocument {
    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, self.schema)
    }
}
