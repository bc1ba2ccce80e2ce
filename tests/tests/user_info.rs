//! What an issuer answers about the bearer of a token: asked at its endpoint alone, and quoted nowhere, for whoever answers has
//! seen the token.

use serde_json::{Value, json};
use sqljwt::{Refusal, Response, Settings, UserInfo, UserInfoFetch, UserInfoStep, Validator};
use sqljwt_conformance::{
    mint::key,
    ordinary::{NOW, jwks, settings, token},
};

/// A validator that synchronises groups, and a token of Alice's that names none.
fn lacking_groups() -> (Validator, String) {
    let mut settings = settings(&jwks(&[key("test-p256").public("k1")])).to_vec();
    settings.push(("server.jwt_authentication.authorization.enabled", true.into()));
    let settings: serde_json::Map<_, _> = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let settings = Settings::from_text(&Value::Object(settings).to_string()).expect("settings");
    (Validator::new(&settings).expect("usable settings"), token(key("test-p256"), "ES256").text())
}

/// The request that shows the token, once the discovery document has said where.
fn at_the_endpoint(validator: &Validator, token: &str) -> UserInfoFetch {
    let Err(Refusal::Rejected(rejection)) = validator.validate(token, "alice", NOW) else {
        panic!("groups are lacking")
    };
    let first = validator.user_info(&rejection.user_info.expect("somebody to ask")).expect("an address");
    assert!(!first.sends_token());
    let document = json!({"issuer": "https://idp.example", "userinfo_endpoint": "https://idp.example/userinfo"});
    match first.answer(token, &Response::new(200, [] as [(&str, &str); 0], document.to_string())) {
        Ok(UserInfoStep::Ask(fetch)) if fetch.sends_token() => fetch,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_groups_of_an_answer_let_in() {
    let (validator, token) = lacking_groups();
    let body = json!({"sub": "alice", "groups": ["readers"]}).to_string();
    let step = at_the_endpoint(&validator, &token).answer(&token, &Response::new(200, [("a", "b")], body));
    let Ok(UserInfoStep::Done(known)) = step else { panic!("{step:?}") };
    let login = validator.with_user_info(known).validate(&token, "alice", NOW).expect("a login");
    assert_eq!(login.roles.as_deref(), Some(["readers".to_owned()].as_slice()));
}

#[test]
fn an_answer_that_repeats_the_token_is_not_quoted() {
    let (validator, token) = lacking_groups();
    let secret = token.rsplit('.').next().expect("a signature");
    let location = format!("https://idp.example/?token={token}");
    for response in [
        Response::new(401, [("a", "b")], format!("bad token {token}")),
        Response::new(302, [("location", location.as_str())], ""),
        Response::new(200, [("a", "b")], format!("{{\"sub\": {token}}}")),
        Response::new(200, [("a", "b")], " ".repeat(1_048_577) + &token),
    ] {
        let error = at_the_endpoint(&validator, &token).answer(&token, &response).expect_err("no use");
        assert!(!format!("{error} {}", error.remedy).contains(secret), "{error}");
    }
    let body = json!({"sub": token, "groups": ["readers"]}).to_string();
    let known = UserInfo::new(token.as_bytes(), &Response::new(200, [("a", "b")], body)).expect("an object");
    let validator = validator.with_user_info(known);
    assert!(validator.validate(&token, "alice", NOW).is_err_and(|refusal| !refusal.to_string().contains(secret)));
    assert!(!validator.explain(&token, "alice", NOW).to_json().contains(secret));
}
