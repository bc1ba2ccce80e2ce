//! The engine's own options, settings that cannot be used, and keys that have to be fetched. Profile `hardened`.

use serde_json::json;

use crate::{
    algorithms::settings,
    book::{Book, NOW, jwks},
    claims,
    mint::{Members, Token, key},
};

pub(crate) fn book() -> Book {
    let mut book = claims::new(
        "options",
        "The engine's own options, settings that cannot be used, and keys that have to be fetched.",
    );
    unusable(&mut book);
    fetching(&mut book);
    required(&mut book);
    scopes(&mut book);
    user_names(&mut book);
    groups(&mut book);
    per_issuer(&mut book);
    book
}

/// What the token says about groups; the roles themselves are in the explanation.
fn groups(book: &mut Book) {
    const SWITCH: &str = "server.jwt_authentication.authorization.enabled";
    book.prefix("groups-");
    book.case("off", "group synchronisation is off, and the token has none").accepts("alice");
    for (id, case, groups, outcome) in [
        ("list", "Z3", r#"["Owner","uSER"]"#, Ok("alice")),
        ("text", "Z4", "\"USER\"", Ok("alice")),
        ("commas", "Z5", "\"USER , owneR\"", Ok("alice")),
        ("list-empty", "Z2", "[]", Err("groups_empty")),
        ("text-empty", "Z2", "\" , \"", Err("groups_empty")),
        ("number", "G6", "17", Err("groups_invalid")),
        ("object", "G6", r#"{"a": 1}"#, Err("groups_invalid")),
        ("switch", "G6", "true", Err("groups_invalid")),
        ("null", "Z1", "null", Err("userinfo_needed")),
    ] {
        book.case(id, &format!("the groups are {groups}"))
            .cites(&[case])
            .set(SWITCH, true)
            .claims(|claims| claims.raw("groups", groups))
            .decides(outcome);
    }
    book.case("absent", "the token has no groups: the database would ask the userinfo endpoint")
        .cites(&["Z1"])
        .set(SWITCH, true)
        .rejects("userinfo_needed");
    book.case("absent-everywhere", "the token has no groups, and its issuer is no address to ask for them")
        .cites(&["Z1"])
        .set(SWITCH, true)
        .issuers("idp.example")
        .claims(|claims| claims.set("iss", "idp.example"))
        .rejects("groups_missing");
    user_info(book, SWITCH);
    few_groups(book, SWITCH);
    book.case("other-claim", "the groups stand in the claim that the setting names")
        .set(SWITCH, true)
        .set("server.jwt_authentication.group_claim", "roles")
        .claims(|claims| claims.raw("roles", r#"["reader"]"#))
        .accepts("alice");
}

/// The token has no groups, and the host has asked the issuer for them.
fn user_info(book: &mut Book, switch: &str) {
    for (id, cites, body, outcome) in [
        ("list", "G5", r#"{"sub": "alice", "groups": ["team1"]}"#, Ok("alice")),
        ("text", "G5", r#"{"sub": "alice", "groups": "team1, team2"}"#, Ok("alice")),
        ("nothing", "G9", r#"{"sub": "alice"}"#, Err("groups_empty")),
        ("empty", "G9", r#"{"sub": "alice", "groups": []}"#, Err("groups_empty")),
        ("null", "G9", r#"{"sub": "alice", "groups": null}"#, Err("groups_empty")),
        ("number", "G6", r#"{"sub": "alice", "groups": 17}"#, Err("groups_invalid")),
        ("somebody", "G5", r#"{"sub": "mallory", "groups": ["team1"]}"#, Err("groups_invalid")),
        ("nobody", "G5", r#"{"groups": ["team1"]}"#, Err("groups_invalid")),
    ] {
        book.case(&format!("userinfo-{id}"), &format!("the userinfo endpoint answers {body}"))
            .cites(&[cites])
            .set(switch, true)
            .userinfo(body)
            .decides(outcome);
    }
    book.case("userinfo-not-asked", "the token has groups of its own, and the answer does not count")
        .set(switch, true)
        .claims(|claims| claims.raw("groups", "[]"))
        .userinfo(r#"{"sub": "alice", "groups": ["team1"]}"#)
        .rejects("groups_empty");
    book.case("userinfo-other-key", "the groups stand in the member that the setting names")
        .set(switch, true)
        .set("server.jwt_authentication.userinfo_group_key", "teams")
        .userinfo(r#"{"sub": "alice", "groups": [], "teams": ["team1"]}"#)
        .accepts("alice");
}

/// The engine's options leave some of the token's groups, or none.
fn few_groups(book: &mut Book, switch: &str) {
    const PREFIX: &str = "engine.group_prefix";
    const ALLOW: &str = "engine.group_allow";
    for (id, groups, prefix, allow, outcome) in [
        ("prefix", r#"["sql-readers", "vpn"]"#, Some("sql-"), None, Ok("alice")),
        ("prefix-case", r#"["SQL-Readers"]"#, Some("Sql-"), None, Ok("alice")),
        ("prefix-none", r#"["vpn", "readers"]"#, Some("sql-"), None, Err("groups_empty")),
        ("prefix-alone", r#"["sql-"]"#, Some("sql-"), None, Err("groups_empty")),
        ("prefix-admin", r#"["sql-admin"]"#, Some("sql-"), None, Err("groups_empty")),
        ("prefix-admin-allowed", r#"["sql-admin"]"#, Some("sql-"), Some(json!(["admin"])), Ok("alice")),
        ("allow", r#"["readers", "admin"]"#, None, Some(json!(["Readers"])), Ok("alice")),
        ("allow-none", r#"["writers", "admin"]"#, None, Some(json!(["readers"])), Err("groups_empty")),
        ("allow-nothing", r#"["readers"]"#, None, Some(json!([])), Err("groups_empty")),
        ("allow-both", r#"["sql-readers", "readers"]"#, Some("sql-"), Some(json!(["readers"])), Ok("alice")),
    ] {
        let mut case = book
            .case(id, &format!("the groups are {groups}, the prefix {prefix:?}, the list {allow:?}"))
            .set(switch, true)
            .claims(|claims| claims.raw("groups", groups));
        if let Some(prefix) = prefix {
            case = case.set(PREFIX, prefix);
        }
        if let Some(allow) = allow {
            case = case.set(ALLOW, allow);
        }
        case.decides(outcome);
    }
    for (id, setting, value) in [
        ("prefix-comma", PREFIX, json!("sql,")),
        ("prefix-blank", PREFIX, json!(" ")),
        ("allow-text", ALLOW, json!("readers")),
        ("allow-number", ALLOW, json!([1])),
        ("allow-no-name", ALLOW, json!(["a b"])),
        ("allow-reserved", ALLOW, json!(["public"])),
    ] {
        book.case(id, &format!("{setting} is {value}")).set(setting, value).rejects("setting_wrong_type");
    }
}

fn unusable(book: &mut Book) {
    book.prefix("settings-");
    for (id, about, setting, value, code) in [
        (
            "unknown",
            "a setting that does not exist",
            "server.jwt_authentication.audiences",
            json!("x"),
            "setting_unknown",
        ),
        ("unknown-engine", "an option that does not exist", "engine.leeway", json!(5), "setting_unknown"),
        (
            "unknown-prefix",
            "a setting of another part of the database",
            "server.time_until_store_dead",
            json!("5m"),
            "setting_unknown",
        ),
        ("enabled-number", "enabled is a number", "server.jwt_authentication.enabled", json!(1), "setting_wrong_type"),
        ("claim-number", "the claim is a number", "server.jwt_authentication.claim", json!(1), "setting_wrong_type"),
        (
            "map-number",
            "the identity map is a number",
            "server.identity_map.configuration",
            json!(1),
            "setting_wrong_type",
        ),
        ("leeway-text", "the leeway is a text", "engine.leeway_seconds", json!("30"), "setting_wrong_type"),
        (
            "token-bytes",
            "tokens longer than the engine ever reads",
            "engine.max_token_bytes",
            json!(1_048_577),
            "setting_wrong_type",
        ),
        (
            "lifetime-negative",
            "a negative lifetime",
            "engine.max_token_lifetime_seconds",
            json!(-1),
            "setting_wrong_type",
        ),
        (
            "required-text",
            "the required claims are a text",
            "engine.required_claims",
            json!("acr"),
            "setting_wrong_type",
        ),
        ("profile", "a profile that does not exist", "engine.profile", json!("postgres"), "profile_unknown"),
        ("profile-upper", "a profile in capitals", "engine.profile", json!("Hardened"), "profile_unknown"),
        ("issuers-empty", "no issuer", "server.jwt_authentication.issuers", json!(""), "issuers_invalid"),
        (
            "issuers-none",
            "an empty list of issuers",
            "server.jwt_authentication.issuers",
            json!("[]"),
            "issuers_invalid",
        ),
        (
            "issuers-one-empty",
            "an empty text among the issuers",
            "server.jwt_authentication.issuers",
            json!(r#"["https://idp.example",""]"#),
            "issuers_invalid",
        ),
        (
            "issuers-number",
            "a number among the issuers",
            "server.jwt_authentication.issuers",
            json!(r#"["a",1]"#),
            "issuers_invalid",
        ),
        (
            "issuers-trailing",
            "text behind the list of issuers",
            "server.jwt_authentication.issuers",
            json!(r#"["https://idp.example"] x"#),
            "issuers_invalid",
        ),
        (
            "issuers-map-twice",
            "an issuer stands twice in the map",
            "server.jwt_authentication.issuers",
            json!(r#"{"issuer_jwks_map":{"a":"https://a.example","a":"https://b.example"}}"#),
            "issuers_invalid",
        ),
        ("audience-empty", "no audience", "server.jwt_authentication.audience", json!(""), "audience_invalid"),
        (
            "audience-none",
            "an empty list of audiences",
            "server.jwt_authentication.audience",
            json!("[]"),
            "audience_invalid",
        ),
        (
            "audience-one-empty",
            "an empty text among the audiences",
            "server.jwt_authentication.audience",
            json!(["db-login", ""]),
            "audience_invalid",
        ),
        (
            "audience-object",
            "the audience is an object",
            "server.jwt_authentication.audience",
            json!(r#"{"a":1}"#),
            "audience_invalid",
        ),
        ("jwks-text", "the key set is no JSON", "server.jwt_authentication.jwks", json!("keys"), "jwks_invalid"),
        ("jwks-empty", "the key set is empty text", "server.jwt_authentication.jwks", json!(""), "jwks_invalid"),
        (
            "jwks-no-keys",
            "the key set is an object without keys",
            "server.jwt_authentication.jwks",
            json!("{}"),
            "jwks_invalid",
        ),
        (
            "both-names",
            "both names of one setting",
            "server.jwt_authentication.issuers.configuration",
            json!("https://idp.example"),
            "settings_invalid",
        ),
    ] {
        book.case(id, about).set(setting, value).rejects(code);
    }
    for (id, about, text) in [
        ("empty", "the settings are empty text", ""),
        ("array", "the settings are an array", "[]"),
        ("null", "the settings are null", "null"),
        ("unclosed", "the settings are an object that is not closed", r#"{"server.jwt_authentication.enabled": true"#),
        ("trailing", "text behind the settings", "{} x"),
        (
            "twice",
            "a setting stands twice",
            r#"{"server.jwt_authentication.enabled":false,"server.jwt_authentication.enabled":false}"#,
        ),
        ("trailing-comma", "a comma behind the last setting", r#"{"server.jwt_authentication.enabled":false,}"#),
    ] {
        book.case(&format!("document-{id}"), about).settings_text(text).rejects("settings_invalid");
    }
    book.case("document-none", "no settings at all: token logins are off").settings_text("{}").rejects("disabled");
    book.case("default", "the database's defaults, pasted as they are: token logins are off")
        .settings_text(
            &json!({
                "server.jwt_authentication.enabled": false,
                "server.jwt_authentication.audience": "",
                "server.jwt_authentication.issuers.configuration": "",
                "server.jwt_authentication.jwks": "{\"keys\":[]}",
                "server.jwt_authentication.claim": "",
                "server.jwt_authentication.jwks_auto_fetch.enabled": false,
                "server.jwt_authentication.issuers.custom_ca": "",
                "server.jwt_authentication.client.timeout": "15s",
                "server.jwt_authentication.authorization.enabled": false,
                "server.jwt_authentication.group_claim": "groups",
                "server.jwt_authentication.userinfo_group_key": "groups",
                "security.provisioning.jwt.enabled": false,
                "server.identity_map.configuration": "",
            })
            .to_string(),
        )
        .rejects("disabled");
    book.case("disabled", "token logins are off, and the token is perfect")
        .set("server.jwt_authentication.enabled", false)
        .rejects("disabled");
    book.case("disabled-map", "token logins are off, and the identity map cannot be used: settings come first")
        .set("server.jwt_authentication.enabled", false)
        .map("a b")
        .rejects("identity_map_invalid");
    for (id, setting, value) in [
        ("json-audience", "server.jwt_authentication.audience", json!(["other", "db-login"])),
        ("json-issuers", "server.jwt_authentication.issuers", json!(["https://idp.example"])),
        (
            "json-jwks",
            "server.jwt_authentication.jwks",
            serde_json::from_str(&jwks(&[key("test-rsa-1").public("k1")])).expect("a key set is JSON"),
        ),
        (
            "json-jwk",
            "server.jwt_authentication.jwks",
            serde_json::from_str(&key("test-rsa-1").public("k1").to_string()).expect("a key is JSON"),
        ),
        ("profile-named", "engine.profile", json!("hardened")),
    ] {
        book.case(id, "a JSON value where the database takes its text").set(setting, value).accepts("alice");
    }
}

fn fetching(book: &mut Book) {
    book.prefix("fetch-");
    const FETCH: &str = "server.jwt_authentication.jwks_auto_fetch.enabled";
    let from = |issuer: &'static str| move |claims: Members| claims.set("iss", issuer);
    book.case("discovery", "keys are to be fetched by discovery").set(FETCH, true).needs_keys();
    book.case("static-ignored", "keys are to be fetched, although the right one is configured")
        .set(FETCH, true)
        .jwks(&[key("test-rsa-1").public("k1")])
        .needs_keys();
    book.case("address", "keys are to be fetched from the address in the settings")
        .set(FETCH, true)
        .issuers(json!({"issuer_jwks_map": {"https://idp.example": "https://keys.example/jwks"}}))
        .needs_keys();
    for (id, issuer) in [
        ("loopback", "http://127.0.0.1:8080"),
        ("loopback-name", "http://localhost:8080"),
        ("slash", "https://idp.example/"),
    ] {
        book.case(id, &format!("keys are to be fetched for the issuer {issuer}"))
            .set(FETCH, true)
            .issuers(issuer)
            .claims(from(issuer))
            .needs_keys();
    }
    for (id, issuer) in
        [("no-url", "kubernetes/serviceaccount"), ("plain-http", "http://idp.example"), ("file", "file:///etc/passwd")]
    {
        book.case(id, &format!("keys cannot be fetched for the issuer {issuer}"))
            .set(FETCH, true)
            .issuers(issuer)
            .claims(from(issuer))
            .rejects("keys_unavailable");
    }
    for (id, address) in [
        ("after-bracket", "http://[::1]evil.example/k"),
        ("two-brackets", "http://[[::1]]/k"),
        ("user", "http://127.0.0.1@evil.example/k"),
        ("zone", "http://[::1%25lo]/k"),
        ("short-address", "http://127.1/k"),
        ("dot-last", "http://localhost./k"),
        ("port-name", "https://a:b:c/k"),
        ("port-beyond", "https://idp.example:65536/k"),
        ("port-empty", "https://idp.example:/k"),
    ] {
        book.case(&format!("address-{id}"), &format!("keys are never fetched from {address}"))
            .set(FETCH, true)
            .issuers(json!({"issuer_jwks_map": {"https://idp.example": address}}))
            .rejects("keys_unavailable");
    }
    book.case("issuer-first", "nothing is fetched for an issuer that is not configured")
        .set(FETCH, true)
        .claims(from("https://evil.example"))
        .rejects("issuer_not_allowed");
    book.case("header-first", "nothing is fetched for a token that no key could save")
        .set(FETCH, true)
        .header(|header| header.set("alg", "none"))
        .rejects("alg_not_allowed");
    book.case("expired", "keys are fetched before the time is judged")
        .set(FETCH, true)
        .claims(|claims| claims.set("exp", NOW - 1))
        .needs_keys();
    book.case("issuer-keys", "the issuer's keys are configured, and nothing is fetched")
        .set(FETCH, true)
        .set("engine.issuer_keys", json!({"https://idp.example": {"keys": [public("k1", "test-rsa-1")]}}))
        .accepts("alice");
}

fn public(kid: &str, name: &str) -> serde_json::Value {
    serde_json::from_str(&key(name).public(kid).to_string()).expect("a key is JSON")
}

fn required(book: &mut Book) {
    book.prefix("required-");
    for (id, required, outcome) in [
        ("none", json!([]), Ok("alice")),
        ("there", json!(["acr"]), Ok("alice")),
        ("missing", json!(["amr"]), Err("required_claim_missing")),
        ("one-missing", json!(["acr", "amr"]), Err("required_claim_missing")),
        ("upper", json!(["ACR"]), Err("required_claim_missing")),
    ] {
        book.case(id, &format!("the claims {required} are required, and the token has acr"))
            .set("engine.required_claims", required)
            .claims(|claims| claims.set("acr", "1"))
            .decides(outcome);
    }
}

fn scopes(book: &mut Book) {
    book.prefix("scope-");
    for (id, claim, stated, required, outcome) in [
        ("text", "scope", r#""openid db:login""#, json!(["db:login"]), Ok("alice")),
        ("list", "scp", r#"["openid", "db:login"]"#, json!(["db:login", "openid"]), Ok("alice")),
        ("scp-text", "scp", r#""db:login""#, json!(["db:login"]), Ok("alice")),
        ("none-required", "scope", r#""openid""#, json!([]), Ok("alice")),
        ("one-missing", "scope", r#""openid""#, json!(["openid", "db:login"]), Err("scope_missing")),
        ("upper", "scope", r#""DB:LOGIN""#, json!(["db:login"]), Err("scope_missing")),
        ("part", "scope", r#""db:login:no""#, json!(["db:login"]), Err("scope_missing")),
        ("comma", "scope", r#""openid,db:login""#, json!(["db:login"]), Err("scope_missing")),
        ("number", "scope", "1", json!(["db:login"]), Err("scope_missing")),
        ("other-claim", "scopes", r#""db:login""#, json!(["db:login"]), Err("scope_missing")),
    ] {
        book.case(id, &format!("the scopes {required} are required, and `{claim}` is {stated}"))
            .set("engine.required_scopes", required)
            .claims(|claims| claims.raw(claim, stated))
            .decides(outcome);
    }
    for (id, value) in [("blank", json!(["a b"])), ("empty", json!([""])), ("kind", json!([1])), ("all", json!("a"))] {
        book.case(&format!("setting-{id}"), &format!("engine.required_scopes is {value}"))
            .set("engine.required_scopes", value)
            .rejects("setting_wrong_type");
    }
}

/// Other servers have other rules for names, and other users of their own.
fn user_names(book: &mut Book) {
    const NAMES: &str = "engine.user_names";
    book.prefix("names-");
    for (id, host, sub, user, outcome) in [
        ("case", "postgresql", "Ada", "Ada", Ok("Ada")),
        ("case-differs", "postgresql", "Ada", "ada", Err("user_mismatch")),
        ("case-mysql", "mysql", "ada", "Ada", Err("user_mismatch")),
        ("mail", "postgresql", "ada@corp.example", "ada@corp.example", Ok("ada@corp.example")),
        ("mail-mysql", "mysql", "ada@corp.example", "ada@corp.example", Ok("ada@corp.example")),
        ("mail-cockroachdb", "cockroachdb", "ada@corp.example", "ada@corp.example", Err("mapped_user_invalid")),
        ("quote", "postgresql", "o'brien", "o'brien", Ok("o'brien")),
        ("long", "postgresql", LONG, LONG, Err("mapped_user_invalid")),
        ("blank-behind", "mysql", "root ", "root ", Err("mapped_user_invalid")),
        ("unseen", "postgresql", "ada\u{200b}", "ada\u{200b}", Err("mapped_user_invalid")),
        ("postgres", "postgresql", "postgres", "postgres", Err("user_reserved")),
        ("postgres-upper", "postgresql", "Postgres", "Postgres", Err("user_reserved")),
        ("pg", "postgresql", "pg_monitor", "pg_monitor", Err("user_reserved")),
        ("rds", "postgresql", "rdsadmin", "rdsadmin", Err("user_reserved")),
        ("root-mysql", "mysql", "root", "root", Err("user_reserved")),
        ("sys-mysql", "mysql", "mysql.sys", "mysql.sys", Err("user_reserved")),
        ("sys-mariadb", "mysql", "mariadb.sys", "mariadb.sys", Err("user_reserved")),
        ("postgres-cockroachdb", "cockroachdb", "postgres", "postgres", Ok("postgres")),
        ("only-user", "postgresql", "postgres", "", Err("user_reserved")),
    ] {
        book.case(id, &format!("{sub:?} asks for {user:?} of {host}"))
            .set("server.identity_map.configuration", "")
            .set(NAMES, host)
            .claims(|claims| claims.set("sub", sub))
            .user(user)
            .decides(outcome);
    }
    for (id, host, user, outcome) in [
        ("exact", "cockroachdb", "alice", Err("user_reserved")),
        ("case", "postgresql", "ALICE", Err("user_reserved")),
        ("other", "mysql", "bob", Ok("alice")),
    ] {
        book.case(&format!("reserved-{id}"), &format!("{host} keeps `{user}` for itself"))
            .set(NAMES, host)
            .set("engine.reserved_users", json!([user]))
            .decides(outcome);
    }
    for (id, setting, value) in [
        ("unknown", NAMES, json!("oracle")),
        ("nearly", NAMES, json!("postgres")),
        ("kind", NAMES, json!(1)),
        ("reserved-text", "engine.reserved_users", json!("alice")),
        ("reserved-empty", "engine.reserved_users", json!([""])),
    ] {
        book.case(&format!("setting-{id}"), &format!("{setting} is {value}"))
            .set(setting, value)
            .rejects("setting_wrong_type");
    }
}

/// 64 bytes.
const LONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Two issuers with a key each.
fn per_issuer(book: &mut Book) {
    book.prefix("issuer-");
    let keys = |name: &str, kid: &str| json!({"keys": [public(kid, name)]});
    let (a, b) = ("https://a.example", "https://b.example");
    let mut two = settings(&jwks(&[key("test-rsa-1").public("k1"), key("test-rsa-2").public("k2")])).to_vec();
    two[2].1 = json!([a, b]);
    book.base("two_issuers", &two);
    let token = |iss: &str, kid: &str, name: &str| {
        let claims = crate::algorithms::claims().set("iss", iss).set("email", "al@example.com").set("uid", "bob");
        Token::new(key(name), kid, "RS256", claims)
    };
    let bound = json!({a: keys("test-rsa-1", "k1"), b: keys("test-rsa-2", "k2")});
    let half = json!({a: keys("test-rsa-1", "k1")});
    for (id, about, issuer_keys, token, outcome) in [
        ("shared", "keys of one set sign for both issuers", None, token(b, "k1", "test-rsa-1"), Ok("alice")),
        ("bound-own", "an issuer's own key", Some(&bound), token(b, "k2", "test-rsa-2"), Ok("alice")),
        ("bound-other", "the other issuer's key", Some(&bound), token(b, "k1", "test-rsa-1"), Err("key_not_found")),
        (
            "bound-other-renamed",
            "the other issuer's key under the own key's id",
            Some(&bound),
            token(b, "k2", "test-rsa-1"),
            Err("signature_invalid"),
        ),
        (
            "half-bound",
            "only one issuer has keys of its own, and the shared set does not count for it",
            Some(&half),
            token(a, "k2", "test-rsa-2"),
            Err("key_not_found"),
        ),
        (
            "half-shared",
            "only one issuer has keys of its own, and the shared set counts for the other",
            Some(&half),
            token(b, "k1", "test-rsa-1"),
            Ok("alice"),
        ),
    ] {
        let case = book.case(&format!("keys-{id}"), about).token(|_| token);
        let case = if let Some(keys) = issuer_keys { case.set("engine.issuer_keys", keys.clone()) } else { case };
        case.decides(outcome);
    }
    book.case("keys-invalid", "an issuer's keys are no key set")
        .set("engine.issuer_keys", json!({a: []}))
        .token(|_| token(a, "k1", "test-rsa-1"))
        .rejects("setting_wrong_type");
    book.case("keys-unreadable", "an issuer's keys are an object that is no key set")
        .set("engine.issuer_keys", json!({a: {"keys": {}}}))
        .token(|_| token(a, "k1", "test-rsa-1"))
        .rejects("jwks_invalid");
    let from_b = || token(b, "k2", "test-rsa-2");
    for (id, about, overrides, user, outcome) in [
        ("claim", "the issuer names the user in another claim", json!({b: {"claim": "uid"}}), "bob", Ok("bob")),
        (
            "claim-other",
            "the other issuer names the user in another claim",
            json!({a: {"claim": "uid"}}),
            "bob",
            Err("user_mismatch"),
        ),
        (
            "audience",
            "the issuer has an audience of its own",
            json!({b: {"audience": "db-b"}}),
            "alice",
            Err("audience_not_allowed"),
        ),
        (
            "audience-list",
            "the issuer has audiences of its own, the token's among them",
            json!({b: {"audience": ["db-b", "db-login"]}}),
            "alice",
            Ok("alice"),
        ),
        (
            "audience-other",
            "the other issuer has an audience of its own",
            json!({a: {"audience": "db-a"}}),
            "alice",
            Ok("alice"),
        ),
        (
            "lifetime",
            "the issuer's tokens may live an hour, and this one lives longer",
            json!({b: {"max_token_lifetime_seconds": 3600}}),
            "alice",
            Err("lifetime_too_long"),
        ),
        (
            "lifetime-other",
            "the other issuer's tokens may live an hour",
            json!({a: {"max_token_lifetime_seconds": 3600}}),
            "alice",
            Ok("alice"),
        ),
        (
            "lifetime-exact",
            "the issuer's tokens may live as long as this one does",
            json!({b: {"max_token_lifetime_seconds": 3660}}),
            "alice",
            Ok("alice"),
        ),
    ] {
        book.case(id, about).set("engine.issuers", overrides).token(|_| from_b()).user(user).decides(outcome);
    }
    book.case("lifetime-longer", "the issuer's tokens may live longer than all others'")
        .set("engine.max_token_lifetime_seconds", 60)
        .set("engine.issuers", json!({b: {"max_token_lifetime_seconds": 7200}}))
        .token(|_| from_b())
        .accepts("alice");
    book.case("unknown-option", "an option that an issuer does not have")
        .set("engine.issuers", json!({b: {"leeway_seconds": 5}}))
        .token(|_| from_b())
        .rejects("setting_unknown");
    book.case("same-subject", "two issuers name the same subject, and each has a map of its own")
        .map("https://a.example alice alice_a\nhttps://b.example alice alice_b")
        .token(|_| from_b())
        .user("alice_a")
        .rejects("user_mismatch");
    book.case("same-subject-own", "two issuers name the same subject, and the login is for the right one")
        .map("https://a.example alice alice_a\nhttps://b.example alice alice_b")
        .token(|_| from_b())
        .user("alice_b")
        .accepts("alice_b");
}
