//! How do keys that rotate come in? A cache that JavaScript holds, and that validators share: it says what to ask, and takes the
//! answers.
//!
//! What cannot be fetched is thrown as an object: with `until`, where somebody has to wait, or with the members of a
//! `FetchError`.

use std::{cell::RefCell, rc::Rc};

use serde::Serialize;
use sqljwt::{FetchError, FetchFault, FetchRecord, KeyCache, Response, Start, Validator};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::border::{compiled, object, pieces};

/// The keys of issuers, as every validator has them that was made with this cache.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Keys(Rc<RefCell<KeyCache>>);

/// One fetch of an issuer's keys: the address to ask next.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Fetch(sqljwt::Fetch);

// Nothing is borrowed while something else asks: no call comes back to JavaScript before it ends.
#[wasm_bindgen]
impl Keys {
    /// A cache without keys, for the issuers of these settings.
    ///
    /// # Errors
    /// The settings cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<Self, String> {
        Ok(Self(Rc::new(RefCell::new(KeyCache::new(&compiled(settings)?)))))
    }

    /// Goes over to new settings.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub fn follow(&self, settings: &str) -> Result<(), String> {
        self.0.borrow_mut().follow(&compiled(settings)?);
        Ok(())
    }

    /// Begins to fetch the keys that a login needs; nothing where the validator is to be asked again.
    ///
    /// # Errors
    /// Somebody has to wait, or there is nothing to fetch.
    pub fn start(&self, issuer: &str, refresh: bool, now: i64) -> Result<Option<Fetch>, JsValue> {
        begun(self.0.borrow_mut().start(issuer, refresh, now), now)
    }

    /// Begins to fetch keys ahead of time.
    ///
    /// # Errors
    /// As `start`.
    pub fn renew(&self, issuer: &str, now: i64) -> Result<Option<Fetch>, JsValue> {
        begun(self.0.borrow_mut().renew(issuer, now), now)
    }

    /// Takes an answer: the names and values of its header fields stand in `texts` one after the other up to their `ends`.
    /// What to ask next; nothing where the keys are there.
    ///
    /// # Errors
    /// The answer is of no use.
    pub fn answer(
        &self,
        fetch: Fetch,
        status: u16,
        texts: &[u8],
        ends: &[u32],
        body: Vec<u8>,
    ) -> Result<Option<Fetch>, JsValue> {
        let response = response(status, texts, ends, body);
        self.0.borrow_mut().answer(fetch.0, response).map(|next| next.map(Fetch)).map_err(|error| failed(&error))
    }

    /// Ends a fetch to which no answer came; what to log, as the members of a `FetchError`.
    #[must_use]
    pub fn give_up(&self, fetch: Fetch, why: &str) -> JsValue {
        failed(&self.0.borrow_mut().give_up(fetch.0, why))
    }

    /// Takes over fetches that were written down: one record or an array of them.
    ///
    /// # Errors
    /// The text is no such record.
    pub fn replay(&self, records: &str) -> Result<(), JsValue> {
        self.0.borrow_mut().replay_all(&self::records(records)?).map_err(|error| failed(&error))
    }

    /// The fetch that gave an issuer the keys that are held now, as JSON.
    #[must_use]
    pub fn record(&self, issuer: &str) -> Option<String> {
        self.0.borrow().record(issuer).map(|record| record.to_json())
    }

    /// From when on the keys that are held of an issuer are stale, as JavaScript counts.
    #[must_use]
    pub fn fresh_until(&self, issuer: &str) -> Option<f64> {
        self.0.borrow().fresh_until(issuer).map(|until| until as f64)
    }
}

impl Keys {
    /// Another handle of the same cache.
    pub(crate) fn share(&self) -> Self {
        Self(Rc::clone(&self.0))
    }

    /// The settings with the keys as they are now.
    pub(crate) fn under(&self, validator: &Validator) -> Validator {
        validator.with_keys(&self.0.borrow())
    }
}

#[wasm_bindgen]
impl Fetch {
    /// What to ask: an object with `issuer`, `url`, and `headers` as pairs.
    #[must_use]
    pub fn told(&self) -> JsValue {
        #[derive(Serialize)]
        struct Told<'f> {
            issuer: &'f str,
            url: &'f str,
            headers: Vec<(&'static str, &'static str)>,
        }
        object(&Told { issuer: self.0.issuer(), url: self.0.url(), headers: self.0.headers().collect() })
    }
}

fn begun(start: Start, now: i64) -> Result<Option<Fetch>, JsValue> {
    match start {
        Start::Ask(fetch) => Ok(Some(Fetch(fetch))),
        Start::Again => Ok(None),
        Start::Wait { until } => Err(awaited(until)),
        Start::Never(error) => Err(failed(&error)),
        // A kind that this module does not know fetches nothing.
        _ => Err(awaited(now)),
    }
}

/// Until when somebody has to wait, as JavaScript counts.
fn awaited(until: i64) -> JsValue {
    #[derive(Serialize)]
    struct Awaited {
        until: f64,
    }
    object(&Awaited { until: until as f64 })
}

/// An answer over HTTP: the names and values of its header fields stand in `texts` one after the other up to their `ends`.
pub(crate) fn response(status: u16, texts: &[u8], ends: &[u32], body: Vec<u8>) -> Response {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let mut pieces = pieces(texts, ends);
    Response::new(status, std::iter::from_fn(|| Some((text(pieces.next()?), text(pieces.next()?)))), body)
}

/// Fetches that were written down.
pub(crate) fn records(text: &str) -> Result<Vec<FetchRecord>, JsValue> {
    FetchRecord::list_from_json(text).map_err(|error| failed(&error))
}

pub(crate) fn failed(error: &FetchError) -> JsValue {
    #[derive(Serialize)]
    struct Failed<'e> {
        fault: FetchFault,
        message: &'e str,
        remedy: &'e str,
    }
    object(&Failed { fault: error.fault, message: &error.message, remedy: &error.remedy })
}
