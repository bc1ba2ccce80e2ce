//! Settings and tokens that are harmless alone and costly together. Both profiles: refused, or as quick as any other.

use serde_json::{Value, json};
use sqljwt_conformance::Profile;

use crate::{
    book::{Book, Case, NOW},
    claims,
    mint::key,
};

pub(crate) fn hardened() -> Book {
    let mut book = claims::new("costly", "Settings and tokens that are harmless alone and costly together.");
    cases(&mut book);
    book.prefix("groups-");
    for (id, count, outcome) in [("most", 4096, Ok("alice")), ("too-many", 4097, Err("groups_too_many"))] {
        let groups: Vec<String> = (0..count).map(|number| format!("g{number:x}")).collect();
        book.case(id, &format!("{count} groups, each of them a role"))
            .set("server.jwt_authentication.authorization.enabled", true)
            .claims(|claims| claims.set("groups", groups.join(",")))
            .decides(outcome);
    }
    book
}

pub(crate) fn cockroachdb() -> Book {
    let about = "Settings and tokens that are harmless alone and costly together, as the database would judge them.";
    let mut book = Book::new("cockroachdb_costly", about, Profile::Cockroachdb);
    let keys = crate::book::jwks(&[key("test-rsa-1").public("k1").set("alg", "RS256")]);
    book.base("ordinary", &crate::algorithms::settings(&keys));
    book.login(crate::algorithms::token(key("test-rsa-1"), "RS256"), "alice", NOW);
    cases(&mut book);
    book.prefix("match-");
    for (id, length, about, code) in [
        ("both-lines", 640, "a regex of many steps and a line, both of which match: two users", "user_ambiguous"),
        ("other-line", 45_000, "a regex that is not tried to its end is not one that does not match", "too_costly"),
    ] {
        book.case(id, about)
            .map(&format!("{HARD}\nhttps://idp.example /a other"))
            .claims(|claims| claims.set("sub", "a".repeat(900) + &"c".repeat(length)))
            .user("")
            .rejects(code);
    }
    book
}

/// A regex of thousands of steps, each of which can be at every place of a principal.
const HARD: &str = "https://idp.example /^(?:[ab]?){1000}c*$ hard";

fn cases(book: &mut Book) {
    book.prefix("principals-");
    let hard: Vec<String> = (0..16).map(|number| "a".repeat(960) + &"b".repeat(number) + "d").collect();
    named(book.case("hard", "a regex of many steps, tried on sixteen principals of a thousand letters"), json!(hard))
        .map(HARD)
        .rejects("too_costly");
    named(book.case("hard-equal", "the same principal sixteen times is tried once"), json!(vec![&hard[0]; 16]))
        .map(HARD)
        .rejects("identity_unmapped");
    named(book.case("hard-short", "the same regex, tried on short principals"), json!(["aab", "alice"]))
        .map(&format!("{HARD}\nhttps://idp.example alice alice"))
        .accepts("alice");
    let many = numbered("p", 1024);
    for (id, lines, outcome) in [("users-most", 4, Ok("p7.x3")), ("users-too-many", 5, Err("too_costly"))] {
        let about = format!("1024 principals, each of which {lines} lines give a user of its own");
        named(book.case(id, &about), json!(many))
            .map(&map(lines, |number| format!("/^(.*)$ \\1.x{number}")))
            .user("p7.x3")
            .decides(outcome);
    }
    named(book.case("equal", "a principal that 200 lines give users, stated 1024 times"), json!(vec!["a"; 1024]))
        .map(&map(200, |number| format!("a u{number}")))
        .user("u199")
        .accepts("u199");
}

fn named(case: Case<'_>, principals: Value) -> Case<'_> {
    case.claim("names").claims(|claims| claims.set("names", principals))
}

fn numbered(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{name}{number}")).collect()
}

fn map(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| format!("https://idp.example {}\n", line(number))).collect()
}
