//! Does a value say something else than its author meant? Then it is written as it was meant.

use alloc::{format, string::String, vec::Vec};

use crate::{
    judging::attempt::Attempt,
    parsed::{
        identity_map::Misread,
        settings::{Change, SettingName, Settings, misread},
        token::audiences,
    },
    telling::remedies::proposal::Proposal,
};

/// How many lines of the map are written otherwise.
const LINES: usize = 2;

/// The issuers as they were probably meant.
pub(super) fn issuers(attempt: &Attempt<'_>, settings: &Settings) -> Vec<Proposal> {
    let stated = attempt.stated_issuer();
    corrected(SettingName::Issuers, settings, |text| text == stated)
}

/// The audiences as they were probably meant.
pub(super) fn audiences(attempt: &Attempt<'_>, settings: &Settings) -> Vec<Proposal> {
    let stated = attempt.claims.and_then(|claims| claims.member("aud")).and_then(audiences::stated).unwrap_or_default();
    corrected(SettingName::Audience, settings, |text| stated.iter().any(|audience| audience == text))
}

fn corrected(name: SettingName, settings: &Settings, is_stated: impl Fn(&str) -> bool) -> Vec<Proposal> {
    let meant = misread(name, settings.text(name));
    let is_certain = |texts: &[String], by_blanks: bool| !by_blanks || texts.iter().any(|text| is_stated(text));
    let proposal = meant.filter(|meant| is_certain(&meant.texts, meant.by_blanks)).map(|meant| {
        let message = format!("{}: {} in {}", meant.facts, meant.remedy, name.as_str());
        Proposal::widening(message, Change::new().splice(name, meant.splice))
    });
    proposal.into_iter().collect()
}

/// The lines of the map for this issuer as they were probably meant.
pub(super) fn lines(attempt: &Attempt<'_>) -> Vec<Proposal> {
    let misread = attempt.compiled.map.misread(&attempt.stated_issuer(), &attempt.work);
    let proposal = |line: Misread| {
        let message = format!(
            "line {} of the identity map: {}; {}",
            line.number,
            line.meant.facts.join("; "),
            line.meant.remedy()
        );
        Proposal::widening(message, Change::new().replace_line(line.number, line.meant.line))
    };
    misread.into_iter().take(LINES).map(proposal).collect()
}
