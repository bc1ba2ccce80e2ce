//! What is wrong inside the text of one setting, and where: the answer of every parser below the settings.

use alloc::string::String;

use crate::ground::reason::ReasonCode;

/// A defect in one setting's value. The settings turn it into a public error with the setting's name and the line and
/// column of the document that the administrator wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: ReasonCode,
    /// Offset in bytes into the value's own text.
    pub(crate) offset: usize,
    /// The fact, with both sides: lower case, no full stop, values in back-ticks, no secret.
    pub(crate) message: String,
    /// What to change, when more can be said than the code's general remedy.
    pub(crate) remedy: Option<String>,
}

impl Fault {
    pub(crate) fn new(code: ReasonCode, offset: usize, message: impl Into<String>) -> Self {
        Self { code, offset, message: message.into(), remedy: None }
    }

    pub(crate) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}
