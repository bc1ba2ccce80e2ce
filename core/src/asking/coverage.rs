//! What of these settings does no sample login need? Which lines of the identity map, issuers, audiences and keys none that
//! is accepted goes by, and why the others are refused.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};

use serde::Serialize;

use crate::{
    answers::decision::Decision,
    asking::{
        compare::side::{ComparedSettings, Side},
        logins::{Judged, SampleLogin, judge},
    },
    ground::{
        json::written,
        limits::{COVERAGE_TOLD_MAX, SAMPLE_LOGINS_MAX, SAMPLE_STEPS_MAX, SAMPLES_TOLD_MAX},
        profile::Profile,
        reason::ReasonCode,
        text::{counted, joined, one_line, quoted},
        work::Work,
    },
    parsed::{fetched::FetchError, identity_map::IssuerMap, keys::KeySet},
    rules::{
        key_cache::{Held, KeyCache},
        policy::{
            compiled::Compiled,
            issuer::{Keys, Policy},
        },
    },
    telling::SCHEMA,
};

/// What sample logins need of settings: the document of the verb `coverage`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct CoverageDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Whose rules decide.
    pub profile: Profile,
    /// All of it in one sentence.
    pub message: String,
    /// How many logins were judged.
    pub judged: usize,
    /// How many of these without their signature, as they have none: they need no key.
    pub unsigned: usize,
    /// How many were not judged, for there are too many or they take too much work.
    pub untried: usize,
    /// How many are accepted.
    pub accepted: usize,
    /// The lines of the identity map that are for configured issuers.
    pub lines: Covered<UnreachedLine>,
    /// The issuers.
    pub issuers: Covered<String>,
    /// The audiences, once for each issuer.
    pub audiences: Covered<UnreachedAudience>,
    /// The keys at hand that can be used, once for each issuer.
    pub keys: Covered<UnreachedKey>,
    /// Why logins are refused, the most frequent first.
    pub refusals: Vec<RefusedLogins>,
    /// Logins that end otherwise than is expected: the first of them.
    pub unexpected: Vec<UnexpectedLogin>,
    /// How many more of these there are.
    pub untold_unexpected: usize,
}

/// How many of something there are, and which no accepted login goes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Covered<T> {
    /// How many there are.
    pub total: usize,
    /// How many some accepted login goes by.
    pub reached: usize,
    /// Those that none goes by, the first of them.
    pub unreached: Vec<T>,
    /// How many more of these there are.
    pub untold: usize,
}

/// A line of the identity map that no accepted login goes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnreachedLine {
    /// The line, counted from 1.
    pub line: u32,
    /// Whose principals it is for.
    pub issuer: String,
    /// Its second column.
    pub principal: String,
    /// Its third column.
    pub user: String,
}

/// An audience that lets no accepted login in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnreachedAudience {
    /// The issuer.
    pub issuer: String,
    /// The audience.
    pub audience: String,
}

/// A key that has signed no accepted login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnreachedKey {
    /// The issuer.
    pub issuer: String,
    /// The id of the key.
    pub kid: Option<String>,
    /// Its thumbprint (RFC 7638, SHA-256).
    pub thumbprint: String,
}

/// Logins that are refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RefusedLogins {
    /// The reason; `None` where keys have to be fetched first.
    pub code: Option<ReasonCode>,
    /// How many there are.
    pub count: usize,
    /// Their places in the list, counted from 0: the first of them.
    pub logins: Vec<usize>,
    /// Why the first of them is, for people.
    pub why: String,
}

/// A login that ends otherwise than is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnexpectedLogin {
    /// Its place in the list, counted from 0.
    pub login: usize,
    /// The SQL user who was expected; empty where nobody was.
    pub expected: String,
    /// The SQL user who logs in; `None` where nobody does.
    pub user: Option<String>,
    /// Why nobody does.
    pub code: Option<ReasonCode>,
    /// The same for people.
    pub why: Option<String>,
}

impl CoverageDocument {
    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

/// Says what these logins need of settings.
///
/// # Errors
/// A fetch of keys that cannot be one.
pub(crate) fn coverage(settings: ComparedSettings<'_>, logins: &[SampleLogin]) -> Result<CoverageDocument, FetchError> {
    let side = Side::of(settings)?;
    let work = Work::of(SAMPLE_STEPS_MAX);
    let mut needed = Needed::default();
    let mut latest: Option<i64> = None;
    for (place, login) in logins.iter().enumerate().take(SAMPLE_LOGINS_MAX) {
        let judged = match &side.state {
            Ok((compiled, keys)) => judge(compiled, keys, login, &work),
            Err(error) => Some(Judged::unusable(error, side.profile)),
        };
        let Some(judged) = judged else { break };
        latest = latest.max(Some(login.moment()));
        needed.add(place, login, &judged);
    }
    Ok(needed.document(&side, logins.len(), latest))
}

/// What the accepted logins go by, and what became of the others.
#[derive(Default)]
struct Needed {
    judged: usize,
    unsigned: usize,
    accepted: usize,
    lines: BTreeSet<u32>,
    issuers: BTreeSet<String>,
    audiences: BTreeSet<(String, String)>,
    keys: BTreeSet<(String, String)>,
    refusals: BTreeMap<Option<ReasonCode>, RefusedLogins>,
    unexpected: Vec<UnexpectedLogin>,
    untold: usize,
}

impl Needed {
    fn add(&mut self, place: usize, login: &SampleLogin, judged: &Judged) {
        self.judged = self.judged.saturating_add(1);
        self.unsigned = self.unsigned.saturating_add(login.is_unsigned().into());
        if let Some(refused) = &judged.refused {
            let known = self.refusals.entry(refused.code).or_insert_with(|| RefusedLogins {
                code: refused.code,
                count: 0,
                logins: Vec::new(),
                why: refused.why.clone(),
            });
            known.count = known.count.saturating_add(1);
            if known.logins.len() < SAMPLES_TOLD_MAX {
                known.logins.push(place);
            }
        }
        if judged.decision == Decision::Accept {
            self.accepted = self.accepted.saturating_add(1);
            self.lines.extend(judged.line);
            // A token without an issuer is of the issuer without a name.
            let issuer = || judged.issuer.clone().unwrap_or_default();
            self.issuers.insert(issuer());
            self.audiences.extend(judged.audience.as_deref().map(|audience| (issuer(), audience.into())));
            self.keys.extend(judged.key.clone().map(|key| (issuer(), key)));
        }
        self.compare(place, login, judged);
    }

    /// Compares with what is expected.
    fn compare(&mut self, place: usize, login: &SampleLogin, judged: &Judged) {
        let Some(expected) = login.expected() else { return };
        if judged.user.as_deref().unwrap_or_default() == expected {
            return;
        }
        if self.unexpected.len() >= COVERAGE_TOLD_MAX {
            self.untold = self.untold.saturating_add(1);
            return;
        }
        self.unexpected.push(UnexpectedLogin {
            login: place,
            expected: quoted(expected),
            user: judged.user.as_deref().map(quoted),
            code: judged.refused.as_ref().and_then(|refused| refused.code),
            why: judged.refused.as_ref().map(|refused| refused.why.clone()),
        });
    }

    fn document(self, side: &Side, logins: usize, latest: Option<i64>) -> CoverageDocument {
        let (mut lines, mut issuers, mut audiences, mut keys) =
            (Covered::none(), Covered::none(), Covered::none(), Covered::none());
        if let Ok((compiled, cache)) = &side.state {
            for policy in compiled.policies() {
                let name = || String::from(&**policy.issuer);
                issuers.add(self.issuers.contains(&**policy.issuer), || one_line(name()));
                self.lines_of(compiled, policy, &mut lines);
                for audience in policy.audience.iter() {
                    let is_reached = self.audiences.contains(&(name(), String::from(&***audience)));
                    audiences
                        .add(is_reached, || UnreachedAudience { issuer: one_line(name()), audience: quoted(audience) });
                }
                if let Some(set) = set(compiled, cache, policy, latest) {
                    self.keys_of(policy, set, &mut keys);
                }
            }
        }
        let mut refusals: Vec<RefusedLogins> = self.refusals.into_values().collect();
        refusals.sort_by_key(|refused| usize::MAX - refused.count);
        let message = match &side.state {
            Ok(_) => {
                let mut covered = Vec::from([
                    (lines.total, lines.reached, "line"),
                    (issuers.total, issuers.reached, "issuer"),
                    (audiences.total, audiences.reached, "audience"),
                ]);
                // A login without a signature needs no key.
                if self.unsigned < self.judged {
                    covered.push((keys.total, keys.reached, "key"));
                }
                message(self.accepted, self.judged, &covered)
            }
            Err(error) => one_line(format!("the settings cannot be used, so no login is accepted: {}", error.message)),
        };
        CoverageDocument {
            schema: SCHEMA,
            profile: side.profile,
            message,
            judged: self.judged,
            unsigned: self.unsigned,
            untried: logins.saturating_sub(self.judged),
            accepted: self.accepted,
            lines,
            issuers,
            audiences,
            keys,
            refusals,
            unexpected: self.unexpected,
            untold_unexpected: self.untold,
        }
    }

    fn lines_of(&self, compiled: &Compiled, policy: &Policy, lines: &mut Covered<UnreachedLine>) {
        for line in compiled.map.lines_for(&policy.issuer).into_iter().flat_map(IssuerMap::lines) {
            lines.add(self.lines.contains(&line.number), || UnreachedLine {
                line: line.number,
                issuer: one_line(&**policy.issuer),
                principal: quoted(line.identity),
                user: quoted(line.user),
            });
        }
    }

    fn keys_of(&self, policy: &Policy, set: &KeySet, keys: &mut Covered<UnreachedKey>) {
        for entry in set.entries() {
            let Ok(key) = &entry.state else { continue };
            let thumbprint = key.thumbprint();
            let is_reached = self.keys.contains(&(String::from(&**policy.issuer), thumbprint.clone()));
            keys.add(is_reached, || UnreachedKey {
                issuer: one_line(&**policy.issuer),
                kid: entry.id.as_deref().map(quoted),
                thumbprint,
            });
        }
    }
}

impl<T> Covered<T> {
    const fn none() -> Self {
        Self { total: 0, reached: 0, unreached: Vec::new(), untold: 0 }
    }

    fn add(&mut self, is_reached: bool, told: impl FnOnce() -> T) {
        self.total = self.total.saturating_add(1);
        match is_reached {
            true => self.reached = self.reached.saturating_add(1),
            false if self.unreached.len() < COVERAGE_TOLD_MAX => self.unreached.push(told()),
            false => self.untold = self.untold.saturating_add(1),
        }
    }
}

/// The keys of an issuer that are at hand; of fetched ones those of the latest login.
fn set<'k>(compiled: &Compiled, cache: &'k KeyCache, policy: &'k Policy, latest: Option<i64>) -> Option<&'k KeySet> {
    match &*policy.keys {
        Keys::Set(set) => Some(set),
        Keys::Remote(_) => match cache.held(&policy.issuer, compiled.rules.keys, latest?) {
            Held::Keys(_, set) => Some(set),
            Held::Unreadable(_) | Held::None(_) | Held::Unknown(_) => None,
        },
    }
}

fn message(accepted: usize, judged: usize, covered: &[(usize, usize, &str)]) -> String {
    let unreached = covered.iter().filter(|(total, reached, _)| reached < total);
    let parts: Vec<String> = unreached
        .map(|&(total, reached, noun)| format!("{} of {}", total.saturating_sub(reached), counted(total, noun)))
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let logins = format!("{accepted} of {} accepted", counted(judged, "login"));
    match parts.as_slice() {
        [] => format!("{logins}; everything that is configured is gone by"),
        some => format!("{logins}; none goes by {}", joined(some, "and by")),
    }
}
