//! What if something goes wrong inside? Every entry runs here, so that a bug becomes a status and never unwinds into C.
//!
//! Nothing of a panic is printed: its text could quote the input, and a library has no business on the server's standard
//! error. The hook that would print it is this library's own, because the library holds the only copy of Rust's runtime
//! that it uses and shows none of it to the program; so replacing it changes nothing for anybody else. Only the place in
//! the source is kept, for the bug report.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, Location, catch_unwind, set_hook},
    sync::Once,
};

use crate::{
    refusal::Refusal,
    status::{OK, Status},
};

/// Runs an entry that answers with a status, and writes the refusal for a caller who wants one.
///
/// # Safety
/// `refusal` is NULL or can be written.
pub(crate) unsafe fn answer(refusal: *mut *mut Refusal, work: impl FnOnce() -> Result<(), Refusal>) -> Status {
    let Err(refused) = caught(work).unwrap_or_else(|place| Err(Refusal::panicked(&place))) else { return OK };
    let status = refused.status();
    if !refusal.is_null() {
        // SAFETY: the caller of this function promises that it can be written.
        unsafe { refusal.write(Box::into_raw(Box::new(refused))) };
    }
    status
}

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

/// Runs `work`; a panic gives the place in the source where it began.
pub(crate) fn caught<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| set_hook(Box::new(|panic| remember(panic.location().map(Location::to_string)))));
    // Unwind safe because nothing that was half done can be seen again: what the engine shares is immutable, and what
    // the call itself made is dropped.
    catch_unwind(AssertUnwindSafe(|| {
        #[cfg(any(test, feature = "test-panic"))]
        injected::panic_if_asked();
        work()
    }))
    .map_err(|_| PLACE.try_with(Cell::take).ok().flatten().unwrap_or_else(|| "an unknown place".into()))
}

fn remember(place: Option<String>) {
    // A thread that is ending has no room for it any more.
    let _ = PLACE.try_with(|room| room.set(place));
}

thread_local! {
    /// Where the last panic of this thread began, between the hook and [`caught`].
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Panics on demand.
#[cfg(any(test, feature = "test-panic"))]
pub(crate) mod injected {
    use std::cell::Cell;

    thread_local!(static NEXT: Cell<bool> = const { Cell::new(false) });

    pub(super) fn panic_if_asked() {
        assert!(!NEXT.replace(false), "secret input");
    }

    /// Makes the next guarded call of this thread panic with the text `secret input`. In test builds only.
    #[unsafe(no_mangle)]
    extern "C" fn sqljwt_test_panic() {
        NEXT.set(true);
    }
}
