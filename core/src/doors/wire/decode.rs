//! The verb `decode`: a token as it reads, believed by nobody.

use alloc::string::String;

use serde::Serialize;

use crate::{
    doors::wire::call::{Call, CallError, missing},
    ground::{json::written, limits::TOKEN_BYTES_MAX, reason::ReasonCode, text::one_line},
    parsed::token::{UnverifiedToken, compact},
    telling::{SCHEMA, TokenView},
};

#[derive(Serialize)]
struct Decoded {
    schema: u32,
    token: Option<TokenView>,
    reason: Option<Defect>,
}

/// Why the token cannot be read.
#[derive(Serialize)]
struct Defect {
    code: ReasonCode,
    message: String,
}

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let token = call.string("token")?.ok_or_else(|| missing("token"))?;
    let parts = compact::split(token.as_bytes(), TOKEN_BYTES_MAX);
    let token = UnverifiedToken::read(&parts);
    let reason =
        token.shape_defect().map(|defect| Defect { code: defect.code, message: one_line(defect.message.as_str()) });
    Ok(written(&Decoded { schema: SCHEMA, token: TokenView::of(&token), reason }, SCHEMA))
}
