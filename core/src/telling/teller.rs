//! How is advice told? In words, with the place that it is about.

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
    pub(super) places: &'a Places<'a>,
}

impl Teller<'_> {
    /// A hint about a failed check.
    pub(super) fn near_miss(&self, failure: &Failure, hint: Hint) -> Advice {
        let told = Advice {
            kind: AdviceKind::NearMiss,
            code: Some(failure.code),
            remedy: hint.remedy.text().map(one_line),
            ..Advice::warning(failure.code.check(), hint.message, "")
        };
        match hint.setting {
            Some((setting, offset)) => told.at(self.places, setting, offset),
            None => told,
        }
    }

    /// A check that would fail once the reason is mended.
    pub(super) fn next_failure(&self, failure: &Failure) -> Advice {
        let told = Advice {
            kind: AdviceKind::NextFailure,
            code: Some(failure.code),
            remedy: failure.remedy.text().map(one_line),
            ..Advice::warning(failure.code.check(), failure.finding.summary.as_str(), "")
        };
        match failure.finding.setting {
            Some((setting, offset)) => told.at(self.places, setting, offset),
            None => told,
        }
    }
}
