//! May every issuer's keys sign for every other issuer?

use alloc::format;

use crate::{
    ground::{reason::Check, text::counted},
    judging::attempt::Attempt,
    parsed::settings::Places,
    telling::document::Advice,
};

/// Says so where several issuers have one key set and the key that signed is bound to none of them.
pub(super) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    let own = attempt.policy?;
    if own.keys.source.is_own() || own.keys_are_fetched() || attempt.key?.issuer().is_some() {
        return None;
    }
    let sharing = attempt.compiled.policies().filter(|policy| !policy.keys.source.is_own()).count();
    if sharing < 2 {
        return None;
    }
    let message = format!(
        "{} share one key set: whoever holds the keys of one of them can sign tokens in the name of the others",
        counted(sharing, "issuer")
    );
    let remedy = "put each issuer's keys under its name in engine.issuer_keys";
    let source = own.keys_source();
    Some(Advice::warning(Check::Key, message, remedy).at(places, source.setting, source.offset))
}
