//! What is known of one text of a log before it becomes an entry; and which reasons are more probable than others.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    document::{LogOutcome, LogSource, LogValue},
    secret,
};
use crate::ground::{
    reason::ReasonCode,
    text::{Reading, quoted},
};

/// What is known of one text.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) outcome: LogOutcome,
    pub(super) source: LogSource,
    pub(super) event: &'static str,
    pub(super) exact: bool,
    pub(super) codes: Vec<ReasonCode>,
    /// In the line's own words, where it has better ones than the table of reasons.
    pub(super) cause: Option<Cow<'static, str>>,
    pub(super) remedy: Option<Cow<'static, str>>,
    pub(super) values: Vec<LogValue>,
}

impl Facts {
    pub(super) const fn new(outcome: LogOutcome, source: LogSource, event: &'static str) -> Self {
        Self { outcome, source, event, exact: false, codes: Vec::new(), cause: None, remedy: None, values: Vec::new() }
    }

    /// A refusal that names its reason.
    pub(super) fn of_reason(code: ReasonCode, source: LogSource) -> Self {
        let codes = Vec::from([code]);
        Self { exact: true, codes, ..Self::new(LogOutcome::Rejected, source, code.as_str()) }
    }

    /// Adds a value, unless one of that name is known.
    pub(super) fn state(&mut self, name: &'static str, value: &str) {
        let value = value.trim();
        if value.is_empty() || self.values.iter().any(|known| known.name == name) {
            return;
        }
        let value = (value != "×").then(|| quoted(&secret::blanked(value).0));
        self.values.push(LogValue { name, value });
    }

    /// Adds the values of a reading.
    pub(super) fn state_all(&mut self, reading: &Reading<'_>) {
        for (name, value) in &reading.values {
            self.state(name, bare(value));
        }
    }

    /// What happened, in plain words.
    pub(super) fn cause(&self) -> String {
        match (&self.cause, self.codes.as_slice()) {
            (Some(cause), _) => cause.to_string(),
            (None, []) => "nothing in this text is known to be about a login by token".into(),
            (None, [code]) => code.summary().into(),
            (None, [first, second, ..]) => {
                alloc::format!("most probably: {}; or: {}", first.summary(), second.summary())
            }
        }
    }

    /// What to change.
    pub(super) fn remedy(&self) -> Option<String> {
        let first = || self.codes.first().map(|code| Cow::Borrowed(code.remedy()));
        self.remedy.clone().or_else(first).map(Cow::into_owned)
    }
}

/// A value without what clients put behind the server's text, and without the quotes around it.
fn bare(value: &str) -> &str {
    let value = value.split("\\n").next().unwrap_or(value).trim();
    let value = value.split(" (SQLSTATE ").next().unwrap_or(value);
    let value = value.split(" [SQL state: ").next().unwrap_or(value);
    value.trim().trim_matches('"').trim()
}

/// The reasons that users meet most, first.
const FREQUENT: [ReasonCode; 16] = [
    ReasonCode::TokenExpired,
    ReasonCode::UserMismatch,
    ReasonCode::IdentityUnmapped,
    ReasonCode::AudienceNotAllowed,
    ReasonCode::IssuerNotAllowed,
    ReasonCode::KeyNotFound,
    ReasonCode::SignatureInvalid,
    ReasonCode::KeysUnavailable,
    ReasonCode::TokenMalformed,
    ReasonCode::TokenEmpty,
    ReasonCode::ClaimMissing,
    ReasonCode::TokenNotYetValid,
    ReasonCode::IssuedInFuture,
    ReasonCode::UserReserved,
    ReasonCode::Disabled,
    ReasonCode::HeaderInvalid,
];

/// The reasons of which this holds, the most probable first.
pub(super) fn ranked(holds: impl Fn(ReasonCode) -> bool) -> Vec<ReasonCode> {
    let rest = ReasonCode::all().iter().filter(|code| !FREQUENT.contains(code));
    FREQUENT.iter().chain(rest).copied().filter(|&code| holds(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_one_place() {
        let mut all = ranked(|_| true);
        assert_eq!(all.len(), ReasonCode::all().len());
        all.sort_unstable();
        assert_eq!(all, ReasonCode::all());
    }
}
