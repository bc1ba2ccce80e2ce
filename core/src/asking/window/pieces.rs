//! How is one login decided at every moment there is? In pieces of time within which the decision stays the same.
//!
//! Time decides by comparing moments that the token, the settings and the fetched keys name. The login is judged on both sides
//! of each of them; between two neighbours nothing can change.

use alloc::{collections::BTreeSet, vec::Vec};

use crate::{
    answers::{
        decision::Decision,
        failure::{Failure, Stop},
    },
    asking::window::document::{Window, WindowOutcome},
    ground::{reason::Check, text::one_line},
    judging::{
        attempt::{Attempt, Times},
        run::decide_again,
    },
    parsed::{settings::Sourced, token::VerifiedToken},
    rules::{key_cache::KeyCache, policy::issuer::Policy},
};

/// A login to be asked at other moments.
pub(super) struct Asked<'a> {
    /// Nothing was judged of it yet.
    pub(super) attempt: Attempt<'a>,
    /// How every check went at the moment of the login.
    pub(super) outcomes: &'a [(Check, Result<(), Stop>)],
    pub(super) verified: Option<VerifiedToken<'a>>,
    pub(super) times: Times,
}

/// The decisions over all time: each holds from its moment until the next one's. The first begins at the beginning of time.
pub(super) struct Pieces(Vec<(i64, WindowOutcome)>);

impl Asked<'_> {
    /// What is configured for the token's issuer.
    fn policy(&self) -> &Policy {
        let compiled = self.attempt.compiled;
        compiled.policy(&self.attempt.stated_issuer()).unwrap_or(&compiled.common)
    }

    /// What is decided over all time by the keys that are at hand.
    pub(super) fn as_is(&self) -> Pieces {
        self.over(|moment| self.at(moment, self.attempt.fetched))
    }

    /// What would be decided over all time if the identity provider served the keys that are held to every login; nothing where
    /// none are held.
    pub(super) fn with_renewed_keys(&self) -> Option<Pieces> {
        let (cache, issuer) = (self.attempt.fetched?, &self.policy().issuer);
        cache.renewed(issuer, self.attempt.now)?;
        Some(self.over(|moment| self.at(moment, cache.renewed(issuer, moment).as_ref())))
    }

    fn over(&self, decided: impl Fn(i64) -> WindowOutcome) -> Pieces {
        let mut pieces: Vec<(i64, WindowOutcome)> = Vec::new();
        for moment in self.moments() {
            let outcome = decided(moment);
            if pieces.last().is_none_or(|(_, last)| !last.is_same(&outcome)) {
                pieces.push((moment, outcome));
            }
        }
        Pieces(pieces)
    }

    /// Every moment at which a decision may begin to hold.
    fn moments(&self) -> BTreeSet<i64> {
        let Times { issued_at, not_before, expires_at } = self.times;
        let leeway = self.attempt.compiled.leeway;
        let longest = self.longest().map_or(0, |longest| longest.value);
        let stated = [issued_at, not_before, expires_at].into_iter().flatten();
        let named = stated.flat_map(|time| {
            [time, time.saturating_sub(leeway), time.saturating_add(leeway), time.saturating_sub(longest)]
        });
        let kept = self.attempt.fetched.map(|cache| cache.moments(&self.policy().issuer)).unwrap_or_default();
        let around = |time: i64| [time.saturating_sub(1), time, time.saturating_add(1)];
        named.chain(kept).flat_map(around).chain([i64::MIN, self.attempt.now]).collect()
    }

    /// The longest life that a token may have, in seconds, and the setting that says so.
    pub(super) fn longest(&self) -> Option<&Sourced<i64>> {
        self.policy().max_lifetime.as_deref()
    }

    fn at(&self, moment: i64, keys: Option<&KeyCache>) -> WindowOutcome {
        let Attempt { compiled, token, requested, user_info, .. } = &self.attempt;
        let mut attempt = Attempt {
            verified_elsewhere: self.verified,
            ..Attempt::new(compiled, token, requested, moment).with(keys, *user_info)
        };
        decide_again(&mut attempt, self.outcomes, outcome).unwrap_or(WindowOutcome::ACCEPTED)
    }
}

fn outcome(check: Check, stop: &Stop) -> WindowOutcome {
    let rejected = WindowOutcome { decision: Decision::Reject, check: Some(check), code: None, message: None };
    match stop {
        Stop::Failed(Failure { code, finding, .. }) => {
            let message = Some(one_line(finding.summary.as_str()));
            WindowOutcome { code: Some(*code), message, ..rejected }
        }
        Stop::KeysNeeded(keys) => {
            WindowOutcome { decision: Decision::KeysNeeded, message: Some(keys.cause.clone()), ..rejected }
        }
        // OK because what says nothing ends no login.
        Stop::Moot(_) => rejected,
    }
}

impl Pieces {
    /// The decision at a moment.
    pub(super) fn at(&self, moment: i64) -> Option<&WindowOutcome> {
        self.0.iter().rev().find(|(start, _)| *start <= moment).map(|(_, outcome)| outcome)
    }

    /// The moments at which the decision changes: each with what holds before it and from it on.
    pub(super) fn turns(&self) -> impl Iterator<Item = (i64, &WindowOutcome, &WindowOutcome)> {
        let after = self.0.iter().skip(1);
        self.0.iter().zip(after).map(|((_, before), (at, after))| (*at, before, after))
    }

    /// Whether keys have to be fetched for a login at that moment or later.
    pub(super) fn may_need_keys(&self, now: i64) -> bool {
        let later = self.turns().filter(|(at, ..)| *at > now).map(|(.., after)| after);
        self.at(now).into_iter().chain(later).any(|outcome| outcome.decision == Decision::KeysNeeded)
    }

    /// What is decided where neither time nor keys decide; else what is decided at that moment.
    pub(super) fn lasting(&self, now: i64) -> Option<&WindowOutcome> {
        let is_lasting = |outcome: &&WindowOutcome| {
            outcome.decision == Decision::Reject && !matches!(outcome.check, Some(Check::Time))
        };
        self.0.iter().map(|(_, outcome)| outcome).find(is_lasting).or_else(|| self.at(now))
    }

    /// When logins are accepted: around that moment, or else next after it, or else last before it.
    pub(super) fn window(&self, now: i64) -> Option<Window> {
        let ends = self.0.iter().skip(1).map(|(start, _)| Some(*start)).chain([None]);
        let accepted = self.0.iter().zip(ends).filter(|((_, outcome), _)| outcome.decision == Decision::Accept);
        let windows: Vec<Window> =
            accepted.map(|((start, _), until)| Window::of((*start != i64::MIN).then_some(*start), until)).collect();
        let is_over = |window: &&Window| window.until.as_ref().is_some_and(|until| until.seconds <= now);
        let next = windows.iter().find(|window| !is_over(window));
        next.or_else(|| windows.last()).cloned()
    }
}
