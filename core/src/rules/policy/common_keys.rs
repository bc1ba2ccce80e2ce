//! What do keys that hold for all issuers mean? That each of them may sign for every other, or nothing at all.

use alloc::{format, string::String};

use super::{
    compiled::Compiled,
    issuer::{Keys, Policy},
};
use crate::ground::text::counted;

/// That several issuers have one key set, and what to do about it.
pub(crate) fn shared(compiled: &Compiled) -> Option<(String, &'static str)> {
    let is_common = |policy: &&Policy| !policy.keys.source.is_own() && !policy.keys_are_fetched();
    let sharing = compiled.policies().filter(is_common).count();
    let message = format!(
        "{} share one key set: whoever holds the keys of one of them can sign tokens in the name of the others",
        counted(sharing, "issuer")
    );
    (sharing > 1).then_some((message, "put each issuer's keys under its name in engine.issuer_keys"))
}

/// That keys are configured which nobody reads because keys are fetched, and what to do about it.
pub(crate) fn unread(compiled: &Compiled, fetched: bool) -> Option<(&'static str, &'static str)> {
    let are_configured = matches!(&*compiled.common.keys, Keys::Set(keys) if !keys.entries().is_empty());
    (are_configured && fetched).then_some((
        "server.jwt_authentication.jwks is ignored while server.jwt_authentication.jwks_auto_fetch.enabled is true",
        "set server.jwt_authentication.jwks_auto_fetch.enabled to false if the configured keys are meant",
    ))
}
