//! What would a login do to somebody's roles? The dry run says it of each shape in which tokens name groups, and of every
//! vector it says what the login says.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sqljwt::{Decision, Membership, RolesDocument, Settings, Validator, WhyIgnored};
use sqljwt_conformance::{
    mint::key,
    ordinary::{NOW, jwks, settings, token},
    vectors,
};

/// The dry run for Alice, who has some roles by hand, in a database with these roles.
fn dry_run(groups: &str, options: &[(&str, Value)]) -> RolesDocument {
    let memberships = [
        Membership { role: "writers".into(), through: None },
        Membership { role: "auditors".into(), through: None },
        Membership { role: "ledger".into(), through: Some("auditors".into()) },
    ];
    asked(groups, options, &memberships, &["readers", "writers", "auditors", "ledger", "admin"])
}

/// The dry run for Alice, who has these memberships in a database with these roles.
fn asked(groups: &str, options: &[(&str, Value)], present: &[Membership], existing: &[&str]) -> RolesDocument {
    let mut settings = settings(&jwks(&[key("test-p256").public("k1")])).to_vec();
    settings.push(("server.jwt_authentication.authorization.enabled", true.into()));
    settings.extend(options.iter().cloned());
    let settings: serde_json::Map<_, _> = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let text = Value::Object(settings).to_string();
    let validator = Validator::new(&Settings::from_text(&text).expect("settings")).expect("usable settings");
    let token = token(key("test-p256"), "ES256").claims(|claims| claims.raw("groups", groups)).text();
    let existing: Vec<String> = existing.iter().map(ToString::to_string).collect();
    validator.roles(token, "alice", NOW, present, Some(&existing))
}

/// Keycloak's array of paths, Okta's array with a prefix, and a text with commas, as some brokers write it.
#[test]
fn three_shapes_of_groups_have_the_plans_that_they_mean() {
    for (groups, options, statements, summary) in [
        (
            r#"["/readers","/app/writers","readers","offline_access"]"#,
            &[][..],
            &[r#"REVOKE "auditors", "writers" FROM "alice";"#, r#"GRANT "readers" TO "alice";"#][..],
            "this login would grant `readers` to `alice` and revoke `auditors` and `writers`, and with them goes `ledger`; \
             3 groups are no roles here: `/readers`, `/app/writers` and `offline_access`",
        ),
        (
            r#"["Everyone","sql-Readers","sql-writers","sql-admin"]"#,
            &[("engine.group_prefix", json!("sql-"))],
            &[r#"REVOKE "auditors" FROM "alice";"#, r#"GRANT "readers" TO "alice";"#],
            "this login would grant `readers` to `alice` and revoke `auditors`, and with them goes `ledger`; 2 groups are no \
             roles here: `everyone` and `sql-admin`",
        ),
        (
            r#""writers, Auditors, ADMIN""#,
            &[("engine.group_allow", json!(["writers", "auditors"]))],
            &[],
            "this login would change no role of `alice`; 1 group is no role here: `admin`",
        ),
    ] {
        let document = dry_run(groups, options);
        assert_eq!(document.decision, Decision::Accept, "{groups}: {document:?}");
        assert_eq!(document.statements, statements, "{groups}");
        assert_eq!(document.summary.as_deref(), Some(summary), "{groups}");
    }
}

#[test]
fn a_login_without_a_group_is_refused_and_revokes_everything() {
    for (groups, options) in [("[]", &[][..]), (r#"["everyone"]"#, &[("engine.group_prefix", json!("sql-"))])] {
        let document = dry_run(groups, options);
        assert_eq!(document.decision, Decision::Reject);
        assert_eq!(document.statements, [r#"REVOKE "auditors", "writers" FROM "alice";"#], "{groups}");
        assert!(document.summary.is_some_and(|summary| summary.ends_with("; the login itself is refused")));
        let ignored = document.plan.expect("a plan").ignored;
        assert!(ignored.iter().all(|group| group.why == WhyIgnored::Prefix) && ignored.len() == options.len());
    }
}

/// CockroachDB's own story of one person (its tests Z1 to Z6): what is there after each login is what the plan has made of
/// what was there before.
#[test]
fn one_login_after_the_other_leaves_what_its_groups_say() {
    let mut member: BTreeSet<String> = BTreeSet::new();
    for (id, groups, decision, after) in [
        ("Z2", "[]", Decision::Reject, &[][..]),
        ("Z3", r#"["Owner","uSER"]"#, Decision::Accept, &["owner", "user"]),
        ("Z4", r#""USER""#, Decision::Accept, &["user"]),
        ("Z1", "null", Decision::Reject, &["user"]),
        ("Z5", r#""USER , owneR""#, Decision::Accept, &["owner", "user"]),
        ("Z6", "[]", Decision::Reject, &[]),
    ] {
        let present: Vec<_> = member.iter().map(|role| Membership { role: role.clone(), through: None }).collect();
        let document = asked(groups, &[], &present, &["owner", "user", "stranger"]);
        assert_eq!(document.decision, decision, "{id}");
        let plan = document.plan.unwrap_or_default();
        member.retain(|role| !plan.revoke.contains(role));
        member.extend(plan.grant);
        assert!(member.iter().eq(after), "{id}: {member:?}");
    }
}

#[test]
fn a_login_that_is_refused_for_anything_else_changes_nothing() {
    for groups in ["17", "{}"] {
        let document = dry_run(groups, &[]);
        assert_eq!((document.decision, document.user, document.summary), (Decision::Reject, None, None), "{groups}");
        assert!(document.plan.is_none() && document.statements.is_empty() && document.reason.is_some());
    }
}

#[test]
fn the_dry_run_of_every_vector_is_its_login() {
    let mut plans = 0;
    for vector in vectors() {
        let Ok(validator) = vector.validator() else { continue };
        let (token, user, now) = (&vector.row.token, &vector.row.user, vector.row.now);
        let document = validator.roles(token, user, now, &[], None);
        let login = validator.validate(token, user, now).ok();
        assert_eq!(document.decision == Decision::Accept, login.is_some(), "{}", vector.row.id);
        let Some(login) = login else { continue };
        assert_eq!(document.user.as_ref(), Some(&login.user), "{}", vector.row.id);
        assert_eq!(document.plan.is_some(), login.roles.is_some(), "{}", vector.row.id);
        let Some((plan, roles)) = document.plan.zip(login.roles) else { continue };
        assert!(plan.grant.iter().all(|role| roles.contains(role)) && plan.revoke.is_empty(), "{}", vector.row.id);
        plans += 1;
    }
    assert!(plans > 10, "{plans}");
}
