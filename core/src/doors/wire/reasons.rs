//! The verb `reasons`: the catalogue of refusals.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    doors::wire::call::{Call, CallError},
    ground::{
        json::written,
        reason::{Check, ReasonCode},
    },
    telling::SCHEMA,
};

#[derive(Serialize)]
struct Catalogue {
    schema: u32,
    reasons: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    code: ReasonCode,
    number: u16,
    check: Check,
    summary: &'static str,
    remedy: &'static str,
    reference: &'static str,
}

#[allow(clippy::unnecessary_wraps, reason = "every verb answers alike")]
pub(super) fn answer(_: &Call<'_>) -> Result<String, CallError> {
    let row = |&code: &ReasonCode| Row {
        code,
        number: code.number(),
        check: code.check(),
        summary: code.summary(),
        remedy: code.remedy(),
        reference: code.reference(),
    };
    Ok(written(&Catalogue { schema: SCHEMA, reasons: ReasonCode::all().iter().map(row).collect() }, SCHEMA))
}
