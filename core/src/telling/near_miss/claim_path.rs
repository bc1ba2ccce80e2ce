//! Where in the token is the value that a claim setting was probably meant to name? Dots, brackets, JSONPath, slashes of a
//! name of its own: written as the setting takes it, a claim's name or a JSON Pointer (RFC 6901).

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::ground::{
    json::{Kind, Value},
    private_keys::PRIVATE_MEMBERS,
};

/// The place that a text leads to, where it is not the setting's own way to say it, and the value there.
pub(super) fn meant<'d>(claims: Value<'d>, wanted: &str) -> Option<(String, Value<'d>)> {
    readings(wanted).into_iter().find_map(|segments| {
        let (path, value) = walk(claims, &segments)?;
        if path.len() > 1 && path.iter().any(|name| may_be_secret(name)) {
            return None;
        }
        let setting = written(&path);
        (setting != wanted).then_some((setting, value))
    })
}

/// The parts of an object that are texts, by the pointers to them, down to a few levels.
pub(super) fn members<'d>(path: &[String], object: Value<'d>) -> Vec<(String, Value<'d>)> {
    let mut found = Vec::new();
    collect(path, object, &mut found);
    found
}

/// Objects are looked into so far, and no more members are told of.
const LEVELS: usize = 4;
const MEMBERS: usize = 50;

fn collect<'d>(path: &[String], object: Value<'d>, found: &mut Vec<(String, Value<'d>)>) {
    for (name, value) in object.members().take(MEMBERS) {
        let Some(name) = name.string().filter(|name| !may_be_secret(name)) else { continue };
        let mut path = path.to_vec();
        path.push(name.into_owned());
        match value.kind() {
            Kind::Object if path.len() < LEVELS && value.member("kty").is_none() => collect(&path, value, found),
            Kind::String if found.len() < MEMBERS && path.iter().all(|segment| !segment.is_empty()) => {
                found.push((written(&path), value));
            }
            _ => {}
        }
    }
}

/// Whether a member of that name may be a part of a private key, or hold one.
fn may_be_secret(name: &str) -> bool {
    PRIVATE_MEMBERS.contains(&name) || matches!(name, "jwk" | "jwks" | "keys")
}

/// The ways to read the text as segments, the likeliest first.
fn readings(wanted: &str) -> Vec<Vec<String>> {
    let bare = unwrapped(wanted);
    let split = |mark: &str| bare.trim_start_matches('/').split(mark).map(String::from).collect::<Vec<_>>();
    let mut readings = alloc::vec![[bare.to_string()].to_vec(), [bare.trim_start_matches('/').to_string()].to_vec()];
    readings.push(json_path(bare));
    if bare.contains("->") {
        readings.push(split("->").iter().map(|part| part.trim_matches(['>', '\'', '"', ' ']).to_string()).collect());
    }
    readings.extend(["/", ".", ":", ","].map(split));
    readings.retain(|segments| segments.iter().all(|segment| !segment.is_empty()) && segments.len() <= SEGMENTS_MAX);
    readings
}

/// Longer ways are nobody's.
const SEGMENTS_MAX: usize = 20;

/// The text without quotes, a template's marks and the name of what it is looked for in.
fn unwrapped(wanted: &str) -> &str {
    let mut bare = wanted.trim();
    loop {
        let before = bare.len();
        for (open, close) in [("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("${", "}"), ("{{", "}}"), ("{", "}")]
        {
            let inside = bare.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            bare = inside.map_or(bare, str::trim);
        }
        for start in ["$.", "@.", "claims.", "claim.", "token.", "jwt.", "payload.", "id_token.", "."] {
            bare = bare.strip_prefix(start).unwrap_or(bare);
        }
        bare = bare.strip_prefix('$').filter(|rest| rest.starts_with('[')).unwrap_or(bare);
        if bare.len() == before {
            return bare;
        }
    }
}

/// `a.b['c.d'][0]` as segments.
fn json_path(text: &str) -> Vec<String> {
    let mut segments = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let bracketed = rest.strip_prefix('[').and_then(|inside| inside.split_once(']'));
        if let Some((inside, after)) = bracketed {
            segments.push(inside.trim_matches(['\'', '"', ' ']).to_string());
            rest = after.strip_prefix('.').unwrap_or(after);
            continue;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !name.is_empty() {
            segments.push(name.to_string());
        }
        rest = match after.strip_prefix('.') {
            Some(after) => after,
            // OK because what begins with a bracket that nothing closes is read as a name.
            None if name.is_empty() => {
                segments.push(after.to_string());
                ""
            }
            None => after,
        };
    }
    segments
}

/// Goes from member to member; a name may hold the marks that part the segments.
fn walk<'d>(value: Value<'d>, segments: &[String]) -> Option<(Vec<String>, Value<'d>)> {
    if segments.is_empty() {
        return Some((Vec::new(), value));
    }
    if value.kind() == Kind::Array {
        let (first, rest) = segments.split_first()?;
        let element = value.elements().nth(first.parse().ok()?)?;
        let (path, end) = walk(element, rest)?;
        return Some(([[first.clone()].to_vec(), path].concat(), end));
    }
    // The longest name first: `kubernetes.io` is one.
    (1..=segments.len()).rev().find_map(|length| {
        let (head, rest) = segments.split_at_checked(length)?;
        let names = if length == 1 { [head.concat()].to_vec() } else { [head.join("."), head.join("/")].to_vec() };
        names.into_iter().find_map(|name| {
            let (path, end) = walk(value.member(&name)?, rest)?;
            Some(([[name].to_vec(), path].concat(), end))
        })
    })
}

/// How the setting says it.
pub(super) fn written(path: &[String]) -> String {
    match path {
        [name] if !name.starts_with('/') => name.clone(),
        _ => path.iter().map(|name| format!("/{}", escaped(name))).collect(),
    }
}

/// A name as a segment of a JSON Pointer (RFC 6901 section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};

    const CLAIMS: &str = r#"{"sub": "x", "email": "e@x", "kubernetes.io": {"serviceaccount": {"name": "billing", "uid": "u"}},
        "roles": ["dba", "b"], "https://app.example/user": "jane", "a/b": {"c~d": "v"}, "k/s/n": "plain",
        "user": {"name": "alice"}, "/odd": "o"}"#;

    #[test]
    fn every_way_to_write_a_nested_claim_leads_to_its_pointer() {
        let document = Document::parse(CLAIMS, Duplicates::Refused).unwrap();
        for (wanted, setting) in [
            ("kubernetes.io.serviceaccount.uid", "/kubernetes.io/serviceaccount/uid"),
            ("kubernetes.io/serviceaccount/uid", "/kubernetes.io/serviceaccount/uid"),
            ("$.['kubernetes.io'].serviceaccount.uid", "/kubernetes.io/serviceaccount/uid"),
            ("$['kubernetes.io']['serviceaccount']['uid']", "/kubernetes.io/serviceaccount/uid"),
            ("$.user.name", "/user/name"),
            ("user.name", "/user/name"),
            ("user/name", "/user/name"),
            ("user:name", "/user/name"),
            ("user->>'name'", "/user/name"),
            ("claims.user.name", "/user/name"),
            ("${claims.email}", "email"),
            ("{{ email }}", "email"),
            ("'email'", "email"),
            (" email ", "email"),
            ("$.email", "email"),
            ("roles[0]", "/roles/0"),
            ("roles.1", "/roles/1"),
            ("$.roles[0]", "/roles/0"),
            ("/https://app.example/user", "https://app.example/user"),
            ("/k/s/n", "k/s/n"),
            ("/a/b/c~d", "/a~1b/c~0d"),
        ] {
            let found = meant(document.root(), wanted).map(|(setting, _)| setting);
            assert_eq!(found.as_deref(), Some(setting), "{wanted}");
        }
        for wanted in ["nobody", "user.nobody", "roles[9]", "", "/", "[", "a[", "$", "email"] {
            assert!(meant(document.root(), wanted).is_none(), "{wanted}");
        }
    }

    #[test]
    fn the_texts_of_an_object_are_named_by_pointers() {
        let document = Document::parse(CLAIMS, Duplicates::Refused).unwrap();
        let object = document.root().member("kubernetes.io").unwrap();
        let found: Vec<_> =
            members(&["kubernetes.io".into()], object).into_iter().map(|(setting, _)| setting).collect();
        assert_eq!(found, ["/kubernetes.io/serviceaccount/name", "/kubernetes.io/serviceaccount/uid"]);
    }
}
