//! Was a JSON document pasted? What an identity provider or a command line answered, with the token in one of its members, or
//! without any.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use super::{
    layer::{Inside, Layer, Under},
    opaque, scan,
};
use crate::ground::{
    json::{Document, Duplicates, Kind, Value},
    mend::Mend,
    text::shown,
};

/// The tokens that stand in a document's members, each with the member's name.
pub(super) fn members(text: &str) -> Option<Under> {
    let document = read(text)?;
    let root = document.root();
    let mut tokens = Vec::new();
    collect(root, "", &mut tokens);
    // What a login takes first where an answer has both.
    tokens.sort_by_key(|(name, _)| !name.ends_with("id_token"));
    tokens.truncate(TOLD);
    let (name, token) = tokens.first()?;
    let source = source(root);
    let Some(first) = name.is_empty().then_some(token).or_else(|| (tokens.len() == 1).then_some(token)) else {
        let layer =
            Layer::new(format!("the text is {source} with several tokens"), "send only the value of one member");
        return Some(Under { layer, inside: Inside::Tokens(tokens) });
    };
    let layer = match name.is_empty() {
        true => Layer::new("the token stands in a JSON string", "send it without the quotes"),
        false => {
            let name = shown(name);
            Layer::new(
                format!("the text is {source}: its member `{name}` holds a token"),
                format!("send only the value of `{name}`"),
            )
        }
    };
    Some(Under::text(layer, first.clone()))
}

/// How many of its tokens are told of.
const TOLD: usize = 3;

fn collect(value: Value<'_>, name: &str, tokens: &mut Vec<(String, String)>) {
    if tokens.len() > TOLD {
        return;
    }
    match value.kind() {
        Kind::String => {
            let text = value.string().unwrap_or_default();
            let found = scan::find(&text);
            let token = found.first().and_then(|range| text.get(range.clone())).filter(|token| scan::is_token(token));
            if let Some(token) = token {
                tokens.push((name.into(), token.into()));
            }
        }
        Kind::Object => value.members().for_each(|(member, value)| {
            let member = member.string().unwrap_or_default();
            let path = if name.is_empty() { member.into_owned() } else { format!("{name}.{member}") };
            // A name that holds a token is nothing to show.
            let path = if scan::holds_any(&path) { String::from("…") } else { path };
            collect(value, &path, tokens);
        }),
        Kind::Array => value.elements().for_each(|value| collect(value, name, tokens)),
        _ => {}
    }
}

/// Whose answer a document is.
fn source(root: Value<'_>) -> &'static str {
    let has = |name| root.member(name).is_some();
    if has("accessToken") && (has("tokenType") || has("expiresOn") || has("tenant")) {
        "the answer of `az account get-access-token`"
    } else if root.member("kind").is_some_and(|kind| kind.is_string("ExecCredential") || kind.is_string("TokenRequest"))
    {
        "the answer of `kubectl`"
    } else if has("token_response") || has("id_token") && has("client_secret") {
        "what `gcloud` stores"
    } else if has("access_token") || has("id_token") {
        "the answer of a token endpoint"
    } else if has("Credentials") || has("WebIdentityToken") {
        "the answer of AWS STS"
    } else {
        "a JSON document"
    }
}

/// What a document is that holds no token.
pub(super) fn other(text: &str) -> Option<(String, Mend)> {
    let document = read(text)?;
    let root = document.root();
    let has = |name| root.member(name).is_some();
    if root.kind() == Kind::Array || root.kind() == Kind::String {
        return None;
    }
    if let Some(told) = error(root) {
        return Some(told);
    }
    let whole =
        "request a token from the identity provider and send it as text: three parts with two dots between them";
    if has("keys") && root.member("keys").is_some_and(|keys| keys.kind() == Kind::Array) || has("kty") {
        let message = "the text is a key set (JWKS), no token: keys belong into the settings";
        return Some((message.into(), Mend::client(whole)));
    }
    if has("jwks_uri") || has("token_endpoint") {
        return Some(("the text is the identity provider's discovery document, no token".into(), Mend::client(whole)));
    }
    if has("private_key") || has("client_secret") || has("client_email") {
        let message = "the text is a service account's key or a client's secret, no token";
        return Some((
            message.into(),
            Mend::client("request an ID token with it, send that, and keep the secret to yourself"),
        ));
    }
    if has("ciphertext") {
        let message = "the text is an encrypted token (JWE) in JSON serialization";
        return Some((
            message.into(),
            Mend::provider("have the identity provider sign tokens for this audience without encrypting them"),
        ));
    }
    if has("payload") && (has("signatures") || has("signature")) {
        let message = "the text is a signed token in JSON serialization";
        return Some((
            message.into(),
            Mend::client("request the token in compact form: three base64url parts with two dots between them"),
        ));
    }
    for name in ["access_token", "accessToken", "id_token", "idToken", "token", "refresh_token"] {
        if let Some(value) = root.member(name).and_then(Value::string) {
            let source = source(root);
            let (what, mend) = opaque::what(&value).unwrap_or(("an opaque token", opaque::ID_TOKEN));
            let message = format!("the text is {source}; its member `{name}` is {what}: no JSON Web Token");
            return Some((message, Mend::client(mend)));
        }
    }
    if has("iss") || has("sub") || has("exp") || has("alg") && !has("data") {
        let message = "the text is what a decoder shows of a token (its header or claims as JSON), not the token";
        return Some((message.into(), Mend::client("send the token itself: three parts with two dots between them")));
    }
    Some(("the text is a JSON document without a token in it".into(), Mend::client(whole)))
}

/// What a token endpoint answers when it gives no token (RFC 6749 section 5.2), and what providers make of that.
fn error(root: Value<'_>) -> Option<(String, Mend)> {
    let error = root.member("error").or_else(|| root.member("errorCode")).or_else(|| root.member("__type"))?;
    let member =
        |names: &[&str]| names.iter().find_map(|name| root.member(name).or_else(|| error.member(name)).and_then(text));
    let name = text(error).or_else(|| error.member("status").or_else(|| error.member("code")).and_then(text));
    let description = member(&["error_description", "errorSummary", "message"]);
    let name = name.unwrap_or(Cow::Borrowed("error"));
    let message = match description {
        Some(description) => {
            format!("the text is an identity provider's error, no token: `{}`: `{}`", shown(&name), shown(&description))
        }
        None => format!("the text is an identity provider's error, no token: `{}`", shown(&name)),
    };
    let mend = match &*name {
        "invalid_grant" | "expired_token" | "login_required" | "interaction_required" => {
            "log in to the identity provider again, and send the token that it then answers"
        }
        "invalid_client" | "unauthorized_client" => {
            "put the application's id and secret right, request the token again, and send that"
        }
        "invalid_scope" | "invalid_target" | "invalid_resource" => {
            "put the scope or the resource right, request the token again, and send that"
        }
        "authorization_pending" | "slow_down" => {
            "finish the login in the browser, request the token again, and send that"
        }
        _ => "put right what the error says, request the token again, and send that",
    };
    Some((message, Mend::client(mend)))
}

/// A text that may be shown: no token stands in it.
fn text(value: Value<'_>) -> Option<Cow<'_, str>> {
    value.string().filter(|text| !scan::holds_any(text) && !text.is_empty())
}

fn read(text: &str) -> Option<Document<'_>> {
    let text = text.trim();
    text.starts_with(['{', '[', '"']).then(|| Document::parse(text, Duplicates::LastWins).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA";

    #[test]
    fn the_member_that_holds_a_token_is_named() {
        for (text, source, name) in [
            (r#"{"access_token":"%T","token_type":"Bearer"}"#, "token endpoint", "`access_token`"),
            (r#"{"accessToken":"%T","expiresOn":"x","tokenType":"Bearer"}"#, "`az account", "`accessToken`"),
            (r#"{"kind":"ExecCredential","status":{"token":"%T"}}"#, "`kubectl`", "`status.token`"),
            (r#"{"data":[{"jwt":"Bearer %T"}]}"#, "JSON document", "`data.jwt`"),
            (r#""%T""#, "JSON string", "quotes"),
        ] {
            let under = members(&text.replace("%T", TOKEN)).unwrap_or_else(|| panic!("{text}"));
            assert!(under.layer.fact.contains(source), "{}", under.layer.fact);
            assert!(under.layer.fix.contains(name), "{}", under.layer.fix);
        }
    }

    #[test]
    fn documents_without_a_token_are_named() {
        for (text, words) in [
            (r#"{"error":"invalid_grant","error_description":"Code not valid"}"#, "`invalid_grant`: `Code not valid`"),
            (r#"{"error":{"code":401,"message":"x","status":"UNAUTHENTICATED"}}"#, "`UNAUTHENTICATED`: `x`"),
            (r#"{"keys":[]}"#, "JWKS"),
            (r#"{"issuer":"https://a","jwks_uri":"https://a/k"}"#, "discovery"),
            (r#"{"access_token":"ya29.a0AfH6SMBxyyyyyyy"}"#, "access token of Google"),
            (r#"{"type":"service_account","private_key":"x"}"#, "service account"),
            (r#"{"payload":"","signatures":[]}"#, "JSON serialization"),
            (r#"{"iss":"a","sub":"b"}"#, "decoder"),
            ("{}", "without a token"),
        ] {
            let (message, _) = other(text).unwrap();
            assert!(message.contains(words), "{message}");
        }
        assert!(other("{JWT_TOKEN}").is_none());
    }
}
