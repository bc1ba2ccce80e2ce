//! Does the database let in what was refused here?

use alloc::format;

use crate::{answers::failure::Failure, ground::reason::ReasonCode, telling::document::Advice};

/// Says so where CockroachDB does not make the check that refused the login.
pub(super) fn warning(failure: &Failure) -> Option<Advice> {
    let database = match failure.code {
        ReasonCode::CritUnsupported => "ignores the header member `crit`",
        ReasonCode::ZipUnsupported => "ignores the header member `zip`",
        ReasonCode::CtyNested => "ignores the header member `cty`",
        ReasonCode::TypNotAllowed => "does not look at the token's type",
        ReasonCode::CnfUnsupported => "takes a key-bound token for a bearer token",
        ReasonCode::KeyWeak => "verifies under RSA keys from 1024 bits on",
        ReasonCode::KeyNotForVerify => "ignores the key's `key_ops`",
        ReasonCode::KeyIssuerMismatch => "lets every key of the set sign for every issuer",
        ReasonCode::PayloadDuplicateMember | ReasonCode::HeaderDuplicateMember => {
            "takes the last of the members of one name"
        }
        ReasonCode::TokenBadBase64 => "also decodes padded base64 and the standard alphabet",
        ReasonCode::ExpMissing => "takes a token without `exp` for one that never expires",
        ReasonCode::EmailUnverified => "does not look at `email_verified`",
        _ => return None,
    };
    let message = format!("CockroachDB itself {database}, and may let this token in");
    let warning = Advice::warning(failure.code.check(), message, "do not rely on the database to refuse such tokens");
    Some(Advice { code: Some(failure.code), ..warning })
}
