//! Where can an issuer's keys be fetched? (OpenID Connect Discovery 1.0 section 4; CockroachDB's `jwks_auto_fetch`)

use alloc::{format, string::String};

use crate::text::shown;

/// The address to fetch an issuer's keys from, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Remote {
    /// The issuer's discovery document, whose `jwks_uri` names the key set.
    Discovery(String),
    /// The key set itself.
    Jwks(String),
    /// No address that may be asked; the fact.
    Nowhere(String),
}

impl Remote {
    /// The address for an issuer; `jwks_url` is the one that `issuer_jwks_map` gives.
    pub(crate) fn new(issuer: &str, jwks_url: Option<&str>) -> Self {
        let (address, is_key_set) = match jwks_url {
            Some(url) => (String::from(url), true),
            None => {
                let base = issuer.strip_suffix('/').unwrap_or(issuer);
                (format!("{base}/.well-known/openid-configuration"), false)
            }
        };
        match (is_safe(&address), is_key_set) {
            (true, true) => Self::Jwks(address),
            (true, false) => Self::Discovery(address),
            (false, _) => {
                let fact = format!("keys are fetched over https only, not from `{}`", shown(&address));
                Self::Nowhere(fact)
            }
        }
    }
}

/// Whether the address is https with a host, or http on the loopback interface.
fn is_safe(address: &str) -> bool {
    let printable = address.bytes().all(|byte| byte.is_ascii_graphic());
    let secure = strip_scheme(address, "https://");
    let plain = strip_scheme(address, "http://");
    let host = |rest: &str| -> String {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let bracketed = authority.find(']').and_then(|end| authority.get(..=end));
        bracketed.unwrap_or_else(|| authority.split(':').next().unwrap_or_default()).into()
    };
    let no_user = |rest: &str| !rest.split(['/', '?', '#']).next().unwrap_or_default().contains('@');
    printable
        && match (secure, plain) {
            (Some(rest), _) => !host(rest).is_empty() && no_user(rest),
            (None, Some(rest)) => no_user(rest) && is_loopback(&host(rest)),
            (None, None) => false,
        }
}

fn strip_scheme<'a>(address: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = address.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn is_loopback(host: &str) -> bool {
    let address: Option<core::net::IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discovery_strips_one_slash() {
        for (issuer, address) in [
            ("https://idp.example", "https://idp.example/.well-known/openid-configuration"),
            ("https://idp.example/", "https://idp.example/.well-known/openid-configuration"),
            ("https://idp.example//", "https://idp.example//.well-known/openid-configuration"),
            ("https://idp.example/realms/r", "https://idp.example/realms/r/.well-known/openid-configuration"),
        ] {
            assert_eq!(Remote::new(issuer, None), Remote::Discovery(address.into()));
        }
    }

    #[test]
    fn only_https_and_loopback_are_asked() {
        for address in ["https://idp.example/keys", "http://127.0.0.1:8080/k", "http://[::1]:1/k", "http://localhost/k"]
        {
            assert_eq!(Remote::new("i", Some(address)), Remote::Jwks(address.into()), "{address}");
        }
        for address in [
            "",
            "issuer1",
            "http://idp.example/keys",
            "https://",
            "https:///keys",
            "ftp://idp.example",
            "http://localhost.evil.example/k",
            "http://127.0.0.1@evil.example/k",
            "https://user@idp.example/k",
            "https://idp.example/a b",
            "file:///etc/passwd",
        ] {
            assert!(matches!(Remote::new("i", Some(address)), Remote::Nowhere(_)), "{address}");
        }
    }
}
