//! Which keys are there, which of them can be used, how do they follow each other, and which signs these tokens?

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::Serialize;

use crate::{
    answers::failure::Stop,
    ground::{
        json::written,
        named::named,
        profile::Profile,
        reason::{Check, ReasonCode},
        text::{one_line, quoted},
    },
    judging::{attempt::Attempt, run::outcomes},
    parsed::{
        fetched::FetchRecord,
        keys::{Algorithm, Key, KeyEntry, KeySet, remote::Remote},
        token::{UnverifiedToken, compact},
    },
    rules::{
        key_cache::{Held, KeyCache},
        policy::{
            compiled::Compiled,
            issuer::{Keys, Policy},
            sides::Sides,
        },
    },
    telling::{Moment, SCHEMA},
};

/// The keys of every configured issuer: the document of the verb `keys`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct KeysDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Whose rules say what a key is good for.
    pub profile: Profile,
    /// The issuers, in the order of their names.
    pub issuers: Vec<IssuerKeys>,
    /// The tokens that were asked about, in their order.
    pub tokens: Vec<SampleToken>,
}

/// The keys of one issuer.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct IssuerKeys {
    /// The issuer, on one line.
    pub issuer: String,
    /// Where its keys come from.
    pub origin: KeyOrigin,
    /// The address that they are fetched from; `None` where they are configured.
    pub url: Option<String>,
    /// When they were fetched.
    pub fetched_at: Option<Moment>,
    /// From when on they are stale.
    pub fresh_until: Option<Moment>,
    /// Why there are none that count, where there are none.
    pub lacking: Option<String>,
    /// The keys, in the order of the set.
    pub keys: Vec<KeyReport>,
    /// How the set changed, fetch by fetch.
    pub rotation: Vec<Rotation>,
}

/// Where an issuer's keys come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyOrigin {
    /// The setting that holds for all issuers.
    Configured,
    /// A setting that holds for this issuer alone.
    Own,
    /// The identity provider.
    Fetched,
}

impl KeyOrigin {
    /// The origin, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Own => "own",
            Self::Fetched => "fetched",
        }
    }
}

named!(KeyOrigin);

/// One key of a set.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct KeyReport {
    /// Its id, on one line; `None` where no token can name it.
    pub kid: Option<String>,
    /// What kind of key it is; `None` where that cannot be told.
    pub kind: Option<String>,
    /// What it verifies.
    pub algorithms: Vec<Algorithm>,
    /// Its thumbprint (RFC 7638, SHA-256): the same for the same key, under whatever id.
    pub thumbprint: Option<String>,
    /// Why it cannot be used; `None` where it can.
    pub code: Option<ReasonCode>,
    /// The same for people.
    pub why: Option<String>,
    /// What can be done about it.
    pub remedy: Option<String>,
}

/// What one fetch changed.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Rotation {
    /// When the set was asked for.
    pub at: Moment,
    /// The ids of keys that were not in the set before.
    pub added: Vec<String>,
    /// The ids of keys that were in the set before.
    pub removed: Vec<String>,
    /// How many keys stayed: without any, tokens of before are refused from one moment to the next.
    pub kept: usize,
    /// Why the fetch brought nothing, where it did not.
    pub failure: Option<String>,
}

/// Which key a token is signed with.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SampleToken {
    /// The token's issuer.
    pub issuer: Option<String>,
    /// The id of the key that it names.
    pub kid: Option<String>,
    /// The thumbprint of the key that has verified it; `None` where none has.
    pub signed_with: Option<String>,
    /// Why its signature could not be verified.
    pub code: Option<ReasonCode>,
}

impl KeysDocument {
    pub(crate) fn of(sides: &Sides, cache: &KeyCache, records: &[FetchRecord], tokens: &[&[u8]], now: i64) -> Self {
        let compiled = sides.own();
        Self {
            schema: SCHEMA,
            profile: compiled.profile,
            issuers: compiled.policies().map(|policy| keys_of(compiled, cache, records, policy, now)).collect(),
            tokens: tokens.iter().map(|token| sample(compiled, cache, token, now)).collect(),
        }
    }

    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

/// The keys that a policy names.
pub(super) fn keys_of(
    compiled: &Compiled,
    cache: &KeyCache,
    records: &[FetchRecord],
    policy: &Policy,
    now: i64,
) -> IssuerKeys {
    let empty = IssuerKeys {
        issuer: one_line(&**policy.issuer),
        origin: if policy.keys_source().is_own() { KeyOrigin::Own } else { KeyOrigin::Configured },
        url: None,
        fetched_at: None,
        fresh_until: None,
        lacking: None,
        keys: Vec::new(),
        rotation: Vec::new(),
    };
    let remote = match &*policy.keys {
        Keys::Set(set) => return IssuerKeys { keys: reports(set), ..empty },
        Keys::Remote(remote) => remote,
    };
    let fetched = IssuerKeys { origin: KeyOrigin::Fetched, rotation: rotation(compiled, records, policy), ..empty };
    let url = match remote {
        Remote::Discovery(url) | Remote::Jwks(url) => Some(one_line(url.as_str())),
        Remote::Nowhere(why) => return IssuerKeys { lacking: Some(why.clone()), ..fetched },
    };
    match cache.held(&policy.issuer, compiled.rules.keys, now) {
        Held::Keys(keys, set) => IssuerKeys {
            url: Some(one_line(keys.url.as_str())),
            fetched_at: Some(Moment::of(keys.at)),
            fresh_until: Some(Moment::of(keys.fresh_until)),
            keys: reports(set),
            ..fetched
        },
        Held::Unreadable(fault) => IssuerKeys { url, lacking: Some(one_line(fault.message.as_str())), ..fetched },
        Held::Unknown(why) => IssuerKeys { url, lacking: Some(why), ..fetched },
        Held::None(lack) => {
            let never = || "they have not been fetched".to_string();
            IssuerKeys { url, lacking: Some(lack.map_or_else(never, one_line)), ..fetched }
        }
    }
}

fn reports(set: &KeySet) -> Vec<KeyReport> {
    set.entries().iter().map(report).collect()
}

pub(super) fn report(entry: &KeyEntry) -> KeyReport {
    let key = entry.state.as_ref().ok().or(entry.nameless.as_deref());
    let unusable = entry.state.as_ref().err();
    KeyReport {
        kid: entry.id.as_deref().map(quoted),
        kind: key.map(Key::describe),
        algorithms: key.map(|key| key.algorithms().to_vec()).unwrap_or_default(),
        thumbprint: key.map(Key::thumbprint),
        code: unusable.map(|unusable| unusable.code),
        why: unusable.map(|unusable| one_line(unusable.message.as_str())),
        remedy: unusable.map(|unusable| one_line(unusable.remedy.as_deref().unwrap_or(unusable.code.narrow_remedy()))),
    }
}

/// How an issuer's set changed from fetch to fetch.
fn rotation(compiled: &Compiled, records: &[FetchRecord], policy: &Policy) -> Vec<Rotation> {
    let mut before: Vec<NamedKey> = Vec::new();
    let own = records.iter().filter(|record| *record.issuer == **policy.issuer);
    own.map(|record| {
        let failed = |failure: String| Rotation {
            at: Moment::of(record.at),
            added: Vec::new(),
            removed: Vec::new(),
            kept: before.len(),
            failure: Some(one_line(failure)),
        };
        let text = record.answers.last().filter(|answer| (200..300).contains(&answer.status));
        let set =
            match text.and_then(|answer| answer.text()).map(|text| KeySet::parse_fetched(text, compiled.rules.keys)) {
                Some(Ok(set)) if record.failure.is_none() => set,
                Some(Err(fault)) => return failed(fault.message),
                _ => return failed(record.failure.clone().unwrap_or_else(|| "the answer was no success".into())),
            };
        let after: Vec<NamedKey> = set.entries().iter().enumerate().map(NamedKey::of).collect();
        let missing = |from: &[NamedKey], other: &[NamedKey]| {
            let other: BTreeSet<&NamedKey> = other.iter().collect();
            from.iter().filter(|key| !other.contains(key)).map(|key| key.name.clone()).collect::<Vec<_>>()
        };
        let added = missing(&after, &before);
        let rotation = Rotation {
            at: Moment::of(record.at),
            kept: after.len().saturating_sub(added.len()),
            removed: missing(&before, &after),
            added,
            failure: None,
        };
        before = after;
        rotation
    })
    .collect()
}

/// A key by what it is called and what it is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct NamedKey {
    name: String,
    thumbprint: Option<String>,
}

impl NamedKey {
    fn of((place, entry): (usize, &KeyEntry)) -> Self {
        let KeyReport { kid, thumbprint, .. } = report(entry);
        Self { name: kid.unwrap_or_else(|| format!("number {}", place.saturating_add(1))), thumbprint }
    }
}

/// Which key has signed a token.
fn sample(compiled: &Compiled, cache: &KeyCache, text: &[u8], now: i64) -> SampleToken {
    let parts = compact::split(text, compiled.max_token_bytes);
    let token = UnverifiedToken::read(&parts);
    let mut attempt = Attempt::new(compiled, &token, "", now).with(Some(cache), None);
    let outcomes = outcomes(&mut attempt);
    let until_signed = [Check::Token, Check::Header, Check::Issuer, Check::Key, Check::Signature];
    let code = outcomes.iter().find_map(|(check, outcome)| match outcome {
        Err(Stop::Failed(failure)) if until_signed.contains(check) => Some(failure.code),
        _ => None,
    });
    let issuer = attempt.stated_issuer();
    SampleToken {
        issuer: (!issuer.is_empty()).then(|| quoted(&issuer)),
        kid: attempt.header.as_ref().and_then(|header| header.key_id.as_deref()).map(quoted),
        signed_with: attempt.verified.as_ref().map(|verified| verified.key().thumbprint()),
        code,
    }
}
