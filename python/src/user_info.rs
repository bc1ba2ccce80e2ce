//! What does the issuer know of the bearer of a token? What to ask its userinfo endpoint, and what came back.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use pyo3::{exceptions::PyValueError, prelude::*};
use sqljwt::{Need, Refusal, Response, UserInfoStep};

use crate::{
    arguments::{self, Token},
    engine::{Attempt, Engine},
    guard::{Bug, detached},
    keys::failed,
};

/// What the endpoint has answered for one token.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct UserInfo(sqljwt::UserInfo);

#[pymethods]
impl UserInfo {
    /// The answer to a request with this token.
    #[new]
    fn new(
        py: Python<'_>,
        token: &Bound<'_, PyAny>,
        status: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let (token, body) = (arguments::token(token)?, arguments::text("body", body)?);
        let response = Response::new(arguments::status(status)?, [] as [(String, String); 0], body.as_bytes());
        let known = detached(py, || sqljwt::UserInfo::new(token.as_bytes(), &response))?;
        known.map(Self).map_err(|error| failed(py, &error))
    }

    /// The same settings with this answer, which counts for its token alone.
    #[pyo3(name = "_judging")]
    fn judging(&self, engine: &Engine) -> Engine {
        Engine(engine.0.with_user_info(self.0.clone()))
    }
}

/// One request for what an issuer knows of the bearer of a token: the address to ask next, with GET.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct UserInfoFetch {
    /// None once it is answered.
    fetch: Mutex<Option<sqljwt::UserInfoFetch>>,
    url: String,
    sends_token: bool,
    token: Token,
}

impl UserInfoFetch {
    fn new(fetch: sqljwt::UserInfoFetch, token: Token) -> Self {
        let (url, sends_token) = (fetch.url().to_owned(), fetch.sends_token());
        Self { fetch: Mutex::new(Some(fetch)), url, sends_token, token }
    }
}

#[pymethods]
impl UserInfoFetch {
    /// The address to ask: https, or http on the loopback interface.
    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    /// The header fields to ask with: the token is among them where this address may see it, and nowhere else.
    #[getter]
    fn headers(&self) -> BTreeMap<&'static str, String> {
        let bearer = || ("Authorization", format!("Bearer {}", String::from_utf8_lossy(self.token.as_bytes())));
        [("Accept", "application/json".to_owned())].into_iter().chain(self.sends_token.then(bearer)).collect()
    }

    /// Takes the answer: what to ask next, or what the issuer knows.
    fn answer<'py>(
        &self,
        py: Python<'py>,
        status: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let response = arguments::response(status, headers, body)?;
        let asked = self.fetch.lock().unwrap_or_else(PoisonError::into_inner).take();
        let asked = asked.ok_or_else(|| PyValueError::new_err("this question has been answered already"))?;
        match detached(py, || asked.answer(self.token.as_bytes(), &response))? {
            Ok(UserInfoStep::Ask(next)) => Ok(Bound::new(py, Self::new(next, self.token.clone_ref(py)))?.into_any()),
            Ok(UserInfoStep::Done(known)) => Ok(Bound::new(py, UserInfo(known))?.into_any()),
            // A step that this version of the module does not know makes nothing known.
            Ok(_) => Err(Bug::unanswered().into()),
            Err(error) => Err(failed(py, &error)),
        }
    }
}

/// Begins to ask for what a login lacks, or, without a user, what it takes to say who bears the token; None where nothing is to be
/// asked.
#[pyfunction]
#[pyo3(signature = (engine, token, user, now=None))]
pub(crate) fn ask_user_info(
    engine: &Bound<'_, Engine>,
    token: &Bound<'_, PyAny>,
    user: Option<&Bound<'_, PyAny>>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<UserInfoFetch>> {
    let attempt = match user {
        Some(user) => Attempt::of(engine, token, user, now)?,
        None => Attempt::of_anybody(engine, token, now)?,
    };
    let is_login = user.is_some();
    let begun = detached(engine.py(), || {
        let refusal = match is_login {
            true => attempt.decide().err(),
            false => attempt.identify().err(),
        };
        match refusal.as_ref().and_then(Refusal::need) {
            Some(Need::UserInfo(needed)) => attempt.validator.user_info(needed).map(Some),
            _ => Ok(None),
        }
    })?;
    let fetch = begun.map_err(|error| failed(engine.py(), &error))?;
    Ok(fetch.map(|fetch| UserInfoFetch::new(fetch, attempt.token)))
}
