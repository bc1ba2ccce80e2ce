//! When are keys fetched although no login waits for them? Before they are stale, and when a server that reads them from files
//! wants newer ones.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use sqljwt::limits::RETRY_SECONDS;
use tokio::{task, time::interval};

use crate::{
    clock::now,
    judge::Judge,
    limits::{LOOK, RENEWAL_SECONDS_KEPT_BY_NOBODY, RENEWAL_SECONDS_MIN, RENEWING, RETRY_SECONDS_MAX},
};

/// Looks again and again whether keys are due, and has them fetched, each issuer's by a thread of its own.
pub(crate) async fn keep(judge: Arc<Judge>) {
    let plan = Arc::new(Mutex::new(Plan::default()));
    let mut clock = interval(LOOK);
    loop {
        clock.tick().await;
        for due in due(&judge, &mut plan.lock().unwrap_or_else(PoisonError::into_inner)) {
            let (judge, plan) = (Arc::clone(&judge), Arc::clone(&plan));
            task::spawn_blocking(move || {
                let next = fetch(&judge, &due);
                // OK because the plan is whole whoever panicked with it.
                plan.lock().unwrap_or_else(PoisonError::into_inner).end(&due.issuer, next);
            });
        }
    }
}

/// What is known of the issuers.
#[derive(Default)]
struct Plan {
    under_way: BTreeSet<String>,
    next: BTreeMap<String, Next>,
}

/// When to ask an issuer again at the earliest.
#[derive(Clone, Copy, Default)]
struct Next {
    at: i64,
    /// How long was waited after the last failure.
    waited: i64,
}

impl Plan {
    fn end(&mut self, issuer: &str, next: Next) {
        self.under_way.remove(issuer);
        self.next.insert(issuer.into(), next);
    }
}

/// An issuer that is to be asked.
struct Due {
    issuer: String,
    /// Whether a server wants newer keys.
    is_wanted: bool,
    waited: i64,
}

fn due(judge: &Judge, plan: &mut Plan) -> Vec<Due> {
    let (fetcher, now) = (judge.fetcher(), now());
    let cache = fetcher.keys().cache();
    let mut due = Vec::new();
    for issuer in cache.issuers() {
        let next = plan.next.get(issuer).copied().unwrap_or_default();
        if plan.under_way.len() >= RENEWING || plan.under_way.contains(issuer) || now < next.at {
            continue;
        }
        let is_wanted = judge.keys_dir.as_ref().is_some_and(|keys_dir| keys_dir.is_wanted(issuer));
        let asked = cache.record(issuer).map(|record| record.at);
        let is_due = match asked.zip(cache.fresh_until(issuer)) {
            None => true,
            Some((asked, until)) => now >= asked.saturating_add(life(asked, until)),
        };
        if is_wanted || is_due {
            plan.under_way.insert(issuer.into());
            due.push(Due { issuer: issuer.into(), is_wanted, waited: next.waited });
        }
    }
    due
}

/// For how long keys are left alone: three quarters of the time for which they count.
fn life(asked: i64, until: i64) -> i64 {
    match until.saturating_sub(asked) {
        ..=0 => RENEWAL_SECONDS_KEPT_BY_NOBODY,
        seconds => (seconds - seconds / 4).max(RENEWAL_SECONDS_MIN),
    }
}

/// Fetches, and says when to do so again at the earliest.
fn fetch(judge: &Judge, due: &Due) -> Next {
    let (fetcher, issuer, begun) = (judge.fetcher(), &*due.issuer, now());
    let before = asked(&fetcher, issuer);
    let outcome = if due.is_wanted { fetcher.refresh(issuer, begun).map(drop) } else { fetcher.renew(issuer, begun) };
    judge.write_down(&fetcher);
    let after = asked(&fetcher, issuer);
    if let (true, true, Some(keys_dir)) = (due.is_wanted, after > before, &judge.keys_dir) {
        keys_dir.fulfil(issuer);
    }
    match outcome {
        Ok(()) => Next { at: now().saturating_add(RENEWAL_SECONDS_MIN), waited: 0 },
        Err(_) => {
            let waited = due.waited.saturating_mul(2).clamp(RETRY_SECONDS, RETRY_SECONDS_MAX);
            Next { at: now().saturating_add(waited), waited }
        }
    }
}

/// When the keys that are held were asked for.
fn asked(fetcher: &sqljwt_fetch::Fetcher, issuer: &str) -> Option<i64> {
    fetcher.keys().cache().record(issuer).map(|record| record.at)
}
