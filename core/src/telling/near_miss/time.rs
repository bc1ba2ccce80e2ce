//! Is it only the clock, or only the unit?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        json::Value,
        limits::{LEEWAY_SECONDS_MAX, NUMERIC_DATE_MAX},
        mend::Mend,
        reason::ReasonCode,
        time::{span, utc},
    },
    judging::attempt::Attempt,
    parsed::settings::SettingName,
    telling::near_miss::hint::Hint,
};

/// The leeway under which every time claim would pass, when one is allowed.
pub(super) fn skew(attempt: &Attempt<'_>) -> Vec<Hint> {
    if attempt.now > NUMERIC_DATE_MAX {
        let message = format!("the login's own clock says {}: it counts milliseconds, not seconds", attempt.now);
        return [Hint::new(message, "pass the present moment in Unix seconds")].into();
    }
    let times = attempt.times;
    let expired = times.expires_at.map(|exp| attempt.now.saturating_sub(exp).saturating_add(1));
    let early = times.not_before.max(times.issued_at).map(|start| start.saturating_sub(attempt.now));
    let needed = expired.max(early).unwrap_or_default();
    if !(1..=LEEWAY_SECONDS_MAX).contains(&needed) {
        return Vec::new();
    }
    let remedy = if attempt.rules().judging.leeway {
        Mend::administrator("set the clocks right")
    } else {
        "set the clocks right; CockroachDB allows no difference between them".into()
    };
    let message = format!("clocks that differ by {} would explain it", span(needed));
    [Hint::new(message, remedy).about(SettingName::EngineLeewaySeconds)].into()
}

/// A time that is written in another unit or as another kind.
pub(super) fn form(attempt: &Attempt<'_>, code: ReasonCode) -> Vec<Hint> {
    let name = match code {
        ReasonCode::ExpInvalid => "exp",
        ReasonCode::NbfInvalid => "nbf",
        _ => "iat",
    };
    let value = attempt.claims.and_then(|claims| claims.member(name));
    let text = value.and_then(Value::string);
    let seconds = text.as_deref().and_then(|text| text.parse::<i64>().ok());
    let milliseconds = value.and_then(Value::number).and_then(|number| number.parse::<i64>().ok());
    let hint = match (seconds, milliseconds) {
        (Some(seconds), _) => Some((
            format!("`{name}` is a string that holds the number {seconds}: {}", utc(seconds)),
            format!("have the identity provider write `{name}` as a JSON number, without quotes"),
        )),
        (None, Some(milliseconds)) if (NUMERIC_DATE_MAX..).contains(&milliseconds) => Some((
            format!("`{name}` read in milliseconds is {}", utc(milliseconds / 1000)),
            String::from("have the identity provider divide its times by 1000: tokens state seconds"),
        )),
        _ => None,
    };
    hint.map(|(message, remedy)| Hint::new(message, remedy)).into_iter().collect()
}
