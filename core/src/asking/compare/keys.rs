//! Which keys, and algorithms of them, come and go?

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use crate::{
    asking::compare::{
        changes::Changes,
        document::ChangeKind::{self, Gained, Lost},
    },
    ground::text::{counted, joined, one_line, shown},
    parsed::keys::{Algorithm, KeySet, remote::Remote},
    rules::policy::issuer::{Keys, Policy},
};

/// Compares what verifies the tokens of an issuer.
pub(super) fn compare(old: &Policy, new: &Policy, changes: &mut Changes) {
    let own = (old.keys_source().is_own() || new.keys_source().is_own()).then(|| &**new.issuer);
    let setting = new.keys_source().setting;
    match (&*old.keys, &*new.keys) {
        (Keys::Set(old_set), Keys::Set(new_set)) => sets(old_set, new_set, |kind, message| {
            changes.state(kind, setting, own, message);
        }),
        (Keys::Set(set), Keys::Remote(remote)) => {
            let (source, issuer, count) = (place(remote), shown(&new.issuer), set.usable_count());
            let message = format!(
                "the keys of `{issuer}` are fetched from {source}: whoever answers there decides which tokens verify"
            );
            changes.state(Gained, setting, Some(&new.issuer), message);
            if count > 0 {
                let keys = counted(count, "configured key");
                let message = format!(
                    "tokens of `{issuer}` whose key is not served by {source} are refused: the {keys} no longer decide"
                );
                changes.state(Lost, setting, Some(&new.issuer), message);
            }
        }
        (Keys::Remote(remote), Keys::Set(set)) => {
            let (source, issuer, count) = (place(remote), shown(&new.issuer), set.usable_count());
            let setting = old.keys_source().setting;
            let keys = counted(count, "configured key");
            if count > 0 {
                let message =
                    format!("tokens of `{issuer}` are verified with {keys}, whether {source} serves them or not");
                changes.state(Gained, setting, Some(&new.issuer), message);
            }
            let message = format!(
                "the keys of `{issuer}` are not fetched from {source} any more: there are {keys}, and all other tokens are refused"
            );
            changes.state(Lost, setting, Some(&new.issuer), message);
        }
        // Each issuer says itself where its keys are: that another takes its place is told already.
        (Keys::Remote(Remote::Discovery(_)), Keys::Remote(Remote::Discovery(_))) if old.issuer != new.issuer => {}
        (Keys::Remote(old_remote), Keys::Remote(new_remote)) => {
            let (before, after) = (place(old_remote), place(new_remote));
            if before != after {
                let message =
                    format!("the keys of `{}` are fetched from {after}, and were from {before}", shown(&new.issuer));
                changes.state(Gained, setting, Some(&new.issuer), message.clone());
                changes.state(Lost, setting, Some(&new.issuer), message);
            }
        }
    }
}

/// Where keys are fetched.
fn place(remote: &Remote) -> String {
    match remote {
        Remote::Discovery(url) | Remote::Jwks(url) => format!("`{}`", shown(url.as_str())),
        Remote::Nowhere(why) => format!("nowhere ({})", one_line(why.as_str())),
    }
}

/// Compares two sets by what each key is called, what it is, and what it verifies.
fn sets(old: &KeySet, new: &KeySet, mut tell: impl FnMut(ChangeKind, String)) {
    let (old, new) = (usable(old), usable(new));
    let missing = |from: &BTreeMap<&str, Known>, other: &BTreeMap<&str, Known>| -> Vec<String> {
        let told = |(id, known): (&&str, &Known)| match other.get(id) {
            None => Some(format!("`{}` ({})", shown(id), names(&known.algorithms))),
            Some(other) if other.thumbprint != known.thumbprint => Some(format!(
                "`{}` ({}, the key of thumbprint `{}`)",
                shown(id),
                names(&known.algorithms),
                known.thumbprint
            )),
            Some(other) => {
                let more: Vec<Algorithm> =
                    known.algorithms.iter().copied().filter(|one| !other.algorithms.contains(one)).collect();
                (!more.is_empty()).then(|| format!("`{}` by {}", shown(id), names(&more)))
            }
        };
        from.iter().filter_map(told).collect()
    };
    let (come, gone) = (missing(&new, &old), missing(&old, &new));
    if !come.is_empty() {
        tell(Gained, format!("tokens are accepted that are signed with the key{} {}", plural(&come), some(&come)));
    }
    if !gone.is_empty() {
        tell(Lost, format!("tokens are refused that are signed with the key{} {}", plural(&gone), some(&gone)));
    }
}

struct Known {
    thumbprint: String,
    algorithms: Vec<Algorithm>,
}

/// The keys that verify tokens, by their ids; of several with one id the first counts.
fn usable(set: &KeySet) -> BTreeMap<&str, Known> {
    let mut known = BTreeMap::new();
    for entry in set.entries() {
        if let (Some(id), Ok(key)) = (entry.id.as_deref(), &entry.state) {
            let algorithms = key.algorithms().to_vec();
            known.entry(id).or_insert_with(|| Known { thumbprint: key.thumbprint(), algorithms });
        }
    }
    known
}

fn names(algorithms: &[Algorithm]) -> String {
    let names: Vec<&str> = algorithms.iter().map(|algorithm| algorithm.as_str()).collect();
    joined(&names, "and")
}

fn plural(keys: &[String]) -> &'static str {
    if keys.len() == 1 { "" } else { "s" }
}

/// The first few.
fn some(keys: &[String]) -> String {
    let hidden = keys.len().saturating_sub(NAMED);
    let shown: Vec<&str> = keys.iter().take(NAMED).map(String::as_str).collect();
    let text = if hidden > 0 { shown.join(", ") } else { joined(&shown, "and") };
    if hidden > 0 { format!("{text} and {hidden} more") } else { text }
}

/// How many keys a message names.
const NAMED: usize = 5;
