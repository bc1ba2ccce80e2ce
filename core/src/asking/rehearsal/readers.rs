//! What do known readers of key sets make of one with keys that they do not know? RFC 7517 section 5 asks them to pass such keys
//! over; many drop the set instead, and nobody logs in any more.
//!
//! A row says no more than is known of its reader: a set in which nothing is that the row speaks of counts as read.

use alloc::{format, string::String, vec::Vec};

use crate::{
    asking::rehearsal::{
        document::{Evidence, ReaderVerdict, SetVerdict},
        shape::{Shape, number},
    },
    ground::text::{listed, one_line, quoted, shown},
    parsed::keys::{KeySet, Reading},
};

/// A reader of key sets.
struct Reader {
    name: &'static str,
    versions: &'static str,
    does: Does,
    evidence: Evidence,
    source: &'static str,
}

/// What a reader does with what it does not know.
#[derive(Clone, Copy)]
enum Does {
    /// What the engine itself does with such a set.
    Engine(Reading),
    /// What is known of a stranger.
    Rules(Rules),
}

/// What a stranger stumbles over.
#[derive(Clone, Copy)]
struct Rules {
    /// The key types that it knows.
    types: &'static [&'static str],
    /// What it does for a key of another type.
    unknown: SetVerdict,
    /// The members that drop the set where one is of the wrong kind.
    kinds: &'static [&'static str],
    /// Whether a key without a member that its type requires drops the set.
    required: bool,
    /// Whether a `use` other than `sig` and `enc` drops the set.
    uses: bool,
}

/// The key types of RFC 7518 section 6 and RFC 8037 section 2.
const COMMON: &[&str] = &["RSA", "EC", "OKP", "oct"];

/// Drops the set for a key of an unknown type; more is not known.
const WHOLE: Does = Does::Rules(Rules { unknown: SetVerdict::DropsTheSet, ..KEY_BY_KEY });

/// Passes over keys of an unknown type.
const ONE_BY_ONE: Does = Does::Rules(KEY_BY_KEY);

/// The same, and knows the key type of RFC 9964.
const WITH_AKP: Does = Does::Rules(Rules { types: &["RSA", "EC", "OKP", "oct", "AKP"], ..KEY_BY_KEY });

const KEY_BY_KEY: Rules =
    Rules { types: COMMON, unknown: SetVerdict::DropsKeys, kinds: &[], required: false, uses: false };

const AUTHLIB: Does = Does::Rules(Rules { unknown: SetVerdict::DropsTheSet, required: true, ..KEY_BY_KEY });

const JOSERFC: Does =
    Does::Rules(Rules { kinds: &["kid", "use", "alg", "x5c"], required: true, uses: true, ..KEY_BY_KEY });

const JWCRYPTO: Does = Does::Rules(Rules { types: &["RSA", "EC", "OKP", "oct", "AKP"], required: true, ..KEY_BY_KEY });

const JSONWEBTOKEN: Does = Does::Rules(Rules { kinds: &["kid", "use", "alg", "key_ops", "x5c"], ..KEY_BY_KEY });

const READERS: &[Reader] = &[
    Reader {
        name: "sqljwt, profile hardened",
        versions: "this one",
        does: Does::Engine(Reading::Strict),
        evidence: Evidence::Measured,
        source: "this engine",
    },
    Reader {
        name: "CockroachDB",
        versions: "24.3 and later, with jwx v2",
        does: Does::Engine(Reading::Database),
        evidence: Evidence::Measured,
        source: "tried with lestrrat-go/jwx 2.1.1",
    },
    Reader {
        name: "CockroachDB",
        versions: "up to 24.2, with jwx v1",
        does: WHOLE,
        evidence: Evidence::Inferred,
        source: "from lestrrat-go/jwx v2",
    },
    Reader {
        name: "TiDB, tidb_auth_token",
        versions: "with jwx v2",
        does: WHOLE,
        evidence: Evidence::Inferred,
        source: "from lestrrat-go/jwx v2",
    },
    Reader {
        name: "lestrrat-go/jwx (Go)",
        versions: "3.0.2, unless a parse option says otherwise",
        does: WHOLE,
        evidence: Evidence::Stated,
        source: "lestrrat-go/jwx#2263",
    },
    Reader {
        name: "lestrrat-go/jwx (Go)",
        versions: "4.1, unless it is told to be strict",
        does: ONE_BY_ONE,
        evidence: Evidence::Stated,
        source: "lestrrat-go/jwx#2264",
    },
    Reader {
        name: "authlib.jose (Python)",
        versions: "1.7.2",
        does: AUTHLIB,
        evidence: Evidence::Measured,
        source: "tried with authlib 1.7.2; authlib/authlib#913",
    },
    Reader {
        name: "joserfc (Python)",
        versions: "before July 2026",
        does: WHOLE,
        evidence: Evidence::Stated,
        source: "authlib/joserfc#103",
    },
    Reader {
        name: "joserfc (Python)",
        versions: "1.8.0",
        does: JOSERFC,
        evidence: Evidence::Measured,
        source: "tried with joserfc 1.8.0",
    },
    Reader {
        name: "jwcrypto (Python)",
        versions: "before August 2026",
        does: WHOLE,
        evidence: Evidence::Stated,
        source: "latchset/jwcrypto#388",
    },
    Reader {
        name: "jwcrypto (Python)",
        versions: "1.6.1",
        does: JWCRYPTO,
        evidence: Evidence::Measured,
        source: "tried with jwcrypto 1.6.1",
    },
    Reader {
        name: "PyJWT (Python)",
        versions: "2.15.1",
        does: ONE_BY_ONE,
        evidence: Evidence::Measured,
        source: "tried with PyJWT 2.15.1",
    },
    Reader {
        name: "ruby-jwt (Ruby)",
        versions: "3.2.0",
        does: WHOLE,
        evidence: Evidence::Stated,
        source: "jwt/ruby-jwt#743",
    },
    Reader {
        name: "fusionauth-jwt (Java)",
        versions: "6.0.0",
        does: WHOLE,
        evidence: Evidence::Stated,
        source: "fusionauth/fusionauth-jwt#80",
    },
    Reader {
        name: "nimbus-jose-jwt (Java)",
        versions: "as of May 2026",
        does: ONE_BY_ONE,
        evidence: Evidence::Stated,
        source: "jwt/ruby-jwt#728",
    },
    Reader {
        name: "Keycloak, as a client",
        versions: "since 2024",
        does: ONE_BY_ONE,
        evidence: Evidence::Stated,
        source: "keycloak/keycloak#28494",
    },
    Reader {
        name: "JOSESwift (Swift)",
        versions: "3.0.0",
        does: WHOLE,
        evidence: Evidence::Stated,
        source: "airsidemobile/JOSESwift#494",
    },
    Reader {
        name: "jsonwebtoken (Rust)",
        versions: "11",
        does: JSONWEBTOKEN,
        evidence: Evidence::Measured,
        source: "tried with jsonwebtoken 11, by the tests of this engine",
    },
    Reader {
        name: "jose (JavaScript)",
        versions: "5.10.0",
        does: ONE_BY_ONE,
        evidence: Evidence::Measured,
        source: "tried with jose 5.10.0",
    },
    Reader {
        name: "jose (JavaScript)",
        versions: "6.2.18",
        does: WITH_AKP,
        evidence: Evidence::Measured,
        source: "tried with jose 6.2.18",
    },
];

/// A key set that an identity provider publishes, or that is configured.
pub(super) struct Published<'p> {
    pub(super) text: &'p str,
    pub(super) shapes: &'p [Shape],
    /// The set in the reading of the profile that decides, where it can be read so.
    pub(super) own: Option<(Reading, &'p KeySet)>,
    pub(super) is_fetched: bool,
}

/// What each known reader makes of a key set.
pub(super) fn readers(set: &Published<'_>) -> Vec<ReaderVerdict> {
    READERS.iter().map(|reader| verdict(reader, set)).collect()
}

fn verdict(reader: &Reader, set: &Published<'_>) -> ReaderVerdict {
    let Judged { verdict, keys, why } = match reader.does {
        Does::Engine(reading) => engine(set, reading),
        Does::Rules(rules) => stranger(set.shapes, &rules),
    };
    let Reader { name, versions, evidence, source, .. } = *reader;
    ReaderVerdict { reader: name, versions, verdict, keys, why, evidence, source }
}

/// What a reader makes of the set, and because of what.
struct Judged {
    verdict: SetVerdict,
    keys: Vec<String>,
    why: Option<String>,
}

/// By the engine's own reading.
fn engine(set: &Published<'_>, reading: Reading) -> Judged {
    if let Some((own, read)) = set.own
        && own == reading
    {
        return of_set(read);
    }
    let read = if set.is_fetched { KeySet::parse_fetched(set.text, reading) } else { KeySet::parse(set.text, reading) };
    match read {
        Ok(set) => of_set(&set),
        // A key that spoils the set is told by where it stands; so is what stands inside it.
        Err(fault) => {
            let key = set.shapes.iter().rev().find(|shape| shape.offset <= fault.offset);
            spoilt(&fault.message, key.filter(|key| fault.offset < key.end))
        }
    }
}

fn spoilt(why: &str, key: Option<&Shape>) -> Judged {
    let keys = key.map(|key| key.name.clone()).into_iter().collect();
    Judged { verdict: SetVerdict::DropsTheSet, keys, why: Some(one_line(why)) }
}

/// By the keys that it sets aside.
fn of_set(set: &KeySet) -> Judged {
    let aside = set.entries().iter().enumerate().filter_map(|(place, entry)| {
        let unusable = entry.state.as_ref().err()?;
        let name = entry.id.as_deref().map_or_else(|| number(place), quoted);
        Some((name, unusable.message.as_str()))
    });
    let aside: Vec<(String, &str)> = aside.collect();
    let why = aside.first().map(|(_, message)| one_line(*message));
    let verdict = if aside.is_empty() { SetVerdict::ReadsAll } else { SetVerdict::DropsKeys };
    Judged { verdict, keys: aside.into_iter().take(NAMED_KEYS_MAX).map(|(name, _)| name).collect(), why }
}

/// By what is known of it: first what drops the set, then what it passes over.
fn stranger(shapes: &[Shape], rules: &Rules) -> Judged {
    let spoils = |shape: &Shape| spoils(shape, rules);
    let is_unknown = |shape: &Shape| {
        let name = shape.key_type.as_deref().filter(|name| !rules.types.contains(name))?;
        let known = listed(rules.types, rules.types.len());
        Some(format!(
            "it knows the key types {known}, and key `{}` is of the type `{}`",
            shown(&shape.name),
            shown(name)
        ))
    };
    let spoilt = because_of(shapes, SetVerdict::DropsTheSet, spoils);
    spoilt.or_else(|| because_of(shapes, rules.unknown, is_unknown)).unwrap_or(Judged {
        verdict: SetVerdict::ReadsAll,
        keys: Vec::new(),
        why: None,
    })
}

/// Why a key of a known type drops the set.
fn spoils(shape: &Shape, rules: &Rules) -> Option<String> {
    let name = || shown(&shape.name);
    if let Some(member) = shape.misshapen.iter().find(|member| rules.kinds.contains(member)) {
        return Some(format!("key `{}` has a member `{member}` of the wrong kind", name()));
    }
    if let Some(member) = shape.missing.filter(|_| rules.required) {
        return Some(format!("key `{}` has no member `{member}`", name()));
    }
    let usage = shape.usage.as_deref().filter(|usage| rules.uses && !matches!(*usage, "sig" | "enc"))?;
    Some(format!("key `{}` has the use `{}`, which is neither `sig` nor `enc`", name(), shown(usage)))
}

/// The verdict because of the keys for which there is a why.
fn because_of(shapes: &[Shape], verdict: SetVerdict, why: impl Fn(&Shape) -> Option<String>) -> Option<Judged> {
    let first = shapes.iter().find_map(&why)?;
    let keys = shapes.iter().filter(|shape| why(shape).is_some()).take(NAMED_KEYS_MAX);
    Some(Judged { verdict, keys: keys.map(|shape| shape.name.clone()).collect(), why: Some(first) })
}

/// How many keys are named in one place.
const NAMED_KEYS_MAX: usize = 50;
