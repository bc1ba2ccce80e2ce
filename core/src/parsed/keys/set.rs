//! Which key of a set does a token name?
//!
//! A key set is read once, key by key. Keys that cannot be used are set aside with the reason and keep their place: a
//! token that names one is told why, and a later key of the same id is never taken instead.

use alloc::{format, sync::Arc, vec::Vec};
use core::fmt;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{
    jwk::{self, Entry},
    library, pasted,
    reading::{Origin, Reading},
};
use crate::ground::{
    fault::Fault,
    json::{Document, Duplicates, JsonError, Kind, Value},
    limits::KEYS_MAX,
    reason::ReasonCode::JwksInvalid,
};

/// The keys of one issuer, or of all.
#[derive(Default)]
pub(crate) struct KeySet {
    /// In the order of the text.
    pub(super) entries: Vec<Entry>,
    /// Where the first entry of each id stands.
    by_id: HashMap<Arc<str>, usize, FixedState>,
}

impl KeySet {
    /// Reads a configured JWK Set (RFC 7517 section 5), or a JWK as a set of one.
    pub(crate) fn parse(text: &str, reading: Reading) -> Result<Self, Fault> {
        Self::of(text, reading, Origin::Configured)
    }

    /// Reads one that was fetched.
    pub(crate) fn parse_fetched(text: &str, reading: Reading) -> Result<Self, Fault> {
        Self::of(text, reading, Origin::Fetched)
    }

    fn of(text: &str, reading: Reading, origin: Origin) -> Result<Self, Fault> {
        let explained = |fault: Fault| as_pasted(fault, text);
        let document = read(text, reading).map_err(explained)?;
        let mut set = Self::default();
        for jwk in keys(document.root(), reading).map_err(explained)? {
            let position = set.entries.len() + 1;
            if position > KEYS_MAX {
                let message = format!("the key set holds more than {KEYS_MAX} keys");
                return Err(Fault::new(JwksInvalid, jwk.span().0, message));
            }
            set.push(jwk::entry(jwk, position, reading, origin)?);
        }
        Ok(set)
    }

    /// Of these keys those that stand in the other set too: under the same id, and the same key.
    pub(crate) fn common(self, other: &Self) -> Self {
        let is_there = |entry: &Entry| {
            let same = entry.id.as_deref().and_then(|id| other.find(id));
            match (&entry.state, same.map(|same| &same.state)) {
                (Ok(key), Some(Ok(same))) => key.same_material(same),
                _ => false,
            }
        };
        let mut common = Self::default();
        self.entries.into_iter().filter(is_there).for_each(|entry| common.push(entry));
        common
    }

    /// The first key of that id, compared byte for byte.
    pub(crate) fn find(&self, id: &str) -> Option<&Entry> {
        self.by_id.get(id).and_then(|&index| self.entries.get(index))
    }

    /// Every key, in the order of the text.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many keys can verify a signature.
    pub(crate) fn usable_count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.state.is_ok()).count()
    }

    fn push(&mut self, entry: Entry) {
        if let Some(id) = &entry.id {
            self.by_id.entry(Arc::clone(id)).or_insert(self.entries.len());
        }
        self.entries.push(entry);
    }
}

/// The keys of a configured set, each with what it is good for alone: one that spoils the whole set hides no other.
pub(crate) fn each_alone<'d>(root: Value<'d>, reading: Reading) -> Vec<(Value<'d>, Entry)> {
    let jwks = keys(root, reading).unwrap_or_default().into_iter().take(KEYS_MAX).enumerate();
    let entry = |(index, jwk): (usize, Value<'d>)| {
        let judged = |reading, origin| jwk::entry(jwk, index.saturating_add(1), reading, origin);
        let entry = judged(reading, Origin::Configured).or_else(|_| judged(Reading::Strict, Origin::Fetched)).ok()?;
        Some((jwk, entry))
    };
    jwks.filter_map(entry).collect()
}

/// The keys of a text, as they are written.
pub(crate) fn written<'d>(root: Value<'d>, reading: Reading) -> Vec<Value<'d>> {
    keys(root, reading).unwrap_or_default()
}

/// The fault of a text that is no key set, with what it is where anybody can tell.
fn as_pasted(fault: Fault, text: &str) -> Fault {
    let Some(pasted) = pasted::named(text) else { return fault };
    let message = match fault.message.split_once(": ") {
        Some((cannot_be_read, _)) => format!("{cannot_be_read}: {}", pasted.what),
        None => pasted.what.into_owned(),
    };
    let fault = Fault { message, ..fault }.with_remedy(pasted.remedy);
    match pasted.instead {
        Some(meant) => fault.instead(0, text.len(), meant),
        None => fault,
    }
}

fn read(text: &str, reading: Reading) -> Result<Document<'_>, Fault> {
    let document = match reading {
        Reading::Strict => Document::parse(text, Duplicates::Refused),
        Reading::Database | Reading::Reference => {
            Document::parse_prefix(text, Duplicates::LastWins).map(|(document, _)| document)
        }
    };
    document.map_err(|JsonError { offset, defect }| {
        Fault::new(JwksInvalid, offset, format!("the key set cannot be read as JSON: {}", defect.describe()))
    })
}

/// The JWKs of the document. CockroachDB chains several members `keys` and takes null for an empty one.
fn keys(root: Value<'_>, reading: Reading) -> Result<Vec<Value<'_>>, Fault> {
    if root.kind() != Kind::Object {
        let message = format!("the key set is {}, expected an object with the member `keys`", root.kind().describe());
        return Err(Fault::new(JwksInvalid, root.span().0, message));
    }
    let lists: Vec<_> = root.members().filter(|(name, _)| name.is_string("keys")).map(|(_, value)| value).collect();
    if lists.is_empty() {
        let is_key = match reading {
            Reading::Strict => root.member("kty").is_some(),
            Reading::Database | Reading::Reference => root.members().any(|(name, _)| library::is_hint(name, "kty")),
        };
        return match is_key {
            true => Ok(alloc::vec![root]),
            false => Err(Fault::new(JwksInvalid, root.span().0, "the key set has neither `keys` nor `kty`")),
        };
    }
    let mut keys = Vec::new();
    for list in lists {
        match list.kind() {
            Kind::Array => keys.extend(list.elements()),
            Kind::Null if reading.is_the_library_s() => {}
            kind => {
                let message = format!("the member `keys` is {}, expected an array", kind.describe());
                return Err(Fault::new(JwksInvalid, list.span().0, message));
            }
        }
    }
    Ok(keys)
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.entries).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ground::reason::ReasonCode::KeyNotForVerify,
        parsed::keys::{
            Algorithm,
            examples::{ED25519, P256},
        },
    };

    fn set(keys: &[&str]) -> KeySet {
        KeySet::parse(&format!(r#"{{"keys":[{}]}}"#, keys.join(",")), Reading::Strict).unwrap()
    }

    /// The number of keys, or the offset of the fault.
    fn counted(text: &str, reading: Reading) -> Result<usize, usize> {
        KeySet::parse(text, reading).map(|set| set.entries().len()).map_err(|fault| {
            assert_eq!(fault.code, JwksInvalid, "{text}");
            fault.offset
        })
    }

    #[test]
    fn a_set_is_an_object_with_keys_or_one_key() {
        for (text, strict, database) in [
            ("", Err(0), Err(0)),
            ("null", Err(0), Err(0)),
            ("[]", Err(0), Err(0)),
            ("issuer1", Err(0), Err(0)),
            ("<html>", Err(0), Err(0)),
            ("\u{feff}{}", Err(0), Err(0)),
            ("{}", Err(0), Err(0)),
            (r#"{"KEYS":[]}"#, Err(0), Err(0)),
            (r#" {"keys":[],"x":1} "#, Ok(0), Ok(0)),
            (r#"{"keys":{}}"#, Err(8), Err(8)),
            (r#"{"keys":[null]}"#, Err(9), Err(9)),
            (r#"{"keys":[[{"kty":"EC"}]]}"#, Err(9), Err(9)),
            (r#"{"keys":null}"#, Err(8), Ok(0)),
            (r#"{"keys":[]} x"#, Err(12), Ok(0)),
            (P256, Ok(1), Ok(1)),
        ] {
            assert_eq!(counted(text, Reading::Strict), strict, "{text}");
            assert_eq!(counted(text, Reading::Database), database, "{text}");
        }
    }

    #[test]
    fn members_stated_twice_are_refused_or_read_as_the_database_does() {
        let twice = format!(r#"{{"keys":[{P256}],"keys":[{ED25519}]}}"#);
        assert!(counted(&twice, Reading::Strict).is_err());
        assert_eq!(counted(&twice, Reading::Database), Ok(2));
        let renamed = P256.replacen('{', r#"{"kid":"first","#, 1);
        assert!(counted(&renamed, Reading::Strict).is_err());
        let set = KeySet::parse(&renamed, Reading::Database).unwrap();
        assert!(set.find("k").is_some() && set.find("first").is_none());
    }

    #[test]
    fn the_first_key_of_an_id_counts_even_when_it_is_unusable() {
        let unusable = P256.replacen('{', r#"{"use":"enc","#, 1);
        let set = set(&[&unusable, P256, &ED25519.replacen(r#""k""#, r#""other""#, 1)]);
        let first = set.find("k").unwrap().state.as_ref().unwrap_err();
        assert_eq!(first.code, KeyNotForVerify);
        assert_eq!(first.message, "key `k` has the use `enc`, expected `sig`");
        assert!(set.find("other").is_some_and(|entry| entry.state.is_ok()));
        assert!(set.find("K").is_none() && set.find("").is_none());
        assert_eq!((set.entries().len(), set.usable_count()), (3, 2));
    }

    #[test]
    fn entries_keep_their_place() {
        let unknown = r#"{"kty":"LATTICE","kid":"new"}"#;
        let set = set(&[unknown, ED25519]);
        let places: Vec<_> = set.entries().iter().map(|entry| entry.offset).collect();
        assert_eq!(places, [9, 9 + unknown.len() + 1]);
    }

    #[test]
    fn a_key_says_what_it_is_for() {
        let bound = P256.replacen('{', r#"{"alg":"ES256","issuer":"https://idp.example","#, 1);
        let (bound, free) = (set(&[&bound]), set(&[P256]));
        let [bound, free] = [&bound, &free].map(|set| set.find("k").unwrap().state.as_ref().unwrap());
        assert_eq!(
            (&**bound.id(), bound.algorithms(), bound.issuer()),
            ("k", &[Algorithm::ES256][..], Some("https://idp.example"))
        );
        assert_eq!(free.issuer(), None);
        assert_eq!(free.algorithms(), [Algorithm::ES256]);
        assert!(free.accepts(Algorithm::ES256) && !free.accepts(Algorithm::RS256));
        assert!(free.same_material(bound));
    }

    #[test]
    fn debug_shows_no_number_of_a_key() {
        assert_eq!(
            format!("{:?}", set(&[P256])),
            r#"[Entry { id: Some("k"), offset: 9, state: Ok(Key("k", an EC key on P-256)), nameless: None }]"#
        );
    }

    #[test]
    fn more_keys_than_the_limit_are_refused() {
        let sets = |count: usize| format!(r#"{{"keys":[{}]}}"#, alloc::vec![r#"{"kty":"X"}"#; count].join(","));
        assert_eq!(counted(&sets(KEYS_MAX), Reading::Strict), Ok(KEYS_MAX));
        assert!(counted(&sets(KEYS_MAX + 1), Reading::Strict).is_err());
    }
}
