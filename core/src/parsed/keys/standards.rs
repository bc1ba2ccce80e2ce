//! The examples of RFC 7515, 7520, 8037 and OpenID Connect, and Wycheproof's rows for JSON Web Signatures and Keys, each
//! through the reading that a login goes through.

extern crate std;

use alloc::{collections::BTreeMap, string::String};
use std::println;

use super::{KeySet, Reading};
use crate::{
    ground::{
        json::{Document, Duplicates, Value},
        limits::TOKEN_BYTES_DEFAULT,
        reason::ReasonCode::{KeyAlgMismatch, KeyNotFound},
    },
    parsed::token::{UnverifiedToken, VerifiedToken, compact, header},
};

/// Prints how many of each source came out how; `cargo test -p sqljwt standards -- --nocapture` shows it.
#[test]
fn the_examples_of_the_standards_verify_or_are_refused_as_they_should() {
    let text = include_str!("../../../../tests/vectors/signatures.json");
    let document = Document::parse(text, Duplicates::Refused).unwrap();
    let mut counts = BTreeMap::new();
    for vector in document.root().member("vectors").unwrap().elements() {
        let member = |name: &str| vector.member(name).and_then(Value::string).unwrap_or_default();
        let (id, about, expect) = (member("id"), member("about"), member("expect"));
        let outcome = judge(vector.member("jwk").unwrap().written(), &member("token"));
        assert_eq!(outcome, (expect.clone().into_owned(), member("code").into_owned()), "{id}");
        let source = ["wycheproof-jws", "wycheproof-jwk"].into_iter().find(|source| id.starts_with(source));
        let stricter = about.contains("labelled valid") && expect != "valid";
        *counts.entry((source.unwrap_or("standards"), expect.into_owned(), stricter)).or_insert(0) += 1;
    }
    for ((source, expect, stricter), count) in &counts {
        println!("{count:4} {source}: {expect}{}", if *stricter { ", though labelled valid" } else { "" });
    }
    assert_eq!(counts.values().sum::<u32>(), 460);
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
    let entry = match header.key_id {
        Some(id) => keys.find(&id),
        None => keys.entries().first(),
    };
    let Some(entry) = entry else { return refused(KeyNotFound) };
    let key = match &entry.state {
        Ok(key) => key,
        Err(unusable) => return refused(unusable.code),
    };
    if !key.accepts(header.algorithm) {
        return refused(KeyAlgMismatch);
    }
    match VerifiedToken::verify(&token, key, header.algorithm).is_some() {
        true => (String::from("valid"), String::new()),
        false => (String::from("invalid"), String::from("signature_invalid")),
    }
}
