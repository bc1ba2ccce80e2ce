//! How is advice told? In words, as far as the token is proven, with the place that it is about.

use crate::{
    answers::failure::Failure,
    ground::text::one_line,
    parsed::settings::Places,
    telling::{
        document::{Advice, AdviceKind},
        near_miss::hint::Hint,
    },
};

/// Puts advice into words.
pub(super) struct Teller<'a> {
    /// Whether the token's signature has verified, so that more of what it says may be believed.
    pub(super) proven: bool,
    pub(super) places: &'a Places<'a>,
}

impl Teller<'_> {
    /// A hint about a failed check.
    pub(super) fn near_miss(&self, failure: &Failure, hint: Hint) -> Advice {
        let told = Advice {
            kind: AdviceKind::NearMiss,
            code: Some(failure.code),
            remedy: hint.remedy.told(self.proven).map(one_line),
            ..Advice::warning(failure.code.check(), hint.message, "")
        };
        match hint.setting {
            Some((setting, offset)) => told.at(self.places, setting, offset),
            None => told,
        }
    }

    /// What may be added to the reason's remedy, if the signature was verified only after it.
    pub(super) fn proven_since(&self, failure: &Failure) -> Option<Advice> {
        let widening = failure.remedy.widening_part().filter(|_| self.proven && !failure.proven)?;
        let message = "the signature verifies: the token is proven, and more may be done about it than the reason says";
        let told = Advice { kind: AdviceKind::NearMiss, message: message.into(), ..self.next_failure(failure) };
        Some(Advice { remedy: Some(one_line(widening)), ..told })
    }

    /// A check that would fail once the reason is mended.
    pub(super) fn next_failure(&self, failure: &Failure) -> Advice {
        let told = Advice {
            kind: AdviceKind::NextFailure,
            code: Some(failure.code),
            remedy: failure.remedy.told(self.proven).map(one_line),
            ..Advice::warning(failure.code.check(), failure.finding.summary.as_str(), "")
        };
        match failure.finding.setting {
            Some((setting, offset)) => told.at(self.places, setting, offset),
            None => told,
        }
    }
}
