//! The whole suggestion: the token is read, each setting is chosen, lint and the login itself judge the result.

use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

use super::{
    claim,
    document::{SuggestDocument, SuggestRefusal, SuggestTrial, SuggestedSetting, SuggestedTokenKind},
    keys, limits, user, wider,
};
use crate::{
    asking::{KeysDocument, lint::LintDocument},
    ground::{
        limits::TOKEN_BYTES_MAX,
        text::{can_be_copied, one_line, quoted, shown},
    },
    parsed::{
        map_line,
        providers::{Facts, Provider, TokenKind},
        risk,
        settings::{Change, SettingName, Settings, SettingsError},
        token::{UnverifiedToken, audiences, compact, looks_like_token},
        user_names::{Host, UserNames},
    },
    rules::{key_cache::KeyCache, policy::sides::Sides},
    telling::{Explanation, explain::explain},
};

/// A sample token, and what is wanted of it.
pub(crate) struct Sample<'s> {
    pub(crate) token: &'s [u8],
    /// Empty for a proposed one.
    pub(crate) user: &'s str,
    /// The issuer's key set.
    pub(crate) keys: Option<&'s str>,
    /// Whose rules there are for names of SQL users.
    pub(crate) user_names: Option<&'s str>,
    pub(crate) now: i64,
}

/// Settings under which the token logs in, and others do not.
pub(crate) fn suggest(sample: &Sample<'_>) -> SuggestDocument {
    let mut document = SuggestDocument::new(Settings::default().profile());
    if let Err(refusal) = fill(sample, &mut document) {
        document.refused = Some(refusal);
        (document.sql, document.json) = (None, None);
        (document.settings, document.optional, document.wider) = (Vec::new(), Vec::new(), Vec::new());
    }
    document
}

fn fill(sample: &Sample<'_>, document: &mut SuggestDocument) -> Result<(), SuggestRefusal> {
    let token = sample.token;
    let parts = compact::split(token, TOKEN_BYTES_MAX);
    let read = UnverifiedToken::read(&parts);
    let (Ok(header), Ok(claims)) = (read.header(), read.claims()) else { return Err(unreadable(sample)) };
    // An encrypted token, no object, an algorithm that signs nothing: what a login says of it before anything is configured.
    let facts = Facts { header: Some(header), claims };
    document.provider = facts.provider().map(Provider::name);
    document.kind = facts.kind().map(SuggestedTokenKind::of);
    let issuer = facts.issuer();
    if issuer.is_empty() {
        return Err(refused("the token names no issuer (`iss`)", "have the identity provider write `iss`"));
    }
    if !is_plain(&issuer) {
        return Err(refused(
            format!("the issuer is {}, which no setting can be trusted to hold as it is", quoted(&issuer)),
            "request a token of an issuer that is an address",
        ));
    }
    useless(facts)?;
    let (audience, audience_why, audience_risk) = audience(facts, &issuer)?;
    let host = sample.user_names.unwrap_or_default();
    let kind = if host.is_empty() { Some(Host::default()) } else { Host::named(host) };
    let kind = kind.ok_or_else(|| {
        let names: Vec<&str> = Host::names().collect();
        refused(
            format!("`{}` is no kind of server", shown(host)),
            format!("`user_names` is one of {}", names.join(", ")),
        )
    })?;
    let names = UserNames::new(kind, &[]);
    let asked = match sample.user {
        "" => None,
        name => Some(
            user::requested(name, &names)
                .map_err(|why| refused(why, format!("name another SQL user: {}", names.pattern())))?,
        ),
    };
    let bearer = claim::bearer(facts).ok_or_else(|| {
        refused(
            "no claim of the token names one bearer: `sub` is not there, or many bear its value",
            "have the identity provider write a `sub` of the bearer's own",
        )
    })?;
    let proposed = asked.or_else(|| user::proposed(&bearer.principal, &names));
    let user = proposed.ok_or_else(|| {
        refused(
            format!("no SQL user can be proposed for {}", quoted(&bearer.principal)),
            "name the SQL user whom the token is to become",
        )
    })?;
    document.user = Some(user.clone());
    let line = map_line::exact(&issuer, &bearer.principal, &user, &names).ok_or_else(|| {
        refused(format!("no line of the identity map can hold {}", quoted(&bearer.principal)), "use a shorter name")
    })?;

    let mut settings =
        keys::settings(facts, &issuer, sample.keys).map_err(|(message, remedy)| refused(message, remedy))?;
    settings.push(one(SettingName::Audience, audience, audience_why, audience_risk));
    settings.push(one(SettingName::Claim, bearer.claim.into(), bearer.why, bearer.risk.map(String::from)));
    settings.push(one(
        SettingName::IdentityMap,
        line,
        "the narrowest line: this principal of this issuer, and nobody else",
        None,
    ));
    settings.push(one(SettingName::Enabled, "true".into(), "without it no token logs in", None));
    settings.extend(limits::options(facts, bearer.claim));
    if kind != Host::default() {
        let why = "the server has rules of its own for names of SQL users";
        settings.push(one(SettingName::EngineUserNames, host.into(), why, None));
    }
    document.optional = limits::groups(facts);
    document.wider = wider::lines(&issuer, &bearer.principal, &user);
    document.settings = settings;
    judged(sample, document)
}

/// Lint over the settings, and the login under them.
fn judged(sample: &Sample<'_>, document: &mut SuggestDocument) -> Result<(), SuggestRefusal> {
    let change = document.settings.iter().fold(Change::new(), |change, one| change.set(one.setting, one.value.clone()));
    let unusable = |error: SettingsError| refused(error.message, error.remedy);
    let settings = Settings::from_json("{}").and_then(|none| none.with(&change)).map_err(unusable)?;
    let lint = LintDocument::of(Ok(&settings));
    let fault = lint.findings.iter().find(|finding| finding.severity.as_str() == "error").cloned();
    document.lint = Some(lint);
    if let Some(fault) = fault {
        return Err(refused(fault.message, fault.remedy.unwrap_or_default()));
    }
    let sides = Sides::new(settings.clone()).map_err(unusable)?;
    let cache = KeyCache::empty(Arc::clone(sides.origins()));
    let signed = KeysDocument::of(&sides, &cache, &[], &[sample.token], sample.now).tokens;
    document.signed_with = signed.into_iter().next().and_then(|token| token.signed_with);
    document.proven = document.signed_with.is_some();
    let user = document.user.as_deref().unwrap_or_default();
    let explanation = explain(&sides, &cache, None, sample.token, user, sample.now);
    document.trial = Some(trial(&explanation));
    let code = explanation.reason.as_ref().map(|reason| reason.code);
    let only_time = code.is_some_and(|code| WITH_TIME.contains(&code.as_str()));
    let Some(reason) = explanation.reason else { return offered(document, &settings) };
    if only_time && (document.proven || sample.keys.is_none()) {
        return offered(document, &settings);
    }
    Err(SuggestRefusal { code, message: reason.message, remedy: Some(reason.remedy) })
}

/// Reasons that the next token of the same kind does not meet.
const WITH_TIME: [&str; 2] = ["token_expired", "token_not_yet_valid"];

fn offered(document: &mut SuggestDocument, settings: &Settings) -> Result<(), SuggestRefusal> {
    if let Some(thumbprint) = &document.signed_with {
        document.first_line = format!(
            "-- proven: the signature of the sample token was verified with the key of thumbprint {thumbprint}"
        );
    }
    document.sql = Some(format!("{}\n{}", document.first_line, settings.to_sql()));
    document.json = Some(settings.to_json());
    Ok(())
}

fn trial(explanation: &Explanation) -> SuggestTrial {
    SuggestTrial {
        decision: explanation.decision,
        user: explanation.login.as_ref().map(|login| login.user.to_string()),
        code: explanation.reason.as_ref().map(|reason| reason.code),
        message: explanation.reason.as_ref().map(|reason| reason.message.clone()),
    }
}

/// What a login says of a token that cannot be read: what was pasted in its place.
fn unreadable(sample: &Sample<'_>) -> SuggestRefusal {
    // Settings that nothing is wrong with, so that the first thing to fail is the reading of the token.
    let change = Change::new()
        .set(SettingName::Enabled.as_str(), "true")
        .set(SettingName::Issuers.as_str(), "https://idp.example")
        .set(SettingName::Audience.as_str(), EXAMPLE);
    let sides = Settings::from_json("{}").and_then(|none| none.with(&change)).and_then(Sides::new);
    let told = sides.ok().and_then(|sides| {
        let cache = KeyCache::empty(Arc::clone(sides.origins()));
        explain(&sides, &cache, None, sample.token, sample.user, sample.now).reason
    });
    match told {
        Some(reason) => {
            SuggestRefusal { code: Some(reason.code), message: reason.message, remedy: Some(reason.remedy) }
        }
        None => refused("the text is no token that can be read", "send a signed token in compact form"),
    }
}

/// That nobody can log in with such a token, whatever is configured.
fn useless(facts: Facts<'_>) -> Result<(), SuggestRefusal> {
    let message = match facts.kind() {
        Some(TokenKind::Graph) => "the token is for Microsoft Graph, and nobody else can verify it",
        Some(TokenKind::OktaItself) => "the token is for Okta itself, and nobody else can verify it",
        Some(TokenKind::Refresh) => {
            "the token is a refresh token: it is exchanged for other tokens and logs in nowhere"
        }
        Some(TokenKind::LegacyServiceAccount) => {
            "the token is a service account's of the old kind, without audience and expiry"
        }
        _ => return Ok(()),
    };
    let mend = facts.other_audience(EXAMPLE);
    Err(refused(message, mend.text().unwrap_or_default()))
}

/// An audience of a server's own.
const EXAMPLE: &str = "sql-login";

/// The audience that is for this server, why, and its risk.
fn audience(facts: Facts<'_>, issuer: &str) -> Result<(String, String, Option<String>), SuggestRefusal> {
    let mend = || facts.other_audience(EXAMPLE).text().unwrap_or_default().to_string();
    let stated = facts.claims.member("aud").and_then(audiences::stated).unwrap_or_default();
    let usable: Vec<_> = stated.iter().filter(|name| is_plain(name)).collect();
    if usable.is_empty() {
        return Err(refused("the token names no audience (`aud`) that a setting can hold", mend()));
    }
    let own = usable.iter().find(|name| risk::audience(name, issuer).is_none());
    if let Some(own) = own {
        let why = match stated.len() {
            1 => "it is the token's `aud`".to_string(),
            many => {
                format!("of the {many} audiences in the token's `aud` it is the first that is not shared with others")
            }
        };
        let chosen = risk::lets_anybody_choose(issuer)
            .then(|| "everybody who can get tokens of this issuer also chooses the audience".to_string());
        return Ok((own.to_string(), why, chosen));
    }
    let Some(shared) = usable.first() else { return Err(refused("the token names no audience", mend())) };
    let fact = risk::audience(shared, issuer).map(|row| row.describe(shared)).unwrap_or_default();
    let risk = one_line(format!("{fact}; {}", mend()));
    Ok((shared.to_string(), "it is the only kind of audience that the token names".into(), Some(risk)))
}

/// Whether a value reads everywhere as it is, and is no token.
fn is_plain(text: &str) -> bool {
    let printed = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"`'\"\\".contains(&byte));
    !text.is_empty()
        && text.len() <= VALUE_BYTES_MAX
        && printed
        && can_be_copied(text)
        && !looks_like_token(text.as_bytes())
}

/// Longer issuers and audiences are nobody's.
const VALUE_BYTES_MAX: usize = 255;

fn one(setting: SettingName, value: String, why: impl Into<String>, risk: Option<String>) -> SuggestedSetting {
    SuggestedSetting { setting: setting.as_str(), value, why: why.into(), risk }
}

fn refused(message: impl Into<String>, remedy: impl Into<String>) -> SuggestRefusal {
    let remedy: String = remedy.into();
    SuggestRefusal { code: None, message: one_line(message), remedy: (!remedy.is_empty()).then(|| one_line(remedy)) }
}
