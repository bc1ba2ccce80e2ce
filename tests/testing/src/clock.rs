//! What time is it? The one place that reads a clock, for tests that do not write their time down.

use std::time::{SystemTime, UNIX_EPOCH};

/// The present, in Unix seconds: for who tests against a server that has a clock of its own.
///
/// # Panics
/// Where the clock stands before 1970.
///
/// # Example
/// ```
/// use sqljwt_testing::{Issuer, assert_logs_in, now};
/// let (idp, now) = (Issuer::default(), now());
/// assert_logs_in(&idp.settings(), idp.token(now).claim("sub", "alice").mint(), "alice", now);
/// ```
#[must_use]
pub fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock that stands after 1970");
    elapsed.as_secs().try_into().expect("a time that fits")
}
