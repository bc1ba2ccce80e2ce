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
        key_cache::KeyCache,
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
    /// The set, where it can be used.
    pub(super) set: Option<KeySet>,
    pub(super) fault: Option<KeySetFault>,
    /// Whether the settings cannot be used because of it, so that nobody logs in.
    pub(super) is_unusable: bool,
}

/// Puts the set where the policy has its keys.
pub(super) fn tomorrow(sides: &Sides, cache: &KeyCache, policy: &Policy, text: &str, now: i64) -> Tomorrow {
    let reading = sides.own().rules.keys;
    let is_fetched = policy.keys_are_fetched();
    let read = match text.len() {
        ..=FETCHED_BYTES_MAX if is_fetched => KeySet::parse_fetched(text, reading),
        ..=FETCHED_BYTES_MAX => KeySet::parse(text, reading),
        bytes => {
            let message = format!("the key set is {bytes} bytes long; at most {FETCHED_BYTES_MAX} are read");
            Err(Fault::new(ReasonCode::JwksInvalid, 0, message))
        }
    };
    let (set, fault) = match read {
        Ok(set) => (Some(set), None),
        Err(fault) => (None, Some(KeySetFault::of(fault, text))),
    };
    if is_fetched {
        let (cache, error) = cache.rehearsed(&policy.issuer, text, now);
        let fault = fault.or(error.map(KeySetFault::of_fetch));
        return Tomorrow { compiled: None, cache, set: set.filter(|_| fault.is_none()), fault, is_unusable: false };
    }
    let cache = cache.clone();
    match fault.map_or_else(|| changed(sides, policy, text), Err) {
        Ok(compiled) => Tomorrow { compiled: Some(compiled), cache, set, fault: None, is_unusable: false },
        Err(fault) => Tomorrow { compiled: None, cache, set: None, fault: Some(fault), is_unusable: true },
    }
}

/// The settings with the set in them.
fn changed(sides: &Sides, policy: &Policy, text: &str) -> Result<Compiled, KeySetFault> {
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
    let changed = sides.settings().changed(&change).map_err(KeySetFault::of_settings)?;
    let names: BTreeSet<SettingName> = [SettingName::EngineIssuerKeys, SettingName::Jwks].into();
    sides.own().again(&changed, names).map_err(KeySetFault::of_settings)
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
