//! Which user does the database name to a client? The one it looks up, not the one that was typed.

use sqljwt::{Refusal, Settings, Validator};
use sqljwt_conformance::{
    mint::key,
    ordinary::{NOW, jwks, settings, token},
};

#[test]
fn the_requested_user_is_told_as_the_database_normalises_it() {
    let mut settings: serde_json::Map<_, _> = settings(&jwks(&[key("test-p256").public("k1")]))
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    settings.insert("engine.profile".into(), "cockroachdb".into());
    let settings = Settings::from_json(&serde_json::Value::Object(settings).to_string()).expect("settings");
    let validator = Validator::new(&settings).expect("usable settings");
    let token = token(key("test-p256"), "ES256").text();
    for (requested, told) in [
        ("ALICE2", "alice2"),
        ("alice2", "alice2"),
        ("\u{130}da", "ida"),
        ("ad\u{131}n", "adin"),
        ("\u{212a}im", "kim"),
        ("e\u{301}va", "\u{e9}va"),
    ] {
        let Err(Refusal::Rejected(rejection)) = validator.validate(&token, requested, NOW) else {
            panic!("{requested}")
        };
        let detail = rejection.client.detail.expect("the database's words");
        assert_eq!(detail, format!("token issued for [alice] and login was for {told}"), "{requested}");
        let Err(Refusal::Rejected(rejection)) = validator.validate("", requested, NOW) else { panic!("{requested}") };
        assert_eq!(rejection.client.message, format!("password authentication failed for user {told}"), "{requested}");
    }
}
