//! Everything else as text: one JSON call in, one JSON document out.

use std::ffi::c_char;

use sqljwt::wire;

use crate::{
    input::{Place, text},
    refusal::answer,
    status::Status,
    text::Text,
};

/// Answers one call of the wire contract: `explain`, `validate`, `identify`, `roles`, `decode`, `keys`, `settings_to_sql`,
/// `settings_from_sql`, `reasons`, `lint`, `rules`, `log`, `who_can`, `reach`, `suggest`, `rehearse`, `window`,
/// `convert_map`, `compare`, `coverage`. The same text in gives the same bytes out as in every other language.
///
/// It compiles the settings of the call anew: for tools. A server uses `sqljwt_validate`.
///
/// @param call      lent; JSON in UTF-8
/// @param call_len  how many bytes
/// @param answer    written on success; free it with `sqljwt_text_free`
/// @return SQLJWT_OK: there is an answer, which may be a document with the member `error`, and which lets nobody in.
///         900 to 999 for a call that could not be carried out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_call(call: *const c_char, call_len: usize, answer: *mut *mut Text) -> Status {
    let work = || {
        // SAFETY: the caller promises `call_len` bytes, and a variable that can be written.
        let (call, place) = unsafe { (text("call", call, call_len)?, Place::new("answer", answer)?) };
        place.give(wire::call(call).into());
        Ok(())
    };
    // SAFETY: NULL is always fine here.
    unsafe { self::answer(std::ptr::null_mut(), work) }
}
