//! How is a handle read, and how is it given back? It may be NULL; a bug meanwhile is answered as NULL is, for no status
//! can tell of it.

use crate::guard::caught;

/// Reads something from a handle; for NULL, and for a bug, the value that says nothing.
///
/// # Safety
/// `handle` is NULL or points to a live `T`.
pub(crate) unsafe fn read<T, R>(handle: *const T, nothing: R, reading: impl FnOnce(&T) -> R) -> R {
    // SAFETY: the caller of this function promises NULL or a live handle.
    match unsafe { handle.as_ref() } {
        Some(handle) => caught(|| reading(handle)).unwrap_or(nothing),
        None => nothing,
    }
}

/// Reads a value that may be absent into the caller's variable, which is left alone where there is none.
///
/// # Safety
/// As [`read`]; `place` is NULL or can be written.
pub(crate) unsafe fn read_into<T, R>(handle: *const T, place: *mut R, reading: impl FnOnce(&T) -> Option<R>) -> bool {
    // SAFETY: the caller of this function promises NULL or a live handle.
    let value = unsafe { read(handle, None, reading) };
    match value {
        Some(value) if !place.is_null() => {
            // SAFETY: the caller of this function promises that it can be written.
            unsafe { place.write(value) };
            true
        }
        _ => false,
    }
}

/// Takes a handle back and frees it.
///
/// # Safety
/// `handle` is NULL, or came from `Box::into_raw` and nobody uses it any more.
pub(crate) unsafe fn drop_handle<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: the caller of this function promises a handle that is theirs to give back.
        let handle = unsafe { Box::from_raw(handle) };
        // A value that cannot be dropped is lost: there is nobody to tell.
        let _ = caught(|| drop(handle));
    }
}
