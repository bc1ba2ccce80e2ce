//! Would the database accept what is set for fetching keys? The engine fetches nothing; it only tells a value that
//! `SET CLUSTER SETTING` would refuse.

use core::time::Duration;

use crate::ground::{fault::Fault, reason::ReasonCode, text::shown};

const BEGIN_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";
const END_CERTIFICATE: &str = "-----END CERTIFICATE-----";

/// Checks `server.jwt_authentication.issuers.custom_ca`: nothing, or at least one PEM certificate.
///
/// # Errors
/// `setting_wrong_type`; the message shows nothing of the value, which the database treats as sensitive.
pub(crate) fn check_custom_ca(text: &str) -> Result<(), Fault> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let certificate = |block: &str| {
        let Some((body, _)) = block.split_once(END_CERTIFICATE) else { return false };
        let mut bytes = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).peekable();
        bytes.peek().is_some() && bytes.all(is_base64)
    };
    if text.is_empty() || text.split(BEGIN_CERTIFICATE).skip(1).any(certificate) {
        return Ok(());
    }
    Err(Fault::new(ReasonCode::SettingWrongType, 0, "expected at least one PEM certificate, found none").with_remedy(
        "set server.jwt_authentication.issuers.custom_ca to a text with `-----BEGIN CERTIFICATE-----`, or leave it out",
    ))
}

/// Reads `server.jwt_authentication.client.timeout`: a duration such as `15s`, `1m30s`, `00:00:15` or `2 minutes`.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn timeout(text: &str) -> Result<Duration, Fault> {
    let wrong = |what: &str| {
        Fault::new(ReasonCode::SettingWrongType, 0, alloc::format!("expected {what}, found `{}`", shown(text)))
            .with_remedy("set server.jwt_authentication.client.timeout to a duration such as `15s`")
    };
    let text = text.trim();
    if text.strip_prefix('-').is_some_and(|text| duration(text).is_some()) {
        return Err(wrong("a duration that is not negative"));
    }
    duration(text.strip_prefix('+').unwrap_or(text)).ok_or_else(|| wrong("a duration"))
}

fn duration(text: &str) -> Option<Duration> {
    let seconds = number(text).or_else(|| clock(text)).or_else(|| units(text))?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// `15` or `1.5`.
fn number(text: &str) -> Option<f64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = !(whole.is_empty() && part.is_empty()) && digits(whole) && digits(part);
    is_number.then(|| text.parse().ok()).flatten()
}

/// `00:00:15.5` or `00:15`.
fn clock(text: &str) -> Option<f64> {
    let mut parts = text.split(':');
    let mut whole = || parts.next().filter(|part| !part.contains('.')).and_then(number);
    let (hours, minutes) = (whole()?, whole()?);
    let seconds = parts.next().map_or(Some(0.0), number)?;
    parts.next().is_none().then_some((hours * 60.0 + minutes) * 60.0 + seconds)
}

/// `1m30s`, `500ms` or `1 minute 30 seconds`.
fn units(text: &str) -> Option<f64> {
    let (mut rest, mut seconds) = (text, 0.0);
    while !rest.is_empty() {
        let end = rest.find(|character: char| !(character.is_ascii_digit() || character == '.'))?;
        let (count, after) = rest.split_at_checked(end)?;
        let after = after.trim_start();
        let end = after.find(|character: char| !character.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        let (_, of_unit) = UNITS.iter().find(|(names, _)| names.iter().any(|name| unit.eq_ignore_ascii_case(name)))?;
        seconds += number(count)? * of_unit;
        rest = after.trim_start();
    }
    (!text.is_empty()).then_some(seconds)
}

/// The names of each unit, and its seconds.
const UNITS: [(&[&str], f64); 8] = [
    (&["ns"], 1e-9),
    (&["us", "µs", "μs", "usec", "microsecond", "microseconds"], 1e-6),
    (&["ms", "msec", "millisecond", "milliseconds"], 1e-3),
    (&["s", "sec", "secs", "second", "seconds"], 1.0),
    (&["m", "min", "mins", "minute", "minutes"], 60.0),
    (&["h", "hr", "hrs", "hour", "hours"], 3600.0),
    (&["d", "day", "days"], 86_400.0),
    (&["week", "weeks"], 604_800.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_the_database() {
        for (text, milliseconds) in [
            ("15s", 15_000),
            ("0s", 0),
            ("0", 0),
            ("1m30s", 90_000),
            ("500ms", 500),
            ("00:00:15", 15_000),
            ("00:00:15.5", 15_500),
            ("1:30", 5_400_000),
            ("2 minutes", 120_000),
            ("1 day 2h", 93_600_000),
            ("1.5s", 1500),
            ("+15", 15_000),
        ] {
            assert_eq!(timeout(text).unwrap(), Duration::from_millis(milliseconds), "{text}");
        }
        assert_eq!(timeout(&"9".repeat(400)).unwrap(), Duration::MAX);
        for text in ["", " ", "-1s", "-00:00:01", "s", "15x", "1::2", "1:2:3:4", ".", "1 2", "s15", "１s", "1s-"] {
            let fault = timeout(text).unwrap_err();
            assert_eq!(fault.code, ReasonCode::SettingWrongType, "{text}");
        }
        let message = timeout("-1s").unwrap_err().message;
        assert_eq!(message, "expected a duration that is not negative, found `-1s`");
    }

    #[test]
    fn a_certificate_authority_is_a_pem_certificate() {
        let pem = "# ours\r\n-----BEGIN CERTIFICATE-----\r\nMIIB\r\n+/A=\r\n-----END CERTIFICATE-----\r\n";
        assert!(check_custom_ca("").is_ok() && check_custom_ca(pem).is_ok());
        for text in [
            "x",
            " ",
            "-----BEGIN CERTIFICATE-----",
            "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nsecret!\n-----END CERTIFICATE-----",
            "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        ] {
            let fault = check_custom_ca(text).unwrap_err();
            assert!(!fault.message.contains("secret"), "{}", fault.message);
        }
    }
}
