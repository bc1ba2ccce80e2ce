//! `REASONS.md`, for who reads a refusal in a log: every reason of the table in `core/src/ground/reason.rs`.

use std::fmt::Write;

use sqljwt::{Check, ReasonCode};
use sqljwt_conformance::pinned;

#[test]
fn reasons_md_lists_every_reason() {
    pinned::holds("REASONS.md", &page());
}

fn page() -> String {
    let mut page = String::from(HEAD);
    let mut section = None;
    for &code in ReasonCode::all() {
        if section != Some(code.check()) {
            section = Some(code.check());
            heading(&mut page, code.check());
        }
        let (summary, remedy) = (sentence(code.summary()), marked(code.remedy()));
        let (number, reference) = (code.number(), code.reference());
        write!(page, "\n### {code}\n\n{number}. {summary}.\n\n- To mend it: {remedy}.\n- From: {reference}.\n")
            .expect("a string takes everything");
    }
    page
}

fn heading(page: &mut String, check: Check) {
    let numbers: Vec<_> =
        ReasonCode::all().iter().filter(|code| code.check() == check).map(|code| code.number()).collect();
    let numbers = match numbers[..] {
        [one] => format!("Number {one}"),
        [first, .., last] => format!("Numbers {first} to {last}"),
        [] => unreachable!("a check without a reason has no heading"),
    };
    write!(page, "\n## {check}\n\n{} {numbers}.\n", about(check)).expect("a string takes everything");
}

/// The text with a capital at its beginning, unless that is a name.
fn sentence(text: &str) -> String {
    let text = marked(text);
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if first.is_ascii_lowercase() => first.to_ascii_uppercase().to_string() + characters.as_str(),
        _ => text,
    }
}

/// The text with the names of settings, of members and of claims in back-ticks.
fn marked(text: &str) -> String {
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn word(word: &str) -> String {
    const NAMES: [&str; 14] =
        ["alg", "aud", "b64", "crit", "crv", "cty", "exp", "iat", "iss", "jwks_uri", "key_ops", "kid", "nbf", "zip"];
    let name = word.trim_end_matches([',', ';', '.']);
    let setting = ["server.", "engine.", "security."].iter().any(|prefix| name.starts_with(prefix));
    match setting || NAMES.contains(&name) {
        true => format!("`{name}`{}", &word[name.len()..]),
        false => word.into(),
    }
}

/// What the check asks, for the page.
fn about(check: Check) -> &'static str {
    match check {
        Check::Settings => "Can the settings be used at all? While they cannot, nobody logs in with a token.",
        Check::Enabled => "Are token logins switched on?",
        Check::Token => "Is this one compact, well-formed signed token whose claims can be read?",
        Check::Header => "Does the token's header ask for nothing that this server does not do?",
        Check::Issuer => "Does the token come from a configured issuer?",
        Check::Key => "Is the key that the token names known, usable and the issuer's own?",
        Check::Signature => "Does the signature verify under that key?",
        Check::Time => "Is the token in its lifetime?",
        Check::Audience => "Is the token meant for this server?",
        Check::Principal => "Does the token say who its bearer is?",
        Check::IdentityMap => "Does the identity map give the bearer a SQL user?",
        Check::User => "Is the requested SQL user one of those?",
        Check::Reserved => "Is that SQL user none that the database keeps for itself?",
        Check::Groups => "Do the token's groups give the SQL user its roles?",
        Check::Internal => "Did nothing go wrong inside the engine?",
        _ => panic!("say in `about` what the check {check} asks"),
    }
}

const HEAD: &str = "\
<!-- Written from core/src/ground/reason.rs by `cargo xtask update`. -->

# Why a login is refused

Every refusal has one of these reasons. A log line or an explanation names it; look it up here for what it means in general, what would mend
it and which rule it comes from. The explanation itself says it for the login at hand: `sqljwt explain` or the playground.

A reason never changes its name, its number or its meaning. Where a login fails several checks, the first one in the profile's order gives
the reason, and the explanation shows the others. The order below is that of the `hardened` profile.

The person who logs in sees none of this. In the `hardened` profile every refusal up to and including the signature reads
`JWT authentication: invalid token` to them (`not enabled` where token logins are off), and later ones name no more than the check. In the `cockroachdb` profile they read what the
database would say.
";
