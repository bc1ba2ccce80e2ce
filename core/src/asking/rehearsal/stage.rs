//! What is there tomorrow? The settings with the new set in them, or the fetched keys with it among them.

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

use crate::{
    asking::rehearsal::document::{IssuerNeeded, KeySetFault},
    ground::{
        fault::Fault,
        json::{Document, Duplicates},
        limits::FETCHED_BYTES_MAX,
        nearest::nearest,
        reason::ReasonCode,
        text::{listed, one_line, shown},
    },
    parsed::{
        fetched::FetchError,
        keys::KeySet,
        settings::{Change, Position, SettingName, SettingsError},
    },
    rules::{
        key_cache::{Held, KeyCache},
        policy::{compiled::Compiled, issuer::Policy, sides::Sides},
    },
};

/// What holds for the issuer whose set it is: the one that is named, the only one, or what is common to all that have no keys of
/// their own.
///
/// # Errors
/// Nobody can tell whose set it is.
pub(super) fn policy<'c>(compiled: &'c Compiled, issuer: Option<&str>) -> Result<&'c Policy, IssuerNeeded> {
    const NAMED: usize = 5;
    let known = || listed(&compiled.issuers().collect::<Vec<_>>(), NAMED);
    if let Some(issuer) = issuer {
        return compiled.policy(issuer).ok_or_else(|| {
            let meant =
                nearest(issuer, compiled.issuers()).map(|meant| format!("; `{}` is probably meant", shown(meant)));
            let meant = meant.unwrap_or_default();
            IssuerNeeded {
                message: format!("the issuer `{}` is not configured; it is one of {}{meant}", shown(issuer), known()),
            }
        });
    }
    let mut policies = compiled.policies();
    match (policies.next(), policies.next()) {
        (Some(only), None) => Ok(only),
        _ if compiled.policies().all(has_the_common_set) => Ok(&compiled.common),
        _ => Err(IssuerNeeded {
            message: format!(
                "the issuers have key sets of their own: `issuer` has to say whose this is, one of {}",
                known()
            ),
        }),
    }
}

/// Whether an issuer's keys are those of the setting that holds for all.
pub(super) fn has_the_common_set(policy: &Policy) -> bool {
    !policy.keys_are_fetched() && !policy.keys_source().is_own()
}

/// What is there once the set is.
pub(super) struct Tomorrow {
    /// The settings; `None` where they stay as they are, or cannot be changed so.
    pub(super) compiled: Option<Compiled>,
    /// The fetched keys.
    pub(super) cache: KeyCache,
    pub(super) fault: Option<KeySetFault>,
    /// Whether the settings cannot be used because of it, so that nobody logs in.
    pub(super) is_unusable: bool,
}

/// Puts the set where the policy has its keys.
pub(super) fn tomorrow(sides: &Sides, cache: &KeyCache, policy: &Policy, text: &str, now: i64) -> Tomorrow {
    if policy.keys_are_fetched() {
        let (cache, error) = cache.rehearsed(&policy.issuer, text, now);
        let fault = error.map(|error| in_the_text(sides, policy, text).unwrap_or_else(|| KeySetFault::of_fetch(error)));
        return Tomorrow { compiled: None, cache, fault, is_unusable: false };
    }
    let put = || match text.len() {
        ..=FETCHED_BYTES_MAX => changed(sides, policy, text)
            .map_err(|error| in_the_text(sides, policy, text).unwrap_or_else(|| KeySetFault::of_settings(error))),
        _ => Err(too_long(text)),
    };
    let (compiled, fault) = match put() {
        Ok(compiled) => (Some(compiled), None),
        Err(fault) => (None, Some(fault)),
    };
    Tomorrow { compiled, cache: cache.clone(), is_unusable: fault.is_some(), fault }
}

impl Tomorrow {
    /// The new set, where it can be used.
    pub(super) fn set(&self, today: &Compiled, policy: &Policy, now: i64) -> Option<&KeySet> {
        if self.fault.is_some() {
            return None;
        }
        match &self.compiled {
            None => match self.cache.held(&policy.issuer, today.rules.keys, now) {
                Held::Keys(_, set) => Some(set),
                Held::Unreadable(_) | Held::None(_) | Held::Unknown(_) => None,
            },
            Some(compiled) => {
                let policy = compiled.policy(&policy.issuer).unwrap_or(&compiled.common);
                policy.keys.set().map(|set| &**set)
            }
        }
    }
}

/// The fault of the set itself, which has a place in its text.
fn in_the_text(sides: &Sides, policy: &Policy, text: &str) -> Option<KeySetFault> {
    let reading = sides.own().rules.keys;
    let read = match text.len() {
        ..=FETCHED_BYTES_MAX if policy.keys_are_fetched() => KeySet::parse_fetched(text, reading),
        ..=FETCHED_BYTES_MAX => KeySet::parse(text, reading),
        _ => return Some(too_long(text)),
    };
    read.err().map(|fault| KeySetFault::of(fault, text))
}

fn too_long(text: &str) -> KeySetFault {
    let message = format!("the key set is {} bytes long; at most {FETCHED_BYTES_MAX} are read", text.len());
    KeySetFault::of(Fault::new(ReasonCode::JwksInvalid, 0, message), text)
}

/// The settings with the set in them.
fn changed(sides: &Sides, policy: &Policy, text: &str) -> Result<Compiled, SettingsError> {
    let setting = policy.keys_source().setting;
    let change = match setting {
        SettingName::EngineIssuerKeys => {
            // What follows the set is none of it, and nothing for the object around.
            let document = Document::parse_prefix(text, Duplicates::LastWins).map(|(document, _)| document);
            let json: String = document.map(|document| document.root().written().into()).unwrap_or_default();
            Change::new().set_member(setting.as_str(), [&**policy.issuer], json)
        }
        _ => Change::new().set(SettingName::Jwks.as_str(), text),
    };
    let changed = sides.settings().changed(&change)?;
    let names: BTreeSet<SettingName> = [SettingName::EngineIssuerKeys, SettingName::Jwks].into();
    sides.own().again(&changed, names)
}

impl KeySetFault {
    fn of(fault: Fault, text: &str) -> Self {
        Self {
            code: fault.code,
            message: one_line(fault.message),
            remedy: one_line(fault.remedy.as_deref().unwrap_or(fault.code.narrow_remedy())),
            position: Some(Position::of(text, fault.offset)),
        }
    }

    fn of_fetch(error: FetchError) -> Self {
        let code = ReasonCode::KeysUnavailable;
        Self { code, message: one_line(error.message), remedy: one_line(error.remedy), position: None }
    }

    fn of_settings(error: SettingsError) -> Self {
        Self { code: error.code, message: one_line(error.message), remedy: one_line(error.remedy), position: None }
    }
}
