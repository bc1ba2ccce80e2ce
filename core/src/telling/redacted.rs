//! What of an explanation may strangers see?

use alloc::vec::Vec;

use crate::{
    ground::reason::ReasonCode,
    telling::document::{Explanation, Outcome},
};

impl Explanation {
    /// The explanation without anything that the token, the login or the settings say: codes, checks and the names of
    /// settings only, fit to be shown to strangers.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.token = None;
        self.login = None;
        self.keys_needed = None;
        self.userinfo_needed = None;
        self.ignored = Vec::new();
        if let Some(reason) = &mut self.reason {
            reason.message = reason.code.summary().into();
            reason.remedy = reason.code.narrow_remedy().into();
            reason.expected = None;
            reason.actual = None;
            reason.remedies = Vec::new();
        }
        if let Some(client) = &mut self.client {
            client.detail = None;
            if self.reason.as_ref().is_some_and(|reason| reason.code == ReasonCode::TokenEmpty) {
                client.message = "password authentication failed".into();
            }
        }
        for check in &mut self.checks {
            check.expected = None;
            check.actual = None;
            check.reads = None;
            check.map_line = None;
            check.capture = None;
            check.summary = match (check.outcome, check.code) {
                (Outcome::Fail, Some(code)) => code.summary().into(),
                (Outcome::Pass, _) => "passed".into(),
                _ => "not judged".into(),
            };
        }
        for advice in &mut self.advice {
            advice.message = advice.code.map_or("a warning", ReasonCode::summary).into();
            advice.remedy = advice.code.map(|code| code.narrow_remedy().into());
            advice.remedies = Vec::new();
        }
        self
    }
}
