//! Which line of the identity map was probably meant for this bearer?

use alloc::{borrow::Cow, format, vec::Vec};

use crate::{
    ground::{kinship::kinship, mend::Mend, text::shown},
    judging::attempt::Attempt,
    parsed::{identity_map::NearMiss, settings::SettingName},
    telling::near_miss::hint::Hint,
};

/// How many near misses are told.
const TOLD: usize = 3;

/// How many of a token's principals are looked at.
const PRINCIPALS: usize = 10;

/// How many of the map's issuers are looked at.
const LOOKED_AT: usize = 1000;

/// Longer issuers are not compared: nobody mistypes them.
const COMPARED_BYTES_MAX: usize = 512;

/// Lines that would match but for one detail.
pub(super) fn unmapped(attempt: &Attempt<'_>) -> Vec<Hint> {
    let Some(lines) = attempt.compiled.map.lines_for(&attempt.stated_issuer()) else { return Vec::new() };
    let principals = attempt.principals.iter().flatten().take(PRINCIPALS);
    let misses =
        principals.flat_map(|principal| lines.near_misses(principal, &attempt.work).map(move |miss| (principal, miss)));
    let hint = |(principal, miss): (&Cow<'_, str>, NearMiss<'_>)| {
        let message = format!("the token's value is `{}`; {}", shown(principal), miss.describe());
        Hint::new(message, Mend::default()).at(SettingName::IdentityMap, miss.line.offset)
    };
    misses.take(TOLD).map(hint).collect()
}

/// Lines for an issuer written nearly so, when this issuer has none.
pub(super) fn no_map(attempt: &Attempt<'_>) -> Vec<Hint> {
    let issuer = attempt.stated_issuer();
    if issuer.len() > COMPARED_BYTES_MAX || attempt.compiled.map.lines_for(&issuer).is_some() {
        return Vec::new();
    }
    let hints = attempt.compiled.map.issuers().take(LOOKED_AT).filter_map(|named| {
        let how = kinship(&issuer, named)?;
        let message = format!(
            "the identity map has lines for `{}`; it and the token's issuer `{}` {how}",
            shown(named),
            shown(&issuer)
        );
        Some(Hint::new(message, Mend::default()).about(SettingName::IdentityMap))
    });
    hints.take(TOLD).collect()
}
