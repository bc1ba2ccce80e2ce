//! What do the engine's own options say about claims and about single issuers?

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

use super::{
    audience,
    claim::{self, Claim},
    strings::once,
};
use crate::{
    ground::{
        fault::Fault,
        json::{Document, Duplicates, Kind, Value},
        nearest::nearest,
        reason::ReasonCode,
        text::{listed, shown},
    },
    parsed::{
        settings::{
            names::SettingName,
            sourced::{Source, Sourced},
            traced::Traced,
        },
        sql_user,
        token::scope,
        user_names::Host,
    },
};

/// The keys that alone sign for one issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuerKeys {
    pub(crate) issuer: Arc<str>,
    /// The key set as JSON.
    pub(crate) jwks: Sourced<String>,
}

/// What holds for one issuer instead of the general settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuerOverride {
    pub(crate) issuer: Arc<str>,
    pub(crate) claim: Option<Sourced<Claim>>,
    pub(crate) audience: Option<Sourced<Vec<Sourced<String>>>>,
    pub(crate) max_token_lifetime_seconds: Option<Sourced<i64>>,
}

/// The issuers that the options may speak of.
pub(crate) struct KnownIssuers<'i> {
    /// Nothing where they cannot be read: then the options may speak of any.
    pub(crate) names: Option<BTreeSet<&'i str>>,
}

impl KnownIssuers<'_> {
    /// The name at the head of a member, if it is an issuer's.
    fn issuer(&self, key: Value<'_>) -> Result<Arc<str>, Fault> {
        let name = key.string().unwrap_or_default();
        let Some(names) = self.names.as_ref().filter(|names| !names.contains(name.as_ref())) else {
            return Ok(name.as_ref().into());
        };
        let message = alloc::format!("`{}` is none of the issuers in server.jwt_authentication.issuers", shown(&name));
        let fault = Fault::new(ReasonCode::IssuersInvalid, key.span().0, message);
        Err(match nearest(&name, names.iter().copied()) {
            Some(issuer) => fault.with_remedy(alloc::format!("write `{}` if that issuer is meant", shown(issuer))),
            None => fault.with_remedy("add the issuer to server.jwt_authentication.issuers, or remove it here"),
        })
    }
}

/// Reads `engine.required_claims`: claim names, each once.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn required_claims(text: &str) -> Result<Vec<String>, Fault> {
    each_once(text, "the name of a claim", |_| true)
}

/// Reads `engine.required_scopes`: scopes as RFC 6749 section 3.3 writes them, each once.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn required_scopes(text: &str) -> Result<Vec<String>, Fault> {
    each_once(text, "one scope", scope::is_one)
}

/// Reads `engine.user_names`: the kind of server whose users the settings speak of.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn user_names(text: &str) -> Result<Host, Fault> {
    Host::named(text).ok_or_else(|| {
        let kinds: Vec<&str> = Host::names().collect();
        let known = listed(&kinds, kinds.len());
        let fault = Fault::new(
            ReasonCode::SettingWrongType,
            0,
            alloc::format!("expected a kind of server, {known}, found `{}`", shown(text)),
        );
        match nearest(text, Host::names()) {
            Some(meant) => fault.with_remedy(alloc::format!("write `{meant}` if that is the server meant")),
            None => {
                fault.with_remedy("write `postgresql` for PostgreSQL, `mysql` for MySQL and MariaDB, or leave it out")
            }
        }
    })
}

/// Reads `engine.reserved_users`: SQL users whom no token may be, each once.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn reserved_users(text: &str) -> Result<Vec<String>, Fault> {
    each_once(text, "the name of a SQL user", |_| true)
}

/// Reads a list of texts, none of them empty and each what is expected there.
fn each_once(text: &str, expected: &str, is_one: impl Fn(&str) -> bool) -> Result<Vec<String>, Fault> {
    let document = document(text)?;
    let texts = document.root().elements().map(|element| match element.string() {
        Some(text) if text.is_empty() => Err(wrong(element, expected, "an empty string")),
        Some(text) if !is_one(&text) => Err(wrong(element, expected, &alloc::format!("`{}`", shown(&text)))),
        Some(text) => Ok(text.into_owned()),
        None => Err(wrong(element, expected, element.kind().describe())),
    });
    texts.collect::<Result<_, _>>().map(once)
}

/// Reads `engine.group_prefix`: what the names of groups begin with that are roles, normalised as they are.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn group_prefix(text: &str) -> Result<String, Fault> {
    let is_blank = |character: char| character.is_whitespace() || character == ',';
    match text.starts_with(is_blank) || text.contains(',') || (!text.is_empty() && text.trim().is_empty()) {
        true => Err(Fault::new(
            ReasonCode::SettingWrongType,
            0,
            alloc::format!("expected what the names of groups begin with, found `{}`", shown(text)),
        )
        .with_remedy("set engine.group_prefix to a text such as `sql-`, without a comma or a blank before it")),
        false => Ok(sql_user::normalized(text).into_owned()),
    }
}

/// Reads `engine.group_allow`: the roles that groups may give, normalised. An empty list is one that allows none.
///
/// # Errors
/// `setting_wrong_type`.
pub(crate) fn group_allow(text: &str) -> Result<Option<Vec<String>>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let document = document(text)?;
    let roles = document.root().elements().map(|element| {
        let name = element.string().ok_or_else(|| wrong(element, "the name of a role", element.kind().describe()))?;
        let role = sql_user::normalized(&name);
        match sql_user::check(&role) {
            Ok(()) if !sql_user::is_reserved(&role) => Ok(role.into_owned()),
            Ok(()) => Err(wrong(element, "the name of a role", "one that the database keeps for itself")),
            Err(defect) => {
                Err(wrong(element, "the name of a role", &alloc::format!("one that is none: {}", defect.describe())))
            }
        }
    });
    roles.collect::<Result<Vec<_>, _>>().map(|roles| Some(once(roles)))
}

/// Reads `engine.issuer_keys`; the key sets themselves are left as text.
///
/// # Errors
/// `issuers_invalid` for a name that is no issuer's, `setting_wrong_type`.
pub(crate) fn issuer_keys(text: &str, issuers: &KnownIssuers<'_>) -> Result<Vec<IssuerKeys>, Fault> {
    let document = document(text)?;
    let keys = document.root().members().map(|(key, value)| {
        let issuer = issuers.issuer(key)?;
        if value.kind() != Kind::Object {
            return Err(wrong(value, "a key set as an object", value.kind().describe()));
        }
        let source = Source::own(SettingName::EngineIssuerKeys, &issuer, None).at(value.span().0);
        Ok(IssuerKeys { issuer, jwks: Sourced::new(value.written().to_string(), source) })
    });
    keys.collect()
}

/// Reads `engine.issuers`.
///
/// # Errors
/// `issuers_invalid` for a name that is no issuer's, `setting_unknown` for an unknown member, `setting_wrong_type`,
/// `claim_setting_invalid`, `audience_invalid`.
pub(crate) fn overrides(text: &str, issuers: &KnownIssuers<'_>, strict: bool) -> Result<Vec<IssuerOverride>, Fault> {
    let document = document(text)?;
    let overrides = document.root().members().map(|(key, value)| {
        let issuer = issuers.issuer(key)?;
        if value.kind() != Kind::Object {
            return Err(wrong(value, "an object", value.kind().describe()));
        }
        let mut given = IssuerOverride { issuer, claim: None, audience: None, max_token_lifetime_seconds: None };
        for (key, value) in value.members() {
            let member =
                |member| Source::own(SettingName::EngineIssuers, &given.issuer, Some(member)).at(value.span().0);
            match key.string().unwrap_or_default().as_ref() {
                CLAIM => given.claim = Some(Sourced::new(own_claim(value, strict)?, member(CLAIM))),
                AUDIENCE => given.audience = Some(own_audience(value, strict, member(AUDIENCE))?),
                MAX_TOKEN_LIFETIME => {
                    let seconds = own_lifetime(value)?;
                    given.max_token_lifetime_seconds = Some(Sourced::new(seconds, member(MAX_TOKEN_LIFETIME)));
                }
                other => return Err(unknown_member(key, other)),
            }
        }
        Ok(given)
    });
    overrides.collect()
}

const CLAIM: &str = "claim";
const AUDIENCE: &str = "audience";
const MAX_TOKEN_LIFETIME: &str = "max_token_lifetime_seconds";

fn own_claim(value: Value<'_>, strict: bool) -> Result<Claim, Fault> {
    let text = value.string().ok_or_else(|| wrong(value, "the name of a claim", value.kind().describe()))?;
    claim::parse(&text, strict).map_err(|fault| inside(value, fault))
}

/// A string or an array, as in the setting itself; never empty, because then no token of the issuer could log in.
fn own_audience(value: Value<'_>, strict: bool, source: Source) -> Result<Sourced<Vec<Sourced<String>>>, Fault> {
    let text = match value.kind() {
        Kind::String => value.string().unwrap_or_default(),
        Kind::Array => value.written().into(),
        kind => return Err(wrong(value, "an audience's text or an array of them", kind.describe())),
    };
    let mut audience = audience::parse(&text, strict, &source).map_err(|fault| inside(value, fault))?;
    if audience.is_empty() || audience.iter().any(|audience| audience.is_empty()) {
        let message = "expected at least one audience and no empty one";
        return Err(Fault::new(ReasonCode::AudienceInvalid, value.span().0, message)
            .with_remedy("name this server's audience for the issuer in engine.issuers, or leave audience out"));
    }
    let place = place(value);
    for audience in &mut audience {
        audience.source.offset = place.document_offset(audience.source.offset);
    }
    Ok(Sourced::new(audience, source))
}

fn own_lifetime(value: Value<'_>) -> Result<i64, Fault> {
    let seconds = value.number().and_then(|digits| digits.parse().ok()).filter(|&seconds: &i64| seconds >= 1);
    seconds.ok_or_else(|| {
        let found = value
            .number()
            .map_or_else(|| value.kind().describe().into(), |digits| alloc::format!("`{}`", shown(digits)));
        wrong(value, "an integer of at least 1", &found)
    })
}

/// A fault in the text of a member, at its place in the option's text.
fn inside(value: Value<'_>, fault: Fault) -> Fault {
    // How its text should read is not how the option's should, which holds it in quotes.
    Fault { offset: place(value).document_offset(fault.offset), instead: None, ..fault }
}

/// The text of a member, with its places in the option's text.
fn place(value: Value<'_>) -> Traced {
    match value.kind() {
        Kind::String => Traced::json_string(value, 0),
        _ => Traced::verbatim(value.written(), value.span().0),
    }
}

fn unknown_member(key: Value<'_>, name: &str) -> Fault {
    let message = alloc::format!("no option of an issuer is named `{}`", shown(name));
    let known = [CLAIM, AUDIENCE, MAX_TOKEN_LIFETIME];
    let remedy = match nearest(name, known.into_iter()) {
        Some(meant) => alloc::format!("write `{meant}` if that is the option meant, or remove it"),
        None => alloc::format!("write `{CLAIM}`, `{AUDIENCE}` or `{MAX_TOKEN_LIFETIME}`, or remove it"),
    };
    Fault::new(ReasonCode::SettingUnknown, key.span().0, message).with_remedy(remedy)
}

fn wrong(value: Value<'_>, expected: &str, found: &str) -> Fault {
    let message = alloc::format!("expected {expected}, found {found}");
    Fault::new(ReasonCode::SettingWrongType, value.span().0, message)
}

/// The option as JSON, which it is: reading the settings has made sure of it.
fn document(text: &str) -> Result<Document<'_>, Fault> {
    Document::parse(text, Duplicates::Refused)
        .map_err(|error| Fault::new(ReasonCode::SettingWrongType, error.offset, error.defect.describe()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> KnownIssuers<'static> {
        KnownIssuers { names: Some(["https://a", "https://b"].into()) }
    }

    #[test]
    fn required_claims_are_names_each_once() {
        assert_eq!(required_claims(r#"["a","b","a"]"#).unwrap(), ["a", "b"]);
        assert_eq!(required_claims("[]").unwrap(), [""; 0]);
        assert_eq!(required_claims(r#"["a",""]"#).unwrap_err().offset, 5);
        assert_eq!(required_claims(r#"["a",1]"#).unwrap_err().message, "expected the name of a claim, found a number");
    }

    #[test]
    fn keys_belong_to_a_configured_issuer() {
        let keys = issuer_keys(r#"{"https://a": {"keys": []}}"#, &known()).unwrap();
        let issuer = Arc::from("https://a");
        let source = Source::own(SettingName::EngineIssuerKeys, &issuer, None).at(14);
        let expected = IssuerKeys { issuer, jwks: Sourced::new(r#"{"keys": []}"#.into(), source) };
        assert_eq!(keys, [expected]);
        let fault = issuer_keys(r#"{"https://a/": {"keys": []}}"#, &known()).unwrap_err();
        assert_eq!((fault.code, fault.offset), (ReasonCode::IssuersInvalid, 1));
        assert_eq!(fault.remedy.as_deref(), Some("write `https://a` if that issuer is meant"));
        assert_eq!(issuer_keys(r#"{"https://a": []}"#, &known()).unwrap_err().code, ReasonCode::SettingWrongType);
        assert!(issuer_keys(r#"{"https://c": {}}"#, &KnownIssuers { names: None }).is_ok());
    }

    #[test]
    fn overrides_have_the_grammar_of_the_settings() {
        let text = r#"{"https://a": {"claim": "/x/y", "audience": "z", "max_token_lifetime_seconds": 60},
            "https://b": {"audience": ["p", "q"]}}"#;
        let read = overrides(text, &known(), true).unwrap();
        let [a, b] = ["https://a", "https://b"].map(Arc::<str>::from);
        let source = |issuer, member, part: &str| {
            Source::own(SettingName::EngineIssuers, issuer, Some(member)).at(text.find(part).unwrap())
        };
        let pointer = Claim::Pointer { text: "/x/y".into(), segments: ["x", "y"].map(String::from).into() };
        let audience = |issuer, whole, each: &[(&str, &str)]| {
            let source = |part| source(issuer, "audience", part);
            let each = each.iter().map(|(value, part)| Sourced::new(String::from(*value), source(part)));
            Some(Sourced::new(each.collect(), source(whole)))
        };
        let expected = [
            IssuerOverride {
                issuer: a.clone(),
                claim: Some(Sourced::new(pointer, source(&a, "claim", "\"/x/y"))),
                // A text alone begins behind its quote, an element of a list with it.
                audience: audience(&a, "\"z\"", &[("z", "z\"")]),
                max_token_lifetime_seconds: Some(Sourced::new(60, source(&a, "max_token_lifetime_seconds", "60"))),
            },
            IssuerOverride {
                issuer: b.clone(),
                claim: None,
                audience: audience(&b, "[\"p", &[("p", "\"p"), ("q", "\"q")]),
                max_token_lifetime_seconds: None,
            },
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn faults_in_overrides_stand_where_they_are_written() {
        use ReasonCode::{AudienceInvalid, ClaimSettingInvalid, IssuersInvalid, SettingUnknown, SettingWrongType};
        for (text, code, offset) in [
            (r#"{"x": {}}"#, IssuersInvalid, 1),
            (r#"{"https://a": 1}"#, SettingWrongType, 14),
            (r#"{"https://a": {"claims": "x"}}"#, SettingUnknown, 15),
            (r#"{"https://a": {"claim": 1}}"#, SettingWrongType, 24),
            (r#"{"https://a": {"claim": "/x\u0061/"}}"#, ClaimSettingInvalid, 34),
            (r#"{"https://a": {"audience": []}}"#, AudienceInvalid, 27),
            (r#"{"https://a": {"audience": ""}}"#, AudienceInvalid, 27),
            (r#"{"https://a": {"audience": ["x", 1]}}"#, AudienceInvalid, 33),
            (r#"{"https://a": {"audience": null}}"#, SettingWrongType, 27),
            (r#"{"https://a": {"max_token_lifetime_seconds": 0}}"#, SettingWrongType, 45),
            (r#"{"https://a": {"max_token_lifetime_seconds": "1"}}"#, SettingWrongType, 45),
        ] {
            for strict in [true, false] {
                let fault = overrides(text, &known(), strict).unwrap_err();
                assert_eq!((fault.code, fault.offset), (code, offset), "{text}: {}", fault.message);
            }
        }
    }
}
