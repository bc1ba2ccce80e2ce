//! How do keys that rotate come in? A cache that the threads of a server share: it says what to ask, and takes the answers.

use std::{ffi::c_char, sync::Arc};

use sqljwt::{FetchRecord, Response, Start, UserInfo};
use sqljwt_fetch::SharedKeys;

use crate::{
    guard::caught,
    handle::{drop_handle, read},
    input::{Place, array, bytes, handle, text},
    refusal::{Refusal, answer},
    status::{KEYS_AWAITED, NULL_POINTER, Status},
    text::{Text, View},
    validator::Validator,
};

/// The keys of issuers, fetched where the settings say `jwks_auto_fetch`: any number of threads may use one at the same time.
///
/// Nothing here opens a connection. On SQLJWT_KEYS_NEEDED the server gives the refusal to `sqljwt_key_cache_start`, asks the
/// address it gets with an HTTP GET of its own, and gives what comes back to `sqljwt_key_cache_answer`, until there is nothing
/// more to ask. A server that fetches in another process gives what that has written down to `sqljwt_key_cache_replay`.
pub struct KeyCache(pub(crate) Arc<SharedKeys>);

/// One fetch of an issuer's keys: the address to ask next.
pub struct Fetch {
    fetch: sqljwt::Fetch,
    issuer: Text,
    url: Text,
}

impl From<sqljwt::Fetch> for Fetch {
    fn from(fetch: sqljwt::Fetch) -> Self {
        Self { issuer: fetch.issuer().into(), url: fetch.url().into(), fetch }
    }
}

/// A header field of an answer: lent, like every argument; UTF-8, and without the line's end.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Header {
    /// Its name, in any case.
    pub name: View,
    /// Its value.
    pub value: View,
}

/// A cache without keys, for the issuers of these settings.
///
/// @param validator  lent
/// @param cache      written on success; free it with `sqljwt_key_cache_free`
/// @param refusal    NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK, or 900 to 999 for a call that could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_key_cache_new(
    validator: *const Validator,
    cache: *mut *mut KeyCache,
    refusal: *mut *mut Refusal,
) -> Status {
    let make = || {
        // SAFETY: the caller promises a live validator, and a variable that can be written.
        let (validator, cache) = unsafe { (handle("validator", validator)?, Place::new("cache", cache)?) };
        cache.give(KeyCache(Arc::new(SharedKeys::new(validator.0.settings()))));
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, make) }
}

/// Frees a cache. Validators that were made with it stay valid, and keep the keys that it had. NULL is fine.
///
/// @param cache  taken; no thread may still be using this handle
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqljwt_key_cache_free(cache: *mut KeyCache) {
    // SAFETY: the caller promises a handle that nobody uses any more, or NULL.
    unsafe { drop_handle(cache) }
}

/// The same settings, judged by the keys that the cache has at each login: those that come later too, without a lock and
/// without anything compiled again.
///
/// @param validator  lent
/// @param cache      lent
/// @param with_keys  written on success: another validator, to be freed on its own
/// @param refusal    NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK, or 900 to 999 for a call that could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_validator_with_keys(
    validator: *const Validator,
    cache: *const KeyCache,
    with_keys: *mut *mut Validator,
    refusal: *mut *mut Refusal,
) -> Status {
    let share = || {
        // SAFETY: the caller promises live handles, and a variable that can be written.
        let (validator, cache, place) =
            unsafe { (handle("validator", validator)?, handle("cache", cache)?, Place::new("with_keys", with_keys)?) };
        place.give(Validator(validator.0.with_keys(&cache.0)));
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, share) }
}

/// The same settings with what the issuer's userinfo endpoint has answered for one token, where the token does not say which
/// groups its bearer is in. It counts for that token alone.
///
/// @param validator      lent
/// @param token          lent; the token that the request to the endpoint carried
/// @param token_len      how many bytes
/// @param http_status    the status code of the answer, such as 200
/// @param body           lent; the answer, a JSON object
/// @param body_len       how many bytes
/// @param with_userinfo  written on success: another validator, to be freed on its own
/// @param refusal        NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK; SQLJWT_KEYS_FAILED for an answer of no use; 900 to 999 for a call that could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_validator_with_userinfo(
    validator: *const Validator,
    token: *const c_char,
    token_len: usize,
    http_status: u16,
    body: *const c_char,
    body_len: usize,
    with_userinfo: *mut *mut Validator,
    refusal: *mut *mut Refusal,
) -> Status {
    let share = || {
        // SAFETY: the caller promises a live handle, bytes as many as they say, and a variable that can be written.
        let (validator, token, body, place) = unsafe {
            (
                handle("validator", validator)?,
                bytes("token", token, token_len)?,
                bytes("body", body, body_len)?,
                Place::new("with_userinfo", with_userinfo)?,
            )
        };
        let response = Response::new(http_status, [] as [(String, String); 0], body);
        let user_info = UserInfo::new(token, &response).map_err(|error| Refusal::fetch(&error))?;
        place.give(Validator(validator.0.with_user_info(user_info)));
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, share) }
}

/// Goes over to new settings. What was fetched stays as long as it is fetched from the same places with the same
/// certificates; otherwise everything goes.
///
/// @param cache      lent; may be in use by other threads
/// @param validator  lent: that of the new settings
/// @param refusal    NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK, or 900 to 999 for a call that could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_key_cache_follow(
    cache: *const KeyCache,
    validator: *const Validator,
    refusal: *mut *mut Refusal,
) -> Status {
    let follow = || {
        // SAFETY: the caller promises live handles.
        let (cache, validator) = unsafe { (handle("cache", cache)?, handle("validator", validator)?) };
        cache.0.change(|keys| keys.follow(validator.0.settings()));
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, follow) }
}

/// Begins to fetch the keys that a refusal with SQLJWT_KEYS_NEEDED says are needed.
///
/// @param cache    lent; may be in use by other threads
/// @param needed   lent: the refusal of `sqljwt_validate`
/// @param now      the present in Unix seconds: how long the keys count is reckoned from it
/// @param fetch    written on success: what to ask, to be given to `sqljwt_key_cache_answer` or `sqljwt_key_cache_give_up`; or
///                 NULL, when the validator is to be asked again at once
/// @param refusal  NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK; SQLJWT_KEYS_AWAITED while another thread fetches them and for a few seconds after a failure: refuse the
///         login, or wait and ask the validator again; SQLJWT_KEYS_FAILED where there is nothing to fetch; 900 to 999
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_key_cache_start(
    cache: *const KeyCache,
    needed: *const Refusal,
    now: i64,
    fetch: *mut *mut Fetch,
    refusal: *mut *mut Refusal,
) -> Status {
    let start = || {
        // SAFETY: the caller promises live handles, and a variable that can be written.
        let (cache, needed, place) =
            unsafe { (handle("cache", cache)?, handle("needed", needed)?, Place::new("fetch", fetch)?) };
        let Some(needed) = needed.needed() else {
            return Err(Refusal::misuse(NULL_POINTER, "`needed` is no refusal that says SQLJWT_KEYS_NEEDED"));
        };
        match cache.0.change(|keys| keys.start(&needed.issuer, needed.refresh, now)) {
            Start::Ask(fetch) => place.give(Fetch::from(fetch)),
            Start::Again => place.give_null(),
            Start::Wait { until } => {
                let message = format!("the keys are being fetched, or could not be had just now: until {until}");
                return Err(Refusal::misuse(KEYS_AWAITED, &message));
            }
            Start::Never(error) => return Err(Refusal::fetch(&error)),
            other => return Err(Refusal::misuse(KEYS_AWAITED, &format!("{other:?}"))),
        }
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, start) }
}

/// The issuer whose keys are fetched.
///
/// @param fetch  lent; the view is valid until it is given back
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_fetch_issuer(fetch: *const Fetch) -> View {
    // SAFETY: the caller promises a live fetch or NULL.
    unsafe { read(fetch, View::ABSENT, |fetch| View::of(&fetch.issuer)) }
}

/// The address to ask with GET. Redirects are not to be followed, and certificates are to be checked.
///
/// @param fetch  lent; the view is valid until it is given back
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_fetch_url(fetch: *const Fetch) -> View {
    // SAFETY: the caller promises a live fetch or NULL.
    unsafe { read(fetch, View::ABSENT, |fetch| View::of(&fetch.url)) }
}

/// Whether to ask with the header field `Cache-Control: no-cache`: after a token with an unknown key id.
///
/// @param fetch  lent
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_fetch_no_cache(fetch: *const Fetch) -> bool {
    // SAFETY: the caller promises a live fetch or NULL.
    unsafe { read(fetch, false, |fetch| fetch.fetch.headers().any(|(name, _)| name == "Cache-Control")) }
}

/// Takes the answer to a fetch.
///
/// @param cache        lent; may be in use by other threads
/// @param fetch        taken, and written: what to ask next, or NULL when the keys are there. After an error it is NULL too
/// @param http_status  the status code of the answer, such as 200
/// @param headers      lent; all its header fields, a name as often as it came
/// @param headers_len  how many
/// @param body         lent; without transfer and content coding. More than 1 MiB is an error: read no further than that
/// @param body_len     how many bytes
/// @param refusal      NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK; SQLJWT_KEYS_FAILED for an answer of no use; 900 to 999 for a call that could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_key_cache_answer(
    cache: *const KeyCache,
    fetch: *mut *mut Fetch,
    http_status: u16,
    headers: *const Header,
    headers_len: usize,
    body: *const c_char,
    body_len: usize,
    refusal: *mut *mut Refusal,
) -> Status {
    let take = || {
        // SAFETY: the caller promises a live cache, a fetch to take, header fields and bytes as many as they say.
        let (cache, taken, place, headers, body) = unsafe {
            let place = Place::new("fetch", fetch)?;
            let taken = place.take().ok_or_else(|| Refusal::misuse(NULL_POINTER, "`*fetch` is NULL"))?;
            (handle("cache", cache)?, taken, place, pairs(headers, headers_len)?, bytes("body", body, body_len)?)
        };
        let response = Response::new(http_status, headers, body);
        match cache.0.change(|keys| keys.answer(taken.fetch, response)) {
            Ok(Some(next)) => place.give(Fetch::from(next)),
            Ok(None) => {}
            Err(error) => return Err(Refusal::fetch(&error)),
        }
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, take) }
}

/// Ends a fetch to which no answer came. For a few seconds nobody asks this issuer again.
///
/// @param cache    lent; may be in use by other threads
/// @param fetch    taken; NULL is fine
/// @param why      lent; a clause in UTF-8 for the log, such as `connection refused`
/// @param why_len  how many bytes
/// @param refusal  NULL, or written; free it with `sqljwt_refusal_free`
/// @return SQLJWT_KEYS_FAILED, with what to log; SQLJWT_OK for NULL; 900 to 999
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqljwt_key_cache_give_up(
    cache: *const KeyCache,
    fetch: *mut Fetch,
    why: *const c_char,
    why_len: usize,
    refusal: *mut *mut Refusal,
) -> Status {
    let end = || {
        if fetch.is_null() {
            return Ok(());
        }
        // SAFETY: the caller promises a fetch that is theirs to give back, a live cache, and bytes as many as they say.
        let (fetch, cache, why) =
            unsafe { (Box::from_raw(fetch), handle("cache", cache)?, text("why", why, why_len)?) };
        Err(Refusal::fetch(&cache.0.change(|keys| keys.give_up(fetch.fetch, why))))
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, end) }
}

/// Takes over fetches that were written down, as if they were made now by this server: with all checks, and for as long as
/// their keys count. A fetch that failed leaves what there was, and why it failed is told when keys are lacking.
///
/// @param cache        lent; may be in use by other threads
/// @param records      lent; one record or an array of them, as `sqljwt_key_cache_record` and `sqljwt keys refresh` write them
/// @param records_len  how many bytes
/// @param refusal      NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK; SQLJWT_KEYS_FAILED for a text that is no such record; 900 to 999
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_key_cache_replay(
    cache: *const KeyCache,
    records: *const c_char,
    records_len: usize,
    refusal: *mut *mut Refusal,
) -> Status {
    let replay = || {
        // SAFETY: the caller promises a live cache, and bytes as many as they say.
        let (cache, records) = unsafe { (handle("cache", cache)?, text("records", records, records_len)?) };
        let records = FetchRecord::list_from_json(records).map_err(|error| Refusal::fetch(&error))?;
        cache.0.change(|keys| keys.replay_all(&records)).map_err(|error| Refusal::fetch(&error))
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, replay) }
}

/// The fetch that gave an issuer the keys that the cache has, as JSON: to be written down for other processes.
///
/// @param cache       lent; may be in use by other threads
/// @param issuer      lent; UTF-8
/// @param issuer_len  how many bytes
/// @return a text, to be freed with `sqljwt_text_free`; NULL where the cache has no keys of this issuer
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_key_cache_record(
    cache: *const KeyCache,
    issuer: *const c_char,
    issuer_len: usize,
) -> *mut Text {
    let record = |cache: &KeyCache| {
        // SAFETY: the caller promises bytes as many as they say.
        let issuer = unsafe { text("issuer", issuer, issuer_len) }.ok()?;
        cache.0.cache().record(issuer).map(|record| Text::from(record.to_json()))
    };
    // SAFETY: the caller promises a live cache or NULL.
    let found = unsafe { read(cache, None, record) };
    found.map_or(std::ptr::null_mut(), |record| Box::into_raw(Box::new(record)))
}

/// The name of the file in which the record of an issuer's keys lies, in the folder that `sqljwt keys refresh` or the agent writes
/// and servers read: the issuer's SHA-256 hash in hexadecimal digits, and `.json`.
///
/// @param issuer      lent; UTF-8
/// @param issuer_len  how many bytes
/// @return a text, to be freed with `sqljwt_text_free`; NULL where the issuer is no UTF-8
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_keys_file_name(issuer: *const c_char, issuer_len: usize) -> *mut Text {
    let name = || {
        // SAFETY: the caller promises bytes as many as they say.
        let issuer = unsafe { text("issuer", issuer, issuer_len) }.ok()?;
        Some(Text::from(FetchRecord::file_name(issuer)))
    };
    let name = caught(name).ok().flatten();
    name.map_or(std::ptr::null_mut(), |name| Box::into_raw(Box::new(name)))
}

/// The header fields of an answer.
///
/// # Safety
/// `headers` is NULL or points to `len` fields whose views are as long as they say.
unsafe fn pairs(headers: *const Header, len: usize) -> Result<Vec<(String, String)>, Refusal> {
    // SAFETY: the caller of this function promises so many header fields.
    let fields = unsafe { array("headers", headers, len) }?;
    // A value that is no text says nothing that is understood; as such it stays.
    // SAFETY: the caller of this function promises views that are as long as they say.
    let lossy = |name, view: View| unsafe { bytes(name, view.data, view.len) }.map(String::from_utf8_lossy);
    let pair =
        |field: &Header| Ok((lossy("name", field.name)?.into_owned(), lossy("value", field.value)?.into_owned()));
    fields.iter().map(pair).collect()
}
