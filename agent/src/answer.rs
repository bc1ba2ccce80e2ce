//! What does the client get to know, and what the log? The engine's verdict, as a line and as a status.

use sqljwt::{Check, ReasonCode, Verdict};

/// The answer to one login.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What is to become of the login.
    pub outcome: Outcome,
    /// The SQL user who logs in.
    pub user: Option<String>,
    /// What was decided and why, for the log: on one line, without the token.
    pub log_line: String,
    /// The answer's line over the socket, without its line feed.
    pub line: String,
}

/// What is to become of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The user logs in.
    Accepted,
    /// Nobody logs in.
    Refused,
    /// Nobody logs in, and the token was not judged to its end: keys or settings are not to be had.
    Unavailable,
    /// Nobody logs in: the request is none.
    BadRequest,
}

impl Answer {
    /// The answer that says what the engine has decided.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        let document = verdict.to_json();
        match (&verdict.login, &verdict.reason, &verdict.keys_needed) {
            (Some(login), ..) => {
                let log_line = login.log_line();
                let line = line(true, "user", &login.user, &log_line, &document);
                Self { outcome: Outcome::Accepted, user: Some(login.user.clone()), log_line, line }
            }
            (None, Some(reason), _) => {
                let lacks = reason.code.check() == Check::Settings
                    || reason.code == ReasonCode::KeysUnavailable
                    || verdict.userinfo_needed.is_some();
                let outcome = if lacks { Outcome::Unavailable } else { Outcome::Refused };
                Self::refused(outcome, reason.code.as_str(), reason.to_string(), &document)
            }
            (None, None, Some(keys)) => {
                Self::refused(Outcome::Unavailable, KEYS_NEEDED, format!("{KEYS_NEEDED}: {keys}"), &document)
            }
            // OK because a verdict that is no login has a reason or needs keys; should that break, nobody logs in.
            (None, None, None) => {
                let code = ReasonCode::InternalError;
                Self::refused(Outcome::Refused, code.as_str(), code.to_string(), &document)
            }
        }
    }

    /// The answer where the engine was not asked.
    #[must_use]
    pub fn unasked(outcome: Outcome, code: &str, why: &str) -> Self {
        Self::refused(outcome, code, format!("{code}: {why}"), "{}")
    }

    /// The same answer, where the login could not wait for what it needs.
    #[must_use]
    pub fn crowded(verdict: &Verdict) -> Self {
        let Self { outcome, log_line, .. } = Self::of(verdict);
        let code = verdict.reason.as_ref().map_or(KEYS_NEEDED, |reason| reason.code.as_str());
        let log_line = format!("{log_line}; too many logins wait for this identity provider already");
        Self::refused(outcome, code, log_line, &verdict.to_json())
    }

    fn refused(outcome: Outcome, code: &str, log_line: String, document: &str) -> Self {
        let line = line(false, "code", code, &log_line, document);
        Self { outcome, user: None, log_line, line }
    }
}

/// The code of keys that are needed and were not had.
const KEYS_NEEDED: &str = "keys_needed";

/// What a client reads that has no reader of JSON, always in this order and spelling, and the engine's document after it.
fn line(accepted: bool, name: &str, value: &str, log_line: &str, document: &str) -> String {
    let (value, log_line) = (json(value), json(log_line));
    let head = format!(r#"{{"accepted":{accepted},"{name}":{value},"log_line":{log_line}"#);
    match document.strip_prefix('{').unwrap_or("}") {
        "}" => format!("{head}}}"),
        members => format!("{head},{members}"),
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
