//! The examples of RFC 7515, 7520, 8037 and OpenID Connect, each through the reading that a login goes through.

use alloc::string::String;

use super::{KeySet, Reading};
use crate::{
    json::{Document, Duplicates, Value},
    limits::TOKEN_BYTES_DEFAULT,
    token::{UnverifiedToken, VerifiedToken, compact, header},
};

#[test]
fn the_examples_of_the_standards_verify_or_are_refused_as_they_should() {
    let text = include_str!("../../../tests/vectors/signatures.json");
    let document = Document::parse(text, Duplicates::Refused).unwrap();
    let mut count = 0;
    for vector in document.root().member("vectors").unwrap().elements() {
        let member = |name: &str| vector.member(name).and_then(Value::string).unwrap_or_default();
        let outcome = judge(vector.member("jwk").unwrap().written(), &member("token"));
        assert_eq!(outcome, (member("expect").into_owned(), member("code").into_owned()), "{}", member("id"));
        count += 1;
    }
    assert!(count >= 17);
}

/// `valid`, `invalid` or `refused`, and the code.
fn judge(jwk: &str, token: &str) -> (String, String) {
    let refused = |code: crate::ReasonCode| (String::from("refused"), String::from(code.as_str()));
    let parts = compact::split(token.as_bytes(), TOKEN_BYTES_DEFAULT);
    let token = UnverifiedToken::read(&parts);
    if let Some(defect) = token.shape_defect() {
        return refused(defect.code);
    }
    let header = match header::read(token.header()) {
        Ok(header) => header,
        Err(defect) => return refused(defect.code),
    };
    // An example without a key id is given one: here only the signature is asked about.
    let jwk = if jwk.contains("\"kid\"") { jwk.into() } else { jwk.replacen('{', r#"{"kid":"k","#, 1) };
    let keys = KeySet::parse(&jwk, Reading::Strict).unwrap();
    let key = keys.entries()[0].state.as_ref().unwrap();
    match VerifiedToken::verify(&token, key, header.algorithm).is_some() {
        true => (String::from("valid"), String::new()),
        false => (String::from("invalid"), String::from("signature_invalid")),
    }
}
