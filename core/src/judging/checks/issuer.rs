//! Does the token come from a configured issuer? Compared byte for byte (RFC 7519 section 4.1.1).

use alloc::{format, vec::Vec};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Reads},
    },
    ground::{
        json::Kind,
        reason::ReasonCode,
        text::{listed, shown},
    },
    judging::attempt::Attempt,
    parsed::settings::SettingName,
};

/// How many configured values a message names.
const NAMED: usize = 3;

pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(claims) = attempt.claims else { return Err(Stop::Moot("the claims cannot be read")) };
    let configured = attempt.compiled;
    let fail = |code, message| Failure::new(code, message).about(SettingName::Issuers).expected(configured.issuers());
    let accepted = || listed(&configured.issuers().collect::<Vec<_>>(), NAMED);
    let stated = claims.member("iss");
    let loose = attempt.rules().token.kinds_first;
    // CockroachDB takes a token without an issuer for one of the issuer without a name, which may be configured.
    match stated.filter(|iss| !(loose && iss.is_null())) {
        None if loose && configured.policy("").is_some() => {}
        None => {
            let message = format!("the token names no issuer (`iss`); this server accepts {}", accepted());
            return Err(fail(ReasonCode::IssMissing, message).into());
        }
        Some(iss) if iss.kind() != Kind::String => {
            let message = format!("the token's issuer is {}, not a string", iss.kind().describe());
            return Err(fail(ReasonCode::IssInvalid, message).actual([iss.written()]).into());
        }
        Some(_) => {}
    }
    let issuer = attempt.stated_issuer();
    let Some(policy) = configured.policy(&issuer) else {
        let accepted = match configured.issuers().next() {
            None => "no issuer is configured".into(),
            Some(_) => format!("this server accepts {}", accepted()),
        };
        let message = format!("the token is issued by `{}`; {accepted}", shown(&issuer));
        // Nothing more is known before the signature; the near misses say more of a token that is proven.
        let remedy = ReasonCode::IssuerNotAllowed.narrow_remedy();
        return Err(fail(ReasonCode::IssuerNotAllowed, message).remedy(remedy).actual([issuer]).into());
    };
    attempt.policy = Some(policy);
    Ok(())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let issuer = attempt.stated_issuer();
    Finding::new(format!("`{}` is a configured issuer", shown(&issuer)))
        .at(SettingName::Issuers, attempt.policy().issuer.source.offset)
        .expected(attempt.compiled.issuers())
        .actual([issuer])
}

pub(crate) fn reads() -> Reads {
    Reads::claims(&["iss"])
}
