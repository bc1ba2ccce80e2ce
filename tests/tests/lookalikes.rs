//! Does the engine know each identity provider's good token, and each wrong one that looks like it? `samples/lookalikes.json`
//! holds them: for each provider one token that logs in and five that do not, with what the answer has to name.

use std::{collections::BTreeMap, fs};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sqljwt::{Decision, Explanation, Remedy, Settings};
use sqljwt_conformance::{
    folder,
    mint::{Members, Token, key},
    ordinary::{NOW, jwks},
};

/// An identity provider, and tokens that look like its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Provider {
    title: String,
    /// The SQL user who is requested, and whom the good token gives.
    user: String,
    /// By the short names of [`SETTINGS`].
    settings: Map<String, Value>,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    wrong: Vec<Wrong>,
}

/// What is changed of the good login, and what the answer has to be. A member that is `null` is taken out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrong {
    about: String,
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    header: Map<String, Value>,
    #[serde(default)]
    claims: Map<String, Value>,
    /// Whether it is signed with a key that the settings do not have.
    #[serde(default)]
    stranger: bool,
    decision: String,
    code: Option<String>,
    /// What the answer has to name.
    says: Vec<String>,
    offered: Offered,
}

/// What the changes that are offered do, in the profile that offers more.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
enum Offered {
    /// None lets this token in.
    Never,
    /// One lets it in, and says what else it lets in.
    WithRisk,
    /// One lets it in, and nobody else.
    Fix,
}

/// The short names, and the settings that they are.
const SETTINGS: [(&str, &str); 5] = [
    ("issuers", "server.jwt_authentication.issuers"),
    ("audience", "server.jwt_authentication.audience"),
    ("claim", "server.jwt_authentication.claim"),
    ("map", "server.identity_map.configuration"),
    ("fetch", "server.jwt_authentication.jwks_auto_fetch.enabled"),
];

/// The key that signs by an algorithm, and the one of a stranger, where there is a second.
const KEYS: [(&str, &str, &str); 3] =
    [("RS256", "test-rsa-1", "test-rsa-2"), ("ES256", "test-p256", "test-p256-zero"), ("EdDSA", "test-ed25519", "")];

#[test]
fn each_provider_has_one_good_token_and_five_wrong_ones() {
    let providers = providers();
    assert!(providers.len() >= 22, "{}", providers.len());
    for provider in providers {
        assert_eq!(provider.wrong.len(), 5, "{}", provider.title);
        assert!(provider.wrong.iter().all(|wrong| !wrong.says.is_empty()), "{}", provider.title);
    }
}

#[test]
fn the_good_token_logs_in_and_nothing_is_said_against_it() {
    for provider in providers() {
        for profile in ["hardened", "cockroachdb"] {
            let explanation = explain(&provider, None, profile);
            let user = explanation.login.as_ref().map(|login| login.user.to_string());
            assert_eq!(user.as_ref(), Some(&provider.user), "{} {profile}: {explanation}", provider.title);
            assert!(explanation.advice.is_empty(), "{} {profile}: {explanation}", provider.title);
        }
    }
}

#[test]
fn each_wrong_token_is_refused_and_the_answer_names_why() {
    let mut faults = Vec::new();
    for provider in providers() {
        for wrong in &provider.wrong {
            let explanation = explain(&provider, Some(wrong), "hardened");
            let code = explanation.reason.as_ref().map(|reason| reason.code.as_str());
            let said = said(&explanation);
            let missing: Vec<_> = wrong.says.iter().filter(|part| !said.contains(part.as_str())).collect();
            if json!(explanation.decision) != wrong.decision || code != wrong.code.as_deref() || !missing.is_empty() {
                faults.push(format!("{}: {}: {code:?} without {missing:?}:\n{said}", provider.title, wrong.about));
            }
        }
    }
    assert!(faults.is_empty(), "{} answers are not as expected:\n\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_change_that_is_offered_lets_in_what_must_never_log_in() {
    let mut faults = Vec::new();
    for provider in providers() {
        for wrong in &provider.wrong {
            let offered = ["hardened", "cockroachdb"].map(|profile| offered(&explain(&provider, Some(wrong), profile)));
            if offered.iter().max() != Some(&wrong.offered) {
                faults.push(format!("{}: {}: {offered:?}", provider.title, wrong.about));
            }
        }
    }
    assert!(faults.is_empty(), "{} rows say otherwise:\n{}", faults.len(), faults.join("\n"));
}

fn providers() -> Vec<Provider> {
    let text = fs::read_to_string(folder().join("samples/lookalikes.json")).expect("it is there");
    serde_json::from_str(&text).expect("providers")
}

/// The explanation of the good login, or of one that is wrong.
fn explain(provider: &Provider, wrong: Option<&Wrong>, profile: &str) -> Explanation {
    let changed = |good: &Map<String, Value>, change: fn(&Wrong) -> &Map<String, Value>| {
        let mut all: BTreeMap<String, Value> = good.clone().into_iter().collect();
        all.extend(wrong.map(change).cloned().unwrap_or_default());
        all.retain(|_, value| !value.is_null());
        all
    };
    let header = changed(&provider.header, |wrong| &wrong.header);
    let claims = changed(&provider.claims, |wrong| &wrong.claims);
    let keys = |alg: &Value| KEYS.into_iter().find(|(name, ..)| alg == name).expect("an algorithm of the table");
    let (algorithm, ours, strangers) = keys(&header["alg"]);
    let signs = if wrong.is_some_and(|wrong| wrong.stranger) { strangers } else { ours };
    let token = Token::new(key(signs), "", algorithm, members(&claims)).header(|_| members(&header)).text();

    let short = changed(&provider.settings, |wrong| &wrong.settings);
    let mut settings = Map::new();
    for (name, value) in short {
        match SETTINGS.iter().find(|(known, _)| *known == name) {
            Some((_, setting)) => drop(settings.insert((*setting).into(), value)),
            None if name == "groups" => {
                settings.insert("server.jwt_authentication.authorization.enabled".into(), true.into());
                settings.insert("server.jwt_authentication.group_claim".into(), value);
            }
            None => panic!("{}: no setting is called `{name}`", provider.title),
        }
    }
    let own_key = key(keys(&provider.header["alg"]).1);
    let own_key_id = provider.header["kid"].as_str().expect("a key id");
    settings.insert("server.jwt_authentication.enabled".into(), true.into());
    settings.insert("server.jwt_authentication.jwks".into(), jwks(&[own_key.public(own_key_id)]).into());
    settings.insert("engine.profile".into(), profile.into());
    Explanation::of(Settings::from_json(&Value::Object(settings).to_string()), &token, &provider.user, NOW)
}

/// What the changes of an answer do: the most harmless that lets the token in decides.
fn offered(explanation: &Explanation) -> Offered {
    let reason = explanation.reason.iter().flat_map(|reason| &reason.remedies);
    let advice = explanation.advice.iter().flat_map(|advice| &advice.remedies);
    let needed = explanation.keys_needed.iter().flat_map(|needed| &needed.remedies);
    let lets_in = |remedy: &&Remedy| remedy.after.as_ref().is_some_and(|after| after.decision == Decision::Accept);
    let risks: Vec<_> =
        reason.chain(advice).chain(needed).filter(lets_in).map(|remedy| remedy.risk.is_some()).collect();
    match risks.as_slice() {
        [] => Offered::Never,
        risks if risks.contains(&false) => Offered::Fix,
        _ => Offered::WithRisk,
    }
}

fn members(object: &BTreeMap<String, Value>) -> Members {
    object.iter().fold(Members::new(), |members, (name, value)| members.set(name, value.clone()))
}

/// What the answer tells of the fault: the reason, the advice, and what can be done.
fn said(explanation: &Explanation) -> String {
    let mut said = Vec::new();
    let mut remedies = Vec::new();
    if let Some(reason) = &explanation.reason {
        said.push(reason.message.as_str());
        remedies.extend(&reason.remedies);
    }
    remedies.extend(explanation.keys_needed.iter().flat_map(|needed| &needed.remedies));
    for advice in &explanation.advice {
        said.push(advice.message.as_str());
        said.extend(advice.remedy.as_deref());
        remedies.extend(&advice.remedies);
    }
    said.extend(remedies.iter().map(|remedy| remedy.message.as_str()));
    said.iter().map(|line| format!("  {line}\n")).collect()
}
