//! The keys have to be fetched: how is the login tried here before anybody has fetched them?

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{json, reason::Check, text::shown},
    judging::attempt::Attempt,
    parsed::{
        keys::remote::Remote,
        providers::Facts,
        settings::{Places, SettingName},
    },
    rules::policy::issuer::Keys,
    telling::{
        document::{Advice, AdviceKind},
        warnings::keys_unread,
    },
};

/// What to do about keys that are not at hand; first of all, that configured ones are not read.
pub(in crate::telling) fn advice(places: &Places<'_>, attempt: &Attempt<'_>) -> Vec<Advice> {
    let policy = attempt.policy();
    let Keys::Remote(remote) = &*policy.keys else { return Vec::new() };
    let told = |check, message: String, remedy: String| Advice {
        kind: AdviceKind::NearMiss,
        ..Advice::warning(check, message, remedy)
    };
    let unread = keys_unread::warning(places, attempt).map(|warning| Advice { kind: AdviceKind::NearMiss, ..warning });
    let mut advice: Vec<Advice> = unread.into_iter().collect();
    let Some(fetched) = command(attempt, remote) else { return advice };
    let issuer = shown(&policy.issuer);
    let message = format!("the keys of `{issuer}` are fetched when somebody logs in, and are not at hand here");
    let remedy = format!(
        "to try this login, save {fetched} and give the file with `--keys FILE`, or its content as engine.issuer_keys for \
         `{issuer}`"
    );
    advice.push(told(Check::Key, message, remedy).at(places, SettingName::JwksAutoFetch, 0));
    advice
}

/// How the login is tried with keys that somebody fetches, in words, the shortest way first.
pub(in crate::telling) fn ways(attempt: &Attempt<'_>) -> Vec<String> {
    let policy = attempt.policy();
    let Keys::Remote(remote) = &*policy.keys else { return Vec::new() };
    let Some(fetched) = command(attempt, remote) else { return Vec::new() };
    let member = json::quote(&policy.issuer);
    [
        format!("save {fetched} to a file, and try this login again with `--keys FILE`"),
        format!("or write the content of that file into engine.issuer_keys: `{{{}: CONTENT}}`", shown(&member)),
    ]
    .into()
}

/// What fetches the key set.
fn command(attempt: &Attempt<'_>, remote: &Remote) -> Option<String> {
    let fetched = match remote {
        Remote::Jwks(url) => format!("`curl -s {}`", shown(url)),
        Remote::Discovery(url) => {
            let known = attempt.facts().and_then(Facts::key_set);
            known.map_or_else(
                || format!("what the `jwks_uri` of `curl -s {}` serves", shown(url)),
                |keys| format!("`curl -s {}`", shown(&keys)),
            )
        }
        Remote::Nowhere(_) => return None,
    };
    let inside = in_a_cluster(&attempt.policy().issuer)
        .then_some(" (inside the cluster; with rights on it `kubectl get --raw /openid/v1/jwks` gives the same)");
    Some(format!("{fetched}{}", inside.unwrap_or_default()))
}

/// Whether an issuer is reached from inside its cluster only.
fn in_a_cluster(issuer: &str) -> bool {
    let host = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    host.ends_with(".svc") || host.ends_with(".svc.cluster.local") || host.ends_with(".cluster.local")
}
