//! What is wrong inside the text of one setting, and where: the answer of every parser below the settings.

use alloc::string::String;

use crate::ground::{reason::ReasonCode, splice::Splice};

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
    /// How the value should read, where that is certain.
    pub(crate) instead: Option<Splice>,
}

impl Fault {
    pub(crate) fn new(code: ReasonCode, offset: usize, message: impl Into<String>) -> Self {
        Self { code, offset, message: message.into(), remedy: None, instead: None }
    }

    pub(crate) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same fault in a longer text, in which this one begins at that offset.
    pub(crate) fn further(mut self, offset: usize) -> Self {
        self.offset = self.offset.saturating_add(offset);
        if let Some(splice) = &mut self.instead {
            splice.start = splice.start.saturating_add(offset);
            splice.end = splice.end.saturating_add(offset);
        }
        self
    }

    /// Says how the part of the value between two offsets should read. Only where no other reading is as likely: it is
    /// offered as the change to make.
    pub(crate) fn instead(mut self, start: usize, end: usize, text: impl Into<String>) -> Self {
        self.instead = Some(Splice { start, end, text: text.into() });
        self
    }
}
