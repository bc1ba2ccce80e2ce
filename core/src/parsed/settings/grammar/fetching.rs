//! Would the database accept what is set for fetching keys? The engine fetches nothing; it only tells a value that
//! `SET CLUSTER SETTING` would refuse.

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

/// Checks `server.jwt_authentication.client.timeout`: a duration such as `15s`, `1m30s`, `00:00:15` or `2 minutes`.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn check_timeout(text: &str) -> Result<(), Fault> {
    let wrong = |what: &str| {
        Fault::new(ReasonCode::SettingWrongType, 0, alloc::format!("expected {what}, found `{}`", shown(text)))
            .with_remedy("set server.jwt_authentication.client.timeout to a duration such as `15s`")
    };
    let text = text.trim();
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    match text.strip_prefix('-') {
        Some(duration) if is_duration(duration) => Err(wrong("a duration that is not negative")),
        None if is_duration(unsigned) => Ok(()),
        _ => Err(wrong("a duration")),
    }
}

fn is_duration(text: &str) -> bool {
    is_number(text) || is_clock(text) || is_units(text)
}

/// `15` or `1.5`: seconds.
fn is_number(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !(whole.is_empty() && part.is_empty()) && digits(whole) && digits(part)
}

/// `00:00:15.5` or `00:15`.
fn is_clock(text: &str) -> bool {
    let mut parts = text.split(':');
    let whole = |part: Option<&str>| part.is_some_and(|part| is_number(part) && !part.contains('.'));
    whole(parts.next()) && whole(parts.next()) && parts.next().is_none_or(is_number) && parts.next().is_none()
}

/// `1m30s`, `500ms` or `1 minute 30 seconds`.
fn is_units(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let number = rest.find(|character: char| !(character.is_ascii_digit() || character == '.'));
        let Some((number, after)) = number.and_then(|end| rest.split_at_checked(end)) else { return false };
        let after = after.trim_start();
        let end = after.find(|character: char| !character.is_alphabetic()).unwrap_or(after.len());
        let Some((unit, after)) = after.split_at_checked(end) else { return false };
        let known = UNITS.iter().any(|known| unit.eq_ignore_ascii_case(known));
        if !(is_number(number) && known) {
            return false;
        }
        rest = after.trim_start();
    }
    !text.is_empty()
}

const UNITS: [&str; 31] = [
    "ns",
    "us",
    "µs",
    "μs",
    "usec",
    "microsecond",
    "microseconds",
    "ms",
    "msec",
    "millisecond",
    "milliseconds",
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "m",
    "min",
    "mins",
    "minute",
    "minutes",
    "h",
    "hr",
    "hrs",
    "hour",
    "hours",
    "d",
    "day",
    "days",
    "week",
    "weeks",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_the_database() {
        for text in [
            "15s",
            "0s",
            "0",
            "1m30s",
            "500ms",
            "00:00:15",
            "00:00:15.5",
            "1:30",
            "2 minutes",
            "1 day 2h",
            "1.5s",
            "15",
        ] {
            assert!(check_timeout(text).is_ok(), "{text}");
        }
        for text in ["", " ", "-1s", "-00:00:01", "s", "15x", "1::2", "1:2:3:4", ".", "1 2", "s15", "１s", "1s-"] {
            let fault = check_timeout(text).unwrap_err();
            assert_eq!(fault.code, ReasonCode::SettingWrongType, "{text}");
        }
        let message = check_timeout("-1s").unwrap_err().message;
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
