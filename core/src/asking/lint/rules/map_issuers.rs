//! Are the names in the identity map issuers, and has every issuer its lines?

use alloc::format;

use super::super::{
    findings::{Draft, Findings},
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::{limits::LINT_FINDINGS_OF_RULE_MAX, text::shown},
    parsed::settings::{Change, SettingName},
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    // Which names are an issuer's is unknown then.
    if subject.compiled.is_broken(SettingName::Issuers) {
        return;
    }
    names(subject, found);
    issuers(subject, found);
}

/// Names in the map that are no configured issuer's.
fn names(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let strangers = subject.map.first_strangers(subject.compiled.policies_by_name(), LINT_FINDINGS_OF_RULE_MAX);
    for stranger in &strangers.told {
        let rule = if stranger.is_slip() { Rule::MapIssuerNearMiss } else { Rule::MapIssuerUnknown };
        found.add(rule, || {
            let change = stranger.meant().map(|meant| Change::new().rename_issuer(&*stranger.name, meant));
            Draft::new(stranger.describe(), stranger.remedy())
                .at(SettingName::IdentityMap, stranger.offset)
                .mended(change)
        });
    }
}

/// Configured issuers without a line.
fn issuers(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let map = &subject.map;
    let blank = subject.map_text().trim().is_empty();
    if map.line_count() == 0 {
        if !blank && subject.map_faults.is_empty() {
            found.add(Rule::MapEmpty, || {
                Draft::new(
                    "the identity map has comments and no lines: the value of the claim is the SQL user as it is",
                    "take the `#` off the lines that are meant to count",
                )
                .at(SettingName::IdentityMap, 0)
            });
        }
        return;
    }
    for policy in subject.compiled.policies().filter(|policy| map.lines_for(&policy.issuer).is_none()) {
        found.add(Rule::MapIssuerUncovered, || {
            let name = shown(&policy.issuer);
            Draft::new(
                format!(
                    "the identity map has lines for others and none for the issuer `{name}`: the value of its claim is \
                     the SQL user as it is"
                ),
                format!("if that is not meant, begin a line with `{name}` for each value that may log in"),
            )
            .at(SettingName::IdentityMap, 0)
        });
    }
}
