//! What puts the beginning or the end of the window where it is?

use alloc::{format, string::String, vec::Vec};

use crate::{
    answers::decision::Decision,
    asking::window::{
        document::{WindowEdge, WindowOutcome},
        pieces::Asked,
    },
    ground::{
        reason::ReasonCode,
        time::{span, utc},
    },
    parsed::settings::SettingName,
    telling::Moment,
};

/// Which end of the window it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Begins,
    Ends,
}

/// The edge at a moment beyond which the login is decided so.
pub(super) fn edge(asked: &Asked<'_>, side: Side, at: i64, outside: &WindowOutcome) -> WindowEdge {
    let Because { message, claims, settings } = because(asked, side, at, outside);
    WindowEdge {
        at: Moment::of(at),
        decision: outside.decision,
        check: outside.check,
        code: outside.code,
        message,
        claims,
        settings: settings.into_iter().map(SettingName::as_str).collect(),
    }
}

struct Because {
    message: String,
    claims: Vec<&'static str>,
    settings: Vec<SettingName>,
}

fn because(asked: &Asked<'_>, side: Side, at: i64, outside: &WindowOutcome) -> Because {
    use ReasonCode as Code;
    let (times, leeway) = (asked.times, asked.attempt.compiled.leeway);
    let stated = |claim: &'static str, time: Option<i64>, allows: &str| {
        let time = time.map(utc).unwrap_or_default();
        let allowed = match leeway {
            0 => String::new(),
            _ => format!(", and engine.leeway_seconds allows {} {allows}", span(leeway)),
        };
        Because {
            message: format!("`{claim}` is {time}{allowed}"),
            claims: [claim].into(),
            settings: (leeway != 0).then_some(SettingName::EngineLeewaySeconds).into_iter().collect(),
        }
    };
    match (outside.decision, outside.code) {
        (Decision::KeysNeeded, _) => Because {
            message: match side {
                Side::Begins => format!("the keys that are held count for logins from {} on", utc(at)),
                Side::Ends => format!("the keys that are held count for logins before {}", utc(at)),
            },
            claims: Vec::new(),
            settings: [SettingName::JwksAutoFetch].into(),
        },
        (_, Some(Code::TokenExpired)) => stated("exp", times.expires_at, "more"),
        (_, Some(Code::TokenNotYetValid)) => stated("nbf", times.not_before, "less"),
        (_, Some(Code::IssuedInFuture)) => stated("iat", times.issued_at, "less"),
        (_, Some(Code::LifetimeTooLong)) => {
            let exp = times.expires_at.map(utc).unwrap_or_default();
            let longest = asked.longest().map(|longest| span(longest.value)).unwrap_or_default();
            Because {
                message: format!("`exp` is {exp}, there is no `iat`, and a token may live for {longest}"),
                claims: ["exp", "iat"].into(),
                settings: asked.longest().map(|longest| longest.source.setting).into_iter().collect(),
            }
        }
        _ => Because { message: outside.message.clone().unwrap_or_default(), claims: Vec::new(), settings: Vec::new() },
    }
}
