//! What is each key of the configured sets good for, and which of them does nobody ever ask?

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    sync::Arc,
    vec::Vec,
};

use super::super::{
    findings::{Draft, Findings},
    listed::without,
    rule::Rule,
    subject::Subject,
};
use crate::{
    ground::{
        json::{Document, Duplicates, Value},
        private_keys,
        reason::ReasonCode,
        splice::Splice,
        text::{listed, shown},
    },
    parsed::{
        keys::{self, KeyEntry, KeySet, Unusable},
        settings::{Change, SettingName},
    },
    rules::policy::issuer::Keys,
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    pem(subject, found);
    let text = subject.settings.text(SettingName::Jwks);
    // What nobody reads is secret all the same.
    let is_read = !subject.settings.is_on(SettingName::JwksAutoFetch);
    let kept = subject.compiled.common.keys.set().filter(|_| !subject.compiled.is_broken(SettingName::Jwks));
    if subject.settings.value(SettingName::Jwks.as_str()).is_some() {
        set(subject, &Set { setting: SettingName::Jwks, text, base: 0, is_read, kept }, found);
    }
    let text = subject.settings.text(SettingName::EngineIssuerKeys);
    let Ok(document) = Document::parse(text, Duplicates::LastWins) else { return };
    for (issuer, value) in document.root().members() {
        let policy = issuer.string().and_then(|issuer| subject.compiled.policy(&issuer));
        let keys = policy.map(|policy| &policy.keys).filter(|keys| keys.source.is_own());
        let kept = keys.and_then(|keys| Keys::set(keys));
        let setting = SettingName::EngineIssuerKeys;
        set(subject, &Set { setting, text: value.written(), base: value.span().0, is_read: true, kept }, found);
    }
}

/// Private keys as files hold them, in whatever setting.
fn pem(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for &setting in SettingName::ALL {
        let is_private = private_keys::holds_pem(subject.settings.text(setting));
        if is_private {
            found.add(Rule::KeyPrivate, || {
                Draft::new(
                    format!("{} holds a private key (PEM): whoever reads the settings has it", setting.as_str()),
                    format!(
                        "take the key out of {}, and replace it wherever it is used: whoever has seen this text can use it",
                        setting.as_str()
                    ),
                )
                .at(setting, 0)
            });
        }
    }
}

/// A key set as it is written.
struct Set<'t> {
    setting: SettingName,
    text: &'t str,
    /// Where it begins in the value of the setting.
    base: usize,
    /// Whether any login is decided by it.
    is_read: bool,
    /// The set as it was read, where it can be used.
    kept: Option<&'t Arc<KeySet>>,
}

/// One key of it.
struct Looked<'s> {
    set: &'s Set<'s>,
    jwk: Value<'s>,
    entry: &'s KeyEntry,
    /// How messages name it.
    name: String,
    /// What takes it out of the set, where others stay.
    without: Option<Splice>,
}

fn set(subject: &Subject<'_>, set: &Set<'_>, found: &mut Findings<'_>) {
    let Ok((document, _)) = Document::parse_prefix(set.text, Duplicates::LastWins) else { return };
    let reading = subject.compiled.rules.keys;
    let jwks = keys::written(document.root(), reading);
    // One that spoils the set hides the others from its reader, and from nobody else.
    let alone: Vec<(Value<'_>, KeyEntry)>;
    let pairs: Vec<(Value<'_>, &KeyEntry)> = match set.kept.filter(|kept| kept.entries().len() == jwks.len()) {
        Some(kept) => jwks.iter().copied().zip(kept.entries()).collect(),
        None => {
            alone = keys::each_alone(document.root(), reading);
            alone.iter().map(|(jwk, entry)| (*jwk, entry)).collect()
        }
    };
    let spans: Vec<(usize, usize)> = pairs.iter().map(|(jwk, _)| jwk.span()).collect();
    // Several lists of keys are no one array to take something out of.
    let is_one = document.root().members().filter(|(name, _)| name.is_string("keys")).count() == 1;
    let taken_out =
        |index| without(&spans, index).filter(|_| is_one && spans.len() > 1).map(|splice| set.placed(splice));
    let all: Vec<Looked<'_>> = pairs
        .into_iter()
        .enumerate()
        .map(|(index, (jwk, entry))| Looked { set, jwk, entry, name: name(entry, index), without: taken_out(index) })
        .collect();
    private(set, &all, found);
    if !set.is_read {
        return;
    }
    let useless = without_useless(set, &all).filter(|_| is_one);
    for key in &all {
        key.judge(useless.as_ref(), found);
    }
    doubles(&all, found);
}

fn name(entry: &KeyEntry, index: usize) -> String {
    match entry.id.as_deref() {
        Some(id) => format!("key `{}`", shown(id)),
        None => format!("key {}, which has no id,", index.saturating_add(1)),
    }
}

impl Set<'_> {
    /// A part of the set as a part of the setting's value.
    fn placed(&self, splice: Splice) -> Splice {
        Splice { start: splice.start.saturating_add(self.base), end: splice.end.saturating_add(self.base), ..splice }
    }

    fn at(&self, draft: Draft, jwk: Value<'_>) -> Draft {
        draft.at(self.setting, jwk.span().0.saturating_add(self.base))
    }
}

/// Private members, whoever reads the set. The change takes out all of them: a value that holds one is shown to nobody.
fn private(set: &Set<'_>, all: &[Looked<'_>], found: &mut Findings<'_>) {
    let public = || {
        // From the last to the first, so that each stays where it is.
        all.iter()
            .rev()
            .flat_map(|key| public(key.jwk))
            .fold(Change::new(), |change, splice| change.splice(set.setting, set.placed(splice)))
    };
    for key in all.iter().filter(|key| keys::secrets(key.jwk).next().is_some()) {
        found.add(Rule::KeyPrivate, || {
            let members: Vec<String> =
                keys::secrets(key.jwk).map(|(name, _)| name.string().unwrap_or_default().into_owned()).collect();
            let draft = Draft::new(
                format!(
                    "{} holds the private member{} {}: whoever reads the settings can sign tokens",
                    key.name,
                    if members.len() > 1 { "s" } else { "" },
                    listed(&members, members.len())
                ),
                format!(
                    "publish only the public half of the key in {}, and have the identity provider replace the key: whoever \
                     has seen this text can sign",
                    set.setting.as_str()
                ),
            );
            set.at(draft, key.jwk).mended_by(public())
        });
    }
}

/// What takes the private members out of a key, from the last to the first.
fn public(jwk: Value<'_>) -> Vec<Splice> {
    let secret: BTreeSet<usize> = keys::secrets(jwk).map(|(name, _)| name.span().0).collect();
    if secret.is_empty() {
        return Vec::new();
    }
    // Written anew without them: one part, whatever stands between.
    let kept: Vec<String> = jwk
        .members()
        .filter(|(name, _)| !secret.contains(&name.span().0))
        .map(|(name, value)| format!("{}: {}", name.written(), value.written()))
        .collect();
    let (start, end) = jwk.span();
    [Splice { start, end, text: format!("{{{}}}", kept.join(", ")) }].into()
}

impl Looked<'_> {
    /// Tells the one thing that is most wrong with the key.
    fn judge(&self, useless: Option<&Change>, found: &mut Findings<'_>) {
        let Err(unusable) = &self.entry.state else { return self.is_of_one_algorithm(found) };
        if keys::secrets(self.jwk).next().is_some() {
            return;
        }
        let kty = self.jwk.member("kty").and_then(Value::string).unwrap_or_default();
        let rule = match unusable.code {
            _ if kty == "oct" => Rule::KeySymmetric,
            _ if unusable.instead.is_some() => Rule::KeyUnusable,
            _ if !kty.is_empty() && !KNOWN.contains(&&*kty) => Rule::KeyUnknownType,
            code if self.encrypts(code) => Rule::KeyEncryptionOnly,
            ReasonCode::KeyWeak => Rule::KeyWeak,
            _ if self.entry.nameless.is_some() => Rule::KeyWithoutId,
            _ => Rule::KeyUnusable,
        };
        found.add(rule, || {
            let (message, remedy) = self.told(rule, unusable, &kty);
            let part = match rule {
                Rule::KeyEncryptionOnly => self.without.clone(),
                Rule::KeyUnusable => unusable.instead.clone().map(|splice| self.set.placed(splice)),
                _ => None,
            };
            let change = match rule {
                Rule::KeySymmetric | Rule::KeyUnknownType => useless.cloned(),
                _ => part.map(|splice| Change::new().splice(self.set.setting, splice)),
            };
            self.set.at(Draft::new(message, remedy), self.jwk).mended(change)
        });
    }

    fn told(&self, rule: Rule, unusable: &Unusable, kty: &str) -> (String, String) {
        let (name, setting) = (&self.name, self.set.setting.as_str());
        match rule {
            Rule::KeySymmetric => (
                format!(
                    "{name} is a shared secret (kty `oct`): whoever knows it to verify tokens can sign them, and nothing is \
                     verified with it here"
                ),
                format!("take the key out of {setting}, and have the identity provider sign with a key pair"),
            ),
            Rule::KeyUnknownType => (
                format!(
                    "{name} has the type `{}`: CockroachDB's token library refuses every key of a set with such a key in it",
                    shown(kty)
                ),
                format!("take the key out of {setting}: nothing is verified with it"),
            ),
            Rule::KeyEncryptionOnly => (
                format!("{}; no token is verified with it", unusable.message),
                format!("nothing, or take the key out of {setting}"),
            ),
            Rule::KeyWeak => (
                unusable.message.clone(),
                "have the identity provider replace the key by a sound one, such as RSA of 2048 bits or more".into(),
            ),
            Rule::KeyWithoutId => {
                (unusable.message.clone(), format!("give the key in {setting} the id (`kid`) that its tokens name"))
            }
            _ => (
                unusable.message.clone(),
                unusable.remedy.clone().unwrap_or_else(|| match self.set.setting {
                    SettingName::Jwks => unusable.code.narrow_remedy().into(),
                    _ => format!("copy the keys that the issuer itself serves now into {setting}"),
                }),
            ),
        }
    }

    /// Whether the key is one for encryption, which providers publish beside those that sign.
    fn encrypts(&self, code: ReasonCode) -> bool {
        let is = |member: &str, values: &[&str]| {
            let text = self.jwk.member(member).and_then(Value::string).unwrap_or_default();
            values.iter().any(|value| text.starts_with(value))
        };
        code == ReasonCode::KeyNotForVerify
            || is("alg", &["RSA-OAEP", "RSA1_5", "ECDH-ES"])
            || is("crv", &["X25519", "X448"])
    }

    /// A usable key that does not say what it signs with.
    fn is_of_one_algorithm(&self, found: &mut Findings<'_>) {
        let Ok(key) = &self.entry.state else { return };
        let (algorithms, stated) = (key.algorithms(), key.stated_algorithm());
        let Some(first) = algorithms.first().filter(|_| stated.is_none()) else { return };
        if algorithms.iter().all(|algorithm| first.synonyms().contains(algorithm)) {
            return;
        }
        found.add(Rule::KeyWithoutAlgorithm, || {
            let draft = Draft::new(
                format!(
                    "{} has no `alg`: it verifies {}",
                    self.name,
                    listed(algorithms, algorithms.len())
                ),
                format!(
                    "write the one `alg` that the identity provider signs with into the key in {}, as RFC 8725 section 3.1 \
                     asks",
                    self.set.setting.as_str()
                ),
            );
            self.set.at(draft, self.jwk)
        });
    }
}

/// What takes all keys out that are shared secrets or of unknown types, where others stay. One that stays behind would keep the
/// change from being shown, or the set from being read.
fn without_useless(set: &Set<'_>, all: &[Looked<'_>]) -> Option<Change> {
    let is_kept = |key: &&Looked<'_>| {
        let kty = key.jwk.member("kty").and_then(Value::string).unwrap_or_default();
        kty != "oct" && (kty.is_empty() || KNOWN.iter().any(|known| kty.eq_ignore_ascii_case(known)))
    };
    let kept: Vec<&str> = all.iter().filter(is_kept).map(|key| key.jwk.written()).collect();
    let (start, end) = (all.first()?.jwk.span().0, all.last()?.jwk.span().1);
    let splice = Splice { start, end, text: kept.join(", ") };
    (!kept.is_empty()).then(|| Change::new().splice(set.setting, set.placed(splice)))
}

/// The types that every reader of key sets knows (RFC 7518 section 6.1, RFC 8037 section 2).
const KNOWN: [&str; 4] = ["RSA", "EC", "OKP", "oct"];

/// Ids that stand twice, and keys that do.
fn doubles(all: &[Looked<'_>], found: &mut Findings<'_>) {
    let mut ids: BTreeMap<&str, &Looked<'_>> = BTreeMap::new();
    let mut same: BTreeMap<String, &Looked<'_>> = BTreeMap::new();
    for key in all {
        let Some(id) = key.entry.id.as_deref() else { continue };
        let usable = key.entry.state.as_ref().ok();
        if let Some(first) = ids.get(id) {
            let is_same = match (first.entry.state.as_ref(), usable) {
                (Ok(one), Some(other)) => one.same_material(other),
                (_, None) => true,
                (Err(_), Some(_)) => false,
            };
            found.add(Rule::KeyIdDuplicate, || {
                let draft = Draft::new(
                    format!(
                        "two keys have the id `{}`: only the first of them is ever asked, whichever of them has signed",
                        shown(id)
                    ),
                    match is_same {
                        true => format!("take the second of them out of {}", key.set.setting.as_str()),
                        false => format!(
                            "give each key in {} the id that its tokens name; where it is the second that signs, put it \
                             before the first",
                            key.set.setting.as_str()
                        ),
                    },
                );
                let splice = key.without.clone().filter(|_| is_same);
                key.set.at(draft, key.jwk).mended(splice.map(|splice| Change::new().splice(key.set.setting, splice)))
            });
            continue;
        }
        ids.insert(id, key);
        let Some(usable) = usable else { continue };
        match same.get(&usable.thumbprint()) {
            None => drop(same.insert(usable.thumbprint(), key)),
            Some(first) => found.add(Rule::KeySameTwice, || {
                let other = first.entry.id.as_deref().unwrap_or_default();
                let draft = Draft::new(
                    format!("`{}` and `{}` are the same key under two ids", shown(other), shown(id)),
                    "nothing if tokens name both; a key that was meant to be another one has to be copied anew",
                );
                key.set.at(draft, key.jwk)
            }),
        }
    }
}
