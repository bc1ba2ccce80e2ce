//! Whom does a host ask for a token's groups, and may the token be sent there?

use serde::Serialize;
use sqljwt::UserInfoStep;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    border::object,
    keys::{failed, response},
};

/// One request for what an issuer knows of a token's bearer.
#[wasm_bindgen]
#[derive(Debug)]
pub struct UserInfoFetch(sqljwt::UserInfoFetch);

#[wasm_bindgen]
impl UserInfoFetch {
    /// What to ask: an object with `url`, and with `sends_token`, whether the token goes along.
    #[must_use]
    pub fn told(&self) -> JsValue {
        #[derive(Serialize)]
        struct Told<'f> {
            url: &'f str,
            sends_token: bool,
        }
        object(&Told { url: self.0.url(), sends_token: self.0.sends_token() })
    }

    /// Takes an answer; what to ask next, or nothing where this one was the endpoint's own.
    ///
    /// # Errors
    /// The answer is of no use: the members of a `FetchError`.
    pub fn answer(
        self,
        token: &[u8],
        status: u16,
        texts: &[u8],
        ends: &[u32],
        body: Vec<u8>,
    ) -> Result<Option<Self>, JsValue> {
        match self.0.answer(token, &response(status, texts, ends, body)) {
            Ok(UserInfoStep::Ask(next)) => Ok(Some(Self(next))),
            Ok(_) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }
}

impl From<sqljwt::UserInfoFetch> for UserInfoFetch {
    fn from(fetch: sqljwt::UserInfoFetch) -> Self {
        Self(fetch)
    }
}
