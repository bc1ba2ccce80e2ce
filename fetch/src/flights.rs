//! Is somebody fetching these keys already? Then everybody else waits for that one.

use std::{
    collections::BTreeSet,
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

/// The issuers whose keys are being fetched by a thread of this process.
#[derive(Default)]
pub(crate) struct Flights {
    under_way: Mutex<BTreeSet<String>>,
    landed: Condvar,
}

/// A fetch under way; it is over when this goes, however that comes.
pub(crate) struct Flight<'f> {
    flights: &'f Flights,
    issuer: String,
}

impl Flights {
    /// Begins one, if there is none for this issuer.
    pub(crate) fn take_off(&self, issuer: &str) -> Option<Flight<'_>> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.insert(issuer.into()).then(|| Flight { flights: self, issuer: issuer.into() })
    }

    /// Waits until none is under way for this issuer, or the time is over.
    pub(crate) fn wait(&self, issuer: &str, most: Duration) {
        let under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.landed.wait_timeout_while(under_way, most, |under_way| under_way.contains(issuer));
        // OK because the set is whole whoever panicked with it.
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.flights.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.issuer);
        self.flights.landed.notify_all();
    }
}
