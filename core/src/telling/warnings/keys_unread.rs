//! Are keys configured that nobody reads, because the issuer's keys are fetched?

use crate::{
    ground::reason::Check,
    judging::attempt::Attempt,
    parsed::settings::{Places, SettingName},
    rules::policy::common_keys,
    telling::document::Advice,
};

/// Says so, whether the fetched keys have let the token in or not.
pub(in crate::telling) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    let (message, remedy) = common_keys::unread(attempt.compiled, attempt.policy().keys_are_fetched())?;
    Some(Advice::warning(Check::Key, message, remedy).at(places, SettingName::Jwks, 0))
}
