//! Would another key of the set verify the signature, or one that nobody can name?
//!
//! Of a token that no key of the set verifies nothing is said that invites to trust it.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{
        limits::KEY_TRIALS_MAX,
        mend::Mend,
        reason::ReasonCode,
        text::{can_be_copied, shown},
    },
    judging::attempt::Attempt,
    parsed::{
        keys::{
            Algorithm, Key, KeyEntry, KeySet,
            remote::{Over, Remote},
        },
        token::VerifiedToken,
    },
    rules::policy::issuer::Policy,
    telling::near_miss::hint::Hint,
};

/// Tries the other keys that fit the token's algorithm, a bounded number of them, those with nearly the same id first.
pub(super) fn other(attempt: &Attempt<'_>, code: ReasonCode) -> Vec<Hint> {
    let (Some(header), Some(keys)) = (&attempt.header, attempt.keys().set()) else { return Vec::new() };
    // Keys are for issuers that are configured: those of another would make a stranger's tokens good.
    let Some(policy) = &attempt.policy else { return Vec::new() };
    let stated = header.key_id.as_deref().unwrap_or_default();
    let search = Search { attempt, keys, policy, stated };
    let (found, tried, fitting) = search.verifying(header.algorithm);
    if let Some(found) = found {
        return [search.verified(found, code)].into();
    }
    match code {
        ReasonCode::KeyNotFound if tried > 0 => {
            let message =
                format!("no key of the set verifies the signature: {tried} of {fitting} that fit the algorithm tried");
            [search.fetch(message)].into()
        }
        ReasonCode::SignatureInvalid => {
            let message = format!(
                "no other key of the set verifies the signature either: either the issuer has another key `{}` by now, or \
                 the token was changed or is not from the issuer",
                shown(stated)
            );
            [search.fetch(message)].into()
        }
        _ => Vec::new(),
    }
}

/// Whether a key that decides about configured issuers has signed the token, whatever id the token names. Looked for once:
/// to try keys costs more than all else that is told.
pub(in crate::telling) fn is_in_the_set(attempt: &Attempt<'_>) -> bool {
    *attempt.signed_by_the_set.get_or_init(|| signer_is_in_the_set(attempt))
}

fn signer_is_in_the_set(attempt: &Attempt<'_>) -> bool {
    let Some(header) = &attempt.header else { return false };
    let policy = attempt.policy();
    let decides = attempt.policy.is_some() || attempt.compiled.common_keys_decide();
    let Some(keys) = attempt.keys().set().filter(|_| decides) else { return false };
    let stated = header.key_id.as_deref().unwrap_or_default();
    Search { attempt, keys, policy, stated }.verifying(header.algorithm).0.is_some()
}

/// What is looked through, and for which id.
struct Search<'s, 'a> {
    attempt: &'s Attempt<'a>,
    keys: &'s KeySet,
    policy: &'s Policy,
    /// The id that the token states.
    stated: &'s str,
}

/// A key that verifies the token, and where it stands in the set, counted from 0.
#[derive(Clone, Copy)]
struct Found<'s> {
    place: usize,
    entry: &'s KeyEntry,
    key: &'s Key,
}

impl<'s> Search<'s, '_> {
    /// The key that verifies the token, if one does; how many were tried, and how many fit.
    fn verifying(&self, algorithm: Algorithm) -> (Option<Found<'s>>, usize, usize) {
        let tried = self.attempt.key;
        let mut candidates: Vec<Found<'s>> = self
            .keys
            .entries()
            .iter()
            .enumerate()
            .filter_map(|(place, entry)| {
                let key = entry.state.as_ref().ok().or(entry.nameless.as_deref())?;
                let other = tried.is_none_or(|tried| !core::ptr::eq(tried, key));
                (other && key.accepts(algorithm)).then_some(Found { place, entry, key })
            })
            .collect();
        candidates.sort_by_key(|found| !found.key.id().trim().eq_ignore_ascii_case(self.stated.trim()));
        let fitting = candidates.len();
        let trials = fitting.min(KEY_TRIALS_MAX);
        let verifies = |found: &&Found<'s>| VerifiedToken::verify(self.attempt.token, found.key, algorithm).is_some();
        (candidates.iter().take(trials).find(verifies).copied(), trials, fitting)
    }

    /// The same of keys that were fetched: only the identity provider can change anything about them.
    fn published(&self, found: Found<'_>) -> Hint {
        let (id, stated) = (shown(found.key.id()), shown(self.stated));
        let (message, remedy) = if found.entry.id.is_none() {
            (
                format!(
                    "the {} key of the fetched set, which has no id (`kid`), verifies this token",
                    ordinal(found.place)
                ),
                "have the identity provider publish the key under the id that its tokens name",
            )
        } else if found.entry.id.as_deref() == Some(self.stated) {
            (
                format!(
                    "several keys of the fetched set have the id `{stated}`, and only the first counts; the {} verifies this \
                     token",
                    ordinal(self.among_alike(found))
                ),
                "have the identity provider give each key an id of its own",
            )
        } else {
            let case = case(&id, &stated);
            (
                format!("the signature verifies under the fetched key `{id}`; the token names `{stated}`{case}"),
                "have the identity provider name its key in tokens as it names it in its key set",
            )
        };
        Hint::new(message, Mend::provider(remedy)).about(self.policy.keys_source().setting)
    }

    fn verified(&self, found: Found<'_>, code: ReasonCode) -> Hint {
        if code != ReasonCode::KeyIdMissing && self.policy.keys_are_fetched() {
            return self.published(found);
        }
        let source = self.policy.keys_source();
        let (id, stated) = (shown(found.key.id()), shown(self.stated));
        let alike = self.keys.entries().iter().filter(|entry| entry.id.as_deref() == Some(self.stated)).count();
        let (message, remedy) = match code {
            ReasonCode::KeyIdMissing if found.entry.id.is_none() => (
                "the signature verifies under a key of the set that has no id (`kid`) either".into(),
                Mend::provider(
                    "have the identity provider write the key's id into the header member `kid`, and publish the key under \
                     that id",
                ),
            ),
            ReasonCode::KeyIdMissing => (
                format!("the signature verifies under the key `{id}`, which the token does not name"),
                Mend::provider("have the identity provider put the key's id into the header member `kid`"),
            ),
            _ if found.entry.id.is_none() => (
                format!("the {} key of the set, which has no id (`kid`), verifies this token", ordinal(found.place)),
                match can_be_copied(self.stated) && !self.stated.is_empty() {
                    true => Mend::administrator(format!(
                        "give that key the id that the token names: `\"kid\": \"{stated}\"` in {source}"
                    )),
                    false => Mend::administrator(format!("give that key the id that the token names, in {source}")),
                },
            ),
            _ if found.entry.id.as_deref() == Some(self.stated) => {
                let place = self.among_alike(found);
                let for_what = found.key.stated_algorithm().map(|algorithm| format!(", for {algorithm},"));
                (
                    format!(
                        "{alike} keys have the id `{stated}`, and only the first counts; the {}{} verifies this token",
                        ordinal(place),
                        for_what.unwrap_or_default()
                    ),
                    Mend::administrator(format!(
                        "take the keys of that id before the {} out of {source}, or give each key an id of its own at the \
                         identity provider",
                        ordinal(place)
                    )),
                )
            }
            _ => (
                format!(
                    "the signature verifies under the key `{id}`; the token names `{stated}`{}",
                    case(&id, &stated)
                ),
                Mend::administrator(format!("give that key the id `{stated}` in {source}, as the token does")),
            ),
        };
        if self.policy.keys_are_fetched() {
            return Hint::new(message, remedy).about(source.setting);
        }
        let place = found.entry.offset.saturating_add(source.offset);
        Hint::new(message, remedy).at(source.setting, place)
    }

    /// Which of the keys of its id it is, counted from 0.
    fn among_alike(&self, found: Found<'_>) -> usize {
        let alike = |entry: &&KeyEntry| entry.id == found.entry.id;
        self.keys.entries().iter().take(found.place).filter(alike).count()
    }

    /// What to do where the set may be an old one.
    fn fetch(&self, message: String) -> Hint {
        let source = self.policy.keys_source();
        if self.policy.keys_are_fetched() {
            return Hint::new(message, Mend::default()).about(source.setting);
        }
        let address = match Remote::new(&self.policy.issuer, None, Over::Https) {
            Remote::Discovery(url) if can_be_copied(&url) => {
                format!(" (at the `jwks_uri` in {url})")
            }
            _ => String::new(),
        };
        let remedy = format!(
            "if the issuer has changed its keys, put those that it serves itself{address} into {source}; if none of them \
             verifies the token either, it is not from that issuer"
        );
        Hint::new(message, remedy).at(source.setting, source.offset)
    }
}

fn ordinal(place: usize) -> String {
    match place {
        0 => "first".into(),
        1 => "second".into(),
        2 => "third".into(),
        more => format!("{}th", more.saturating_add(1)),
    }
}

/// That two ids differ in case alone.
fn case(id: &str, stated: &str) -> &'static str {
    if id.eq_ignore_ascii_case(stated) { ": they differ in upper and lower case" } else { "" }
}
