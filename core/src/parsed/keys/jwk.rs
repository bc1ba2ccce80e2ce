//! Is this JWK (RFC 7517 section 4) a key that tokens may be verified with?
//!
//! A JWK is first read, then judged. What cannot be read, CockroachDB refuses together with the whole set, so the
//! reading for its profile does the same; the strict reading sets such a key aside and goes on. What is read and found
//! unfit is set aside in both.

use alloc::{borrow::Cow, boxed::Box, format, sync::Arc, vec::Vec};

use super::{
    algorithm::Algorithm,
    backend::Verifier,
    ec,
    key::Key,
    library,
    material::Material,
    okp,
    reading::{Origin, Reading},
    repair, rsa,
    unusable::{Unusable, invalid, misshapen},
};
use crate::ground::{
    base64url,
    fault::Fault,
    json::{Kind, Value},
    private_keys::PRIVATE_MEMBERS,
    reason::ReasonCode::{JwksInvalid, KeyAlgMismatch, KeyNotForVerify},
    text::{listed, shown},
};

/// One key of the set, usable or not.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The key's `kid`; without one no token can name the key.
    pub(crate) id: Option<Arc<str>>,
    /// Where the key stands in the text, in bytes.
    pub(crate) offset: usize,
    pub(crate) state: Result<Key, Unusable>,
    /// The key, where all that it lacks is an id.
    pub(crate) nameless: Option<Box<Key>>,
}

/// Reads and judges the JWK that stands in the set at `position`, counted from 1.
pub(super) fn entry(jwk: Value<'_>, position: usize, reading: Reading, origin: Origin) -> Result<Entry, Fault> {
    let offset = jwk.span().0;
    let id: Option<Arc<str>> =
        jwk.member("kid").and_then(Value::string).filter(|kid| !kid.is_empty()).map(|kid| Arc::from(&*kid));
    let name = match &id {
        Some(id) => format!("key `{}`", shown(id)),
        None => format!("key {position}, which has no id,"),
    };
    if jwk.kind() != Kind::Object {
        let message = format!("key {position} of the set is {}, expected an object", jwk.kind().describe());
        return Err(Fault::new(JwksInvalid, offset, message));
    }
    if origin == Origin::Configured && reading != Reading::Reference {
        refuse_secrets(jwk, &name)?;
    }
    let named = |unusable: Unusable| Unusable { message: format!("{name} {}", unusable.message), ..unusable };
    let state = match (Source { jwk, reading }).read().map_err(named) {
        Ok(_) if origin == Origin::Fetched && reading == Reading::Strict && secret(jwk).is_some() => {
            Err(named(published_secret()))
        }
        Ok(stated) => {
            if origin == Origin::Fetched && reading.is_the_library_s() {
                stated.numbers.suit_the_database().map_err(|unusable| named(unusable).spoils_set(offset))?;
            }
            stated.judge(reading).map_err(named)
        }
        Err(unreadable) if reading.is_the_library_s() => return Err(unreadable.spoils_set(offset)),
        Err(unreadable) => Err(unreadable),
    };
    let (state, nameless) = match (state, &id) {
        (Ok(key), Some(id)) => (Ok(Key { id: Arc::clone(id), ..key }), None),
        (Ok(key), None) => (Err(named(without_id())), Some(Box::new(key))),
        (Err(unusable), _) => (Err(unusable), None),
    };
    Ok(Entry { id, offset, state, nameless })
}

fn without_id() -> Unusable {
    invalid("can never be chosen, expected a `kid` that tokens can name".into())
        .with_remedy("give the key the id (`kid`) that its tokens name")
}

/// Whether the value is one public key, readable and of a type that signs, whatever it is worth. Not a set, not a shared
/// secret, and nothing private in it.
pub(crate) fn is_public_key(jwk: Value<'_>) -> bool {
    jwk.kind() == Kind::Object
        && secret(jwk).is_none()
        && library::key_type(jwk).is_ok_and(|key_type| key_type != SHARED_SECRET)
}

/// A key whose private half the identity provider has published: anybody can sign with it.
fn published_secret() -> Unusable {
    invalid("is published with its private half, so that anybody can sign with it".into())
        .with_remedy("have the identity provider replace the key, and publish only the public half of the new one")
}

/// Refuses a configured set for a secret in it, with which whoever reads the settings could sign.
fn refuse_secrets(jwk: Value<'_>, name: &str) -> Result<(), Fault> {
    secret(jwk).map_or(Ok(()), |member| {
        let message = format!("{name} holds the private member `{}`", member.string().unwrap_or_default());
        Err(Fault::new(JwksInvalid, member.span().0, message).with_remedy(
            "publish only the public half of the key, and have the identity provider replace the key: whoever has seen \
             this text can sign",
        ))
    })
}

/// The name of the first private member that holds something: an empty text and null are no secret.
fn secret(jwk: Value<'_>) -> Option<Value<'_>> {
    secrets(jwk).next().map(|(name, _)| name)
}

/// The private members that hold something.
pub(crate) fn secrets<'d>(jwk: Value<'d>) -> impl Iterator<Item = (Value<'d>, Value<'d>)> {
    let holds = |value: Value<'_>| !value.is_string("") && !value.is_null();
    let is_secret =
        move |name: Value<'_>, value| private_members().any(|private| name.is_string(private)) && holds(value);
    jwk.members().filter(move |&(name, value)| is_secret(name, value))
}

/// The private members of the asymmetric key types. A shared secret (`k`) is not among them: it is set aside, and signs
/// nothing here whoever knows it.
fn private_members() -> impl Iterator<Item = &'static str> {
    PRIVATE_MEMBERS.into_iter().filter(|&member| member != "k")
}

/// The key type whose one member is a secret (RFC 7518 section 6.4).
const SHARED_SECRET: &str = "oct";

/// A JWK's text and how to read it.
#[derive(Clone, Copy)]
struct Source<'d> {
    jwk: Value<'d>,
    reading: Reading,
}

/// A JWK that has been read and not yet judged.
struct Stated<'d> {
    algorithm: Option<Cow<'d, str>>,
    usage: Option<Cow<'d, str>>,
    /// Where the `use` stands.
    usage_value: Option<Value<'d>>,
    operations: Option<Vec<Cow<'d, str>>>,
    issuer: Option<Value<'d>>,
    numbers: Numbers<'d>,
}

/// The members that only one key type has.
enum Numbers<'d> {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Ec { curve: Cow<'d, str>, x: Vec<u8>, y: Vec<u8> },
    Okp { curve: Option<Cow<'d, str>>, x: Vec<u8> },
    Symmetric,
}

impl<'d> Source<'d> {
    fn read(self) -> Result<Stated<'d>, Unusable> {
        self.id()?;
        Ok(Stated {
            algorithm: self.text("alg")?,
            usage: self.text("use")?,
            usage_value: self.jwk.member("use"),
            operations: self.texts("key_ops")?,
            issuer: self.jwk.member("issuer").filter(|&issuer| !self.is_absent(issuer)),
            numbers: self.numbers()?,
        })
    }

    /// An id that is null is none.
    fn id(self) -> Result<(), Unusable> {
        let value = self.jwk.member("kid").filter(|&value| !value.is_null() && value.kind() != Kind::String);
        value.map_or(Ok(()), |value| Err(repair::id(value, misshapen("kid", value, "a string"))))
    }

    fn numbers(self) -> Result<Numbers<'d>, Unusable> {
        let key_type = match self.reading {
            Reading::Strict => self.required_text("kty").map_err(|unusable| repair::key_type(self.jwk, unusable))?,
            Reading::Database | Reading::Reference => {
                library::key_type(self.jwk).map_err(|unusable| repair::key_type(self.jwk, unusable))?.into()
            }
        };
        match &*key_type {
            "RSA" => Ok(Numbers::Rsa { n: self.bytes("n")?, e: self.bytes("e")? }),
            "EC" => Ok(Numbers::Ec { curve: self.required_text("crv")?, x: self.bytes("x")?, y: self.bytes("y")? }),
            "OKP" => Ok(Numbers::Okp { curve: self.text("crv")?, x: self.bytes("x")? }),
            SHARED_SECRET => self.bytes("k").map(|_| Numbers::Symmetric),
            other => {
                let unusable = invalid(format!("has the type `{}`, expected `RSA`, `EC` or `OKP`", shown(other)));
                Err(repair::key_type(self.jwk, unusable))
            }
        }
    }

    /// A member that may be absent.
    fn text(self, name: &str) -> Result<Option<Cow<'d, str>>, Unusable> {
        let value = self.jwk.member(name).filter(|&value| !self.is_absent(value));
        value.map(|value| value.string().ok_or_else(|| misshapen(name, value, "a string"))).transpose()
    }

    fn texts(self, name: &str) -> Result<Option<Vec<Cow<'d, str>>>, Unusable> {
        let value = self.jwk.member(name).filter(|&value| !self.is_absent(value));
        let texts = |value: Value<'d>| {
            let all = || value.elements().map(|element| self.string(element)).collect();
            if value.kind() == Kind::Array { all() } else { None }
        };
        value.map(|value| texts(value).ok_or_else(|| misshapen(name, value, "an array of strings"))).transpose()
    }

    fn required_text(self, name: &str) -> Result<Cow<'d, str>, Unusable> {
        let value = self.jwk.member(name).ok_or_else(|| repair::missing(self.jwk, name))?;
        self.string(value).ok_or_else(|| misshapen(name, value, "a string"))
    }

    /// CockroachDB takes null and the empty text for absence.
    fn is_absent(self, value: Value<'_>) -> bool {
        self.reading.is_the_library_s() && (value.is_null() || value.is_string(""))
    }

    fn string(self, value: Value<'d>) -> Option<Cow<'d, str>> {
        if self.is_absent(value) { Some("".into()) } else { value.string() }
    }

    fn bytes(self, name: &str) -> Result<Vec<u8>, Unusable> {
        let text = self.required_text(name).map_err(|unusable| repair::number(self.jwk, name, unusable))?;
        let (bytes, expected) = match self.reading {
            Reading::Strict => (base64url::decode(&text), "unpadded base64url"),
            Reading::Database | Reading::Reference => (base64url::decode_lenient(&text), "base64url or base64"),
        };
        bytes.ok_or_else(|| repair::encoding(self.jwk, name, &text, expected))
    }
}

impl Stated<'_> {
    /// The key, under no name yet.
    fn judge(self, reading: Reading) -> Result<Key, Unusable> {
        self.judge_usage(reading)?;
        self.judge_name(reading)?;
        let material = self.numbers.vet(reading)?;
        let stated = self.judge_algorithm(&material)?;
        let issuer = if reading == Reading::Reference { None } else { self.judge_issuer()? };
        let algorithms = match (stated, reading) {
            (Some(algorithm), _) => algorithm.synonyms(),
            (None, Reading::Strict) => material.algorithms(),
            // CockroachDB's token library infers the old name alone.
            (None, _) if material.algorithms().contains(&Algorithm::EdDSA) => Algorithm::EdDSA.alone(),
            (None, _) => material.algorithms(),
        };
        let verifier = Verifier::new(&material, algorithms).ok_or_else(|| not_on_curve(&material))?;
        Ok(Key { id: Arc::from(""), stated, algorithms, issuer, material, verifier })
    }

    /// RFC 7517 sections 4.2 and 4.3; the database does not look at the second.
    fn judge_usage(&self, reading: Reading) -> Result<(), Unusable> {
        if let Some(usage) = self.usage.as_deref().filter(|usage| *usage != "sig") {
            let message = format!("has the use `{}`, expected `sig`", shown(usage));
            let unusable = Unusable::new(KeyNotForVerify, message);
            return Err(match self.usage_value {
                // The keys of a SPIFFE bundle; `x509-svid` is for certificates.
                Some(value) if usage == "jwt-svid" || usage.eq_ignore_ascii_case("sig") => unusable
                    .with_remedy(format!(
                        "write the use `sig` instead of `{}`, or leave `use` out: the database skips keys of another use",
                        shown(usage)
                    ))
                    .instead(value, "\"sig\""),
                _ => unusable,
            });
        }
        match &self.operations {
            _ if reading == Reading::Reference => Ok(()),
            Some(operations) if operations.is_empty() => {
                Err(Unusable::new(KeyNotForVerify, "has empty key_ops, expected `verify` among them"))
            }
            Some(operations) if !operations.iter().any(|operation| operation == "verify") => {
                let message = format!("has the key_ops {}, expected `verify` among them", listed(operations, 4));
                Err(Unusable::new(KeyNotForVerify, message))
            }
            _ => Ok(()),
        }
    }

    /// CockroachDB's token library has not learnt the name that RFC 9864 gave to Ed25519: such a key verifies nothing.
    fn judge_name(&self, reading: Reading) -> Result<(), Unusable> {
        let newer = Algorithm::Ed25519.as_str();
        if reading.is_the_library_s() && self.algorithm.as_deref() == Some(newer) {
            let message = format!("has the alg `{newer}`, a name that the database does not know, expected `EdDSA`");
            return Err(Unusable::new(KeyAlgMismatch, message));
        }
        Ok(())
    }

    /// RFC 7517 section 4.4.
    fn judge_algorithm(&self, material: &Material) -> Result<Option<Algorithm>, Unusable> {
        let Some(name) = self.algorithm.as_deref() else { return Ok(None) };
        let possible = material.algorithms();
        let algorithm = possible.iter().copied().find(|algorithm| algorithm.as_str() == name);
        algorithm.map(Some).ok_or_else(|| {
            let (name, possible) = (shown(name), listed(possible, possible.len()));
            Unusable::new(KeyAlgMismatch, format!("is {material} with the alg `{name}`, expected {possible}"))
        })
    }

    /// Entra names in each key the issuer that it belongs to.
    fn judge_issuer(&self) -> Result<Option<Box<str>>, Unusable> {
        let issuer = self.issuer.map(|value| value.string().ok_or_else(|| misshapen("issuer", value, "a string")));
        Ok(issuer.transpose()?.map(|issuer| Box::from(&*issuer)))
    }
}

fn not_on_curve(material: &Material) -> Unusable {
    invalid(format!("is {material} whose point is not on that curve"))
}

impl Numbers<'_> {
    /// What CockroachDB asks of every key of a set that it has fetched, whatever the key is for.
    fn suit_the_database(&self) -> Result<(), Unusable> {
        match self {
            Self::Rsa { n, e } => rsa::suits_the_database(n, e),
            Self::Ec { curve, x, y } => {
                let material = ec::vet_numbers(curve, x, y)?;
                let verifier = Verifier::new(&material, material.algorithms());
                verifier.map(drop).ok_or_else(|| not_on_curve(&material))
            }
            Self::Okp { curve, x } => okp::suits_the_database(curve.as_deref(), x),
            Self::Symmetric => Ok(()),
        }
    }

    fn vet(&self, reading: Reading) -> Result<Material, Unusable> {
        match self {
            Self::Rsa { n, e } if reading == Reading::Reference => rsa::vet_as_go_does(n, e),
            Self::Ec { curve, x, y } if reading == Reading::Reference => ec::vet_numbers(curve, x, y),
            Self::Rsa { n, e } => rsa::vet(n, e),
            Self::Ec { curve, x, y } => ec::vet(curve, x, y),
            Self::Okp { curve, x } => okp::vet(curve.as_deref(), x),
            Self::Symmetric => Err(invalid("is a shared secret (kty `oct`), expected a public key".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ground::reason::ReasonCode::{self, KeyInvalid},
        parsed::keys::{
            KeySet,
            examples::{ED25519, P256},
        },
    };
    use alloc::string::String;

    /// What becomes of a set of one key: the code of its refusal, `None` if it is usable.
    fn outcome(jwk: &str, reading: Reading) -> Option<ReasonCode> {
        let set = match KeySet::parse(&format!(r#"{{"keys":[{jwk}]}}"#), reading) {
            Ok(set) => set,
            Err(fault) => return Some(fault.code),
        };
        set.entries()[0].state.as_ref().err().map(|unusable| unusable.code)
    }

    /// The key with a text replaced, which has to be in it.
    fn with(jwk: &str, from: &str, to: &str) -> String {
        assert!(jwk.contains(from), "{from}");
        jwk.replacen(from, to, 1)
    }

    /// Compares the outcome of the P-256 example with more members, in both readings.
    fn assert_members(members: &str, strict: Option<ReasonCode>, database: Option<ReasonCode>) {
        let jwk = with(P256, "{", &format!("{{{members},"));
        assert_eq!(outcome(&jwk, Reading::Strict), strict, "{members}, strict");
        assert_eq!(outcome(&jwk, Reading::Database), database, "{members}, database");
    }

    #[test]
    fn members_without_a_meaning_here_are_passed_over() {
        assert_members(r#""x5u":null,"nbf":[{}],"X":1,"KID":[]"#, None, None);
    }

    #[test]
    fn a_use_is_sig_or_absent() {
        assert_members(r#""use":"sig""#, None, None);
        assert_members(r#""use":"enc""#, Some(KeyNotForVerify), Some(KeyNotForVerify));
        assert_members(r#""use":"SIG""#, Some(KeyNotForVerify), Some(KeyNotForVerify));
        assert_members(r#""use":"""#, Some(KeyNotForVerify), None);
        assert_members(r#""use":null"#, Some(KeyInvalid), None);
        assert_members(r#""use":["sig"]"#, Some(KeyInvalid), Some(JwksInvalid));
    }

    #[test]
    fn key_ops_hold_verify_or_are_absent() {
        assert_members(r#""key_ops":["sign","verify"]"#, None, None);
        assert_members(r#""key_ops":["sign"]"#, Some(KeyNotForVerify), Some(KeyNotForVerify));
        assert_members(r#""key_ops":[]"#, Some(KeyNotForVerify), Some(KeyNotForVerify));
        assert_members(r#""use":"sig","key_ops":["encrypt"]"#, Some(KeyNotForVerify), Some(KeyNotForVerify));
        assert_members(r#""key_ops":"verify""#, Some(KeyInvalid), Some(JwksInvalid));
        assert_members(r#""key_ops":["verify",1]"#, Some(KeyInvalid), Some(JwksInvalid));
        assert_members(r#""key_ops":["verify",null]"#, Some(KeyInvalid), None);
        assert_members(r#""key_ops":null"#, Some(KeyInvalid), None);
    }

    #[test]
    fn an_alg_fits_the_key() {
        assert_members(r#""alg":"ES256""#, None, None);
        for other in ["ES384", "RS256", "HS256", "none", "es256", "ES256 ", "RSA-OAEP", "ES256K"] {
            assert_members(&format!(r#""alg":"{other}""#), Some(KeyAlgMismatch), Some(KeyAlgMismatch));
        }
        assert_members(r#""alg":"""#, Some(KeyAlgMismatch), None);
        assert_members(r#""alg":null"#, Some(KeyInvalid), None);
        assert_members(r#""alg":256"#, Some(KeyInvalid), Some(JwksInvalid));
    }

    #[test]
    fn an_ed25519_key_has_two_names_for_its_algorithm_and_the_database_knows_the_older() {
        use Algorithm::{Ed25519, EdDSA};
        for (alg, strict, database) in [
            ("", Some(&[EdDSA, Ed25519][..]), Some(&[EdDSA][..])),
            (r#""alg":"EdDSA","#, Some(&[EdDSA, Ed25519]), Some(&[EdDSA, Ed25519])),
            (r#""alg":"Ed25519","#, Some(&[EdDSA, Ed25519]), None),
            (r#""alg":"ed25519","#, None, None),
        ] {
            let jwk = with(ED25519, "{", &format!("{{{alg}"));
            for (reading, expected) in [(Reading::Strict, strict), (Reading::Database, database)] {
                let set = KeySet::parse(&jwk, reading).unwrap();
                match &set.entries()[0].state {
                    Ok(key) => assert_eq!(Some(key.algorithms()), expected, "{alg} {reading:?}"),
                    Err(unusable) => assert_eq!((unusable.code, None), (KeyAlgMismatch, expected), "{alg} {reading:?}"),
                }
            }
        }
    }

    #[test]
    fn an_issuer_that_is_no_text_binds_the_key_to_nobody() {
        assert_members(r#""issuer":"https://idp.example/{tenantid}/v2.0""#, None, None);
        assert_members(r#""issuer":null"#, Some(KeyInvalid), None);
        assert_members(r#""issuer":"""#, None, None);
        assert_members(r#""issuer":false"#, Some(KeyInvalid), Some(KeyInvalid));
        assert_members(r#""issuer":["https://idp.example"]"#, Some(KeyInvalid), Some(KeyInvalid));
    }

    #[test]
    fn certificates_are_never_used_but_the_database_reads_their_list() {
        assert_members(r#""x5c":["no certificate"]"#, None, None);
        assert_members(r#""x5c":"no list""#, None, Some(JwksInvalid));
    }

    #[test]
    fn what_the_database_cannot_read_spoils_its_set_and_here_only_the_key() {
        for (from, to) in [
            (r#""kty":"EC""#, r#""kty":"ec""#),
            (r#""kty":"EC""#, r#""kty":"AKP""#),
            (r#""kty":"EC""#, r#""kty":{"EC":null}"#),
            (r#""kty":"EC","#, ""),
            (r#""crv":"P-256","#, ""),
            (r#""x":"#, r#""X":"#),
            (r#""y":""#, r#""y":"!"#),
            (r#""kid":"k""#, r#""kid":1"#),
            (r#""kty":"EC""#, r#""kty":"RSA","e":"AQAB""#),
            (r#""kty":"EC""#, r#""kty":"oct""#),
        ] {
            let jwk = with(P256, from, to);
            assert_eq!(outcome(&jwk, Reading::Strict), Some(KeyInvalid), "{to}");
            assert_eq!(outcome(&jwk, Reading::Database), Some(JwksInvalid), "{to}");
        }
    }

    #[test]
    fn what_only_the_engine_refuses_spoils_the_key_in_both_readings() {
        for (from, to) in [
            ("P-256", "P-224"),
            ("P-256", "secp256k1"),
            ("P-256", "P-384"),
            (r#""y":"x"#, r#""y":"y"#),
            (r#""kty":"EC""#, r#""kty":"OKP""#),
            (r#""kty":"EC""#, r#""kty":"oct","k":"""#),
            (r#""kty":"EC""#, r#""kty":"RSA","n":"","e":"AQAB""#),
        ] {
            let jwk = with(P256, from, to);
            for reading in [Reading::Strict, Reading::Database] {
                assert_eq!(outcome(&jwk, reading), Some(KeyInvalid), "{to} {reading:?}");
            }
        }
    }

    #[test]
    fn only_the_database_reads_other_forms_of_base64() {
        for (from, to) in [("EU\"", "EU=\""), ("EU\"", "EV\""), ("EU\"", "EU\\n\""), ("EU\"", "\\r\\nEU=\"")] {
            let jwk = with(P256, from, to);
            assert_eq!(outcome(&jwk, Reading::Strict), Some(KeyInvalid), "{to}");
            assert_eq!(outcome(&jwk, Reading::Database), None, "{to}");
        }
    }

    #[test]
    fn a_key_without_an_id_is_reported_and_never_usable() {
        for (kid, strict) in [("", KeyInvalid), (r#""kid":"","#, KeyInvalid), (r#""kid":null,"#, KeyInvalid)] {
            let jwk = with(&with(P256, r#","kid":"k""#, ""), "{", &format!("{{{kid}"));
            for reading in [Reading::Strict, Reading::Database] {
                assert_eq!(outcome(&jwk, reading), Some(strict), "{kid} {reading:?}");
            }
        }
    }

    #[test]
    fn a_private_member_refuses_the_set_and_is_never_repeated() {
        for member in private_members() {
            let jwk = with(P256, "{", &format!(r#"{{"{member}":"c2VjcmV0","#));
            for reading in [Reading::Strict, Reading::Database] {
                let fault = KeySet::parse(&jwk, reading).unwrap_err();
                assert_eq!(fault.code, JwksInvalid);
                assert_eq!(fault.offset, 1);
                assert_eq!(fault.message, format!("key `k` holds the private member `{member}`"));
                assert!(!format!("{fault:?}").contains("c2VjcmV0"));
            }
        }
    }
}
