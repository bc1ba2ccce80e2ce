//! Is this one JSON object on one line, and which members does it have, in which order?

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// The members of an object in the order in which they are written, each value as it is written.
pub(crate) struct Members<'d>(Vec<(Cow<'d, str>, &'d str)>);

impl<'d> Members<'d> {
    /// Nothing for text that is not one JSON object.
    pub(crate) fn of(text: &'d str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| &**name).collect()
    }

    pub(crate) fn written(&self, name: &str) -> Option<&'d str> {
        self.0.iter().find(|(known, _)| known == name).map(|&(_, value)| value)
    }

    /// The text of a member that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.written(name).and_then(|value| serde_json::from_str(value).ok())
    }
}

impl<'de: 'd, 'd> Deserialize<'de> for Members<'d> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((Cow::Owned(name), value.get()));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

/// The elements of an array, each as it is written.
pub(crate) fn elements(text: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    elements.into_iter().map(RawValue::get).collect()
}

/// The document of an answer: one JSON object on one line.
pub(crate) fn answer(text: &str) -> Members<'_> {
    assert!(!text.contains(['\n', '\r']), "an answer on more than one line: {text}");
    Members::of(text).unwrap_or_else(|| panic!("not one JSON object: {text}"))
}

/// The document of the verb `explain`, its members in the order of the contract and its decision without contradiction.
pub(crate) fn explanation(text: &str) -> Members<'_> {
    let document = verdict(text, &EXPLAIN);
    for check in elements(document.written("checks").unwrap_or_default()) {
        let check = answer(check);
        assert_eq!(check.names(), CHECK);
    }
    for advice in elements(document.written("advice").unwrap_or_default()) {
        let advice = answer(advice);
        assert_eq!(
            advice.names(),
            ["kind", "code", "check", "message", "remedy", "setting", "position", "range", "remedies"]
        );
    }
    if let Some(token) = document.written("token").filter(|&token| token != "null") {
        let token = answer(token);
        assert_eq!(token.names(), ["header", "claims", "issued_at", "not_before", "expires_at"]);
    }
    document
}

/// The document of the verb `explain` that strangers may see: nothing in it is what the token or the settings say.
pub(crate) fn redacted(text: &str) -> Members<'_> {
    let document = answer(text);
    assert_eq!(document.names(), EXPLAIN.into_iter().filter(|name| !NEEDED.contains(name)).collect::<Vec<_>>());
    assert_eq!(["login", "token"].map(|name| document.written(name)), [Some("null"); 2], "{text}");
    assert_eq!(document.written("ignored"), Some("[]"));
    for check in elements(document.written("checks").unwrap_or_default()) {
        let check = answer(check);
        let silent = ["expected", "actual", "reads", "map_line", "capture"];
        assert_eq!(silent.map(|name| check.written(name)), [Some("null"); 5], "{text}");
    }
    document
}

/// The document of the verb `validate`.
pub(crate) fn decision(text: &str) -> Members<'_> {
    verdict(text, &VALIDATE)
}

fn verdict<'d>(text: &'d str, order: &[&str]) -> Members<'d> {
    let document = answer(text);
    let decision = document.text("decision").unwrap_or_default();
    let userinfo = document.written("userinfo_needed").is_some();
    if userinfo {
        let reason = answer(document.written("reason").unwrap_or_default());
        assert_eq!(reason.text("code").as_deref(), Some("userinfo_needed"), "{text}");
    }
    let stands = |name: &str| match name {
        "keys_needed" => decision == "keys_needed",
        "userinfo_needed" => userinfo,
        _ => true,
    };
    let expected: Vec<_> = order.iter().copied().filter(|name| stands(name)).collect();
    assert_eq!(document.names(), expected, "{text}");
    assert_eq!(document.written("schema"), Some("2"));
    let given = |name| document.written(name) != Some("null");
    let found = (given("login"), given("reason"), given("client"));
    match &*decision {
        "accept" => assert_eq!(found, (true, false, false), "{text}"),
        "reject" => assert_eq!(found, (false, true, true), "{text}"),
        "keys_needed" => assert_eq!(found, (false, false, true), "{text}"),
        _ => panic!("no decision: {text}"),
    }
    document
}

/// What stands only where something has to be fetched.
const NEEDED: [&str; 2] = ["keys_needed", "userinfo_needed"];

const EXPLAIN: [&str; 15] = [
    "schema",
    "decision",
    "profile",
    "login",
    "keys_needed",
    "userinfo_needed",
    "reason",
    "client",
    "checks",
    "advice",
    "token",
    "untried",
    "server_decision",
    "also",
    "ignored",
];

const CHECK: [&str; 11] =
    ["check", "outcome", "code", "summary", "setting", "range", "expected", "actual", "reads", "map_line", "capture"];

const VALIDATE: [&str; 9] =
    ["schema", "decision", "profile", "login", "keys_needed", "userinfo_needed", "reason", "client", "ignored"];
