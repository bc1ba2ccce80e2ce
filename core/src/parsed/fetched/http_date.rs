//! Which moment does a date of HTTP name? (RFC 9110 section 5.6.7)

use crate::ground::time;

/// The moment in Unix seconds, in any of the three forms that a reader has to know; `now` tells the century of the form
/// that has none. Names of days are not held against their dates.
pub(super) fn read(text: &str, now: i64) -> Option<i64> {
    let (_, date) = text.split_once(' ')?;
    match text.split_once(", ") {
        Some((day, date)) if DAYS.contains(&day) => preferred(date),
        Some((day, date)) if is_long(day) => rfc850(date, now),
        Some(_) => None,
        None => asctime(date),
    }
}

/// `06 Nov 1994 08:49:37 GMT`
fn preferred(date: &str) -> Option<i64> {
    let (day, rest) = date.split_once(' ')?;
    let (month, rest) = rest.split_once(' ')?;
    let (year, clock) = rest.split_once(' ')?;
    moment(digits(year, 4)?, month, digits(day, 2)?, clock.strip_suffix(" GMT")?)
}

/// `06-Nov-94 08:49:37 GMT`: a year more than 50 years ahead is the one a century before.
fn rfc850(date: &str, now: i64) -> Option<i64> {
    let (date, clock) = date.split_once(' ')?;
    let (day, rest) = date.split_once('-')?;
    let (month, year) = rest.split_once('-')?;
    let (day, year, clock) = (digits(day, 2)?, digits(year, 2)?, clock.strip_suffix(" GMT")?);
    let present = time::year(now);
    let year = present.checked_sub(present.rem_euclid(100))?.checked_add(year)?;
    let year = if year > present.checked_add(50)? { year.checked_sub(100)? } else { year };
    moment(year, month, day, clock)
}

/// `Nov  6 08:49:37 1994`, its day filled up with a blank
fn asctime(date: &str) -> Option<i64> {
    let (month, rest) = date.split_once(' ')?;
    let (day, rest) = rest.split_at_checked(2)?;
    let day = day.strip_prefix(' ').map_or_else(|| digits(day, 2), |day| digits(day, 1))?;
    let (clock, year) = rest.strip_prefix(' ')?.split_once(' ')?;
    moment(digits(year, 4)?, month, day, clock)
}

fn moment(year: i64, month: &str, day: i64, clock: &str) -> Option<i64> {
    let month = MONTHS.iter().position(|&name| name == month)?.checked_add(1)?;
    let mut parts = clock.split(':').map(|part| digits(part, 2));
    let clock = [parts.next()??, parts.next()??, parts.next()??];
    if parts.next().is_some() {
        return None;
    }
    time::moment([year, i64::try_from(month).ok()?, day], clock)
}

/// A number of exactly so many digits.
fn digits(text: &str, length: usize) -> Option<i64> {
    let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn is_long(day: &str) -> bool {
    DAYS.iter().any(|short| day.starts_with(short) && day.ends_with("day"))
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    #[test]
    fn the_three_forms_name_one_moment() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(read(text, NOW), Some(784_111_777), "{text}");
        }
        assert_eq!(read("Friday, 15-Jan-27 08:00:00 GMT", NOW), Some(NOW));
        assert_eq!(read("Fri Jan 15 08:00:00 2027", NOW), Some(NOW));
        // A leap second is the second after it.
        assert_eq!(read("Sat, 31 Dec 2016 23:59:60 GMT", NOW), Some(1_483_228_800));
    }

    #[test]
    fn what_is_no_date_of_http_is_none() {
        for text in [
            "",
            "0",
            "-1",
            "1800000000",
            "2027-01-15T08:00:00Z",
            "Fri, 15 Jan 2027 08:00:00",
            "Fri, 15 Jan 2027 08:00:00 CET",
            "Fri, 15 Jan 2027 08:00:00 +0000",
            "Fri, 5 Jan 2027 08:00:00 GMT",
            "Fri, 15 jan 2027 08:00:00 GMT",
            "Fri, 31 Feb 2027 08:00:00 GMT",
            "Fri, 00 Jan 2027 08:00:00 GMT",
            "Fri, 15 Jan 2027 24:00:00 GMT",
            "Fri, 15 Jan 2027 08:60:00 GMT",
            "Fri, 15 Jan 2027 08:00:00:00 GMT",
            "Fri, 15 Jan 2027 08:00:61 GMT",
            "Fre, 15 Jan 2027 08:00:00 GMT",
            "Friday, 15 Jan 2027 08:00:00 GMT",
            "Fri Jan 15 08:00:00 27",
            "Fri Jan 15 08:00:00 2027 GMT",
            "Fri, \u{661}5 Jan 2027 08:00:00 GMT",
        ] {
            assert_eq!(read(text, NOW), None, "{text}");
        }
    }
}
