//! For how long may what was fetched be used? (RFC 9111 section 4.2, as a private cache of one user)
//!
//! Whatever cannot be understood makes an answer stale, never fresh. No answer is used after its time because a newer one
//! cannot be had.

use super::{http_date, list::directives, response::Response};
use crate::ground::limits::FRESH_SECONDS_MAX;

/// How many seconds after `at`, the moment when it was asked for, the answer is fresh; 0 where it is good only for the
/// logins that waited for it.
pub(crate) fn fresh_for(response: &Response, at: i64) -> i64 {
    let names_all = |line: &str| line.split(',').any(|name| name.trim() == "*");
    let depends_on_all = response.header("vary").any(names_all);
    let fresh = || lifetime(response, at)?.checked_sub(age(response, at)?);
    if depends_on_all { 0 } else { fresh().unwrap_or_default().clamp(0, FRESH_SECONDS_MAX) }
}

/// The freshness lifetime (section 4.2.1): `max-age`, otherwise `Expires` less `Date`. `s-maxage` is for shared caches.
fn lifetime(response: &Response, at: i64) -> Option<i64> {
    let mut max_age = None;
    for line in response.header("cache-control") {
        for (name, value) in directives(line)? {
            if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
                return None;
            }
            if name.eq_ignore_ascii_case("max-age") && max_age.replace(seconds(&value?)?).is_some() {
                return None;
            }
        }
    }
    max_age.or_else(|| expiry(response, at))
}

fn expiry(response: &Response, at: i64) -> Option<i64> {
    let expires = only(response, "expires")?.and_then(|text| http_date::read(text, at))?;
    let from = match only(response, "date")? {
        Some(date) => http_date::read(date, at)?,
        None => at,
    };
    // By a clock that is ahead of ours nobody can tell how long something lasts.
    (from <= at.saturating_add(CLOCKS_DIFFER)).then(|| expires.saturating_sub(from))
}

/// How far the identity provider's clock may be ahead, in seconds.
const CLOCKS_DIFFER: i64 = 300;

/// How old the answer was when it was asked for (section 4.2.3). The host counts from then and not from its arrival, so
/// that the time it took to come is in it.
fn age(response: &Response, at: i64) -> Option<i64> {
    let mut age = 0;
    for line in response.header("age") {
        age = age.max(seconds(line.trim())?);
    }
    let date = only(response, "date")?.and_then(|text| http_date::read(text, at));
    Some(age.max(date.map_or(0, |date| at.saturating_sub(date))))
}

/// The value of a header field that stands at most once; nothing where it stands more often.
fn only<'r>(response: &'r Response, name: &'r str) -> Option<Option<&'r str>> {
    let mut lines = response.header(name);
    let first = lines.next();
    lines.next().is_none().then(|| first.map(str::trim))
}

/// A number of seconds (section 1.2.2): one too large to count is one that never ends.
fn seconds(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(i64::MAX).min(FRESH_SECONDS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const AT: i64 = 1_800_000_000;
    /// The date of that moment, and of 300 seconds after it.
    const DATE: &str = "Fri, 15 Jan 2027 08:00:00 GMT";
    const LATER: &str = "Fri, 15 Jan 2027 08:05:00 GMT";

    fn fresh(headers: &[(&str, &str)]) -> i64 {
        fresh_for(&Response::new(200, headers.iter().copied(), Vec::new()), AT)
    }

    #[test]
    fn max_age_says_how_long_and_age_how_much_of_it_is_over() {
        assert_eq!(fresh(&[("Cache-Control", "max-age=300")]), 300);
        assert_eq!(fresh(&[("cache-control", "public, MAX-AGE=300, must-revalidate")]), 300);
        assert_eq!(fresh(&[("Cache-Control", "max-age=\"300\"")]), 300);
        assert_eq!(fresh(&[("Cache-Control", "max-age=300"), ("Age", "300")]), 0);
        assert_eq!(fresh(&[("Cache-Control", "max-age=300"), ("Age", "100"), ("age", "200")]), 100);
        assert_eq!(fresh(&[("Cache-Control", "max-age=300"), ("Date", "Fri, 15 Jan 2027 07:58:00 GMT")]), 180);
        assert_eq!(fresh(&[("Cache-Control", "max-age=300"), ("Date", LATER)]), 300);
    }

    #[test]
    fn without_max_age_expires_says_how_long() {
        assert_eq!(fresh(&[("Expires", LATER), ("Date", DATE)]), 300);
        assert_eq!(fresh(&[("Expires", LATER)]), 300);
        assert_eq!(fresh(&[("Expires", DATE), ("Date", DATE), ("Cache-Control", "max-age=9")]), 9);
        assert_eq!(fresh(&[("Expires", LATER), ("Date", DATE), ("Age", "299")]), 1);
    }

    #[test]
    fn what_says_nothing_clear_is_stale() {
        const EVIL: [&[(&str, &str)]; 24] = [
            &[],
            &[("Cache-Control", "public")],
            &[("Cache-Control", "s-maxage=300")],
            &[("Cache-Control", "max-age=300, no-store")],
            &[("Cache-Control", "max-age=300"), ("Cache-Control", "No-Store")],
            &[("Cache-Control", "max-age=300, no-cache")],
            &[("Cache-Control", "max-age=300, no-cache=\"set-cookie\"")],
            &[("Cache-Control", "max-age=300, max-age=300")],
            &[("Cache-Control", "max-age=300"), ("Cache-Control", "max-age=300")],
            &[("Cache-Control", "max-age=abc")],
            &[("Cache-Control", "max-age")],
            &[("Cache-Control", "max-age=-1")],
            &[("Cache-Control", "max-age=-99999999999999999999")],
            &[("Cache-Control", "max-age=+300")],
            &[("Cache-Control", "max-age=3e2")],
            &[("Cache-Control", "x=\"max-age=300")],
            &[("Cache-Control", "x=\"a, max-age=300\"")],
            &[("Cache-Control", "max-age=300"), ("Age", "-1")],
            &[("Cache-Control", "max-age=300"), ("Vary", "Accept, *")],
            &[("Expires", "0"), ("Date", DATE)],
            &[("Expires", LATER), ("Expires", LATER), ("Date", DATE)],
            &[("Expires", LATER), ("Date", DATE), ("Date", DATE)],
            &[("Expires", LATER), ("Date", "Fri, 15 Jan 2027 08:26:40 GMT")],
            &[("Expires", LATER), ("Date", "yesterday")],
        ];
        for headers in EVIL {
            assert_eq!(fresh(headers), 0, "{headers:?}");
        }
        assert_eq!(
            fresh(&[("Expires", "Fri, 15 Jan 2027 08:31:40 GMT"), ("Date", "Fri, 15 Jan 2027 08:26:40 GMT")]),
            0
        );
        assert_eq!(fresh(&[("Expires", DATE), ("Date", "Fri, 15 Jan 2027 07:33:20 GMT")]), 0);
    }

    #[test]
    fn what_never_ends_is_cut_and_what_is_ours_alone_is_no_bar() {
        assert_eq!(fresh(&[("Cache-Control", "max-age=99999999999999999999")]), FRESH_SECONDS_MAX);
        assert_eq!(fresh(&[("Cache-Control", "private, max-age=300, x=\"quoted, comma\""), ("Vary", "Accept")]), 300);
    }
}
