//! Is the identity map asked at all? Lines that are for nobody, and issuers that have none.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        reason::Check,
        text::{counted, shown},
    },
    judging::attempt::Attempt,
    parsed::settings::{Places, SettingName, Settings},
    telling::document::Advice,
};

/// What deserves attention whatever was decided: without a line for its issuer a principal is a SQL user as it is.
pub(super) fn warnings(settings: &Settings, places: &Places<'_>, attempt: &Attempt<'_>) -> Vec<Advice> {
    // Which names are an issuer's is unknown then.
    if attempt.compiled.lacks(|| &[SettingName::Issuers, SettingName::IdentityMap]) {
        return Vec::new();
    }
    let warning = |message: String, remedy: String, offset| {
        Advice::warning(Check::IdentityMap, message, remedy).at(places, SettingName::IdentityMap, offset)
    };
    let strangers = &attempt.compiled.strangers;
    let mut warnings: Vec<Advice> = strangers
        .told
        .iter()
        .map(|stranger| warning(stranger.describe(), stranger.remedy(), stranger.offset))
        .collect();
    if let Some(last) = warnings.last_mut().filter(|_| strangers.more > 0) {
        last.message += &format!("; the same holds for {}", counted(strangers.more, "more name"));
    }
    warnings.extend(no_lines(settings, attempt).map(|(message, remedy)| warning(message, remedy, 0)));
    warnings
}

/// Says so when there is a map and it has no line for the token's issuer, or none at all.
fn no_lines(settings: &Settings, attempt: &Attempt<'_>) -> Option<(String, String)> {
    let map = &attempt.compiled.map;
    if map.line_count() == 0 {
        let blank = settings.text(SettingName::IdentityMap).trim().is_empty();
        let message = "the identity map has comments and no lines: the value of the claim is the SQL user as it is";
        let remedy = "take the `#` off the lines that are meant to count";
        return (!blank).then(|| (message.into(), remedy.into()));
    }
    let issuer = attempt.stated_issuer();
    attempt.compiled.policy(&issuer)?;
    if map.lines_for(&issuer).is_some() {
        return None;
    }
    let name = shown(&issuer);
    let message = format!(
        "the identity map has lines for others and no line for the issuer `{name}`: the value of its claim is the SQL user as \
         it is, without the map"
    );
    let remedy = format!("if that is not meant, begin a line with `{name}` for each value that may log in");
    Some((message, remedy))
}
