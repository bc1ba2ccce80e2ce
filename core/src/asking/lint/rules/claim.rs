//! Does the claim that decides who logs in name one person or one job, today and tomorrow, and can it be found at all?

use alloc::{format, vec::Vec};

use super::super::{
    findings::{Draft, Findings},
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::{json, text::shown},
    parsed::{
        providers::Provider,
        risk,
        settings::{Change, Claim, SettingName, Source, Sourced, nested, parse_claim},
    },
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let text = subject.settings.text(SettingName::Claim);
    way(text, &Source::of(SettingName::Claim), found);
    escapes(text, found);
    for deciding in deciding(subject) {
        if deciding.claim.source.is_own() {
            way(deciding.claim.as_str(), &deciding.claim.source, found);
        }
        meaning(subject, &deciding, found);
    }
}

/// A claim, and the issuers in whose tokens it decides.
struct Deciding<'c> {
    claim: &'c Sourced<Claim>,
    issuers: Vec<&'c str>,
}

/// The claim that holds for all, and those that engine.issuers gives to single issuers.
fn deciding<'c>(subject: &'c Subject<'_>) -> Vec<Deciding<'c>> {
    let compiled = subject.compiled;
    let own = compiled.policies().filter(|policy| policy.claim_source().is_own());
    let mut all: Vec<Deciding<'c>> =
        own.map(|policy| Deciding { claim: &policy.claim, issuers: [&**policy.issuer].into() }).collect();
    let common = compiled.policies().filter(|policy| !policy.claim_source().is_own());
    let common: Vec<&str> = common.map(|policy| -> &str { &policy.issuer }).collect();
    // Where every issuer has its own, nobody asks for this one.
    if (!common.is_empty() || all.is_empty()) && !compiled.is_broken(SettingName::Claim) {
        all.push(Deciding { claim: &compiled.common.claim, issuers: common });
    }
    all
}

/// A way into the token where one name is read.
fn way(text: &str, source: &Source, found: &mut Findings<'_>) {
    let Some(nested) = nested(text) else { return };
    let rule = if nested.is_certain { Rule::ClaimPointer } else { Rule::ClaimPath };
    found.add(rule, || {
        let change = match &source.issuer {
            None => Change::new().set(SettingName::Claim.as_str(), &*nested.meant),
            Some(issuer) => Change::new().set_member(
                SettingName::EngineIssuers.as_str(),
                [&**issuer, "claim"],
                json::quote(&nested.meant),
            ),
        };
        Draft::new(
            format!(
                "{source} is read as one name, `{}`: what leads to a claim inside another is a JSON Pointer",
                shown(text)
            ),
            match nested.meant.starts_with('/') {
                true => format!("write `{}`, unless the token has a claim of that very name", shown(&nested.meant)),
                false => format!("write `{}`", shown(&nested.meant)),
            },
        )
        .at(source.setting, source.offset)
        .mended(nested.is_certain.then_some(change))
    });
}

/// A pointer that is none, or one that the database reads and RFC 6901 does not.
fn escapes(text: &str, found: &mut Findings<'_>) {
    let Err(fault) = parse_claim(text, true) else { return };
    found.add(Rule::ClaimPointer, || {
        let remedy = fault.remedy.unwrap_or_else(|| {
            "write server.jwt_authentication.claim as `/` and a name for each step, such as `/realm_access/roles`"
                .into()
        });
        Draft::new(fault.message, remedy)
            .at(SettingName::Claim, fault.offset)
            .mended(fault.instead.map(|splice| Change::new().splice(SettingName::Claim, splice)))
    });
}

/// What the value of the claim says.
fn meaning(subject: &Subject<'_>, deciding: &Deciding<'_>, found: &mut Findings<'_>) {
    let (name, source) = (deciding.claim.as_str(), &deciding.claim.source);
    let plain = name.strip_prefix('/').unwrap_or(name);
    if is_of_groups(plain) {
        found.add(Rule::ClaimGroups, || {
            Draft::new(
                format!(
                    "the claim `{}` decides who logs in and names groups: everybody in one is the same SQL user, or any of \
                     several",
                    shown(name)
                ),
                "name a claim that names one person, such as `sub`; roles come of groups by \
                 server.jwt_authentication.authorization.enabled",
            )
            .at(source.setting, source.offset)
        });
    } else if let Some((message, remedy)) = risk::nobody_s(plain) {
        found.add(Rule::ClaimNobody, || Draft::new(message, remedy).at(source.setting, source.offset));
    }
    let may_change = risk::changing(plain, Some(Provider::Entra)).is_some();
    let mut issuers = deciding.issuers.iter().filter(|_| may_change);
    let changing = issuers.find_map(|issuer| risk::changing(plain, Provider::of(issuer, None)));
    let is_changing = changing.is_some();
    let chosen = (plain == "preferred_username").then(|| {
        (
            format!(
                "the claim `{plain}` decides who logs in: OpenID Connect Core 1.0 section 5.7 forbids to take it for who \
                 somebody is, because it may change and be given to somebody else"
            ),
            "name the claim `sub`, and map its values to SQL users",
        )
    });
    if let Some((message, remedy)) = changing.or(chosen) {
        found.add(Rule::ClaimMutable, || Draft::new(message, remedy).at(source.setting, source.offset));
    }
    if plain == "email" && !is_changing {
        unverified(subject, source, found);
    }
}

/// An address of which nobody has to say that it was verified.
fn unverified(subject: &Subject<'_>, source: &Source, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    let is_checked = compiled.rules.judging.email_verified;
    if compiled.is_broken(SettingName::EngineRequiredClaims)
        || is_checked && compiled.required_claims.iter().any(|claim| claim == "email_verified")
    {
        return;
    }
    found.add(Rule::ClaimEmailUnverified, || {
        let draft = match is_checked {
            true => Draft::new(
                "the claim `email` decides who logs in, and a token without `email_verified` passes: nothing says that \
                 the address was verified",
                "require `email_verified` in engine.required_claims, or name the claim `sub` and map it",
            )
            .mended_by(Change::new().add(SettingName::EngineRequiredClaims.as_str(), "email_verified")),
            false => Draft::new(
                "the claim `email` decides who logs in, and the database does not look at `email_verified`: anybody may \
                 have typed the address",
                "have the identity provider verify every address, or name the claim `sub` and map its values to SQL users",
            ),
        };
        draft.at(source.setting, source.offset)
    });
}

/// Whether a claim of that name, or at the end of that way, lists groups or what is like them.
fn is_of_groups(plain: &str) -> bool {
    let last = plain.rsplit(['/', ':', '.']).next().unwrap_or_default();
    ["groups", "roles", "wids", "memberof", "teams"].iter().any(|name| last.eq_ignore_ascii_case(name))
}
