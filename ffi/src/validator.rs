//! May this token log in? The entry that decides, and the settings it decides by.

use std::ffi::c_char;

use sqljwt_fetch::SharedValidator;

use crate::{
    guard::caught,
    handle::{drop_handle, read},
    input::{self, Place, bytes, handle, text},
    login::Login,
    refusal::{Refusal, answer},
    status::Status,
    text::Text,
};

/// Compiled settings. Immutable: any number of threads may use one at the same time, without a lock.
///
/// A process that forks may use it in parent and children alike.
pub struct Validator(pub(crate) SharedValidator);

/// Compiles settings: once when the server starts, and again whenever they change.
///
/// The text is a JSON object, `SET CLUSTER SETTING` statements or what `SHOW CLUSTER SETTINGS` prints, whichever it
/// begins like. Nothing of it is kept by reference.
///
/// @param settings      lent; UTF-8, or UTF-16 with its byte order mark
/// @param settings_len  how many bytes
/// @param validator     written on success; free it with `sqljwt_validator_free`
/// @param refusal       NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK; the reason's number, 1001 to 1099, for settings that cannot be used; 900 to 999 for a call that
///         could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_validator_new(
    settings: *const c_char,
    settings_len: usize,
    validator: *mut *mut Validator,
    refusal: *mut *mut Refusal,
) -> Status {
    let compile = || {
        // SAFETY: the caller promises `settings_len` bytes, and a variable that can be written.
        let (settings, validator) =
            unsafe { (input::settings(settings, settings_len)?, Place::new("validator", validator)?) };
        let compiled = sqljwt::Validator::from_text(&settings).map_err(|error| Refusal::settings(&error))?;
        validator.give(Validator(SharedValidator::new(compiled)));
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, compile) }
}

/// Another handle to the same compiled settings, to be freed on its own; they live until the last handle is freed.
///
/// This is what a reload needs: a login holds a handle of its own while the server exchanges its. Cheap: nothing is
/// compiled again.
///
/// @param validator  lent
/// @return the other handle; NULL for NULL
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_validator_share(validator: *const Validator) -> *mut Validator {
    let share = |validator: &Validator| Box::into_raw(Box::new(Validator(validator.0.clone())));
    // SAFETY: the caller promises a live validator or NULL.
    unsafe { read(validator, std::ptr::null_mut(), share) }
}

/// Frees a handle. Texts, logins and refusals that came of it stay valid. NULL is fine.
///
/// @param validator  taken; no thread may still be using this handle
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqljwt_validator_free(validator: *mut Validator) {
    // SAFETY: the caller promises a handle that nobody uses any more, or NULL.
    unsafe { drop_handle(validator) }
}

/// The same settings, which ask a token for these scopes too: for a server whose own rules name scopes. Cheap: nothing is
/// compiled again, and keys that come later count here too.
///
/// @param validator    lent; may be in use by other threads
/// @param scopes       lent; UTF-8, names with blanks between them, as a token's claim `scope` has them
/// @param scopes_len   how many bytes
/// @param with_scopes  written on success: another validator, to be freed on its own
/// @param refusal      NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK; the reason's number, 1001 to 1099, for names that no scope can have; 900 to 999 for a call that could not
///         be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_validator_with_required_scopes(
    validator: *const Validator,
    scopes: *const c_char,
    scopes_len: usize,
    with_scopes: *mut *mut Validator,
    refusal: *mut *mut Refusal,
) -> Status {
    let share = || {
        // SAFETY: the caller promises a live validator, bytes as many as they say, and a variable that can be written.
        let (validator, scopes, place) = unsafe {
            (
                handle("validator", validator)?,
                text("scopes", scopes, scopes_len)?,
                Place::new("with_scopes", with_scopes)?,
            )
        };
        let scopes: Vec<_> = scopes.split(' ').filter(|scope| !scope.is_empty()).collect();
        place.give(Validator(validator.0.with_required_scopes(&scopes).map_err(|error| Refusal::settings(&error))?));
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, share) }
}

/// What the settings set a setting to, as the database would hold it: for a server that takes only settings that state something.
///
/// @param validator  lent; may be in use by other threads
/// @param name       lent; UTF-8, such as `engine.user_names`
/// @param name_len   how many bytes
/// @return a text, to be freed with `sqljwt_text_free`; NULL for what they leave out, and for a name that no setting has
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_validator_setting(
    validator: *const Validator,
    name: *const c_char,
    name_len: usize,
) -> *mut Text {
    let value = |validator: &Validator| {
        // SAFETY: the caller promises bytes as many as they say.
        let name = unsafe { text("name", name, name_len) }.ok()?;
        validator.0.settings().settings().value(name).map(Text::from)
    };
    // SAFETY: the caller promises a live validator or NULL.
    let value = unsafe { read(validator, None, value) };
    value.map_or(std::ptr::null_mut(), |value| Box::into_raw(Box::new(value)))
}

/// Whether what a client sent in the place of a password is meant as a token: it begins as tokens do, with `eyJ`. One that was
/// cut counts too, and one with blanks or the word `Bearer` before it.
///
/// It lets nobody in. A server that takes tokens beside passwords asks it which of the two to check, so that no token, good or
/// bad, is handed to whoever checks passwords.
///
/// @param password      lent; any bytes
/// @param password_len  how many bytes
/// @return true too where it cannot be told: for NULL with a length
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_looks_like_token(password: *const c_char, password_len: usize) -> bool {
    // SAFETY: the caller promises bytes as many as they say.
    let look = || unsafe { bytes("password", password, password_len) }.map_or(true, sqljwt::looks_like_token);
    caught(look).unwrap_or(true)
}

/// Decides whether a token may log in as a SQL user at a moment. The one function that lets anybody in.
///
/// @param validator  lent; may be in use by other threads
/// @param token      lent; any bytes, exactly as the client sent them
/// @param token_len  how many bytes
/// @param user       lent; the requested SQL user in UTF-8, empty to log in as the only one that the token gives
/// @param user_len   how many bytes
/// @param now        the present in Unix seconds, as `clock_gettime` gives it: on Linux `time(NULL)` lags behind by milliseconds
/// @param login      written on success: who logs in; free it with `sqljwt_login_free`
/// @param refusal    NULL, or written on every other status: why not, what to tell the client and what to log; free it
///                   with `sqljwt_refusal_free`
/// @return SQLJWT_OK: log in as `sqljwt_login_user`. Everything else: do not log in. SQLJWT_KEYS_NEEDED, the reason's
///         number from 1000 on, or 900 to 999 for a call that could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_validate(
    validator: *const Validator,
    token: *const c_char,
    token_len: usize,
    user: *const c_char,
    user_len: usize,
    now: i64,
    login: *mut *mut Login,
    refusal: *mut *mut Refusal,
) -> Status {
    let decide = || {
        // SAFETY: the caller promises a live validator, bytes as many as they say, and a variable that can be written.
        let (validator, token, user, login) = unsafe {
            (
                handle("validator", validator)?,
                bytes("token", token, token_len)?,
                text("user", user, user_len)?,
                Place::new("login", login)?,
            )
        };
        login.give(Login::from(validator.0.ask(|validator| validator.validate(token, user, now))?));
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, decide) }
}
