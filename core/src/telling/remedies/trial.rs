//! What does the same login give once the settings are changed so? Found by running it.

use alloc::collections::BTreeSet;
use core::cell::Cell;

use crate::{
    answers::{
        decision::Decision,
        failure::{Failure, Stop},
        refusal::Refusal,
        remedy::After,
    },
    ground::{reason::ReasonCode, work::Work},
    judging::{
        attempt::Attempt,
        run::{conclude, first_stop},
    },
    parsed::{
        settings::{Change, SettingName, Settings},
        token::{UnverifiedToken, compact},
    },
    rules::policy::compiled::Compiled,
};

/// One login attempt, to be tried under other settings. Everything is paid from one budget.
pub(super) struct Trials<'a> {
    /// The token as it was sent.
    pub(super) text: &'a [u8],
    /// The login as it was judged, and the budget.
    pub(super) asked: &'a Attempt<'a>,
    /// How many changes could not be tried.
    pub(super) untried: Cell<u32>,
}

/// Settings after a change that was tried.
pub(super) struct Tried {
    pub(super) settings: Settings,
    pub(super) compiled: Compiled,
    pub(super) after: After,
}

impl<'a> Trials<'a> {
    /// Tries a change; nothing where it cannot be made, breaks the settings, or costs more than is left.
    pub(super) fn run(&self, change: &Change, settings: &Settings, compiled: &Compiled) -> Option<Tried> {
        let changed = settings.changed(change).ok()?;
        let names: BTreeSet<SettingName> = changed.differing(settings).collect();
        let read = |&name: &SettingName| match name {
            // A line more or less takes what the others have taken.
            SettingName::IdentityMap => compiled.map.steps.max(changed.text(name).len()),
            _ => steps_to_read(name, changed.text(name).len()),
        };
        let cost: usize = names.iter().map(read).sum();
        if names.is_empty() {
            return None;
        }
        self.pay(cost.saturating_add(STEPS_OF_A_TRIAL))?;
        let compiled = compiled.again(&changed, names).ok()?;
        let after = self.outcome(&compiled)?;
        Some(Tried { settings: changed, compiled, after })
    }

    /// Takes steps from the budget; where they are not there, the change is one that was not tried.
    pub(super) fn pay(&self, steps: usize) -> Option<()> {
        let paid = self.asked.work.spend(steps).is_ok();
        if !paid {
            self.untried.set(self.untried.get().saturating_add(1));
        }
        paid.then_some(())
    }

    /// What the login gives under these settings.
    pub(super) fn outcome(&self, compiled: &Compiled) -> Option<After> {
        self.with_attempt(compiled, |attempt| self.conclusion(attempt))
    }

    fn conclusion(&self, mut attempt: Attempt<'_>) -> Option<After> {
        let stop = first_stop(&mut attempt);
        self.asked.work.leave(attempt.work.left());
        if stop.as_ref().is_some_and(is_out_of_work) {
            self.untried.set(self.untried.get().saturating_add(1));
            return None;
        }
        Some(match conclude(attempt, stop) {
            Ok(login) => After { decision: Decision::Accept, user: Some(login.user), code: None },
            Err(Refusal::Rejected(reason)) => After { decision: Decision::Reject, user: None, code: Some(reason.code) },
            Err(Refusal::KeysNeeded(_)) => After { decision: Decision::KeysNeeded, user: None, code: None },
        })
    }

    /// Does something with the same login under other settings; it has what is left of the budget.
    pub(super) fn with_attempt<T>(&self, compiled: &Compiled, use_it: impl FnOnce(Attempt<'_>) -> T) -> T {
        let longer =
            self.asked.token.shape_defect().is_some().then(|| compact::split(self.text, compiled.max_token_bytes));
        let reread = longer.as_ref().map(UnverifiedToken::read);
        let mut attempt = self.asked.under(compiled, reread.as_ref().unwrap_or(self.asked.token));
        attempt.work = Work::of(self.asked.work.left());
        attempt.verified_elsewhere = self.asked.verified;
        use_it(attempt)
    }
}

fn is_out_of_work(stop: &Stop) -> bool {
    matches!(stop, Stop::Failed(Failure { code: ReasonCode::TooCostly, .. }))
}

/// What a trial takes beside the reading of changed values: settings of ordinary length, and a signature.
const STEPS_OF_A_TRIAL: usize = 4096;

/// What it takes to read a value: a regex is compiled, a key is checked.
pub(super) fn steps_to_read(name: SettingName, bytes: usize) -> usize {
    let each = match name {
        SettingName::IdentityMap | SettingName::Jwks | SettingName::EngineIssuerKeys => 16,
        _ => 1,
    };
    bytes.saturating_mul(each)
}
