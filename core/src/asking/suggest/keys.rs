//! Where do the keys come from: given, or fetched, and from which address?

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::document::SuggestedSetting;
use crate::{
    ground::{json, limits::FETCHED_BYTES_MAX, private_keys},
    parsed::{
        providers::{Facts, Provider},
        risk,
        settings::SettingName,
    },
};

/// The settings for the issuer and its keys, or why there are none.
pub(super) fn settings(
    facts: Facts<'_>,
    issuer: &str,
    keys: Option<&str>,
) -> Result<Vec<SuggestedSetting>, (String, &'static str)> {
    let provider = facts.provider();
    let world = risk::is_world_wide(issuer).then(|| {
        "the issuer signs for everybody in the world: only the audience and the identity map keep them out".to_string()
    });
    let mut why = "it is the token's `iss`, letter by letter".to_string();
    if provider == Some(Provider::Entra) {
        why.push_str(
            ": Entra writes `https://sts.windows.net/TENANT/` into tokens of version 1 and \
             `https://login.microsoftonline.com/TENANT/v2.0` into those of version 2, and the application's manifest decides \
             which (`requestedAccessTokenVersion`)",
        );
    }
    let one = |setting: SettingName, value: String, why: String, risk: Option<String>| SuggestedSetting {
        setting: setting.as_str(),
        value,
        why,
        risk,
    };
    if let Some(keys) = keys {
        if keys.len() > FETCHED_BYTES_MAX {
            return Err((
                format!("the keys are {} bytes long; at most {FETCHED_BYTES_MAX} are read", keys.len()),
                PUBLIC,
            ));
        }
        if private_keys::named(keys).is_some() || *private_keys::without(keys) != *keys {
            return Err(("the keys are no public keys: whoever reads the settings could sign tokens".into(), PUBLIC));
        }
        // They stand in the answer as they are, so they may hold nothing that moves a cursor or turns a line around.
        if !keys.bytes().all(|byte| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            return Err(("the keys hold characters beyond printed ASCII".into(), PUBLIC));
        }
        let stale = "when the identity provider signs with a new key, nobody logs in until this is changed".to_string();
        return Ok(alloc::vec![
            one(SettingName::Issuers, issuer.into(), why, world),
            one(SettingName::Jwks, keys.into(), "these keys were given".into(), Some(stale)),
        ]);
    }
    let fetch = |why: &str| one(SettingName::JwksAutoFetch, "true".into(), why.into(), None);
    let address = facts.key_set().filter(|address| address.starts_with("https://"));
    if issuer.starts_with("https://") && provider != Some(Provider::Adfs) {
        let inside = [".svc", ".local", ".svc.cluster"].iter().any(|end| issuer.contains(end));
        let mut found = alloc::vec![
            one(SettingName::Issuers, issuer.into(), why, world),
            fetch("the issuer serves its keys, and new ones are found without anybody's doing"),
        ];
        if let (true, Some(fetch)) = (inside, found.last_mut()) {
            fetch.risk =
                Some("the issuer's name is one inside the cluster: where it cannot be reached, give its keys".into());
        }
        return Ok(found);
    }
    let Some(address) = address else {
        let message = format!(
            "the issuer `{}` is no `https` address, so its keys cannot be fetched",
            crate::ground::text::shown(issuer)
        );
        return Err((message, "give the keys of the issuer, as a key set (JWKS)"));
    };
    why.push_str("; its keys are served at another address");
    let value = format!("{{\"issuer_jwks_map\": {{{}: {}}}}}", json::quote(issuer), json::quote(&address));
    Ok(alloc::vec![
        one(SettingName::Issuers, value, why, world),
        fetch("the keys are fetched from the address of `issuer_jwks_map`"),
    ])
}

const PUBLIC: &str = "give the public key set (JWKS) that the issuer serves";
