//! How does a token read? Its header and claims as they stand there but for private keys, long texts cut, times in
//! words; believed or not.

use alloc::{boxed::Box, string::String};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    ground::{
        json::{Kind, Value},
        private_keys::{self, Place},
        time,
    },
    parsed::token::UnverifiedToken,
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

impl Moment {
    pub(crate) fn of(seconds: i64) -> Self {
        Self { seconds, utc: time::utc(seconds) }
    }
}

impl TokenView {
    /// How a token reads; `None` when it cannot be taken apart.
    pub(crate) fn of(token: &UnverifiedToken<'_>) -> Option<Self> {
        if token.shape_defect().is_some() {
            return None;
        }
        let claims = token.claims().ok();
        let moment = |name: &str| {
            let seconds = time::loose(claims?.member(name)?)?;
            Some(Moment::of(seconds))
        };
        Some(Self {
            header: token.header().ok().and_then(|header| object(header, Place::Header)),
            claims: claims.and_then(|claims| object(claims, Place::Claims)),
            issued_at: moment("iat"),
            not_before: moment("nbf"),
            expires_at: moment("exp"),
        })
    }
}

fn object(value: Value<'_>, place: Place) -> Option<Box<RawValue>> {
    if value.kind() != Kind::Object {
        return None;
    }
    let mut text = String::new();
    private_keys::write(value, place, &mut text);
    RawValue::from_string(text).ok()
}
