//! Does lint find what is wrong with an identity map, show it by a principal, and mend it?

use std::collections::{BTreeMap, BTreeSet};

use sqljwt::{
    Settings,
    advisor::{LintDocument, LintFinding, Proof, Rule, Severity, lint},
};

const ISSUER: &str = "https://idp.example";

/// Settings with that identity map, and these issuers.
fn settings(profile: &str, issuers: &str, map: &str) -> String {
    serde_json::json!({
        "engine.profile": profile,
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": issuers,
        "server.jwt_authentication.audience": "db-login",
        "server.identity_map.configuration": map,
    })
    .to_string()
}

fn found(document: &str) -> LintDocument {
    lint(Settings::from_text(document).as_ref())
}

fn of_map(profile: &str, map: &str) -> Vec<LintFinding> {
    let found = found(&settings(profile, ISSUER, map)).findings;
    found.into_iter().filter(|finding| finding.rule.as_str().starts_with("map-")).collect()
}

fn rules(findings: &[LintFinding]) -> BTreeSet<Rule> {
    findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn regexes_that_cannot_be_searched_to_the_end_are_said_to_be() {
    let map =
        |lines: usize| -> String { (0..lines).map(|line| format!("I /^(?i)straße{line}\\pL*$ x{line}\n")).collect() };
    let count = |lines| {
        of_map("cockroachdb", &written(&map(lines)))
            .into_iter()
            .filter(|found| found.rule == Rule::MapUnsearched)
            .count()
    };
    assert_eq!((count(5), count(5000)), (0, 1));
}

/// For each rule a map that breaks it, and the nearest one that does not. `I` stands for the issuer.
const MAPS: &[(Rule, &str, &str)] = &[
    (Rule::MapLineUnreadable, "I alice", "I alice alice"),
    (Rule::MapLineUnreadable, "I /^(a$ \\1", "I /^(a)$ \\1"),
    (Rule::MapCommentCuts, "I /^a#b$ alice", "I /^a\\x23b$ alice"),
    (Rule::MapCommentCuts, "I alice admin2#x", "I alice admin2 #x"),
    (Rule::MapRegexUnanchored, "I /@example\\.com admin2", "I /^[a-z]+@example\\.com$ admin2"),
    (Rule::MapRegexUnanchored, "I /^alice alice", "I /^alice$ alice"),
    (Rule::MapRegexAlternation, "I /^alice|bob$ ops", "I /^(?:alice|bob)$ ops"),
    (Rule::MapRegexNothing, "I /^a$b$ x", "I /^ab$ x"),
    (Rule::MapRegexNothing, "I /^[^\\x00-\\x{10FFFF}]$ x", "I /^[^a]$ x"),
    (Rule::MapRegexWide, "I /^(.*)$ \\1", "I /^([a-z]+)$ \\1"),
    (Rule::MapRegexWide, "I /^svc-.*$ svc", "I /^svc-[0-9]$ svc"),
    (Rule::MapRegexDot, "I /^([a-z]+)@example.com$ \\1", "I /^([a-z]+)@example\\.com$ \\1"),
    (Rule::MapCaptureEmpty, "I /^([a-z]*)@x\\.org$ dev_\\1", "I /^([a-z]+)@x\\.org$ dev_\\1"),
    (
        Rule::MapCaptureTaken,
        "I boss@y.org payroll\nI /^([a-z]+)@x\\.org$ \\1",
        "I payroll@x.org payroll\nI /^([a-z]+)@x\\.org$ \\1",
    ),
    (Rule::MapCaptureAdministrator, "I /^([a-z]+)@x\\.org$ \\1", "I /^([a-z]+)@x\\.org$ dev_\\1"),
    (Rule::MapUsersMerged, "I /^([a-z]+)@(?:x|y)\\.org$ \\1", "I /^([a-z]+)@x\\.org$ \\1"),
    (Rule::MapSecondCapture, "I /^(a+)-(b+)$ \\2", "I /^(?:a+)-(b+)$ \\1"),
    (Rule::MapDollarCapture, "I /^([a-z]+)@x\\.org$ $1", "I /^([a-z]+)@x\\.org$ \\1"),
    (Rule::MapBackslashDoubled, "I /^([a-z]+)@x\\\\.org$ \\1", "I /^([a-z]+)@x\\.org$ \\1"),
    (Rule::MapBackslashDoubled, "I /^([a-z]+)@x\\.org$ \\\\1", "I /^CORP\\\\([a-z]+)$ \\1"),
    (Rule::MapLineDuplicate, "I alice alice\nI alice Alice", "I alice alice\nI alice alice2"),
    (Rule::MapLineCovered, "I a@x.org a\nI /^([a-z]+)@x\\.org$ \\1", "I a@x.org b\nI /^([a-z]+)@x\\.org$ \\1"),
    (Rule::MapUserReserved, "I alice root", "I alice rooted"),
    (Rule::MapUserReserved, "I /^([a-z]+)$ pg_\\1", "I /^([a-z]+)$ pgx_\\1"),
    (Rule::MapUserInvalid, "I alice alice@x.org", "I alice alice.x.org"),
    (Rule::MapUserInvalid, "I /^([a-z]+@x\\.org)$ \\1", "I /^([a-z]+)@x\\.org$ \\1"),
    (Rule::MapUserKeyword, "I alice all", "I alice alle"),
    (Rule::MapUserKeyword, "I alice +dev", "I alice dev"),
    (Rule::MapIssuerNearMiss, "I/ alice alice", "I alice alice"),
    (Rule::MapIssuerUnknown, "other alice alice", "I alice alice"),
    (Rule::MapIssuerUncovered, "other alice alice", "other alice alice\nI alice alice"),
    (Rule::MapEmpty, "# I alice alice", "I alice alice"),
    (Rule::MapPrincipalShared, "I system:serviceaccount:ns:default app", "I system:serviceaccount:ns:app app"),
    (Rule::MapLiteralPattern, "I ^alice.*$ alice", "I /^alice[0-9]$ alice"),
];

fn written(map: &str) -> String {
    map.split('\n')
        .map(|line| line.strip_prefix('I').map_or(line.into(), |rest| format!("{ISSUER}{rest}")))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn each_rule_is_broken_by_one_map_and_not_by_its_neighbour() {
    for (rule, broken, good) in MAPS {
        for profile in ["cockroachdb", "hardened"] {
            let findings = of_map(profile, &written(broken));
            assert!(rules(&findings).contains(rule), "{profile} {broken}: {:?}", rules(&findings));
            let findings = of_map(profile, &written(good));
            assert!(!rules(&findings).contains(rule), "{profile} {good}: {findings:#?}");
        }
    }
    // Only where case is ignored.
    let findings = of_map("cockroachdb", &written("I alice alice"));
    assert!(rules(&findings).contains(&Rule::MapCaseMerged));
    assert!(!rules(&of_map("hardened", &written("I alice alice"))).contains(&Rule::MapCaseMerged));
    let tested: BTreeSet<Rule> =
        MAPS.iter().map(|(rule, ..)| *rule).chain([Rule::MapCaseMerged, Rule::MapUnsearched]).collect();
    let all: BTreeSet<Rule> = Rule::all().filter(|rule| rule.as_str().starts_with("map-")).collect();
    assert_eq!(tested, all);
}

#[test]
fn a_change_that_is_offered_mends_what_was_found_and_breaks_nothing() {
    let mut offered = BTreeMap::new();
    for (_, broken, _) in MAPS {
        for profile in ["cockroachdb", "hardened"] {
            let document = settings(profile, ISSUER, &written(broken));
            let before = found(&document);
            let read = Settings::from_text(&document).unwrap();
            for finding in &before.findings {
                let Some(change) = &finding.change else { continue };
                *offered.entry(finding.rule).or_insert(0) += 1;
                let changed = read.with(&change.edits).unwrap();
                let after = lint(Ok(&changed));
                let left = after.findings.iter().filter(|left| left.rule == finding.rule).count();
                let had = before.findings.iter().filter(|had| had.rule == finding.rule).count();
                assert!(
                    left < had,
                    "{profile} {broken}: {} is not mended by {:?}",
                    finding.rule.as_str(),
                    change.values
                );
                assert!(after.errors <= before.errors, "{broken}: {:?}\n{:#?}", change.values, after.findings);
            }
        }
    }
    assert!(offered.len() >= 9, "{offered:?}");
}

#[test]
fn whoever_shows_something_is_given_that_user_by_the_map() {
    let mut shown = 0;
    for (_, broken, _) in MAPS {
        let document = settings("cockroachdb", ISSUER, &written(broken));
        for finding in found(&document).findings {
            assert_eq!(finding.witness.is_some(), finding.proof == Proof::Witness, "{broken}");
            let Some(witness) = finding.witness else { continue };
            shown += 1;
            assert!(!witness.principals.is_empty() && !witness.user.is_empty() && !witness.lines.is_empty());
            assert!(finding.severity != Severity::Error || finding.position.is_some());
        }
    }
    assert!(shown > 15, "{shown}");
}

#[test]
fn an_open_end_is_shown_by_a_name_that_anybody_can_have() {
    let witness = |map: &str, rule: Rule| {
        let findings = of_map("cockroachdb", &written(map));
        let finding = findings.into_iter().find(|finding| finding.rule == rule).unwrap();
        finding.witness.unwrap().principals.concat()
    };
    assert_eq!(witness("I /^root2@example\\.com root2", Rule::MapRegexUnanchored), "root2@example.com.evil.example");
    assert_eq!(witness("I /@example\\.com x", Rule::MapRegexUnanchored), "x@example.com.evil.example");
    assert_eq!(witness("I /@example\\.com$ x", Rule::MapRegexUnanchored), "@example.com");
    // The dots are told by themselves.
    assert_eq!(
        witness("I /^([a-z]+)@(?:a|b)\\.example.com$ \\1", Rule::MapUsersMerged),
        "x@a.example.comx@b.example.com"
    );
    // A line feed alone makes no difference to anybody.
    assert!(!rules(&of_map("cockroachdb", &written("I /.*@example\\.com$ x"))).contains(&Rule::MapRegexUnanchored));
    assert_eq!(witness("I /^(.*)@example\\.com \\1", Rule::MapRegexUnanchored), "x@example.com.evil.example");
    assert_eq!(witness("I /^a@b.c$ x", Rule::MapRegexDot), "a@bxc");
}
