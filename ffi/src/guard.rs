//! What if something goes wrong inside? Entries do their work in here, so that a bug becomes a value and never unwinds into C.
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
