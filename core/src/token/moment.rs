//! Which moment does this time claim state, and how is a moment written? Seconds since 1970-01-01T00:00:00Z
//! (RFC 7519 section 2), without a clock.

use alloc::{format, string::String};

use crate::{
    json::{Kind, Value},
    limits::NUMERIC_DATE_MAX,
};

/// Reads a `NumericDate`: a JSON number from 0 to the end of the year 9999, its fraction cut off.
pub(crate) fn strict(value: Value<'_>) -> Option<i64> {
    let seconds = number(value.number()?)?;
    (seconds <= NUMERIC_DATE_MAX).then_some(seconds)
}

/// Reads a time claim as CockroachDB's token library does: a number, a string of digits with an optional fraction, or
/// an RFC 3339 time. A moment that truncates to 0 is returned as such; the library takes it for unset.
pub(crate) fn loose(value: Value<'_>) -> Option<i64> {
    match value.kind() {
        Kind::Number => number(value.number()?),
        Kind::String => {
            let text = value.string()?;
            decimal(&text).or_else(|| rfc3339(&text))
        }
        _ => None,
    }
}

/// The moment as people read it, in UTC; outside the years 1 to 9999 only the number says it.
pub(crate) fn utc(seconds: i64) -> String {
    const SECONDS_A_DAY: i64 = 86_400;
    const YEAR_ONE: i64 = -62_135_596_800;
    if !(YEAR_ONE..=NUMERIC_DATE_MAX).contains(&seconds) {
        return format!("{seconds} seconds since 1970");
    }
    let (year, month, day) = civil(seconds.div_euclid(SECONDS_A_DAY));
    let second = seconds.rem_euclid(SECONDS_A_DAY);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// The moment as Go prints a time.
pub(crate) fn go_text(seconds: i64) -> String {
    utc(seconds).replace('T', " ").replace('Z', " +0000 UTC")
}

/// A length of time in words: `40 seconds`, `5 minutes`, `3 hours`, `2 days`.
pub(crate) fn span(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        172_800..63_072_000 => (seconds / 86_400, "day"),
        _ => (seconds / 31_536_000, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// A JSON number, not negative, that fits into 63 bits when its fraction is cut off.
fn number(written: &str) -> Option<i64> {
    if written.starts_with('-') {
        return None;
    }
    if written.bytes().all(|byte| byte.is_ascii_digit()) {
        return written.parse().ok();
    }
    let value: f64 = written.parse().ok()?;
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    // OK because the value is at least 0 and below 2^63.
    #[allow(clippy::cast_possible_truncation)]
    (value < TWO_TO_63).then_some(value as i64)
}

fn decimal(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (!whole.is_empty() && digits(whole) && digits(fraction)).then(|| whole.parse().ok())?
}

/// `2033-01-01T00:00:00Z`, with an optional fraction and `Z` or a numeric offset, letters in upper case.
fn rfc3339(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = fields(date, '-', [4, 2, 2])?;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = fields(clock, ':', [2, 2, 2])?;
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign @ ("+" | "-"), rest) => {
            let [hours, minutes] = fields(rest, ':', [2, 2])?;
            let seconds = hours * 3600 + minutes * 60;
            if hours > 23 || minutes > 59 {
                return None;
            }
            if sign == "-" { -seconds } else { seconds }
        }
        _ => return None,
    };
    let in_range = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    let clock_ok = hour < 24 && minute < 60 && second < 60;
    let fraction_ok = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    (in_range && clock_ok && fraction_ok && seconds >= 0).then_some(seconds)
}

fn fields<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut values = [0; N];
    for (value, length) in values.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *value = part.parse().ok()?;
    }
    parts.next().is_none().then_some(values)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, in eras of 400 years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let year_of_era = year.rem_euclid(400);
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date that is so many days after 1970-01-01: [`days`] turned round.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Document, Duplicates};

    fn read(text: &str, with: fn(Value<'_>) -> Option<i64>) -> Option<i64> {
        with(Document::parse(text, Duplicates::Refused).unwrap().root())
    }

    #[test]
    fn a_strict_date_is_a_number_up_to_the_year_9999() {
        for (text, seconds) in [
            ("0", Some(0)),
            ("1800000000", Some(1_800_000_000)),
            ("1800000000.9", Some(1_800_000_000)),
            ("1.8e9", Some(1_800_000_000)),
            ("253402300799", Some(253_402_300_799)),
            ("253402300800", None),
            ("1800000000000", None),
            ("18446744073709551616", None),
            ("1e300", None),
            ("-1", None),
            ("-0.0", None),
            ("\"1800000000\"", None),
            ("null", None),
            ("true", None),
        ] {
            assert_eq!(read(text, strict), seconds, "{text}");
        }
    }

    #[test]
    fn a_loose_date_is_also_a_decimal_or_an_rfc_3339_string() {
        for (text, seconds) in [
            ("0.5", Some(0)),
            ("4611686018427387904", Some(4_611_686_018_427_387_904)),
            ("9223372036854775808", None),
            ("1e30", None),
            ("-0", None),
            ("\"1900000000\"", Some(1_900_000_000)),
            ("\"01900000000\"", Some(1_900_000_000)),
            ("\"1900000000.5\"", Some(1_900_000_000)),
            ("\"1900000000.\"", Some(1_900_000_000)),
            ("\"2033-01-01T00:00:00Z\"", Some(1_988_150_400)),
            ("\"2033-01-01T00:00:00+02:00\"", Some(1_988_143_200)),
            ("\"2033-01-01T00:00:00.25-01:30\"", Some(1_988_155_800)),
            ("\"2033-01-01t00:00:00Z\"", None),
            ("\"2033-01-01T00:00:00z\"", None),
            ("\"2033-01-01\"", None),
            ("\"2033-01-01 00:00:00Z\"", None),
            ("\"2033-02-29T00:00:00Z\"", None),
            ("\"2032-02-29T00:00:00Z\"", Some(1_961_625_600)),
            ("\"-5\"", None),
            ("\"+19\"", None),
            ("\" 19\"", None),
            ("\"1.9e9\"", None),
            ("\".5\"", None),
            ("\"\"", None),
            ("[]", None),
        ] {
            assert_eq!(read(text, loose), seconds, "{text}");
        }
    }

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(-1), "1969-12-31T23:59:59Z");
        assert_eq!(utc(1_800_000_000), "2027-01-15T08:00:00Z");
        assert_eq!(utc(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(utc(NUMERIC_DATE_MAX), "9999-12-31T23:59:59Z");
        assert_eq!(utc(NUMERIC_DATE_MAX + 1), "253402300800 seconds since 1970");
        assert_eq!(go_text(1_700_000_000), "2023-11-14 22:13:20 +0000 UTC");
    }

    #[test]
    fn every_day_has_one_date() {
        for day in -719_162..=2_932_896 {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }

    #[test]
    fn spans_are_said_in_the_largest_fitting_unit() {
        assert_eq!(
            [1, 119, 120, 7_200, -172_800, 63_072_000].map(span),
            ["1 second", "119 seconds", "2 minutes", "2 hours", "2 days", "2 years"]
        );
    }
}
