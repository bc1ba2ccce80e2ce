//! May every issuer's keys sign for every other issuer?

use crate::{
    ground::reason::Check, judging::attempt::Attempt, parsed::settings::Places, rules::policy::common_keys,
    telling::document::Advice,
};

/// Says so where several issuers have one key set and the key that signed is bound to none of them.
pub(super) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    let own = attempt.policy?;
    if own.keys.source.is_own() || own.keys_are_fetched() || attempt.key?.issuer().is_some() {
        return None;
    }
    let (message, remedy) = common_keys::shared(attempt.compiled)?;
    let source = own.keys_source();
    Some(Advice::warning(Check::Key, message, remedy).at(places, source.setting, source.offset))
}
