//! Which moment does this time claim state, and how is a moment written? Seconds since 1970-01-01T00:00:00Z
//! (RFC 7519 section 2), without a clock.

use alloc::{format, string::String};
use core::ops::RangeInclusive;

use crate::ground::{
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
    database(value).map(|(seconds, _)| seconds)
}

/// The last second that Go can compare with another: it counts from the year 1, and a later second of this count wraps
/// round to long before it.
pub(crate) const GO_SECONDS_MAX: i64 = i64::MAX - 62_135_596_800;

/// Whether the database takes a time that is refused here for one long past: Go's reader takes the years before 1970, and
/// its clock wraps round where it ends.
pub(crate) fn is_long_past_for_go(value: Value<'_>) -> bool {
    let before_1970 = || rfc3339(&value.string()?).filter(|&(seconds, _)| seconds < 0);
    loose(value).map_or_else(|| before_1970().is_some(), |seconds| seconds > GO_SECONDS_MAX)
}

/// Whether the value is Go's zero time, which the database takes for no time at all.
pub(crate) fn is_unset_for_go(value: Value<'_>) -> bool {
    value.string().and_then(|text| rfc3339(&text)) == Some((YEAR_ONE, 0))
}

/// Where Go begins to count.
const YEAR_ONE: i64 = -62_135_596_800;

/// A moment in Unix seconds as RFC 3339 writes it, in UTC: what every text of the engine has. Outside the years 1 to 9999 only the
/// number says it.
///
/// # Example
/// ```
/// assert_eq!(sqljwt::utc(1_800_000_000), "2027-01-15T08:00:00Z");
/// ```
#[must_use]
pub fn utc(seconds: i64) -> String {
    if !(YEAR_ONE..=NUMERIC_DATE_MAX).contains(&seconds) {
        return format!("{seconds} seconds since 1970");
    }
    let (date, clock) = written(seconds);
    format!("{date}T{clock}Z")
}

/// The date and the time of day.
fn written(seconds: i64) -> (String, String) {
    const SECONDS_A_DAY: i64 = 86_400;
    let (year, month, day) = civil(seconds.div_euclid(SECONDS_A_DAY));
    let second = seconds.rem_euclid(SECONDS_A_DAY);
    let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    (format!("{year:04}-{month:02}-{day:02}"), clock)
}

/// A time claim as Go prints the time that CockroachDB's token library makes of it.
pub(crate) fn go_text(value: Value<'_>) -> Option<String> {
    let (seconds, nanoseconds) = database(value)?;
    let (date, clock) = written(seconds);
    let fraction = format!(".{nanoseconds:09}");
    Some(format!("{date} {clock}{} +0000 UTC", fraction.trim_end_matches('0').trim_end_matches('.')))
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

/// The moment of a date and a time of day in UTC: year, month, day; hour, minute, second. A leap second counts as the one
/// after it. `None` for what no calendar has.
pub(crate) fn moment([year, month, day]: [i64; 3], [hour, minute, second]: [i64; 3]) -> Option<i64> {
    let is_date = (0..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    let is_clock = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    (is_date && is_clock).then(|| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// The year of a moment.
pub(crate) fn year(seconds: i64) -> i64 {
    civil(seconds.div_euclid(86_400)).0
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

/// Seconds and nanoseconds of a time claim, in the database's reading. A number goes through a double and that double's
/// text with nine decimals, of which only the whole part is kept: near 2^63 it may no longer fit, and just below a
/// second it may be that second. No time before 1970 is read, which Go's reader would take.
fn database(value: Value<'_>) -> Option<(i64, u32)> {
    match value.kind() {
        Kind::Number => {
            let double: f64 = value.number()?.parse().ok()?;
            decimal(&format!("{double:.9}")).map(|seconds| (seconds, 0))
        }
        Kind::String => {
            let text = value.string()?;
            decimal(&text).map(|seconds| (seconds, 0)).or_else(|| rfc3339(&text).filter(|&(seconds, _)| seconds >= 0))
        }
        _ => None,
    }
}

/// Digits, and after the first dot digits and dots that count for nothing.
fn decimal(text: &str) -> Option<i64> {
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let whole = text.split('.').next().unwrap_or_default();
    is_decimal.then(|| whole.parse().ok())?
}

/// `2033-01-01T00:00:00Z`, with an optional fraction and `Z` or a numeric offset, letters in upper case. As in Go's
/// reader the hour may be one digit, a comma may begin the fraction, and an offset may be up to 24 hours and 60 minutes.
fn rfc3339(text: &str) -> Option<(i64, u32)> {
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = fields(date, '-', [4..=4, 2..=2, 2..=2])?;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, "0"));
    let [hour, minute, second] = fields(clock, ':', [1..=2, 2..=2, 2..=2])?;
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign @ ("+" | "-"), rest) => {
            let [hours, minutes] = fields(rest, ':', [2..=2, 2..=2])?;
            let seconds = hours * 3600 + minutes * 60;
            if hours > 24 || minutes > 60 {
                return None;
            }
            if sign == "-" { -seconds } else { seconds }
        }
        _ => return None,
    };
    let nanoseconds = nanoseconds(fraction)?;
    let seconds = moment([year, month, day], [hour, minute, second]).filter(|_| second < 60)?;
    Some((seconds - offset, nanoseconds))
}

/// The digits after the point; those beyond the ninth are cut off.
fn nanoseconds(fraction: &str) -> Option<u32> {
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_fraction.then(|| format!("{fraction:0<9.9}").parse().ok())?
}

fn fields<const N: usize>(text: &str, separator: char, lengths: [RangeInclusive<usize>; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut values = [0; N];
    for (value, length) in values.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if !length.contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
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
    use crate::ground::json::{Document, Duplicates};

    fn read<T>(text: &str, with: fn(Value<'_>) -> Option<T>) -> Option<T> {
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
    fn a_loose_number_goes_through_a_double_and_nine_decimals() {
        // The last double below 2^63 is 1024 less; the next one above rounds to 2^63, which is no count of seconds.
        const LAST: i64 = 9_223_372_036_854_774_784;
        for (text, seconds) in [
            ("9223372036854774784", Some(LAST)),
            ("9223372036854774783", Some(LAST)),
            ("9223372036854775295.9", Some(LAST)),
            ("9.223372036854774784e18", Some(LAST)),
            ("9223372036854773760", Some(LAST - 1024)),
            ("9223372036854775296", None),
            ("9223372036854775807", None),
            ("9223372036854775807.0", None),
            ("9.3e18", None),
            ("\"9223372036854775807\"", Some(i64::MAX)),
            ("\"9223372036854775807.9\"", Some(i64::MAX)),
            ("\"9223372036854775808\"", None),
            ("9007199254740993", Some(9_007_199_254_740_992)),
            ("0.9999999999", Some(1)),
            ("0.99999999949", Some(0)),
            ("2097151.9999999998", Some(2_097_152)),
            ("1799999999.9999999", Some(1_800_000_000)),
            ("1799999999.9999", Some(1_799_999_999)),
            ("\"1799999999.9999999\"", Some(1_799_999_999)),
            ("1e-400", Some(0)),
            ("-1e-400", None),
        ] {
            assert_eq!(read(text, loose), seconds, "{text}");
        }
    }

    #[test]
    fn loose_texts_are_read_as_leniently_as_go_reads_them_from_1970_on() {
        for (text, seconds) in [
            ("1800000100.5.5", Some(1_800_000_100)),
            ("7..", Some(7)),
            ("..", None),
            ("1.5e3", None),
            ("2033-01-01T1:00:00Z", Some(1_988_154_000)),
            ("2033-01-01T001:00:00Z", None),
            ("2033-01-01T00:0:00Z", None),
            ("2033-1-01T00:00:00Z", None),
            ("2033-01-01T00:00:00,5Z", Some(1_988_150_400)),
            ("2033-01-01T00:00:00.5,5Z", None),
            ("2033-01-01T00:00:00.Z", None),
            ("2033-01-01T00:00:00+24:30", Some(1_988_150_400 - 88_200)),
            ("2033-01-01T00:00:00-24:60", Some(1_988_150_400 + 90_000)),
            ("2033-01-01T00:00:00+25:00", None),
            ("2033-01-01T00:00:00+24:61", None),
            ("2033-01-01T24:00:00Z", None),
            ("2033-01-01T00:00:60Z", None),
            ("1970-01-01T00:00:00.5Z", Some(0)),
            ("1970-01-01T01:00:00+01:00", Some(0)),
            ("1970-01-01T00:59:59+01:00", None),
            ("1969-12-31T23:59:59.5Z", None),
            ("0001-01-01T00:00:00Z", None),
            ("0000-01-01T00:00:00Z", None),
        ] {
            assert_eq!(read(&format!("\"{text}\""), loose), seconds, "{text}");
        }
    }

    #[test]
    fn go_prints_a_time_with_its_fraction_and_with_as_many_digits_of_the_year_as_it_has() {
        for (value, text) in [
            ("1700000000", "2023-11-14 22:13:20"),
            ("1700000000.5", "2023-11-14 22:13:20"),
            ("0", "1970-01-01 00:00:00"),
            ("253402300800", "10000-01-01 00:00:00"),
            ("9223371974719179007", "292277024627-12-06 15:25:52"),
            ("\"9223371974719179007\"", "292277024627-12-06 15:30:07"),
            ("\"9223372036854775807\"", "292277026596-12-04 15:30:07"),
            ("\"2033-01-01T00:00:00.5Z\"", "2033-01-01 00:00:00.5"),
            ("\"2033-01-01T00:00:00.500Z\"", "2033-01-01 00:00:00.5"),
            ("\"2033-01-01T00:00:00.000Z\"", "2033-01-01 00:00:00"),
            ("\"2033-01-01T00:00:00.050Z\"", "2033-01-01 00:00:00.05"),
            ("\"2033-01-01T00:00:00.123456789123Z\"", "2033-01-01 00:00:00.123456789"),
            ("\"2033-01-01T00:00:00.5+02:00\"", "2032-12-31 22:00:00.5"),
            ("\"9999-12-31T23:59:59-24:60\"", "10000-01-02 00:59:59"),
        ] {
            assert_eq!(read(value, go_text), Some(format!("{text} +0000 UTC")), "{value}");
        }
        assert_eq!(read("null", go_text), None);
    }

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(-1), "1969-12-31T23:59:59Z");
        assert_eq!(utc(1_800_000_000), "2027-01-15T08:00:00Z");
        assert_eq!(utc(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(utc(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(utc(951_868_800), "2000-03-01T00:00:00Z");
        assert_eq!(utc(4_107_542_399), "2100-02-28T23:59:59Z");
        assert_eq!(utc(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(utc(NUMERIC_DATE_MAX), "9999-12-31T23:59:59Z");
        assert_eq!(utc(NUMERIC_DATE_MAX + 1), "253402300800 seconds since 1970");
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
