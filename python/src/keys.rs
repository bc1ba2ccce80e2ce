//! How do keys that rotate come in? A cache that threads share: it says what to ask, and takes the answers.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use pyo3::{exceptions::PyValueError, prelude::*, pybacked::PyBackedStr};
use sqljwt::{FetchError, FetchRecord, KeyCache, KeyHistory, Start};
use sqljwt_fetch::{SharedKeys, SharedValidator};

use crate::{
    arguments,
    engine::Engine,
    guard::{Bug, detached},
    objects,
};

/// The keys of issuers, fetched where the settings say so: any number of threads may use one at the same time.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct Keys(Arc<SharedKeys>);

#[pymethods]
impl Keys {
    /// No keys yet, for the issuers of these settings.
    #[new]
    fn new(engine: &Engine) -> Self {
        Self(Arc::new(SharedKeys::new(engine.0.settings())))
    }

    /// The same settings, judged by these keys as they are at each login.
    fn judging(&self, engine: &Engine) -> Engine {
        Engine(engine.0.with_keys(&self.0))
    }

    /// Goes over to new settings.
    fn follow(&self, py: Python<'_>, engine: &Engine) -> PyResult<()> {
        self.change(py, |cache| cache.follow(engine.0.settings()))
    }

    /// The issuers whose keys are fetched.
    #[getter]
    fn issuers(&self) -> Vec<String> {
        self.0.cache().issuers().map(String::from).collect()
    }

    /// From when on an issuer's keys are stale.
    fn fresh_until(&self, issuer: &Bound<'_, PyAny>) -> PyResult<Option<i64>> {
        Ok(self.0.cache().fresh_until(&arguments::text("issuer", issuer)?))
    }

    /// Begins to fetch keys that a login needs: what to ask, or None when the validator is to be asked again.
    fn start(
        &self,
        py: Python<'_>,
        issuer: &Bound<'_, PyAny>,
        refresh: bool,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Option<Fetch>> {
        let (issuer, now) = (arguments::text("issuer", issuer)?, arguments::moment(now)?);
        begun(py, self.change(py, |cache| cache.start(&issuer, refresh, now))?)
    }

    /// Begins to fetch keys for which nobody waits.
    fn renew(
        &self,
        py: Python<'_>,
        issuer: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Option<Fetch>> {
        let (issuer, now) = (arguments::text("issuer", issuer)?, arguments::moment(now)?);
        begun(py, self.change(py, |cache| cache.renew(&issuer, now))?)
    }

    /// Takes an answer: what to ask next, or None when the keys are there.
    fn answer(
        &self,
        py: Python<'_>,
        fetch: &Bound<'_, PyAny>,
        status: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
    ) -> PyResult<Option<Fetch>> {
        let (fetch, response) = (Fetch::given(fetch)?, arguments::response(status, headers, body)?);
        let asked = fetch.take()?;
        let next = self.change(py, |cache| cache.answer(asked, response))?;
        next.map(|next| next.map(Fetch::from)).map_err(|error| failed(py, &error))
    }

    /// Ends a fetch to which no answer came; gives the failure as an exception that nobody has raised.
    fn give_up<'py>(
        &self,
        py: Python<'py>,
        fetch: &Bound<'py, PyAny>,
        why: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (why, asked) = (arguments::text("why", why)?, Fetch::given(fetch)?.take()?);
        let error = self.change(py, |cache| cache.give_up(asked, &why))?;
        objects::fetch_failed(py, &error)
    }

    /// Takes over fetches that were written down.
    fn replay(&self, py: Python<'_>, records: &Bound<'_, PyAny>) -> PyResult<()> {
        let records = arguments::text("records", records)?;
        let replayed = self.change(py, |cache| cache.replay_all(&FetchRecord::list_from_json(&records)?))?;
        replayed.map_err(|error| failed(py, &error))
    }

    /// The fetch that gave an issuer its keys, to be written down.
    fn record(&self, py: Python<'_>, issuer: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
        let issuer = arguments::text("issuer", issuer)?;
        Ok(detached(py, || self.0.cache().record(&issuer).map(|record| record.to_json()))?)
    }
}

impl Keys {
    fn change<T: Send>(&self, py: Python<'_>, change: impl FnOnce(&mut KeyCache) -> T + Send) -> PyResult<T> {
        Ok(detached(py, || self.0.change(change))?)
    }
}

fn begun(py: Python<'_>, start: Start) -> PyResult<Option<Fetch>> {
    match start {
        Start::Ask(fetch) => Ok(Some(fetch.into())),
        Start::Again => Ok(None),
        Start::Wait { until } => Err(PyErr::from_value(objects::keys_awaited(py, until)?)),
        Start::Never(error) => Err(failed(py, &error)),
        // An answer that this version of the module does not know lets nobody in all the same.
        _ => Err(Bug::unanswered().into()),
    }
}

pub(crate) fn failed(py: Python<'_>, error: &FetchError) -> PyErr {
    objects::fetch_failed(py, error).map_or_else(|error| error, PyErr::from_value)
}

/// Fetches of the past, written down: for judging the logins of then by the keys of then.
///
/// `records` is what `KeyCache.record` gives and `sqljwt keys refresh` writes, in whatever order: a text or several, each with a
/// record or an array of them. Anything else raises `FetchFailed`.
#[pyclass(frozen, module = "sqljwt", name = "KeyHistory")]
pub(crate) struct History(KeyHistory);

#[pymethods]
impl History {
    #[new]
    fn new(py: Python<'_>, records: &Bound<'_, PyAny>) -> PyResult<Self> {
        let records = read(py, &arguments::records(records)?)?;
        Ok(Self(detached(py, || KeyHistory::new(records))?))
    }

    /// The same settings, judged by the keys of a moment of the past.
    #[pyo3(name = "_judging")]
    fn judging(&self, py: Python<'_>, engine: &Engine, moment: &Bound<'_, PyAny>) -> PyResult<Engine> {
        let moment = arguments::moment_given("moment", moment)?;
        let validator = detached(py, || engine.0.settings().with_keys_at(&self.0, moment))?;
        Ok(Engine(SharedValidator::new(validator)))
    }
}

/// Reads records: each text holds one of them, or an array.
pub(crate) fn read(py: Python<'_>, texts: &[PyBackedStr]) -> PyResult<Vec<FetchRecord>> {
    let read = || texts.iter().map(|text| FetchRecord::list_from_json(text)).collect::<Result<Vec<_>, _>>();
    detached(py, read)?.map(|records| records.concat()).map_err(|error| failed(py, &error))
}

/// One fetch of an issuer's keys: the address to ask next, with GET.
#[pyclass(frozen, module = "sqljwt")]
pub(crate) struct Fetch {
    fetch: sqljwt::Fetch,
    is_over: AtomicBool,
}

impl From<sqljwt::Fetch> for Fetch {
    fn from(fetch: sqljwt::Fetch) -> Self {
        Self { fetch, is_over: AtomicBool::new(false) }
    }
}

impl Fetch {
    /// The argument `fetch`.
    fn given<'a>(object: &'a Bound<'_, PyAny>) -> PyResult<&'a Self> {
        object.cast::<Self>().map(Bound::get).map_err(|_| arguments::of_another_type("fetch", "Fetch", object))
    }

    /// The engine's own, once: a question has one answer.
    fn take(&self) -> PyResult<sqljwt::Fetch> {
        match self.is_over.swap(true, Ordering::Relaxed) {
            true => Err(PyValueError::new_err("argument 'fetch': it has been answered or given up already")),
            false => Ok(self.fetch.clone()),
        }
    }
}

#[pymethods]
impl Fetch {
    /// The issuer whose keys are fetched.
    #[getter]
    fn issuer(&self) -> &str {
        self.fetch.issuer()
    }

    /// The address to ask: https, http on the loopback interface, or http elsewhere too where the settings say so.
    #[getter]
    fn url(&self) -> &str {
        self.fetch.url()
    }

    /// The header fields to ask with.
    #[getter]
    fn headers(&self) -> BTreeMap<&'static str, &'static str> {
        self.fetch.headers().collect()
    }

    fn __repr__(&self) -> String {
        format!("<Fetch {}>", self.fetch.url())
    }
}
