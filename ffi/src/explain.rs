//! Why did a login fail, or succeed? The whole story as text.

use std::ffi::c_char;

use sqljwt::{Explanation, Settings};

use crate::{
    input::{self, Place, bytes, handle, text},
    refusal::{Refusal, answer},
    status::Status,
    text::Text,
    validator::Validator,
};

/// Explains a login as JSON on one line: every check, what was expected and found, and what would mend it.
///
/// For the administrator, not for the client. The arguments are those of `sqljwt_validate`.
///
/// @param explanation  written on success; free it with `sqljwt_text_free`
/// @return SQLJWT_OK: there is an explanation. That lets nobody in: the decision stands inside it, and only
///         `sqljwt_validate` makes a login. 900 to 999 for a call that could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_explain(
    validator: *const Validator,
    token: *const c_char,
    token_len: usize,
    user: *const c_char,
    user_len: usize,
    now: i64,
    explanation: *mut *mut Text,
) -> Status {
    // SAFETY: the caller promises what this function asks for.
    unsafe { explained(validator, (token, token_len), (user, user_len), now, explanation, |story| story.to_json()) }
}

/// Explains a login as `sqljwt_explain` does, without anything that the token, the login or the settings say: fit to be
/// shown to strangers.
///
/// @param explanation  written on success; free it with `sqljwt_text_free`
/// @return as `sqljwt_explain`
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_explain_redacted(
    validator: *const Validator,
    token: *const c_char,
    token_len: usize,
    user: *const c_char,
    user_len: usize,
    now: i64,
    explanation: *mut *mut Text,
) -> Status {
    let render = |story: Explanation| story.redacted().to_json();
    // SAFETY: the caller promises what this function asks for.
    unsafe { explained(validator, (token, token_len), (user, user_len), now, explanation, render) }
}

/// Explains a login as `sqljwt_explain` does, as plain text to be read on a terminal: why, what to do, and what
/// else is wrong.
///
/// @param timeline  written on success; free it with `sqljwt_text_free`
/// @return as `sqljwt_explain`
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_explain_timeline(
    validator: *const Validator,
    token: *const c_char,
    token_len: usize,
    user: *const c_char,
    user_len: usize,
    now: i64,
    timeline: *mut *mut Text,
) -> Status {
    // SAFETY: the caller promises what this function asks for.
    unsafe { explained(validator, (token, token_len), (user, user_len), now, timeline, |story| story.to_string()) }
}

/// Explains a login as `sqljwt_explain` does, under settings that may be unusable: then the explanation says where their
/// fault stands, in the same shape.
///
/// For tools, and for the moment when `sqljwt_validator_new` has refused. It compiles the settings anew; a server keeps a
/// validator.
///
/// @param settings      lent; UTF-8, in the forms that `sqljwt_validator_new` takes
/// @param settings_len  how many bytes
/// @param explanation   written on success; free it with `sqljwt_text_free`
/// @return as `sqljwt_explain`: unusable settings are explained, not answered with a status
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_explain_with_settings(
    settings: *const c_char,
    settings_len: usize,
    token: *const c_char,
    token_len: usize,
    user: *const c_char,
    user_len: usize,
    now: i64,
    explanation: *mut *mut Text,
) -> Status {
    let explain = || {
        // SAFETY: the caller promises bytes as many as they say, and a variable that can be written.
        let (settings, token, user, place) = unsafe {
            (
                input::settings(settings, settings_len)?,
                bytes("token", token, token_len)?,
                text("user", user, user_len)?,
                Place::new("explanation", explanation)?,
            )
        };
        place.give(Explanation::of(Settings::from_text(&settings), token, user, now).to_json().into());
        Ok::<_, Refusal>(())
    };
    // SAFETY: NULL is always fine here.
    unsafe { answer(std::ptr::null_mut(), explain) }
}

/// # Safety
/// The validator is NULL or alive, each length is that of its text, and the place is NULL or can be written.
unsafe fn explained(
    validator: *const Validator,
    (token, token_len): (*const c_char, usize),
    (user, user_len): (*const c_char, usize),
    now: i64,
    place: *mut *mut Text,
    render: impl FnOnce(Explanation) -> String,
) -> Status {
    let explain = || {
        // SAFETY: the caller of this function promises it.
        let (validator, token, user, place) = unsafe {
            (
                handle("validator", validator)?,
                bytes("token", token, token_len)?,
                text("user", user, user_len)?,
                Place::new("text", place)?,
            )
        };
        place.give(render(validator.0.ask(|validator| validator.explain(token, user, now))).into());
        Ok::<_, Refusal>(())
    };
    // SAFETY: NULL is always fine here.
    unsafe { answer(std::ptr::null_mut(), explain) }
}
