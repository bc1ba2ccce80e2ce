//! Which claim names one bearer?

use alloc::{borrow::ToOwned, string::String};

use crate::{
    ground::limits::PRINCIPAL_BYTES_MAX,
    parsed::{
        providers::{Facts, Provider},
        risk,
        token::looks_like_token,
    },
};

/// The claim, its value, and why it is this one.
pub(super) struct Bearer {
    pub(super) claim: &'static str,
    pub(super) principal: String,
    pub(super) why: &'static str,
    pub(super) risk: Option<&'static str>,
}

/// The first claim of the provider's that holds a value one bearer has.
pub(super) fn bearer(facts: Facts<'_>) -> Option<Bearer> {
    rows(facts.provider()).iter().find_map(|&(claim, why, risk)| {
        let principal = facts.text(claim)?;
        let verified =
            claim != "email" || facts.claims.member("email_verified").is_some_and(|it| it.written() == "true");
        let fits = !principal.trim().is_empty() && principal.len() <= PRINCIPAL_BYTES_MAX;
        let named = risk::principal(&principal).is_none() && !looks_like_token(principal.as_bytes());
        (verified && fits && named).then(|| Bearer { claim, principal: (*principal).to_owned(), why, risk })
    })
}

type Row = (&'static str, &'static str, Option<&'static str>);

const SUBJECT: Row =
    ("sub", "the issuer gives each bearer a subject of its own and gives it to nobody else later", None);

const EMAIL: Row = (
    "email",
    "the issuer says that it has verified the address, which people can read",
    Some("whoever gets the address next gets the SQL user"),
);

fn rows(provider: Option<Provider>) -> &'static [Row] {
    match provider {
        Some(Provider::Google | Provider::CockroachCloud) => &[EMAIL, SUBJECT],
        Some(Provider::Entra | Provider::EntraB2c | Provider::EntraExternalId) => &[
            ("oid", "it is the object's id in the directory, the same for every application, and never changes", None),
            SUBJECT,
        ],
        Some(Provider::Bitbucket) => &[(
            "repositoryUuid",
            "the subject is another one at every step, and the repository's id stays",
            Some("every pipeline of the repository bears it"),
        )],
        Some(Provider::Buildkite) => &[(
            "pipeline_id",
            "the subject names the commit, and the pipeline's id stays",
            Some("every branch of the pipeline bears it"),
        )],
        _ => &[SUBJECT, ("oid", "it is the object's id in the directory", None), EMAIL],
    }
}
