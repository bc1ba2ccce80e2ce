//! What is this text, if there is no token in it?

use alloc::{format, string::String};

use super::{answer, opaque, placeholder};
use crate::ground::{mend::Mend, private_keys};

/// The fact and what to do. `text` is without what stands around it, `whole` as it arrived.
pub(super) fn what(text: &str, whole: &str) -> (String, Mend) {
    let told = placeholder::what(whole).or_else(|| placeholder::what(text)).or_else(|| answer::other(text));
    if let Some(told) = told {
        return told;
    }
    if let Some((what, instead)) = opaque::what(text).or_else(|| opaque::keycloak_code(text)) {
        return (format!("the text is {what}: it is no JSON Web Token"), Mend::client(instead));
    }
    let (fact, instead) = known(text).or_else(|| known(whole.trim())).unwrap_or((
        "the text looks like a password, an API key or an opaque access token: it is no JSON Web Token",
        LOG_IN_BY_TOKEN,
    ));
    (fact.into(), Mend::client(instead))
}

/// What a client does to log in by token.
pub(super) const LOG_IN_BY_TOKEN: &str = "request an ID token, or an access token in JWT form, anew, put it in the password field, and switch token logins on \
                                          in the client: options=--crdb:jwt_auth_enabled=true in the connection string; a password logs in without \
                                          that option";

fn known(text: &str) -> Option<(&'static str, &'static str)> {
    let lower = text.get(..text.len().min(LOOKED_AT)).map_or_else(String::new, str::to_ascii_lowercase);
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    let read_file = "send what the file holds, not its name";
    if text.trim().is_empty() {
        return Some(("the text is nothing but white space: no token was sent", LOG_IN_BY_TOKEN));
    }
    if lower.contains("-----begin") || private_keys::named(text).is_some() {
        return Some(("the text is a key or a certificate (PEM or JWK), no token", opaque::ID_TOKEN));
    }
    if begins(&["ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2"]) {
        return Some(("the text is an SSH public key, no token", opaque::ID_TOKEN));
    }
    if lower.starts_with('<') && (lower.contains("saml") || lower.contains("assertion")) {
        return Some((
            "the text is a SAML assertion or response (XML): it is no JSON Web Token",
            "request an OIDC ID token from the identity provider, and send that: SAML cannot log in here",
        ));
    }
    if begins(&["<!doctype html", "<html", "<head", "<body"]) {
        return Some((
            "the text is an HTML page, no token: perhaps the identity provider's login or error page",
            "log in to the identity provider again, and send the token that it then answers",
        ));
    }
    if begins(&["<?xml", "<"]) {
        return Some(("the text is XML: it is no JSON Web Token", opaque::ID_TOKEN));
    }
    if lower.contains("x-amz-signature=") || lower.contains("action=connect") {
        return Some((
            "the text is an IAM token of Amazon RDS, a signed address: it is no JSON Web Token",
            "request an OIDC ID token from the identity provider, and send that",
        ));
    }
    if begins(&["postgres://", "postgresql://", "cockroach://", "jdbc:", "mysql://"]) {
        return Some(("the text is a connection URL, and there is no token in it", LOG_IN_BY_TOKEN));
    }
    if begins(&["http://", "https://"]) {
        return Some(if lower.contains("code=") {
            (
                "the text is an address with an authorization code, no token",
                "exchange the code at the token endpoint, and send the ID token that it answers",
            )
        } else {
            ("the text is an address (URL), no token", "send the token that is served or issued there, not the address")
        });
    }
    let backslash = |rest: &str| rest.get(1..3).is_some_and(|mark| mark == ":\\");
    if begins(&["/", "~/", "./", "../", "file:", "@/", "@~", "@."]) || backslash(text) {
        return Some(("the text is a file's path, no token", read_file));
    }
    let ends = [".txt", ".jwt", ".json", ".token", ".pem"];
    if text.len() < LOOKED_AT && !text.contains(' ') && ends.iter().any(|end| lower.ends_with(end)) {
        return Some(("the text is a file's name, no token", read_file));
    }
    if begins(&["eyjh", "eyjr", "eyj0"]) && lower.contains('.') && text.chars().all(|c| !c.is_ascii_uppercase()) {
        return Some((
            "the token was written in lower case, and its letters mean something else now",
            "send the token as it was issued: capital and small letters differ",
        ));
    }
    if lower.starts_with('{') {
        return Some(if lower.contains("\"alg\"") || lower.contains("\"iss\"") {
            (
                "the text is what a decoder shows of a token (its header or claims as JSON), not the token",
                "send the token itself: three parts with two dots between them",
            )
        } else {
            ("the text begins like JSON, is not, and holds no token: perhaps it is cut", opaque::ID_TOKEN)
        });
    }
    if lower.starts_with("basic ") {
        return Some(("the text is a name and a password for HTTP (`Basic`), no token", LOG_IN_BY_TOKEN));
    }
    if super::scan::begins(text) && !text.contains('.') {
        return Some((
            "the text begins as tokens do and has no dots: they were lost, or it is one part of a token alone",
            "send the whole token: three parts with two dots between them",
        ));
    }
    let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    let domain = text.rsplit('.').next().unwrap_or_default();
    let is_word = |word: &str| (2..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    if text.len() < 64 && text.contains('.') && text.chars().all(is_host) && is_word(domain) {
        return Some(("the text looks like a host's name, no token", LOG_IN_BY_TOKEN));
    }
    if opaque::is_uuid(text) {
        return Some((
            "the text is a UUID, such as the id of a session, a client or a tenant: it is no JSON Web Token",
            opaque::ID_TOKEN,
        ));
    }
    if lower.contains('@') && !text.contains(' ') && lower.rsplit('@').next().is_some_and(|host| host.contains('.')) {
        return Some(("the text looks like an e-mail address or a user's name, no token", LOG_IN_BY_TOKEN));
    }
    if text.split_whitespace().count() > 3 {
        return Some((
            "the text is a sentence, no token: perhaps the error message of the command that should have printed one",
            "run that command by itself, and send the token that it prints",
        ));
    }
    None
}

/// So many bytes tell what a text is.
const LOOKED_AT: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_kind_are_named() {
        for (text, words) in [
            ("Summer2026!", "password"),
            ("", "white space"),
            ("-----BEGIN CERTIFICATE-----\nMII", "certificate"),
            ("<samlp:Response xmlns:samlp=\"urn:oasis\">", "SAML"),
            ("<!DOCTYPE html><html>", "HTML"),
            ("db.example:5432/?Action=connect&X-Amz-Signature=ab", "Amazon RDS"),
            ("https://idp.example/cb?code=abc", "authorization code"),
            ("https://idp.example/token", "address"),
            ("postgresql://root@localhost:26257/x", "connection URL"),
            ("/var/run/secrets/token", "path"),
            ("C:\\Users\\a\\token", "path"),
            ("token.txt", "file's name"),
            ("6e74172b-be56-4843-9ff4-e66a39bb12e3", "UUID"),
            ("idp.example.com", "host"),
            ("{\"alg\":\"RS256\"}.{}.x", "decoder"),
            ("Basic YWxpY2U6eA==", "`Basic`"),
            ("jane.doe@example.com", "e-mail"),
            ("ERROR: (gcloud.auth) no account is active", "sentence"),
            ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "GitHub"),
            ("eyjhbgcioijiuzi1nij9.eyjzdwiioijhin0.aaaa", "lower case"),
        ] {
            let (message, _) = what(text, text);
            assert!(message.contains(words), "{message}");
        }
    }
}
