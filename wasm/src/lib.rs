//! How does JavaScript ask the engine? Text in, text out; `wasm/js/` gives it a JavaScript dress.
//!
//! Every answer is one of the engine's own documents, which are text. Beside them stands what only JavaScript can use:
//! places in the units of its editors, and the outcomes of many logins. What cannot be answered because of the settings is
//! thrown: their explanation, which tells their faults, and how many it leaves untold.

mod border;
mod keys;
mod many;
mod marks;
mod user_info;

use std::rc::Rc;

use serde::Serialize;
use sqljwt::{
    Explanation, IdentityDocument, KeyHistory, Membership, Profile, Refusal, Rejection, Response, Settings, UserInfo,
    Validator, Verdict, wire,
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    border::{compiled, object, pieces, read},
    keys::Keys,
    marks::{Marks, Span},
    user_info::UserInfoFetch,
};

/// Compiled settings, behind a handle that JavaScript holds.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    validator: Rc<Validator>,
    /// The keys that decide beside those of the settings, as they are at each login.
    keys: Option<Keys>,
}

#[wasm_bindgen]
impl Engine {
    /// Compiles settings: JSON, SQL, or what the database prints.
    ///
    /// # Errors
    /// The settings cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<Self, String> {
        Ok(Self { validator: Rc::new(compiled(settings)?), keys: None })
    }

    /// The same settings, judged by the keys that a cache has at each login.
    #[must_use]
    pub fn with_keys(&self, keys: &Keys) -> Self {
        Self { validator: Rc::clone(&self.validator), keys: Some(keys.share()) }
    }

    /// The same settings with the keys of a moment of the past, of which fetches that were written down tell.
    ///
    /// # Errors
    /// The text holds no such records: the members of a `FetchError`.
    pub fn with_keys_at(&self, records: &str, moment: i64) -> Result<Self, JsValue> {
        let history = KeyHistory::new(keys::records(records)?);
        Ok(Self { validator: Rc::new(self.validator.with_keys_at(&history, moment)), keys: None })
    }

    /// The same settings with what the issuer's userinfo endpoint has answered for one token.
    ///
    /// # Errors
    /// The answer is of no use: the members of a `FetchError`.
    pub fn with_user_info(&self, token: &[u8], status: u16, body: &str) -> Result<Self, JsValue> {
        let response = Response::new(status, [] as [(String, String); 0], body);
        let known = UserInfo::new(token, &response).map_err(|error| keys::failed(&error))?;
        let validator = Rc::new(self.validator.with_user_info(known));
        Ok(Self { validator, keys: self.keys.as_ref().map(Keys::share) })
    }

    /// How long a fetch may take under these settings, in milliseconds.
    #[must_use]
    pub fn fetch_timeout(&self) -> f64 {
        self.validator.settings().fetch_timeout().as_secs_f64() * 1000.0
    }

    /// Whom to ask for the groups of a token, where nothing else is missing for its login, or, without a user, for saying who
    /// bears it.
    ///
    /// # Errors
    /// The issuer cannot be asked.
    #[allow(clippy::needless_pass_by_value, reason = "a text that may be missing crosses the border owned")]
    pub fn ask_user_info(
        &self,
        token: &[u8],
        user: Option<String>,
        now: i64,
    ) -> Result<Option<UserInfoFetch>, JsValue> {
        self.ask(|validator| {
            let refusal = match &user {
                Some(user) => validator.validate(token, user, now).err(),
                None => validator.identify(token, now).err(),
            };
            match refusal {
                Some(Refusal::Rejected(Rejection { user_info: Some(needed), .. })) => {
                    validator.user_info(&needed).map(|fetch| Some(fetch.into())).map_err(|error| keys::failed(&error))
                }
                _ => Ok(None),
            }
        })
    }

    /// Says who bears a token, as the document of the verb `identify`.
    #[must_use]
    pub fn identify(&self, token: &[u8], now: i64) -> String {
        self.ask(|validator| IdentityDocument::of(validator, token, now)).to_json()
    }

    /// Tells what a login would do to roles, as the document of the verb `roles`. In `texts` stand, one after the other up to
    /// their `ends`, first so many roles of the user, each with the role through which they have it, and then those of the
    /// database, where they are known.
    #[must_use]
    #[allow(clippy::too_many_arguments, reason = "lists cross the border flat")]
    pub fn roles(
        &self,
        token: &[u8],
        user: &str,
        now: i64,
        texts: &[u8],
        ends: &[u32],
        memberships: usize,
        is_existing_known: bool,
    ) -> String {
        let mut names = pieces(texts, ends).map(|name| String::from_utf8_lossy(name).into_owned());
        let membership = |_| {
            let (role, through) = (names.next()?, names.next()?);
            Some(Membership { role, through: (!through.is_empty()).then_some(through) })
        };
        let present: Vec<_> = (0..memberships).map_while(membership).collect();
        let existing: Option<Vec<_>> = is_existing_known.then(|| names.collect());
        self.ask(|validator| validator.roles(token, user, now, &present, existing.as_deref())).to_json()
    }

    /// Tells of the keys, as the document of the verb `keys`: `records` are the fetches that brought them, and `texts` up to
    /// their `ends` tokens of which is asked what has signed them.
    ///
    /// # Errors
    /// The text holds no such records.
    pub fn keys(&self, records: &str, texts: &[u8], ends: &[u32], now: i64) -> Result<String, JsValue> {
        let (records, tokens) = (keys::records(records)?, pieces(texts, ends).collect::<Vec<_>>());
        Ok(self.ask(|validator| validator.keys(&records, &tokens, now)).to_json())
    }

    /// Decides, as the document of the verb `validate` without remedies.
    #[must_use]
    pub fn validate(&self, token: &[u8], user: &str, now: i64) -> String {
        self.ask(|validator| Verdict::decided(validator, token, user, now)).to_json()
    }

    /// Decides many logins: for each moment a token and a user, which stand in `texts` one after the other up to their
    /// `ends`. The answer is an array of objects with `decision`, `code` and `user`.
    #[must_use]
    pub fn validate_many(&self, texts: &[u8], ends: &[u32], moments: &[i64]) -> JsValue {
        object(&self.ask(|validator| many::validate(validator, texts, ends, moments)))
    }

    /// Explains, as the document of the verb `explain`.
    #[must_use]
    pub fn explain(&self, token: &[u8], user: &str, now: i64, redact: bool) -> String {
        redacted(self.ask(|validator| validator.explain(token, user, now)), redact).to_json()
    }

    /// Explains, as a timeline to read.
    #[must_use]
    pub fn timeline(&self, token: &[u8], user: &str, now: i64, redact: bool) -> String {
        redacted(self.ask(|validator| validator.explain(token, user, now)), redact).to_string()
    }
}

impl Engine {
    /// Asks by the keys of this moment.
    fn ask<R>(&self, question: impl Fn(&Validator) -> R) -> R {
        match &self.keys {
            None => question(&self.validator),
            Some(keys) => question(&keys.under(&self.validator)),
        }
    }
}

/// Explains one login under settings that may be unusable, as the document of the verb `explain`.
#[must_use]
#[wasm_bindgen]
pub fn explain(settings: &str, token: &[u8], user: &str, now: i64, redact: bool) -> String {
    redacted(explained(settings, token, user, now), redact).to_json()
}

/// Explains one login under settings that may be unusable: an object with the document of the verb `explain`, as text, and
/// with the places in both texts of everything that it speaks of.
#[must_use]
#[wasm_bindgen]
pub fn explain_marked(settings: &str, token: &str, user: &str, now: i64) -> JsValue {
    let explanation = explained(settings, token.as_bytes(), user, now);
    object(&Marked { json: explanation.to_json(), marks: Marks::of(&explanation, token, settings) })
}

/// An explanation as its document, and the places of everything that it speaks of.
#[derive(Serialize)]
struct Marked {
    json: String,
    marks: Marks,
}

/// Where settings state their profile: an object with `from` and `to`, or null.
#[must_use]
#[wasm_bindgen]
pub fn profile_range(settings: &str) -> JsValue {
    object(&Profile::stated_in(settings).map(|range| Span::of(settings, &range)))
}

/// Explains one login under settings that may be unusable, as a timeline to read.
#[must_use]
#[wasm_bindgen]
pub fn timeline(settings: &str, token: &[u8], user: &str, now: i64, redact: bool) -> String {
    redacted(explained(settings, token, user, now), redact).to_string()
}

/// Answers a call of the wire contract: of every verb in the module with the advisor, of those of logins in the one without.
#[must_use]
#[wasm_bindgen]
pub fn call(text: &str) -> String {
    if cfg!(feature = "advisor") { wire::call(text) } else { wire::call_about_logins(text) }
}

/// The settings as statements that set them in a database.
///
/// # Errors
/// The settings cannot be read.
#[wasm_bindgen]
pub fn settings_to_sql(settings: &str) -> Result<String, String> {
    read(settings).map(|settings| settings.to_sql())
}

/// The settings as a JSON object, one member on a line.
///
/// # Errors
/// The settings cannot be read.
#[wasm_bindgen]
pub fn settings_to_json(settings: &str) -> Result<String, String> {
    read(settings).map(|settings| settings.to_json())
}

fn explained(settings: &str, token: &[u8], user: &str, now: i64) -> Explanation {
    Explanation::of(Settings::from_text(settings), token, user, now)
}

fn redacted(explanation: Explanation, redact: bool) -> Explanation {
    if redact { explanation.redacted() } else { explanation }
}
