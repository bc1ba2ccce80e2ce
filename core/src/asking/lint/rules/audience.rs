//! Do the audiences say that a token is for this server, and for no other?

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    sync::Arc,
    vec::Vec,
};

use super::super::{
    findings::{Draft, Findings},
    listed::{Form, Listed},
    misread_value,
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::{
        json::{self, Document, Duplicates, Kind},
        kinship::{difference, family},
        limits::LINT_PAIRS_MAX,
        splice::Splice,
        text::{is_invisible, shown},
    },
    parsed::{
        providers, risk,
        settings::{Change, SettingName, Source, Sourced, misread},
    },
    rules::policy::issuer::{Audiences, Policy},
};

const AUDIENCE: SettingName = SettingName::Audience;

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let text = subject.settings.text(AUDIENCE);
    let listed = Listed::of(text);
    none(subject, text, &listed, found);
    if !misread_whole(subject, text, found) {
        for (index, item) in listed.items.iter().enumerate() {
            empty(&listed, index, found);
            let change = |meant: &str| Change::new().replace(AUDIENCE.as_str(), &*item.text, meant);
            written(&item.text, &Source::of(AUDIENCE).at(item.offset), change, found);
        }
        doubles(&listed, found);
    }
    let issuers: BTreeSet<String> = subject.compiled.policies().map(|policy| family(&policy.issuer)).collect();
    let mut pairs = LINT_PAIRS_MAX;
    for group in groups(subject) {
        own(&group, found);
        for audience in group.audiences.iter().filter(|audience| !audience.is_empty()) {
            stands_for_others(&group, audience, &issuers, &mut pairs, found);
        }
        near_misses(group.audiences, found);
        entra(&group, found);
    }
}

/// Audiences, and the issuers whose tokens have to bear one of them.
struct Group<'c> {
    audiences: &'c Audiences,
    issuers: Vec<&'c str>,
}

/// Those that hold for all, and those that engine.issuers gives to single issuers.
fn groups<'c>(subject: &'c Subject<'_>) -> Vec<Group<'c>> {
    let is_own = |policy: &&Policy| policy.audience_source().is_own();
    let issuer = |policy: &'c Policy| -> &'c str { &policy.issuer };
    let common = Group {
        audiences: &subject.compiled.common.audience,
        issuers: subject.compiled.policies().filter(|policy| !is_own(policy)).map(issuer).collect(),
    };
    let own = subject.compiled.policies().filter(is_own);
    let own = own.map(|policy| Group { audiences: &policy.audience, issuers: [issuer(policy)].into() });
    core::iter::once(common).chain(own).collect()
}

/// No audience at all where one is needed.
fn none(subject: &Subject<'_>, text: &str, listed: &Listed, found: &mut Findings<'_>) {
    let compiled = subject.compiled;
    let is_blank = text.trim().is_empty();
    let is_list = Document::parse(text, Duplicates::LastWins)
        .is_ok_and(|document| matches!(document.root().kind(), Kind::Array | Kind::Null));
    // Where every issuer has its own, the database's default is never asked.
    let strict = compiled.rules.settings.strict;
    let mut policies = compiled.policies().peekable();
    let is_asked = strict || policies.peek().is_none() || policies.any(|policy| !policy.audience_source().is_own());
    if !listed.items.is_empty() || !(is_blank || is_list) || !compiled.enabled || !is_asked {
        return;
    }
    found.add(Rule::AudienceEmpty, || {
        let fact = match is_blank && !strict {
            true => {
                "token logins are enabled and the audience is the empty text, the default: only a token whose `aud` is the \
                 empty text is accepted"
            }
            false => "token logins are enabled and no audience is configured: every token is refused",
        };
        Draft::new(fact, "set server.jwt_authentication.audience to this server's own name in `aud`").at(AUDIENCE, 0)
    });
}

/// An empty text in the list.
fn empty(listed: &Listed, index: usize, found: &mut Findings<'_>) {
    let Some(item) = listed.items.get(index).filter(|item| item.text.is_empty()) else { return };
    found.add(Rule::AudienceEmpty, || {
        let change = listed.without(index).filter(|_| listed.items.len() > 1);
        Draft::new(
            "an audience is the empty text: a token whose `aud` is the empty text passes",
            "take the empty text out of server.jwt_authentication.audience",
        )
        .at(AUDIENCE, item.offset)
        .mended(change.map(|splice| Change::new().splice(AUDIENCE, splice)))
    });
}

/// A value that says something else than it was meant to.
fn misread_whole(subject: &Subject<'_>, text: &str, found: &mut Findings<'_>) -> bool {
    if let Some(misread) = misread_value::told(subject, AUDIENCE) {
        found.add(Rule::AudienceMisread, || misread);
        return true;
    }
    let Some((list, end)) = list_and_more(text) else { return false };
    found.add(Rule::AudienceMisread, || {
        let kept = !Listed::of(list).items.is_empty();
        let splice = Splice { start: end, end: text.len(), text: String::new() };
        Draft::new(
            format!(
                "the JSON of the audiences ends before `{}`: CockroachDB takes the whole for one audience",
                shown(text.get(end..).unwrap_or_default().trim())
            ),
            "write all audiences into one JSON array in server.jwt_authentication.audience",
        )
        .at(AUDIENCE, 0)
        .mended(kept.then(|| Change::new().splice(AUDIENCE, splice)))
    });
    true
}

fn list_and_more(text: &str) -> Option<(&str, usize)> {
    let (document, end) = Document::parse_prefix(text, Duplicates::LastWins).ok()?;
    let (list, more) = text.split_at_checked(end)?;
    (document.root().kind() == Kind::Array && !more.trim().is_empty()).then_some((list, end))
}

/// Characters that nobody sees, and blanks around an audience.
fn written(audience: &str, source: &Source, change: impl FnOnce(&str) -> Change, found: &mut Findings<'_>) {
    let meant: String = audience.trim().chars().filter(|&c| !is_invisible(c)).collect();
    if meant == audience || meant.is_empty() {
        return;
    }
    found.add(Rule::AudienceMisread, || {
        let what = if audience.contains(is_invisible) { "invisible characters" } else { "white space" };
        Draft::new(
            format!("the audience `{}` holds {what}, which a token's `aud` does not", shown(audience)),
            format!("write `{}`", shown(&meant)),
        )
        .at(source.setting, source.offset)
        .mended_by(change(&meant))
    });
}

/// The same of the audiences of one issuer.
fn own(group: &Group<'_>, found: &mut Findings<'_>) {
    let Some(issuer) = group.audiences.source.issuer.as_deref() else { return };
    let set = |texts: &[&str]| {
        let quoted: Vec<String> = texts.iter().map(|text| json::quote(text)).collect();
        let json = format!("[{}]", quoted.join(", "));
        Change::new().set_member(SettingName::EngineIssuers.as_str(), [issuer, "audience"], json)
    };
    let is_alone = group.audiences.len() == 1;
    for audience in group.audiences.iter() {
        let misread = if is_alone { misread(AUDIENCE, audience) } else { None };
        if let Some(misread) = misread.filter(|misread| !misread.by_blanks) {
            found.add(Rule::AudienceMisread, || {
                let texts: Vec<&str> = misread.texts.iter().map(String::as_str).collect();
                Draft::new(
                    format!("{} is one audience, `{}`: {}", group.audiences.source, shown(audience), misread.facts),
                    "write a JSON array with each audience in double quotes",
                )
                .at(audience.source.setting, audience.source.offset)
                .mended_by(set(&texts))
            });
            continue;
        }
        let change = |meant: &str| {
            let texts: Vec<&str> =
                group.audiences.iter().map(|other| if other.value == audience.value { meant } else { other }).collect();
            set(&texts)
        };
        written(audience, &audience.source, change, found);
    }
}

fn doubles(listed: &Listed, found: &mut Findings<'_>) {
    if listed.form != Form::Array {
        return;
    }
    let mut known = BTreeSet::new();
    for (index, item) in listed.items.iter().enumerate() {
        if !known.insert(&*item.text) {
            found.add(Rule::AudienceDuplicate, || {
                Draft::new(
                    format!("the audience `{}` stands twice", shown(&item.text)),
                    "remove one of the two from server.jwt_authentication.audience",
                )
                .at(AUDIENCE, item.offset)
                .mended(listed.without(index).map(|splice| Change::new().splice(AUDIENCE, splice)))
            });
        }
    }
}

/// Audiences that tokens for others bear too.
fn stands_for_others(
    group: &Group<'_>,
    audience: &Sourced<Arc<str>>,
    issuers: &BTreeSet<String>,
    pairs: &mut usize,
    found: &mut Findings<'_>,
) {
    let source = &audience.source;
    if issuers.contains(&family(audience)) {
        found.add(Rule::AudienceIsIssuer, || {
            Draft::new(
                format!(
                    "the audience `{}` is an issuer's own name: tokens for the identity provider itself log in too",
                    shown(audience)
                ),
                "configure an audience of this server's own, and have the identity provider put it into `aud`",
            )
            .at(source.setting, source.offset)
        });
        return;
    }
    // What holds for any issuer is known by the first of them.
    let asked = group.issuers.iter().take((*pairs).min(group.issuers.len()));
    let shared = asked.map(|issuer| (issuer, risk::audience(audience, issuer))).find(|(_, shared)| {
        *pairs = pairs.saturating_sub(1);
        shared.is_some()
    });
    if let Some((_, Some(shared))) = shared {
        found.add(Rule::AudienceShared, || {
            Draft::new(format!("the {}", shared.describe(audience)), shared.remedy()).at(source.setting, source.offset)
        });
    }
}

/// Audiences that are one but for what people overlook.
fn near_misses(audiences: &Audiences, found: &mut Findings<'_>) {
    let mut families: BTreeMap<String, &str> = BTreeMap::new();
    for audience in audiences.iter() {
        let first = *families.entry(family(audience)).or_insert(audience);
        if let Some(how) = difference(first, audience) {
            found.add(Rule::AudienceNearMiss, || {
                Draft::new(
                    format!("the audiences `{}` and `{}` {how}", shown(first), shown(audience)),
                    "keep the one that the identity provider writes into `aud`, unless it writes both",
                )
                .at(audience.source.setting, audience.source.offset)
            });
        }
    }
}

/// Entra names an application by its id in v2 tokens, and as it was asked for in v1 tokens ("Access token claims reference").
fn entra(group: &Group<'_>, found: &mut Findings<'_>) {
    let versions: BTreeSet<u8> =
        group.issuers.iter().filter_map(|issuer| providers::entra(issuer)).map(|(version, ..)| version).collect();
    if versions.len() != 1 || !versions.contains(&2) {
        return;
    }
    let known: BTreeSet<&str> = group.audiences.iter().map(|audience| &***audience).collect();
    for audience in group.audiences.iter() {
        let Some(name) = audience.strip_prefix("api://").map(|name| name.trim_end_matches('/')) else { continue };
        let is_id = risk::is_id(name);
        if known.contains(name) || !is_id && known.iter().any(|other| risk::is_id(other)) {
            continue;
        }
        let source = &audience.source;
        found.add(Rule::AudienceEntraForm, || {
            let remedy = match is_id {
                true => format!("add `{name}` to the audiences in {}", group.audiences.source),
                false => format!("add the application's id to the audiences in {}", group.audiences.source),
            };
            let change = (is_id && source.setting == AUDIENCE).then(|| Change::new().add(AUDIENCE.as_str(), name));
            Draft::new(
                format!(
                    "the audience `{}` is no v2 token's: Entra writes the application's id alone into the `aud` of its v2 \
                     tokens, and no issuer of v1 tokens is configured",
                    shown(audience)
                ),
                remedy,
            )
            .at(source.setting, source.offset)
            .mended(change)
        });
    }
}
