//! How does a token read? Its header and claims as they stand there, long texts cut, times in words; believed or not.

use alloc::{boxed::Box, string::String};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    json::{Kind, Value, quote},
    limits::SHOWN_CHARACTERS_MAX,
    text::cut,
    token::{UnverifiedToken, moment},
};

/// A token as it reads. Nothing in it is believed: anybody can write a token.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct TokenView {
    /// The header, a JSON object; `None` when it is none.
    pub header: Option<Box<RawValue>>,
    /// The claims, a JSON object; `None` when they are none.
    pub claims: Option<Box<RawValue>>,
    /// The claim `iat`.
    pub issued_at: Option<Moment>,
    /// The claim `nbf`.
    pub not_before: Option<Moment>,
    /// The claim `exp`.
    pub expires_at: Option<Moment>,
}

/// A moment, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Moment {
    /// Unix seconds.
    pub seconds: i64,
    /// The same in UTC, as RFC 3339 writes it.
    pub utc: String,
}

impl TokenView {
    /// How a token reads; `None` when it cannot be taken apart.
    pub(crate) fn of(token: &UnverifiedToken<'_>) -> Option<Self> {
        if token.shape_defect().is_some() {
            return None;
        }
        let claims = token.claims().ok();
        let moment = |name: &str| {
            let seconds = moment::loose(claims?.member(name)?)?;
            Some(Moment { seconds, utc: moment::utc(seconds) })
        };
        Some(Self {
            header: token.header().ok().and_then(object),
            claims: claims.and_then(object),
            issued_at: moment("iat"),
            not_before: moment("nbf"),
            expires_at: moment("exp"),
        })
    }
}

fn object(value: Value<'_>) -> Option<Box<RawValue>> {
    if value.kind() != Kind::Object {
        return None;
    }
    let mut text = String::new();
    write(value, &mut text);
    RawValue::from_string(text).ok()
}

/// Writes a value on one line, every long text in it cut.
fn write(value: Value<'_>, text: &mut String) {
    match value.kind() {
        Kind::Object => {
            let mut separator = '{';
            for (name, member) in value.members() {
                text.push(separator);
                text.push_str(&quote(&cut(&name.string().unwrap_or_default())));
                text.push(':');
                write(member, text);
                separator = ',';
            }
            text.push_str(if separator == '{' { "{}" } else { "}" });
        }
        Kind::Array => {
            let mut separator = '[';
            for element in value.elements() {
                text.push(separator);
                write(element, text);
                separator = ',';
            }
            text.push_str(if separator == '[' { "[]" } else { "]" });
        }
        Kind::String => text.push_str(&quote(&cut(&value.string().unwrap_or_default()))),
        Kind::Number if value.written().len() > SHOWN_CHARACTERS_MAX => text.push_str(&quote(&cut(value.written()))),
        Kind::Number | Kind::Bool(_) | Kind::Null => text.push_str(value.written()),
    }
}
