//! Under which e-mail domains has everybody an address who wants one?

use super::shape::lower;

/// Whether anybody can have an address under the domain.
pub(crate) fn domain(domain: &str) -> bool {
    let name = lower(domain.trim());
    let name = name.rsplit('@').next().unwrap_or_default().trim_end_matches('.');
    CONSUMER.contains(&name) || NATIONAL.iter().any(|provider| in_some_country(name, provider))
}

/// `yahoo.co.uk`, `hotmail.fr`: the provider's name under any country.
fn in_some_country(name: &str, provider: &str) -> bool {
    let rest = name.strip_prefix(provider).and_then(|rest| rest.strip_prefix('.'));
    rest.is_some_and(|rest| rest.split('.').count() <= 2 && rest.split('.').all(|part| (2..=3).contains(&part.len())))
}

/// Providers that have an address in many countries.
const NATIONAL: [&str; 6] = ["yahoo", "hotmail", "outlook", "live", "gmx", "yandex"];

/// The largest providers of addresses, as their own sign-up pages offer them.
const CONSUMER: [&str; 38] = [
    "126.com",
    "163.com",
    "aol.com",
    "duck.com",
    "email.com",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "gmail.com",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "hushmail.com",
    "icloud.com",
    "inbox.com",
    "inbox.ru",
    "laposte.net",
    "libero.it",
    "list.ru",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "privaterelay.appleid.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "tutanota.com",
    "web.de",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consumer_domains_are_known_however_they_are_written() {
        for name in CONSUMER {
            for form in [name.into(), name.to_uppercase(), alloc::format!("jane@{name}"), alloc::format!(" {name}. ")] {
                assert!(domain(&form), "{form}");
            }
        }
        for name in ["yahoo.co.uk", "hotmail.fr", "outlook.de", "live.nl", "gmx.at", "yandex.ru"] {
            assert!(domain(name), "{name}");
        }
        for name in ["example.com", "gmail.com.evil.example", "notgmail.com", "live.example", "contoso.com", "", "com"]
        {
            assert!(!domain(name), "{name}");
        }
    }
}
