//! What may be worth a try? A change that nobody has tried yet.

use alloc::{format, string::String};

use crate::{ground::text::one_line, parsed::settings::Change};

/// A change that may mend a failed check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proposal {
    /// What to do, in one line.
    pub(super) message: String,
    pub(super) change: Change,
    /// What else it lets in.
    pub(super) risk: Option<String>,
    /// Whether it makes the server believe more of what the token says: then it is for proven tokens only.
    pub(super) widens: bool,
    /// Whether it is worth telling only where it leads to a login.
    pub(super) all_or_nothing: bool,
    /// Whether it is right only if somebody wants it so: what others can do without it is told before.
    pub(super) is_second: bool,
}

impl Proposal {
    /// A change that lets in more than is let in today.
    pub(super) fn widening(message: impl Into<String>, change: Change) -> Self {
        Self { message: one_line(message), change, risk: None, widens: true, all_or_nothing: false, is_second: false }
    }

    /// A change that says what the administrator has meant all along.
    pub(super) fn correcting(message: impl Into<String>, change: Change) -> Self {
        Self { widens: false, ..Self::widening(message, change) }
    }

    /// The same, with what else it lets in.
    pub(super) fn risking(self, risk: impl Into<String>) -> Self {
        Self { risk: Some(one_line(risk)), ..self }
    }

    /// This change, then another that is needed too.
    pub(super) fn then(self, next: Self) -> Self {
        let risk = match (self.risk, next.risk) {
            (Some(one), Some(other)) => Some(format!("{one}; {other}")),
            (one, other) => one.or(other),
        };
        Self {
            message: format!("{}; and {}", self.message, next.message),
            change: self.change.then(&next.change),
            risk,
            widens: self.widens || next.widens,
            all_or_nothing: false,
            is_second: self.is_second || next.is_second,
        }
    }

    /// The same, to be told after what others can do without it.
    pub(super) fn after_others(self) -> Self {
        Self { is_second: true, ..self }
    }

    /// The same, to be told only where the login succeeds with it.
    pub(super) fn if_it_suffices(self) -> Self {
        Self { all_or_nothing: true, ..self }
    }
}
