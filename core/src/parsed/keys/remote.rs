//! Which address may an issuer be asked at, for its keys or for who somebody is? (OpenID Connect Discovery 1.0 section 4;
//! CockroachDB's `jwks_auto_fetch`)

use alloc::{format, string::String};
use core::net::IpAddr;

use crate::ground::text::shown;

/// What may carry keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// https alone, but on the loopback interface http too.
    Https,
    /// http too, as `engine.fetch_over_http` says: whoever stands between may sign tokens then.
    Http,
}

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
    pub(crate) fn new(issuer: &str, jwks_url: Option<&str>, over: Over) -> Self {
        let (address, is_key_set) = match jwks_url {
            Some(url) => (String::from(url), true),
            None => {
                let base = issuer.strip_suffix('/').unwrap_or(issuer);
                (format!("{base}/.well-known/openid-configuration"), false)
            }
        };
        match (objection(&address, over), is_key_set) {
            (None, true) => Self::Jwks(address),
            (None, false) => Self::Discovery(address),
            (Some(objection), _) => Self::Nowhere(format!("{objection} `{}`", shown(&address))),
        }
    }
}

/// Whether the address is one of http, of another machine than this one.
pub(crate) fn is_insecure(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("http") && host(authority).is_none_or(|host| !host.is_loopback())
}

/// Why nobody should be asked at this address, as the beginning of a sentence that it ends. Whoever reads the address
/// otherwise than we do must not find another host in it.
fn objection(address: &str, over: Over) -> Option<&'static str> {
    let insecure = match over {
        Over::Https => "only https addresses are asked, not",
        Over::Http => "only https and http addresses are asked, not",
    };
    const UNCLEAR: &str = "only addresses with a plain host and port are asked, not";
    let Some((scheme, rest)) = address.split_once("://") else { return Some(insecure) };
    let is_https = scheme.eq_ignore_ascii_case("https");
    if !is_https && !scheme.eq_ignore_ascii_case("http") {
        return Some(insecure);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match host(authority) {
        Some(host) if is_https || over == Over::Http || host.is_loopback() => {
            address.bytes().any(|byte| !byte.is_ascii_graphic()).then_some(UNCLEAR)
        }
        Some(_) => Some(insecure),
        None => Some(UNCLEAR),
    }
}

/// Whom an address names.
enum Host<'a> {
    Address(IpAddr),
    Name(&'a str),
}

impl Host<'_> {
    fn is_loopback(&self) -> bool {
        match self {
            Self::Address(address) => address.is_loopback(),
            Self::Name(name) => name.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// The host of an authority (RFC 3986 section 3.2) that every reader finds in it: no user before it, no zone in it, no
/// dot after it, no number that only some readers take for an address, and after it nothing or a port.
fn host(authority: &str) -> Option<Host<'_>> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (inside, after) = rest.split_once(']')?;
            (Host::Address(IpAddr::V6(inside.parse().ok()?)), after)
        }
        None => {
            let (name, port) = authority.split_at_checked(authority.find(':').unwrap_or(authority.len()))?;
            (named(name)?, port)
        }
    };
    is_port(port).then_some(host)
}

/// Labels of letters, digits, `-` and `_`. If the last one is a number the whole has to be an IPv4 address in four parts:
/// some readers take `127.1`, `0x7f.1` and `2130706433` for one.
fn named(name: &str) -> Option<Host<'_>> {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if !name.split('.').all(is_label) {
        return None;
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_hexadecimal = last.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    match is_hexadecimal || last.bytes().all(|byte| byte.is_ascii_digit()) {
        true => name.parse().ok().map(|address| Host::Address(IpAddr::V4(address))),
        false => Some(Host::Name(name)),
    }
}

/// Nothing, or a colon and a port.
fn is_port(text: &str) -> bool {
    let is_number = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    text.is_empty() || text.strip_prefix(':').is_some_and(is_number)
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
            assert_eq!(Remote::new(issuer, None, Over::Https), Remote::Discovery(address.into()));
        }
    }

    fn is_asked(address: &str) -> bool {
        is_asked_over(Over::Https, address)
    }

    fn is_asked_over(over: Over, address: &str) -> bool {
        match Remote::new("i", Some(address), over) {
            Remote::Jwks(asked) => asked == address,
            Remote::Discovery(_) | Remote::Nowhere(_) => false,
        }
    }

    #[test]
    fn only_https_and_loopback_are_asked() {
        for address in [
            "https://idp.example/keys",
            "HTTPS://IDP.example",
            "https://idp.example:8443?x=@",
            "https://10.0.0.1/k",
            "https://[2001:db8::1]:8443/k",
            "http://127.0.0.1:8080/k",
            "http://127.255.0.1/k",
            "http://[::1]:1/k",
            "http://[0:0:0:0:0:0:0:1]/k",
            "http://localhost/k",
            "http://LocalHost:80#x",
        ] {
            assert!(is_asked(address), "{address}");
        }
        for address in [
            "",
            "issuer1",
            "http://idp.example/keys",
            "http://10.0.0.1/k",
            "http://[2001:db8::1]/k",
            "http://[::ffff:127.0.0.1]/k",
            "http://0.0.0.0/k",
            "http://localhost.evil.example/k",
            "ftp://idp.example",
            "file:///etc/passwd",
            "https:/idp.example",
            "https//idp.example",
        ] {
            assert!(!is_asked(address), "{address}");
        }
    }

    #[test]
    fn http_is_asked_where_the_option_says_so_and_nothing_else_is() {
        for address in ["http://idp.example/keys", "http://10.0.0.1/k", "https://idp.example/keys"] {
            assert!(is_asked_over(Over::Http, address), "{address}");
        }
        for address in ["", "ftp://idp.example", "file:///etc/passwd", "http://user@idp.example", "http://2130706433"] {
            assert!(!is_asked_over(Over::Http, address), "{address}");
        }
    }

    #[test]
    fn a_host_is_plain_and_only_a_port_follows_it() {
        const SCHEMES: [&str; 2] = ["http", "https"];
        // Each stands for what some reader of addresses would understand: another host, a zone, an octal number.
        const HOSTS: [&str; 29] = [
            "",
            ".",
            "localhost.",
            ".localhost",
            "127.0.0.1.",
            "idp..example",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f.0.0.1",
            "127.0.0.0x1",
            "0177.0.0.1",
            "127.0.0.01",
            "1.2.3.4.5",
            "idp.example.1",
            "user@localhost",
            "127.0.0.1@evil.example",
            "user:password@localhost",
            "[::1",
            "[::1]evil.example",
            "[::1].",
            "::1",
            "[[::1]]",
            "[::1%25lo]",
            "[fe80::1%lo]",
            "[127.0.0.1]",
            "localhost\\",
            "local%68ost",
            "löcalhost",
        ];
        const PORTS: [&str; 12] = [
            ":",
            ":x",
            ":+1",
            ":-1",
            ":65536",
            ":99999",
            ":0x50",
            ":80:80",
            ":8 0",
            "@evil.com",
            ":1@evil.com",
            ":\u{661}",
        ];
        for scheme in SCHEMES {
            for host in HOSTS {
                for port in ["", ":80"] {
                    assert!(!is_asked(&format!("{scheme}://{host}{port}/k")), "{scheme} {host} {port}");
                }
            }
            for host in ["localhost", "127.0.0.1", "[::1]"] {
                for port in PORTS {
                    assert!(!is_asked(&format!("{scheme}://{host}{port}/k")), "{scheme} {host} {port}");
                }
                for port in ["", ":1", ":080", ":65535"] {
                    assert!(is_asked(&format!("{scheme}://{host}{port}/k")), "{scheme} {host} {port}");
                }
            }
        }
        for address in ["https://idp.example/a b", "https://idp.example/\u{e9}", "https://idp.example/\n"] {
            assert!(!is_asked(address), "{address:?}");
        }
    }
}
