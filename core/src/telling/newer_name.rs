//! Does the token call its algorithm by a name that CockroachDB's token library has yet to learn?

use alloc::{format, vec::Vec};

use crate::{
    ground::reason::ReasonCode,
    judging::attempt::Attempt,
    parsed::keys::Algorithm,
    telling::document::{Advice, AdviceKind},
};

/// Says so where `Ed25519` (RFC 9864) is taken here and the database would refuse it. Where the key's own `alg` is `EdDSA`
/// the database goes by that and takes the token.
pub(super) fn near_miss(attempt: &Attempt<'_>) -> Option<Advice> {
    let key = attempt.key.filter(|_| attempt.rules().token.newer_names)?;
    let (named_by, code) = match (key.stated_algorithm(), attempt.header.as_ref()?.algorithm) {
        (Some(Algorithm::Ed25519), _) => ("token's key", ReasonCode::KeyAlgMismatch),
        (None, Algorithm::Ed25519) => ("token", ReasonCode::AlgNotAllowed),
        _ => return None,
    };
    let name = Algorithm::Ed25519;
    Some(Advice {
        kind: AdviceKind::NearMiss,
        code: Some(code),
        check: code.check(),
        message: format!(
            "the {named_by} names its algorithm `{name}`; CockroachDB's token library knows it as `EdDSA` alone and \
             refuses this token"
        ),
        remedy: Some(
            "where a database is to take the token too, state `\"alg\": \"EdDSA\"` in the key of its set: the database goes \
             by that, and the signature is the same"
                .into(),
        ),
        setting: None,
        position: None,
        range: None,
        remedies: Vec::new(),
    })
}
