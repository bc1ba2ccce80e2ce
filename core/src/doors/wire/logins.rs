//! The sample logins of a call: tokens, or claims that nobody has signed.

use alloc::{format, string::String, vec::Vec};

use crate::{
    asking::logins::SampleLogin,
    doors::wire::call::{Call, CallError, missing},
    ground::{
        json::{Kind, Value, quote},
        text::shown,
    },
};

/// The members of a sample login.
const MEMBERS: &[&str] = &["token", "claims", "issuer", "user", "now", "expected"];

/// The sample logins; none where the call has none.
pub(super) fn read(call: &Call<'_>) -> Result<Vec<SampleLogin>, CallError> {
    let Some(list) = call.array("logins")? else { return Ok(Vec::new()) };
    list.elements().map(|login| one(call, login)).collect()
}

fn one(call: &Call<'_>, login: Value<'_>) -> Result<SampleLogin, CallError> {
    if login.kind() != Kind::Object {
        return Err(call.at(login, format!("a login is {}, not an object", login.kind().describe())));
    }
    for (name, _) in login.members() {
        let known = name.string().unwrap_or_default();
        if !MEMBERS.contains(&&*known) {
            let message = format!(
                "a login has no member `{}`; it has `token` or `claims`, `issuer`, `user`, `now` and `expected`",
                shown(&known)
            );
            return Err(call.at(name, message));
        }
    }
    let text = |name: &str| -> Result<Option<String>, CallError> {
        let Some(value) = login.member(name) else { return Ok(None) };
        let wrong = || call.at(value, format!("`{name}` of a login is {}, not a string", value.kind().describe()));
        value.string().map(|text| Some(text.into_owned())).ok_or_else(wrong)
    };
    let now = match login.member("now") {
        Some(now) => call.moment(now)?,
        None => call.now()?,
    };
    let user = text("user")?.unwrap_or_default();
    let issuer = text("issuer")?;
    let sample = match (text("token")?, login.member("claims")) {
        (Some(_), Some(_)) => return Err(call.at(login, "a login has both `token` and `claims`".into())),
        (None, None) => return Err(call.at(login, "a login has neither `token` nor `claims`".into())),
        (Some(_), None) if issuer.is_some() => {
            return Err(call.at(login, "a login with `token` has no `issuer`: the token names it".into()));
        }
        (Some(token), None) => SampleLogin::of_token(token, user, now),
        (None, Some(claims)) => SampleLogin::of_claims(&claimed(call, claims, issuer)?, user, now),
    };
    Ok(match text("expected")? {
        Some(expected) => sample.expecting(expected),
        None => sample,
    })
}

/// The claims as text, with the issuer that is given beside them.
fn claimed(call: &Call<'_>, claims: Value<'_>, issuer: Option<String>) -> Result<String, CallError> {
    if claims.kind() != Kind::Object {
        return Err(call.at(claims, format!("`claims` of a login is {}, not an object", claims.kind().describe())));
    }
    let Some(issuer) = issuer else { return Ok(claims.written().into()) };
    match claims.member("iss") {
        Some(stated) if stated.is_string(&issuer) => Ok(claims.written().into()),
        Some(stated) => Err(call.at(stated, format!("the claim `iss` is another than `issuer`, `{}`", shown(&issuer)))),
        None => {
            let rest = claims.written().strip_prefix('{').ok_or_else(|| missing("claims"))?;
            let comma = if claims.members().next().is_some() { "," } else { "" };
            Ok(format!(r#"{{"iss":{}{comma}{rest}"#, quote(&issuer)))
        }
    }
}
