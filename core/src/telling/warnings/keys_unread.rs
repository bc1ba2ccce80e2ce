//! Are keys configured that nobody reads, because the issuer's keys are fetched?

use crate::{
    ground::reason::Check,
    judging::attempt::Attempt,
    parsed::settings::{Places, SettingName},
    rules::policy::issuer::Keys,
    telling::document::Advice,
};

/// Says so, whether the fetched keys have let the token in or not.
pub(in crate::telling) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    let are_configured = matches!(&*attempt.compiled.common.keys, Keys::Set(keys) if !keys.entries().is_empty());
    if !are_configured || !attempt.policy().keys_are_fetched() {
        return None;
    }
    let message =
        "server.jwt_authentication.jwks is ignored while server.jwt_authentication.jwks_auto_fetch.enabled is true";
    let remedy = "set server.jwt_authentication.jwks_auto_fetch.enabled to false if the configured keys are meant";
    Some(Advice::warning(Check::Key, message, remedy).at(places, SettingName::Jwks, 0))
}
