//! Why did a check not pass? Facts, before it is known what the client may be told of them.

use alloc::{boxed::Box, string::String, vec::Vec};

use crate::{
    answers::{
        finding::Finding,
        refusal::{ClientAnswer, KeysNeeded, Rejection},
    },
    ground::{mend::Mend, reason::ReasonCode, text::one_line},
    parsed::settings::SettingName,
};

/// Why a check did not pass.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It failed.
    Failed(Failure),
    /// It cannot be judged before keys are fetched.
    KeysNeeded(Box<KeysNeeded>),
    /// It says nothing here; why.
    Moot(&'static str),
}

impl Stop {
    /// Whether it ends the login.
    pub(crate) fn decides(&self) -> bool {
        !matches!(self, Self::Moot(_))
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: ReasonCode,
    pub(crate) finding: Finding,
    /// What the message gives as the cause, without the words around it; for a client that is told in other words.
    pub(crate) cause: Option<String>,
    pub(crate) remedy: Mend,
}

impl Failure {
    /// A failure with the code's general remedy.
    pub(crate) fn new(code: ReasonCode, message: impl Into<String>) -> Self {
        Self { code, finding: Finding::new(message), cause: None, remedy: code.narrow_remedy().into() }
    }

    pub(crate) fn remedy(self, remedy: impl Into<Mend>) -> Self {
        Self { remedy: remedy.into(), ..self }
    }

    pub(crate) fn cause(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    pub(crate) fn about(self, setting: SettingName) -> Self {
        self.at(setting, 0)
    }

    pub(crate) fn at(self, setting: SettingName, offset: usize) -> Self {
        Self { finding: self.finding.at(setting, offset), ..self }
    }

    pub(crate) fn expected<S: AsRef<str>>(self, values: impl IntoIterator<Item = S>) -> Self {
        Self { finding: self.finding.expected(values), ..self }
    }

    pub(crate) fn actual<S: AsRef<str>>(self, values: impl IntoIterator<Item = S>) -> Self {
        Self { finding: self.finding.actual(values), ..self }
    }

    /// The refusal, with what the client may be told of it.
    pub(crate) fn into_rejection(self, client: ClientAnswer) -> Rejection {
        let remedy = self.remedy.text().unwrap_or(self.code.narrow_remedy());
        let Finding { summary, setting, expected, actual, .. } = self.finding;
        Rejection {
            code: self.code,
            message: one_line(summary),
            remedy: one_line(remedy),
            setting: setting.map(|(setting, _)| setting.as_str()),
            expected,
            actual,
            position: None,
            range: None,
            remedies: Vec::new(),
            user_info: None,
            place: setting,
            client,
        }
    }
}
