//! Is every name in the map that of a configured issuer?
//!
//! A line is for the issuer that it names byte for byte. Under any other name it is never asked, and the issuer's
//! principals pass through as SQL users, as if there were no map. Some names are meant for the database's other doors
//! (certificates, GSSAPI, LDAP); one that is a configured issuer's but for a detail is a slip.

use alloc::{borrow::ToOwned, collections::BTreeMap, format, string::String, sync::Arc, vec::Vec};
use core::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::{
    map::{IdentityMap, IssuerMap},
    meant,
};
use crate::ground::{
    fault::Fault,
    kinship::{family, kinship},
    reason::ReasonCode,
    text::{counted, is_invisible, shown},
};

/// The names in a map that no configured issuer has.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    /// The first few, slips first.
    pub(crate) told: Vec<Stranger>,
    /// How many there are beside those.
    pub(crate) more: usize,
}

/// A name in the map that no configured issuer has.
#[derive(Debug)]
pub(crate) struct Stranger {
    pub(crate) name: String,
    /// Where it stands first in the map's text, in bytes.
    pub(crate) offset: usize,
    /// Its first line, counted from 1, comments and blank lines included.
    number: u32,
    lines: usize,
    /// The configured issuer that it is but for a detail, and the detail.
    meant: Option<(String, String)>,
}

impl IdentityMap {
    /// The names that none of the configured issuers has; none where no issuer is configured.
    pub(crate) fn strangers<V>(&self, configured: &BTreeMap<Arc<str>, V>) -> Strangers {
        self.first_strangers(configured, TOLD)
    }

    /// The same, with more of them told.
    pub(crate) fn first_strangers<V>(&self, configured: &BTreeMap<Arc<str>, V>, limit: usize) -> Strangers {
        let is_strange = |map: &&IssuerMap| !configured.is_empty() && !configured.contains_key(map.name());
        let mut strange = self.issuers.iter().filter(is_strange).peekable();
        if strange.peek().is_none() {
            return Strangers::default();
        }
        let families = Families::of(configured.keys().map(|issuer| &**issuer));
        let (mut slips, mut others, mut count) = (Vec::new(), Vec::new(), 0_usize);
        for map in strange {
            count = count.saturating_add(1);
            let meant = families.find(map.name());
            let is_slip = meant.is_some() || map.name().contains(is_invisible);
            let into = if is_slip { &mut slips } else { &mut others };
            if into.len() < limit {
                into.push(map.stranger(meant));
            }
        }
        slips.append(&mut others);
        slips.truncate(limit);
        Strangers { more: count.saturating_sub(slips.len()), told: slips }
    }
}

/// The configured issuers by the hashes of what each is but for details. Each name is folded once: to compare all with all
/// would take a minute where there are many of both.
struct Families<'c>(Vec<(u64, &'c str)>);

impl<'c> Families<'c> {
    fn of(configured: impl Iterator<Item = &'c str>) -> Self {
        let mut families: Vec<_> = configured.map(|issuer| (hash(&family(issuer)), issuer)).collect();
        families.sort_unstable();
        Self(families)
    }

    /// The issuer that this name is but for details.
    fn find(&self, name: &str) -> Option<&'c str> {
        let wanted = family(name);
        let hash = hash(&wanted);
        let first = self.0.partition_point(|&(known, _)| known < hash);
        let alike = self.0.iter().skip(first).take_while(|&&(known, _)| known == hash);
        alike.map(|&(_, issuer)| issuer).find(|issuer| family(issuer) == wanted)
    }
}

fn hash(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

impl IssuerMap {
    fn stranger(&self, meant: Option<&str>) -> Stranger {
        let name = self.name();
        let how = |meant| kinship(name, meant).unwrap_or_else(|| "differ only in details".into());
        Stranger {
            name: name.into(),
            offset: self.name.start as usize,
            number: self.rules.first().map_or(0, |rule| rule.number),
            lines: self.rules.len(),
            meant: meant.map(|meant| (meant.to_owned(), how(meant))),
        }
    }
}

impl Strangers {
    /// The first slip as a fault of that map, with how the map should read.
    pub(crate) fn slip_in(&self, map: &IdentityMap) -> Option<Fault> {
        let fault = self.slip()?;
        let Some((stranger, (meant, _))) = self.told.first().and_then(|first| Some((first, first.meant.as_ref()?)))
        else {
            return Some(fault);
        };
        let Some(text) = map.issuers.first().map(|issuer| &*issuer.text) else { return Some(fault) };
        // Quotes around the name stand around the other columns too.
        let read = |line: &str| meant::meant(line).filter(|read| read.line.split_whitespace().next() == Some(meant));
        let corrected = |line: &str| match line.trim_start().strip_prefix(&*stranger.name) {
            Some(rest) if rest.starts_with(char::is_whitespace) => {
                read(line).map_or_else(|| format!("{meant}{rest}"), |read| read.line)
            }
            _ => line.to_owned(),
        };
        let lines: Vec<String> = text.split('\n').map(corrected).collect();
        let index = usize::try_from(stranger.number).unwrap_or_default().saturating_sub(1);
        let fault = match text.split('\n').nth(index).and_then(read) {
            Some(read) => fault.with_remedy(read.remedy()),
            None => fault,
        };
        Some(fault.instead(0, text.len(), lines.join("\n")))
    }

    /// The first slip as a fault of the map.
    fn slip(&self) -> Option<Fault> {
        let stranger = self.told.first()?;
        let (number, name) = (stranger.number, shown(&stranger.name));
        let fact = match &stranger.meant {
            Some((meant, how)) => format!("`{name}` and the configured issuer `{}` {how}", shown(meant)),
            None if stranger.name.contains(is_invisible) => format!("the name `{name}` holds invisible characters"),
            None => return None,
        };
        let message = format!("line {number} of the identity map: {fact}; as it stands the line is never used");
        let fault = Fault::new(ReasonCode::IdentityMapInvalid, stranger.offset, message).with_remedy(stranger.remedy());
        let end = stranger.offset.saturating_add(stranger.name.len());
        Some(match &stranger.meant {
            Some((meant, _)) => fault.instead(stranger.offset, end, meant.as_str()),
            None => fault,
        })
    }
}

impl Stranger {
    /// Whether somebody meant a configured issuer, or typed what nobody sees.
    pub(crate) fn is_slip(&self) -> bool {
        self.meant.is_some() || self.name.contains(is_invisible)
    }

    /// The configured issuer that it is but for a detail.
    pub(crate) fn meant(&self) -> Option<&str> {
        self.meant.as_ref().map(|(meant, _)| &**meant)
    }

    /// The fact as a sentence.
    pub(crate) fn describe(&self) -> String {
        let (number, name) = (self.number, shown(&self.name));
        let fact = match self.lines.saturating_sub(1) {
            0 => format!(
                "line {number} of the identity map is for `{name}`, which is no configured issuer: it is never used"
            ),
            more => format!(
                "line {number} of the identity map and {} are for `{name}`, which is no configured issuer: they are \
                 never used",
                counted(more, "more line")
            ),
        };
        match &self.meant {
            Some((meant, how)) => format!("{fact}; it and the configured `{}` {how}", shown(meant)),
            None => fact,
        }
    }

    /// What to write instead.
    pub(crate) fn remedy(&self) -> String {
        let lines = if self.lines > 1 { "these lines" } else { "the line" };
        match &self.meant {
            // Which of two addresses is the right one, the provider's tokens say.
            Some((meant, _)) if self.name.starts_with("https://") && self.name.is_ascii() => format!(
                "begin {lines} with `{}`; if the provider's tokens name the other, write that in \
                 server.jwt_authentication.issuers instead",
                shown(meant)
            ),
            Some((meant, _)) => format!("begin {lines} with `{}`", shown(meant)),
            None if self.name.contains(is_invisible) => {
                "take the invisible characters out, and put spaces where they were to part columns".into()
            }
            None => format!(
                "begin {lines} with the exact text of the issuer that is meant; a name of the database's other logins \
                 (certificates, GSSAPI, LDAP) may stay"
            ),
        }
    }
}

/// How many names are told.
const TOLD: usize = 3;

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::*;

    fn strangers(text: &str, configured: &[&str]) -> Strangers {
        let map = IdentityMap::parse(text, Dialect::COCKROACHDB).unwrap();
        map.strangers(&configured.iter().map(|&issuer| (Arc::from(issuer), ())).collect())
    }

    #[test]
    fn the_name_of_a_configured_issuer_is_no_stranger() {
        let both = ["https://a.example", "https://a.example/"];
        assert!(strangers("https://a.example x y\nhttps://a.example/ x y", &both).told.is_empty());
        assert!(strangers("other x y", &[]).told.is_empty());
    }

    #[test]
    fn a_name_that_is_an_issuers_but_for_a_detail_is_a_slip() {
        let issuers = ["https://a.example", "https://sts.windows.net/T-1/", "https://t.us.auth0.com/"];
        for (name, meant, word) in [
            ("https://a.example/", issuers[0], "trailing `/`"),
            ("HTTPS://A.example", issuers[0], "case"),
            ("http://a.example", issuers[0], "scheme"),
            ("a.example", issuers[0], "scheme"),
            ("https://a.example:443", issuers[0], "port"),
            ("\u{feff}https://a.example", issuers[0], "invisible"),
            ("https://a.example\u{200b}", issuers[0], "invisible"),
            ("https://a\u{ad}.example", issuers[0], "invisible"),
            ("https://\u{a0}a.example", issuers[0], "invisible"),
            ("\"https://a.example\"", issuers[0], "quotation marks"),
            ("[\"https://a.example\"]", issuers[0], "quotation marks"),
            ("'a.example/'", issuers[0], "differ only in"),
            ("https://login.microsoftonline.com/T-1/v2.0", issuers[1], "one Entra tenant"),
            ("login.microsoftonline.com/t-1/v2.0/", issuers[1], "differ only in"),
            ("https://sts.windows.net/t-1", issuers[1], "differ only in"),
            ("https://t.us.auth0.com", issuers[2], "trailing `/`"),
        ] {
            let found = strangers(&format!("# head\n\nother x y\n{name} x y\n"), &issuers);
            let fault = found.slip().expect(name);
            assert!(
                fault.message.starts_with("line 4 of the identity map: ") && fault.message.contains(word),
                "{}",
                fault.message
            );
            assert!(fault.remedy.unwrap().starts_with(&format!("begin the line with `{meant}`")), "{name}");
            assert_eq!(fault.offset, "# head\n\nother x y\n".len(), "{name}");
            assert_eq!((found.told.len(), found.more), (2, 0));
        }
    }

    #[test]
    fn a_name_with_invisible_characters_is_a_slip_whoever_is_meant() {
        for name in ["https://a.example\u{a0}x", "\u{feff}oidcmap", "old\u{200b}"] {
            let found = strangers(&format!("1 x y\n2 x y\n3 x y\n{name} x y"), &["https://a.example"]);
            let fault = found.slip().expect(name);
            assert!(
                fault.message.starts_with("line 4 of the identity map: the name `") && fault.message.contains("\\u{"),
                "{name}"
            );
            assert!(fault.remedy.unwrap().starts_with("take the invisible characters out"), "{name}");
        }
    }

    #[test]
    fn other_names_are_strangers_and_no_slips() {
        let issuers = ["https://a.example", "https://sts.windows.net/T-1/"];
        for name in [
            "oidcmap",
            "ISSUER",
            "https://b.example",
            "https://a.example/x",
            "https://a.example:444",
            "https://a.example.org",
            "https://login.microsoftonline.com/T-2/v2.0",
            "https://login.microsoftonline.com/common/v2.0",
        ] {
            let found = strangers(&format!("{name} x y\n{name} z y"), &issuers);
            assert!(found.slip().is_none(), "{name}");
            let told = found.told.first().unwrap();
            assert!(told.describe().starts_with("line 1 of the identity map and 1 more line are for"), "{name}");
        }
    }

    #[test]
    fn of_many_strangers_a_few_are_told_and_slips_first() {
        let text: String = (0..20_000).map(|n| format!("n{n} x y\n")).collect();
        let issuers: Vec<String> = (0..5_000).map(|n| format!("https://{n}.example")).collect();
        let issuers: Vec<&str> = issuers.iter().map(|issuer| &**issuer).collect();
        let found = strangers(&(text + "https://4999.example/ x y"), &issuers);
        assert_eq!((found.told.len(), found.more), (3, 19_998));
        assert!(found.slip().unwrap().message.starts_with("line 20001 of the identity map: "));
    }

    #[test]
    fn a_slip_says_how_all_lines_of_the_name_should_read() {
        let text = "# x\nhttps://a/ p q\nhttps://b p q\nhttps://a/\tr s\n";
        let map = IdentityMap::parse(text, Dialect::COCKROACHDB).unwrap();
        let configured: Vec<&str> = ["https://a", "https://b"].into();
        let strangers = map.strangers(&configured.into_iter().map(|issuer| (Arc::from(issuer), ())).collect());
        let meant = strangers.slip_in(&map).unwrap().instead.unwrap().apply(text);
        assert_eq!(meant.as_deref(), Some("# x\nhttps://a p q\nhttps://b p q\nhttps://a\tr s\n"));
    }
}
