//! What did the caller hand in? Pointers and lengths become Rust's own types here, or a refusal that names the argument.

use std::{borrow::Cow, ffi::c_char, slice};

use sqljwt::Settings;

use crate::{
    refusal::Refusal,
    status::{LENGTH_INVALID, NOT_UTF8, NULL_POINTER},
};

/// Bytes: `data` may be NULL where `len` is 0.
///
/// # Safety
/// `data` is NULL or points to `len` bytes that stay as they are while `'c` lasts.
pub(crate) unsafe fn bytes<'c>(name: &str, data: *const c_char, len: usize) -> Result<&'c [u8], Refusal> {
    match (data.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(Refusal::misuse(NULL_POINTER, &format!("`{name}` is NULL and its length is {len}"))),
        (false, _) if isize::try_from(len).is_err() => {
            Err(Refusal::misuse(LENGTH_INVALID, &format!("the length of `{name}` is {len}; no text is that long")))
        }
        // SAFETY: not NULL, and not longer than an object can be; that so many bytes are there is the caller's promise.
        (false, _) => Ok(unsafe { slice::from_raw_parts(data.cast(), len) }),
    }
}

/// Rows: `data` may be NULL where `len` is 0.
///
/// # Safety
/// `data` is NULL or points to `len` rows that stay as they are while `'c` lasts.
pub(crate) unsafe fn array<'c, T>(name: &str, data: *const T, len: usize) -> Result<&'c [T], Refusal> {
    match (data.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(Refusal::misuse(NULL_POINTER, &format!("`{name}` is NULL and its length is {len}"))),
        (false, _) if len > isize::MAX as usize / size_of::<T>().max(1) => {
            Err(Refusal::misuse(LENGTH_INVALID, &format!("the length of `{name}` is {len}; no array is that long")))
        }
        // SAFETY: not NULL, and not longer than an object can be; that so many rows are there is the caller's promise.
        (false, _) => Ok(unsafe { slice::from_raw_parts(data, len) }),
    }
}

/// Text: bytes that are UTF-8.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'c>(name: &str, data: *const c_char, len: usize) -> Result<&'c str, Refusal> {
    // SAFETY: the caller of this function promises the same.
    let bytes = unsafe { bytes(name, data, len) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        let place = error.valid_up_to().saturating_add(1);
        Refusal::misuse(NOT_UTF8, &format!("`{name}` is not UTF-8: byte {place} begins no character"))
    })
}

/// The text of settings, as it stands in a file: UTF-8, or UTF-16 with its byte order mark.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn settings<'c>(data: *const c_char, len: usize) -> Result<Cow<'c, str>, Refusal> {
    // SAFETY: the caller of this function promises the same.
    let bytes = unsafe { bytes("settings", data, len) }?;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Settings::decode(bytes).map_err(|error| Refusal::settings(&error));
    }
    // SAFETY: as above.
    unsafe { text("settings", data, len) }.map(Cow::Borrowed)
}

/// A handle that has to be there.
///
/// # Safety
/// `handle` is NULL or points to a `T` that stays alive while `'c` lasts.
pub(crate) unsafe fn handle<'c, T>(name: &str, handle: *const T) -> Result<&'c T, Refusal> {
    // SAFETY: the caller of this function promises NULL or a live handle.
    unsafe { handle.as_ref() }.ok_or_else(|| Refusal::misuse(NULL_POINTER, &format!("`{name}` is NULL")))
}

/// The caller's variable for a handle.
pub(crate) struct Place<T>(*mut *mut T);

impl<T> Place<T> {
    /// # Safety
    /// `place` is NULL or can be written until the call returns.
    pub(crate) unsafe fn new(name: &str, place: *mut *mut T) -> Result<Self, Refusal> {
        if place.is_null() {
            return Err(Refusal::misuse(NULL_POINTER, &format!("`{name}` is NULL, so there is nowhere to write to")));
        }
        Ok(Self(place))
    }

    /// Takes back what stands there, and leaves NULL.
    ///
    /// # Safety
    /// What stands there is NULL or a handle that is the caller's to give back.
    pub(crate) unsafe fn take(&self) -> Option<Box<T>> {
        // SAFETY: whoever made this place promised that it can be written, and the caller of this function what stands there.
        unsafe {
            let there = self.0.replace(std::ptr::null_mut());
            (!there.is_null()).then(|| Box::from_raw(there))
        }
    }

    /// Leaves NULL.
    pub(crate) fn give_null(self) {
        // SAFETY: not NULL, and whoever made this place promised that it can be written.
        unsafe { self.0.write(std::ptr::null_mut()) }
    }

    /// Hands a value over to the caller.
    pub(crate) fn give(self, value: T) {
        let value = Box::into_raw(Box::new(value));
        // SAFETY: not NULL, and whoever made this place promised that it can be written.
        unsafe { self.0.write(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_in_both_encodings() {
        let utf16 = |unit: fn(u16) -> [u8; 2]| "\u{feff}é".encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for data in ["é".into(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
            // SAFETY: the vector is as long as it says and outlives the text.
            let text = unsafe { settings(data.as_ptr().cast(), data.len()) };
            assert_eq!(text.ok().as_deref(), Some("é"), "{data:x?}");
        }
        for (data, status) in [(b"\xffa".as_slice(), NOT_UTF8), (b"\xff\xfea", 1001)] {
            // SAFETY: as above.
            let refusal = unsafe { settings(data.as_ptr().cast(), data.len()) }.err();
            assert_eq!(refusal.map(|refusal| refusal.status()), Some(status), "{data:x?}");
        }
    }
}
