//! Is this text a secret that stands in the wrong place? It is then named, and quoted nowhere.

/// What the text is or holds, if that is nothing to be quoted.
pub(crate) fn named(text: &str) -> Option<&'static str> {
    match text.split_once("-----BEGIN") {
        Some((_, rest)) if first_line(rest).contains("PRIVATE KEY") => Some("a private key (PEM)"),
        Some((_, rest)) if first_line(rest).contains("CERTIFICATE") => Some("a certificate (PEM)"),
        Some((_, rest)) if first_line(rest).contains("PUBLIC KEY") => Some("a public key (PEM)"),
        Some(_) => Some("a PEM text"),
        None => has_private_member(text).then_some("a private key (JWK)"),
    }
}

/// What stands in a message in the place of such a text.
pub(crate) fn withheld(text: &str) -> Option<&'static str> {
    named(text).map(|name| match name {
        "a private key (PEM)" => "(a private key as PEM, not shown)",
        "a certificate (PEM)" => "(a certificate as PEM, not shown)",
        "a public key (PEM)" => "(a public key as PEM, not shown)",
        "a private key (JWK)" => "(a private key as JSON, not shown)",
        _ => "(a PEM text, not shown)",
    })
}

/// The members that only the owner of a key knows (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1, and `priv` of AKP keys).
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Whether a member of such a name stands anywhere: broken JSON, and JSON inside a string, may be a key too.
fn has_private_member(text: &str) -> bool {
    text.match_indices('"').any(|(quote, _)| {
        let name = text.get(quote + 1..).unwrap_or_default();
        PRIVATE_MEMBERS.iter().any(|member| {
            let after = name.strip_prefix(member).map(|after| after.strip_prefix('\\').unwrap_or(after));
            after.and_then(|after| after.strip_prefix('"')).is_some_and(is_member)
        })
    })
}

/// Whether a colon follows, behind a few blanks at most.
fn is_member(after_name: &str) -> bool {
    const BLANKS_MAX: usize = 16;
    after_name.bytes().take(BLANKS_MAX).find(|byte| !byte.is_ascii_whitespace()) == Some(b':')
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String};

    #[test]
    fn private_keys_are_known_in_every_form() {
        let mut secrets: alloc::vec::Vec<String> = PRIVATE_MEMBERS
            .iter()
            .flat_map(|member| {
                [
                    format!("{{\"kty\":\"x\",\"{member}\":\"c2VjcmV0\"}}"),
                    format!("{{\"keys\": [{{\"{member}\" : \"c2VjcmV0"),
                    format!("\"{{\\\"{member}\\\": \\\"c2VjcmV0\\\"}}\""),
                ]
            })
            .collect();
        for label in
            ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "CERTIFICATE", "X"]
        {
            secrets.push(format!(" \n-----BEGIN {label}-----\nMIIB\n-----END {label}-----\n"));
        }
        for secret in secrets {
            assert!(
                named(&secret).is_some() && withheld(&secret).is_some_and(|text| !text.contains("MII")),
                "{secret}"
            );
        }
    }

    #[test]
    fn ordinary_values_are_no_secrets() {
        for text in
            ["", "alice", "https://idp.example", "[\"d\",\"k\"]", "{\"kty\":\"EC\",\"x\":\"a\"}", "--begin", "\"k\""]
        {
            assert_eq!(named(text), None, "{text}");
        }
    }
}
