//! How does text come out? As views into something that is alive, and as texts of their own that the caller frees.

use std::{
    ffi::{CStr, c_char},
    ptr,
};

use crate::handle::{drop_handle, read};

/// Borrowed text: `len` bytes of UTF-8 at `data`, and one NUL after them.
///
/// It is valid as long as the handle it was read from. Absent text has `data` NULL and `len` 0. Texts that come from a
/// token can contain NUL bytes themselves: where `strlen(data)` differs from `len`, `data` alone is not the whole text.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct View {
    /// The first byte, or NULL where there is no text.
    pub data: *const c_char,
    /// How many bytes, without the NUL.
    pub len: usize,
}

impl View {
    pub(crate) const ABSENT: Self = Self { data: ptr::null(), len: 0 };

    pub(crate) fn of(text: &Text) -> Self {
        Self { data: text.0.as_ptr().cast(), len: text.0.len().saturating_sub(1) }
    }

    pub(crate) fn of_optional(text: Option<&Text>) -> Self {
        text.map_or(Self::ABSENT, Self::of)
    }

    pub(crate) fn of_static(text: &'static CStr) -> Self {
        Self { data: text.as_ptr(), len: text.count_bytes() }
    }
}

/// A text that the caller owns: read it with `sqljwt_text_view`, give it back with `sqljwt_text_free`.
pub struct Text(Vec<u8>);

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        let mut bytes = text.into().into_bytes();
        bytes.reserve_exact(1);
        bytes.push(0);
        Self(bytes)
    }
}

/// The content of a text. Of NULL: absent.
///
/// @param text  lent; the view is valid until it is freed
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_text_view(text: *const Text) -> View {
    // SAFETY: the caller promises a live text or NULL.
    unsafe { read(text, View::ABSENT, View::of) }
}

/// Frees a text and ends every view of it. NULL is fine.
///
/// @param text  taken
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqljwt_text_free(text: *mut Text) {
    // SAFETY: the caller promises a text that nobody uses any more, or NULL.
    unsafe { drop_handle(text) }
}
