//! Which claims do not say who somebody is, and which say it today and otherwise tomorrow?

use alloc::{format, string::String};

use crate::{ground::text::shown, parsed::providers::Provider};

/// That a claim which does not say who somebody is decides who logs in, and what to do about it.
pub(crate) fn nobody_s(name: &str) -> Option<(String, &'static str)> {
    let message = format!("the claim `{}` decides who logs in: {}", shown(name), claim(name)?);
    Some((message, "name a claim that names one person, such as `sub`, and map its values to SQL users"))
}

/// That a claim which may be given to somebody else decides who logs in. Entra, "Access token claims reference": these are
/// for people to read.
pub(crate) fn changing(name: &str, provider: Option<Provider>) -> Option<(String, &'static str)> {
    let changes = matches!(name, "preferred_username" | "unique_name" | "upn" | "email");
    (changes && provider == Some(Provider::Entra)).then(|| {
        let message = format!(
            "the claim `{name}` decides who logs in: in Entra it is mutable, and whoever gets the name next gets the SQL user"
        );
        (message, "name the claim `oid`, which never changes, and map its values to SQL users")
    })
}

/// Why a claim is not to name a SQL user; `None` for the claims that name one bearer, and for those of one's own.
pub(crate) fn claim(name: &str) -> Option<&'static str> {
    let name = name.trim_start_matches('/');
    let row = CLAIMS.iter().find(|(names, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    row.map(|&(_, why)| why)
}

const CHOSEN: &str = "people choose it themselves, and two may choose the same";
const CLIENT: &str = "it names the application that requested the token, the same for everybody who uses it";
const MANY: &str = "many people have the same value";
const TOKEN: &str = "it names the token or the session, not the person";
const SCOPE: &str = "it says what the token allows, not whose it is";
const NAMESPACE: &str = "accounts of other namespaces of the cluster may have the same";
const RUN: &str = "whoever starts the job decides it";

/// OpenID Connect Core 1.0 section 5.1 for the profile; RFC 7519 section 4.1 and RFC 9068 section 2.2 for the token's own;
/// Entra's "Access token claims reference" for `tid` and its like; GitHub's and GitLab's references for jobs.
const CLAIMS: [(&[&str], &str); 7] = [
    (
        &[
            "kubernetes.io/namespace",
            "kubernetes.io/serviceaccount/name",
            "kubernetes.io/serviceaccount/namespace",
            "kubernetes.io/pod/name",
            "kubernetes.io/node/name",
            "kubernetes.io~1serviceaccount~1namespace",
            "kubernetes.io~1serviceaccount~1service-account.name",
            "kubernetes.io/serviceaccount/service-account.name",
        ],
        NAMESPACE,
    ),
    (
        &[
            "name",
            "nickname",
            "given_name",
            "family_name",
            "middle_name",
            "display_name",
            "displayname",
            "profile",
            "picture",
            "website",
            "phone_number",
            "address",
            "locale",
            "zoneinfo",
            "gender",
            "birthdate",
        ],
        CHOSEN,
    ),
    (&["azp", "client_id", "clientid", "client", "cid", "appid", "app_id", "app_displayname"], CLIENT),
    (
        &[
            "iss",
            "aud",
            "tid",
            "hd",
            "idp",
            "realm",
            "groups",
            "roles",
            "wids",
            "amr",
            "acr",
            "ver",
            "typ",
            "token_use",
            "namespace_path",
            "repository_owner",
            "repository_owner_id",
        ],
        MANY,
    ),
    (&["jti", "sid", "session_state", "uti", "nonce", "at_hash", "c_hash", "event_id", "origin_jti"], TOKEN),
    (&["scope", "scp", "scopes", "permissions", "entitlements"], SCOPE),
    (&["actor", "triggering_actor", "ref", "head_ref", "base_ref", "sha", "event_name", "workflow", "run_id"], RUN),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_that_name_nobody_are_known_also_as_pointers_and_in_other_case() {
        for name in ["nickname", "/nickname", "Name", "azp", "AppId", "scope", "scp", "tid", "jti", "actor", "/groups"]
        {
            assert!(claim(name).is_some(), "{name}");
        }
        assert!(CLAIMS.iter().map(|(names, _)| names.len()).sum::<usize>() >= 40);
    }

    #[test]
    fn claims_that_name_one_bearer_and_those_of_ones_own_are_left_alone() {
        for name in [
            "sub",
            "email",
            "preferred_username",
            "upn",
            "unique_name",
            "oid",
            "username",
            "cognito:username",
            "login",
            "employee_id",
            "/kubernetes.io/serviceaccount/uid",
            "/realm_access/roles",
        ] {
            assert_eq!(claim(name), None, "{name}");
        }
    }
}
