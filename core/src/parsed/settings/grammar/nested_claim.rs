//! Was a way into the token meant where one name is read? `realm_access.roles`, `$.sub`, `kubernetes.io/namespace`.

use alloc::{format, string::String, vec::Vec};

/// A text that looks like a way to a claim inside another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nested {
    /// The way as a JSON Pointer (RFC 6901), or the claim's name where it leads no deeper.
    pub(crate) meant: String,
    /// Whether nothing else can be meant: a claim may have a dot in its name.
    pub(crate) is_certain: bool,
}

/// The way that was meant by the name of a claim; nothing for what is one name, or a pointer already.
pub(crate) fn nested(text: &str) -> Option<Nested> {
    if text.starts_with('/') || text.contains("://") || text.len() > BYTES_MAX || FLAT.contains(&text) {
        return None;
    }
    let bare = unwrapped(text);
    let is_wrapped = bare.len() < text.len();
    let segments = segments(bare)?;
    let is_known = segments.len() > 1 && segments.first().is_some_and(|first| OBJECTS.contains(&first.as_str()));
    if !is_wrapped && segments.len() < 2 {
        return None;
    }
    let meant = match &*segments {
        [only] => only.clone(),
        many => many.iter().map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1"))).collect(),
    };
    Some(Nested { meant, is_certain: is_wrapped || is_known || bare.contains("->") || bare.contains('[') })
}

/// Longer ways are nobody's.
const BYTES_MAX: usize = 256;

/// Names with the marks of a way in them: those of Kubernetes' tokens that live in a Secret.
const FLAT: [&str; 5] = [
    "kubernetes.io",
    "kubernetes.io/serviceaccount/namespace",
    "kubernetes.io/serviceaccount/secret.name",
    "kubernetes.io/serviceaccount/service-account.name",
    "kubernetes.io/serviceaccount/service-account.uid",
];

/// Claims that are objects (OpenID Connect Core 1.0 section 5.1.1, RFC 8693 section 4.1, RFC 7800; Keycloak, Auth0, Firebase,
/// Google Cloud, Kubernetes). The name of one has a dot.
const OBJECTS: [&str; 10] = [
    "act",
    "address",
    "app_metadata",
    "cnf",
    "firebase",
    "google",
    "kubernetes.io",
    "realm_access",
    "resource_access",
    "user_metadata",
];

/// The text without quotes, a template's marks and the name of what it is looked for in.
fn unwrapped(text: &str) -> &str {
    let mut bare = text.trim();
    loop {
        let before = bare.len();
        for (open, close) in [("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("${", "}"), ("{{", "}}"), ("{", "}")]
        {
            let inside = bare.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            bare = inside.map_or(bare, str::trim);
        }
        for start in ["$.", "@.", "claims.", "payload.", "token."] {
            bare = bare.strip_prefix(start).unwrap_or(bare);
        }
        bare = bare.strip_prefix('$').filter(|rest| rest.starts_with('[')).unwrap_or(bare);
        if bare.len() == before {
            return bare;
        }
    }
}

/// The names on the way; nothing where one of them would be empty.
fn segments(bare: &str) -> Option<Vec<String>> {
    let known = OBJECTS.iter().find_map(|object| {
        let rest = bare.strip_prefix(object)?;
        rest.starts_with(['.', '/', '[', '-', ':']).then_some((*object, rest))
    });
    let (first, rest) = known.map_or((None, bare), |(object, rest)| (Some(object), rest));
    let rest = rest.replace("->>", "->").replace("->", ".").replace(['[', ']'], ".");
    let is_mark = |c: char| matches!(c, '.' | '/') || c == ':' && first.is_some();
    let names = rest.split(is_mark).map(|name| name.trim_matches(['\'', '"', ' '])).collect::<Vec<_>>();
    let is_way =
        names.iter().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':')));
    let names = first.into_iter().chain(names).filter(|name| !name.is_empty()).map(String::from).collect::<Vec<_>>();
    (is_way && !names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_other_tools_are_read_as_pointers() {
        for (text, meant, is_certain) in [
            ("realm_access.roles", "/realm_access/roles", true),
            ("realm_access/roles", "/realm_access/roles", true),
            ("resource_access.my-client.roles", "/resource_access/my-client/roles", true),
            ("kubernetes.io.namespace", "/kubernetes.io/namespace", true),
            ("kubernetes.io/serviceaccount/name", "/kubernetes.io/serviceaccount/name", true),
            ("$.sub", "sub", true),
            ("$.a.b", "/a/b", true),
            ("$['a']['b']", "/a/b", true),
            ("user_metadata->>'sql'", "/user_metadata/sql", true),
            ("{{ claims.email }}", "email", true),
            ("a.b", "/a/b", false),
            ("a/b", "/a/b", false),
        ] {
            assert_eq!(nested(text), Some(Nested { meant: meant.into(), is_certain }), "{text}");
        }
    }

    #[test]
    fn one_name_is_no_way() {
        for text in [
            "",
            "sub",
            "email",
            "/a/b",
            "https://app.example/roles",
            "cognito:username",
            "urn:zitadel:iam:org:id",
            "kubernetes.io/serviceaccount/namespace",
            "kubernetes.io",
            "a b.c",
        ] {
            assert_eq!(nested(text), None, "{text}");
        }
    }
}
