//! Which key signed the token, and is it good for that?

use alloc::{boxed::Box, format, string::String, vec::Vec};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Reads},
        refusal::KeysNeeded,
    },
    ground::{
        fault::Fault,
        json::Value,
        mend::Mend,
        reason::ReasonCode,
        text::{counted, listed, one_line, quoted, shown},
        time::utc,
    },
    judging::{
        attempt::{Attempt, IssuerKeys},
        client,
    },
    parsed::{
        keys::{Key, KeySet, remote::Remote},
        providers::{self, Facts, TokenKind},
        settings::SettingName,
        token::header::Header,
    },
    rules::{
        key_cache::FetchedKeys,
        policy::issuer::{Keys, Policy},
    },
};

/// Finds the key that the token names and holds it against the token.
pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(header) = &attempt.header else { return Err(Stop::Moot("the header is refused")) };
    if attempt.claims.is_none() {
        return Err(Stop::Moot("the claims cannot be read"));
    }
    let policy = attempt.policy();
    let source = policy.keys_source();
    let setting = source.setting;
    let Some(key_id) = header.key_id.as_deref() else {
        let message = "the token's header names no key (`kid`); the key is chosen by its id alone";
        return Err(Failure::new(ReasonCode::KeyIdMissing, message).about(setting).into());
    };
    let (keys, fetched) = match attempt.keys() {
        IssuerKeys::Configured(keys) => (keys, None),
        IssuerKeys::Fetched(fetched, keys) => (keys, Some(fetched)),
        IssuerKeys::Unreadable(fault) => return Err(unreadable(fault).about(setting).into()),
        IssuerKeys::Unknown(why) => {
            let remedy = Mend::administrator("add the fetches of that time to the history");
            return Err(Failure::new(ReasonCode::KeysUnavailable, why).remedy(remedy).about(setting).into());
        }
        IssuerKeys::Lacking(remote, lack) => return Err(fetch(attempt, remote, key_id, lacking(lack), false)),
    };
    let Some(entry) = keys.find(key_id) else {
        return Err(match (&*policy.keys, fetched) {
            (Keys::Remote(remote), Some(fetched)) if attempt.may_fetch_anew() => {
                fetch(attempt, remote, key_id, unknown_id(fetched, key_id), true)
            }
            _ => not_found(keys, key_id).about(setting).remedy(current_keys(attempt, fetched)).into(),
        });
    };
    // The text of fetched keys is no setting's.
    let at = if fetched.is_some() { 0 } else { source.offset.saturating_add(entry.offset) };
    let key = match &entry.state {
        Ok(key) => key,
        Err(unusable) => {
            let mut failure = Failure::new(unusable.code, unusable.message.clone()).at(setting, at);
            match &unusable.remedy {
                Some(remedy) => failure = failure.remedy(remedy.clone()),
                None if unusable.code == ReasonCode::KeyInvalid => {
                    failure = failure.remedy(current_keys(attempt, fetched));
                }
                None => {}
            }
            return Err(failure.actual([key_id]).into());
        }
    };
    algorithm(header, key).map_err(|failure| failure.at(setting, at))?;
    owner(attempt, key).map_err(|failure| failure.at(setting, at))?;
    attempt.key = Some(key);
    Ok(())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let source = attempt.policy().keys_source();
    let Some(key) = attempt.key else { return Finding::default().at(source.setting, source.offset) };
    Finding::new(format!("the key `{}` is {}", shown(key.id()), key.describe()))
        .at(source.setting, source.offset)
        .actual([&**key.id()])
}

pub(crate) fn reads() -> Reads {
    Reads::header(&["kid", "alg"])
}

fn not_found(keys: &KeySet, key_id: &str) -> Failure {
    const NAMED: usize = 5;
    let known: Vec<_> = keys.entries().iter().filter_map(|entry| entry.id.as_deref()).collect();
    let (all, nameless) = (keys.entries().len(), keys.entries().len().saturating_sub(known.len()));
    let holds = match (all, nameless) {
        (0, _) => "the key set is empty".into(),
        (_, 0) => format!("the key set holds {}: {}", counted(all, "key"), listed(&known, NAMED)),
        (1, _) => "the key set holds 1 key, which has no id (`kid`)".into(),
        _ if known.is_empty() => format!("the key set holds {all} keys, which have no id (`kid`)"),
        _ => {
            format!("the key set holds {all} keys, {nameless} of them without an id (`kid`): {}", listed(&known, NAMED))
        }
    };
    let message = format!("the token is signed with the key `{}`; {holds}", shown(key_id));
    Failure::new(ReasonCode::KeyNotFound, message).expected(known).actual([key_id])
}

/// Keys are for issuers that are configured: those of another would make a stranger's tokens good.
fn current_keys(attempt: &Attempt<'_>, fetched: Option<&FetchedKeys>) -> Mend {
    if let Some(fetched) = fetched {
        return Mend::provider(format!(
            "have the identity provider publish the key that it signs with at `{}`; if it is not its key, the token comes \
             from somewhere else",
            shown(&fetched.url)
        ));
    }
    Mend::administrator(match &attempt.policy {
        Some(policy) => format!(
            "copy the key set that the issuer itself serves now{} into {}; if the key is not there either, the token comes \
             from somewhere else",
            attempt.facts().and_then(Facts::key_set).map(|url| format!(" at `{}`", shown(&url))).unwrap_or_default(),
            policy.keys_source()
        ),
        None => ReasonCode::IssuerNotAllowed.narrow_remedy().into(),
    })
}

/// Why keys have to be fetched that are not there.
fn lacking(lack: Option<String>) -> String {
    lack.unwrap_or_else(|| {
        "server.jwt_authentication.jwks_auto_fetch.enabled is true and no keys of this issuer are at hand".into()
    })
}

/// Why keys have to be fetched again before their time.
fn unknown_id(fetched: &FetchedKeys, key_id: &str) -> String {
    format!(
        "the keys that were fetched at {} hold no key `{}`, and the issuer may have new ones",
        utc(fetched.at),
        shown(key_id)
    )
}

/// Keys that were fetched and that this profile cannot read.
fn unreadable(fault: &Fault) -> Failure {
    let message = format!("the fetched key set cannot be used: {}", fault.message);
    let remedy = Mend::provider("have the identity provider serve a key set in which every key can be read");
    Failure::new(ReasonCode::KeysUnavailable, message).remedy(remedy)
}

fn algorithm(header: &Header<'_>, key: &Key) -> Result<(), Failure> {
    let algorithm = header.algorithm;
    if key.accepts(algorithm) {
        return Ok(());
    }
    let able = key.algorithms();
    let message = format!(
        "the token is signed with {algorithm}; the key `{}` is for {}",
        shown(key.id()),
        listed(able, able.len())
    );
    Err(Failure::new(ReasonCode::KeyAlgMismatch, message).expected(able).actual([algorithm]))
}

/// A key that names its issuer signs for no other (RFC 8725 section 3.8). In Entra's key sets the name may be a template
/// whose `{tenantid}` stands for the token's `tid`.
fn owner(attempt: &Attempt<'_>, key: &Key) -> Result<(), Failure> {
    let Some(owner) = key.issuer() else { return Ok(()) };
    let issuer = attempt.stated_issuer();
    let tenant = attempt.claims.and_then(|claims| claims.member("tid")).and_then(Value::string).unwrap_or_default();
    let owned = match owner.split_once("{tenantid}") {
        None => *issuer == *owner,
        Some((before, after)) => {
            let one_segment = !tenant.is_empty() && !tenant.contains(['/', '?', '#']);
            one_segment
                && issuer
                    .strip_prefix(before)
                    .and_then(|rest| rest.strip_suffix(after))
                    .is_some_and(|segment| segment == tenant)
        }
    };
    if owned {
        return Ok(());
    }
    let message = format!(
        "the key `{}` belongs to the issuer `{}`; the token says it is issued by `{}`",
        shown(key.id()),
        shown(owner),
        shown(&issuer)
    );
    let failure = Failure::new(ReasonCode::KeyIssuerMismatch, message).expected([owner]).actual([&*issuer]);
    Err(match attempt.facts().and_then(|token| other_version(token, &issuer, owner)) {
        Some((fact, remedy)) => {
            let message = format!("{fact}: {}", failure.finding.summary);
            Failure { finding: Finding { summary: message, ..failure.finding }, ..failure }.remedy(remedy)
        }
        None => failure,
    })
}

/// The keys of the one version of Entra's tokens and a token of the other.
fn other_version(token: Facts<'_>, issuer: &str, owner: &str) -> Option<(String, String)> {
    let (stated, (keys, ..)) = (providers::entra(issuer)?, providers::entra(owner)?);
    let (version, ..) = stated;
    let keys_at = token.key_set().filter(|_| version != keys)?;
    let manifest = if keys == 2 { "2" } else { "null" };
    Some((
        format!("the token is v{version} and the keys are those of v{keys}"),
        format!(
            "copy the key set from {}, or set `requestedAccessTokenVersion` to {manifest} in the manifest of the \
             application that the token is for",
            shown(&keys_at)
        ),
    ))
}

fn fetch(attempt: &Attempt<'_>, remote: &Remote, key_id: &str, cause: String, refresh: bool) -> Stop {
    let policy = attempt.policy();
    let (discovery_url, jwks_url) = match remote {
        Remote::Discovery(url) => (Some(url.clone()), None),
        Remote::Jwks(url) => (None, Some(url.clone())),
        Remote::Nowhere(fact) => {
            let remedy = remedy_for_nowhere(attempt, policy);
            let failure = Failure::new(ReasonCode::KeysUnavailable, fact.clone()).remedy(remedy);
            return Stop::Failed(failure.about(SettingName::Issuers));
        }
    };
    Stop::KeysNeeded(Box::new(KeysNeeded {
        issuer: String::from(&**policy.issuer),
        kid: Some(quoted(key_id)),
        discovery_url,
        jwks_url,
        cause: one_line(cause),
        refresh,
        remedies: Vec::new(),
        client: client::unable(attempt.rules()),
    }))
}

/// What to do about an issuer whose name is no address that may be asked.
fn remedy_for_nowhere(attempt: &Attempt<'_>, policy: &Policy) -> Mend {
    let facts = attempt.facts();
    if let Some(token) = facts.filter(|token| token.kind() == Some(TokenKind::LegacyServiceAccount)) {
        let wanted = policy.audience.first().map_or("", |wanted| wanted);
        let told = token.other_audience(wanted);
        return Mend::client(format!(
            "this is a service account token of the old kind, from a Secret, without expiry and audience: {}",
            told.text().unwrap_or_default()
        ));
    }
    let keys_at = facts.and_then(Facts::key_set).filter(|url| url.starts_with("https://"));
    Mend::administrator(format!(
        "give the https address of its key set in server.jwt_authentication.issuers: {{\"issuer_jwks_map\": {{\"{}\": \
         \"{}\"}}}}",
        shown(&policy.issuer),
        keys_at.as_deref().map_or("https://…".into(), shown)
    ))
}
