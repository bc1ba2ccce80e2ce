//! Do the issuers say what was meant: each one that a token can name, written as tokens name it?

use alloc::{
    borrow::ToOwned,
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
};

use super::super::{
    findings::{Draft, Findings},
    listed::{Form, Item, Listed},
    misread_value,
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::{
        json::{Document, Duplicates, Kind},
        kinship::{difference, family},
        splice::Splice,
        text::{is_invisible, shown},
    },
    parsed::{
        keys::remote::is_insecure,
        providers::{self, Provider},
        risk,
        settings::{Change, SettingName},
    },
};

const ISSUERS: SettingName = SettingName::Issuers;

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let text = subject.settings.text(ISSUERS);
    let Some(whole) = before_more(subject, text, found) else { return };
    let listed = Listed::of(whole);
    none(subject, &listed, found);
    for (index, item) in listed.items.iter().enumerate() {
        written(item, found);
        address(item, found);
        spelling(&listed, item, found);
        template(item, found);
        world(subject, item, found);
        if item.text.is_empty() {
            found.add(Rule::IssuersEmpty, || {
                let change = listed.without(index).filter(|_| listed.items.len() > 1);
                Draft::new(
                    "an issuer is the empty text: a token that names no issuer passes for one of its",
                    "take the empty text out of server.jwt_authentication.issuers",
                )
                .at(ISSUERS, item.offset)
                .mended(change.map(|splice| Change::new().splice(ISSUERS, splice)))
            });
        }
    }
    doubles(&listed, found);
    near_misses(&listed, found);
    entra_versions(&listed, found);
}

/// What the list of issuers is, without what stands behind it; nothing where the whole is not what it seems.
fn before_more<'t>(subject: &Subject<'_>, text: &'t str, found: &mut Findings<'_>) -> Option<&'t str> {
    if let Some((list, end)) = list_and_more(text) {
        found.add(Rule::IssuersTrailingText, || {
            let more = text.get(end..).unwrap_or_default().trim();
            let kept = !Listed::of(list).items.is_empty();
            let splice = Splice { start: end, end: text.len(), text: String::new() };
            Draft::new(
                format!(
                    "the JSON of the issuers ends before `{}`: CockroachDB ignores what follows, and nobody is told",
                    shown(more)
                ),
                "write all issuers into one JSON array, `[\"…\", \"…\"]`, in server.jwt_authentication.issuers",
            )
            .at(ISSUERS, 0)
            .mended(kept.then(|| Change::new().splice(ISSUERS, splice)))
        });
        return Some(list);
    }
    let Some(misread) = misread_value::told(subject, ISSUERS) else { return Some(text) };
    found.add(Rule::IssuersMisread, || misread);
    None
}

/// A list or an object with something behind it, and where it ends.
fn list_and_more(text: &str) -> Option<(&str, usize)> {
    let (document, end) = Document::parse_prefix(text, Duplicates::LastWins).ok()?;
    let is_list = matches!(document.root().kind(), Kind::Array | Kind::Object);
    let (list, more) = text.split_at_checked(end)?;
    (is_list && !more.trim().is_empty()).then_some((list, end))
}

/// Nobody is configured.
fn none(subject: &Subject<'_>, listed: &Listed, found: &mut Findings<'_>) {
    let is_read = listed.form != Form::Plain || subject.settings.text(ISSUERS).trim().is_empty();
    if !listed.items.is_empty() || !is_read || !subject.compiled.enabled {
        return;
    }
    found.add(Rule::IssuersEmpty, || {
        let fact = match (subject.compiled.rules.settings.strict, listed.form) {
            (false, Form::Plain) => {
                "token logins are enabled and the issuer is the empty text, the default: a token that names no issuer \
                 passes for one of its"
            }
            _ => "token logins are enabled and no issuer is configured: every token is refused",
        };
        let remedy = "set server.jwt_authentication.issuers to the exact `iss` of the identity provider's tokens";
        Draft::new(fact, remedy).at(ISSUERS, 0)
    });
}

/// Characters that nobody sees, and blanks around an issuer.
fn written(item: &Item, found: &mut Findings<'_>) {
    let meant: String = item.text.trim().chars().filter(|&c| !is_invisible(c)).collect();
    if meant == item.text || meant.is_empty() {
        return;
    }
    found.add(Rule::IssuersMisread, || {
        let what = if item.text.contains(|c: char| is_invisible(c)) { "invisible characters" } else { "white space" };
        Draft::new(
            format!("the issuer `{}` holds {what}, which a token's `iss` does not", shown(&item.text)),
            format!("write `{}`", shown(&meant)),
        )
        .at(ISSUERS, item.offset)
        .mended_by(renamed(&item.text, &meant))
    });
}

/// Addresses that are none of an issuer, or none that is safe.
fn address(item: &Item, found: &mut Findings<'_>) {
    let issuer = &item.text;
    let provider = Provider::of(issuer, None);
    if let Some((base, document)) = issuer.split_once("/.well-known/") {
        // Auth0's issuers end with a slash.
        let meant = if provider == Some(Provider::Auth0) { format!("{base}/") } else { base.to_string() };
        found.add(Rule::IssuersEndpoint, || {
            Draft::new(
                format!(
                    "the issuer `{}` is the address of a document, `/.well-known/{}`; tokens name the issuer without it",
                    shown(issuer),
                    shown(document)
                ),
                format!("write the `issuer` that the document states, probably `{}`", shown(&meant)),
            )
            .at(ISSUERS, item.offset)
            .mended((!meant.is_empty()).then(|| renamed(issuer, &meant)))
        });
    } else if let Some(end) = ENDPOINTS.iter().find_map(|end| issuer.find(end)).filter(|&end| end > 0) {
        found.add(Rule::IssuersEndpoint, || {
            let (base, endpoint) = issuer.split_at_checked(end).unwrap_or((issuer, ""));
            Draft::new(
                format!("the issuer `{}` is the address of an endpoint, `{}`", shown(issuer), shown(endpoint)),
                format!("write the exact `iss` of the tokens, probably `{}`", shown(base)),
            )
            .at(ISSUERS, item.offset)
        });
    }
    // AD FS calls itself so by default, and serves its keys over https.
    if is_insecure(issuer) && provider != Some(Provider::Adfs) {
        found.add(Rule::IssuersHttp, || {
            Draft::new(
                format!("the issuer `{}` is an address without encryption", shown(issuer)),
                "write the `https://` address if the tokens name that, and otherwise have the identity provider issue \
                 tokens under one",
            )
            .at(ISSUERS, item.offset)
        });
    }
    // Google and GitLab have written their names without it, AD FS has http.
    let writes_https = provider.is_some_and(|provider| {
        !matches!(provider, Provider::Google | Provider::GitLab | Provider::Adfs | Provider::Kubernetes)
    });
    if writes_https && !issuer.contains("://") && !issuer.contains(char::is_whitespace) {
        found.add(Rule::IssuersNotAddress, || {
            let name = provider.map_or("the provider", Provider::name);
            let meant = format!("https://{issuer}");
            Draft::new(
                format!("the issuer `{}` has no `https://`, which {name} writes into every token", shown(issuer)),
                format!("write `{}`", shown(&meant)),
            )
            .at(ISSUERS, item.offset)
            .mended_by(renamed(issuer, &meant))
        });
    }
}

/// How the addresses of endpoints go on that are not the issuer's name. GitHub Enterprise's issuer ends with `/token`.
const ENDPOINTS: [&str; 8] = [
    "/protocol/openid-connect",
    "/oauth2/v2.0/",
    "/oauth2/v1/",
    "/discovery/v2.0/keys",
    "/discovery/keys",
    "/v1/keys",
    "/v1/authorize",
    "/v1/token",
];

/// Issuers of providers that write them otherwise.
fn spelling(listed: &Listed, item: &Item, found: &mut Findings<'_>) {
    let Some(provider) = Provider::of(&item.text, None) else { return };
    let Some(meant) = provider.spelling(&item.text).filter(|_| !item.text.contains("/.well-known/")) else { return };
    found.add(Rule::IssuersSpelling, || {
        let name = provider.name();
        let is_there = || listed.items.iter().any(|other| other.text == meant);
        let change = (!is_there()).then(|| renamed(&item.text, &meant));
        Draft::new(
            format!(
                "the issuer `{}` is none of {name}, which writes `{}` into its tokens",
                shown(&item.text),
                shown(&meant)
            ),
            format!("write `{}`", shown(&meant)),
        )
        .at(ISSUERS, item.offset)
        .mended(change)
    });
}

/// Entra's addresses for whichever tenant signs in.
fn template(item: &Item, found: &mut Findings<'_>) {
    let Some((_, tenant, _)) = providers::entra(&item.text) else { return };
    if !providers::is_entra_alias(tenant) {
        return;
    }
    found.add(Rule::IssuersTemplate, || {
        Draft::new(
            format!(
                "the issuer `{}` stands for any tenant: `{}` is an alias, and Entra writes the tenant's id into `iss`",
                shown(&item.text),
                shown(tenant)
            ),
            format!("write the id of your tenant instead of `{}`", shown(tenant)),
        )
        .at(ISSUERS, item.offset)
    });
}

/// Issuers whose tokens everybody can get.
fn world(subject: &Subject<'_>, item: &Item, found: &mut Findings<'_>) {
    let issuer = &item.text;
    if subject.map.lines_for(issuer).is_none() && subject.map_faults.is_empty() && risk::is_world_wide(issuer) {
        found.add(Rule::IssuersWorldWide, || {
            let choice = match risk::lets_anybody_choose(issuer) {
                true => ", each of them chooses the audience,",
                false => "",
            };
            Draft::new(
                format!(
                    "`{}` signs for everybody who has an account there{choice} and the identity map has no line for it: \
                     the value of the claim is the SQL user as it is",
                    shown(issuer)
                ),
                format!(
                    "begin a line of server.identity_map.configuration with `{}` for each value that may log in",
                    shown(issuer)
                ),
            )
            .at(ISSUERS, item.offset)
        });
    } else if risk::lets_anybody_choose(issuer) {
        found.add(Rule::AudienceChosen, || {
            Draft::new(
                format!(
                    "everybody who can get tokens of `{}` chooses their audience: the identity map alone keeps the others out",
                    shown(issuer)
                ),
                format!(
                    "let no line of server.identity_map.configuration for `{}` take more than what is yours",
                    shown(issuer)
                ),
            )
            .at(ISSUERS, item.offset)
        });
    }
}

fn doubles(listed: &Listed, found: &mut Findings<'_>) {
    let mut known = BTreeSet::new();
    for (index, item) in listed.items.iter().enumerate() {
        if !known.insert(&*item.text) {
            found.add(Rule::IssuersDuplicate, || {
                Draft::new(
                    format!("the issuer `{}` stands twice", shown(&item.text)),
                    "remove one of the two from server.jwt_authentication.issuers",
                )
                .at(ISSUERS, item.offset)
                .mended(listed.without(index).map(|splice| Change::new().splice(ISSUERS, splice)))
            });
        }
    }
}

/// Issuers that are one but for what people overlook. The two names of one Entra tenant are two.
fn near_misses(listed: &Listed, found: &mut Findings<'_>) {
    let mut families: BTreeMap<(String, u8), &str> = BTreeMap::new();
    for item in &listed.items {
        let version = providers::entra(&item.text).map_or(0, |(version, ..)| version);
        let first = *families.entry((family(&item.text), version)).or_insert(&item.text);
        if let Some(how) = difference(first, &item.text) {
            found.add(Rule::IssuersNearMiss, || {
                Draft::new(
                    format!("the issuers `{}` and `{}` {how}", shown(first), shown(&item.text)),
                    "keep the one that the identity provider writes into `iss`, byte for byte",
                )
                .at(ISSUERS, item.offset)
            });
        }
    }
}

/// Tenants of Entra of which only one of the two issuers is configured.
fn entra_versions(listed: &Listed, found: &mut Findings<'_>) {
    let mut tenants: BTreeMap<String, (BTreeSet<u8>, &Item)> = BTreeMap::new();
    for item in &listed.items {
        if let Some((version, tenant, "login.microsoftonline.com")) = providers::entra(&item.text)
            && !providers::is_entra_alias(tenant)
        {
            tenants.entry(tenant.to_owned()).or_insert((BTreeSet::new(), item)).0.insert(version);
        }
    }
    for (tenant, (versions, item)) in tenants {
        if versions.len() > 1 {
            continue;
        }
        found.add(Rule::IssuersEntraVersion, || {
            let (has, other) = match versions.contains(&2) {
                true => (2, format!("https://sts.windows.net/{tenant}/")),
                false => (1, format!("https://login.microsoftonline.com/{tenant}/v2.0")),
            };
            Draft::new(
                format!(
                    "of the two issuers of the Entra tenant `{}` the one of its v{has} tokens is configured; an \
                     application's `requestedAccessTokenVersion` decides which one its tokens name",
                    shown(&tenant)
                ),
                format!(
                    "if tokens of both kinds may log in, add `{}` to server.jwt_authentication.issuers, with lines of its \
                     own in server.identity_map.configuration",
                    shown(&other)
                ),
            )
            .at(ISSUERS, item.offset)
        });
    }
}

/// An issuer under another name, wherever the settings speak of it.
fn renamed(old: &str, new: &str) -> Change {
    Change::new().replace(ISSUERS.as_str(), old, new).rename_issuer(old, new)
}
