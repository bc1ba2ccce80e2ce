//! Project Wycheproof's signatures, asked of the engine's own keys: each row goes through the reading of a key set, the
//! vetting and the backend, as a token's signature does.
//!
//! The suite holds more than JWS has: other hashes, salts and curves, and signatures in DER. Such a row is put aside with
//! a reason, and if it is labelled valid it must not verify under any algorithm of its key. Some of those labelled
//! invalid are flawed in being what JWS asks for, SHA-256 where SHA-224 was wanted: they are counted apart.
//!
//! `cargo test -p sqljwt wycheproof -- --nocapture` prints the totals of each set.

extern crate std;

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use std::println;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use wycheproof::{
    EdwardsCurve, EllipticCurve, HashFunction, Mgf, TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify,
};

use super::{Algorithm, Key, KeySet, Reading};

/// What a group of rows is signed with: an algorithm of JWS, or why it is none.
type Scheme = Result<Algorithm, &'static str>;

#[test]
fn wycheproof_rsa_pkcs1() {
    let mut totals = Totals::default();
    for name in rsa_pkcs1_verify::TestName::all() {
        let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let scheme = match group.hash {
                HashFunction::Sha2_256 => Ok(Algorithm::RS256),
                HashFunction::Sha2_384 => Ok(Algorithm::RS384),
                HashFunction::Sha2_512 => Ok(Algorithm::RS512),
                _ => Err(OTHER_HASH),
            };
            let key = key(&rsa(&group.key.n, &group.key.e));
            for test in group.tests {
                totals.row(&format!("{name:?}"), test.tc_id, scheme, test.result, verifier(&key, &test.msg, &test.sig));
            }
        }
    }
    totals.are([6202, 89, 3005, 3108, 36]);
}

#[test]
fn wycheproof_rsa_pss() {
    let mut totals = Totals::default();
    for name in rsa_pss_verify::TestName::all() {
        let set = rsa_pss_verify::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let scheme = match (group.mgf, group.hash, group.mgf_hash, group.salt_size) {
                (Mgf::Mgf1, HashFunction::Sha2_256, Some(HashFunction::Sha2_256), 32) => Ok(Algorithm::PS256),
                (Mgf::Mgf1, HashFunction::Sha2_384, Some(HashFunction::Sha2_384), 48) => Ok(Algorithm::PS384),
                (Mgf::Mgf1, HashFunction::Sha2_512, Some(HashFunction::Sha2_512), 64) => Ok(Algorithm::PS512),
                (_, HashFunction::Sha2_256 | HashFunction::Sha2_384 | HashFunction::Sha2_512, mask, _) => {
                    Err(if mask == Some(group.hash) { OTHER_SALT } else { OTHER_MASK })
                }
                _ => Err(OTHER_HASH),
            };
            let key = key(&rsa(&group.key.n, &group.key.e));
            for test in group.tests {
                totals.row(&format!("{name:?}"), test.tc_id, scheme, test.result, verifier(&key, &test.msg, &test.sig));
            }
        }
    }
    totals.are([3497, 775, 411, 2311, 20]);
}

#[test]
fn wycheproof_ecdsa() {
    let mut totals = Totals::default();
    for name in ecdsa::TestName::all() {
        let set = ecdsa::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let (curve, algorithm, hash) = match group.key.curve {
                EllipticCurve::Secp256r1 => ("P-256", Ok(Algorithm::ES256), HashFunction::Sha2_256),
                EllipticCurve::Secp384r1 => ("P-384", Ok(Algorithm::ES384), HashFunction::Sha2_384),
                EllipticCurve::Secp521r1 => ("P-521", Ok(Algorithm::ES512), HashFunction::Sha2_512),
                EllipticCurve::Secp256k1 => ("secp256k1", Err(OTHER_CURVE), group.hash),
                _ => ("another", Err(OTHER_CURVE), group.hash),
            };
            let scheme = match group.test_type {
                _ if algorithm.is_err() => algorithm,
                _ if group.hash != hash => Err(OTHER_HASH),
                ecdsa::TestGroupTypeId::EcdsaP1363 => algorithm,
                _ => Err(DER),
            };
            let (x, y) = group.key.key[1..].split_at(group.key.key.len() / 2);
            let jwk = format!(r#"{{"kid":"k","kty":"EC","crv":"{curve}","x":"{}","y":"{}"}}"#, encode(x), encode(y));
            let key = key(&jwk);
            for test in group.tests {
                totals.row(&format!("{name:?}"), test.tc_id, scheme, test.result, verifier(&key, &test.msg, &test.sig));
            }
        }
    }
    totals.are([29903, 597, 263, 29043, 0]);
}

#[test]
fn wycheproof_eddsa() {
    let mut totals = Totals::default();
    for name in eddsa::TestName::all() {
        let set = eddsa::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let (curve, scheme) = match group.key.curve {
                EdwardsCurve::Ed25519 => ("Ed25519", Ok(Algorithm::EdDSA)),
                EdwardsCurve::Ed448 => ("Ed448", Err(OTHER_CURVE)),
            };
            let key = key(&format!(r#"{{"kid":"k","kty":"OKP","crv":"{curve}","x":"{}"}}"#, encode(&group.key.pk)));
            for test in group.tests {
                totals.row(&format!("{name:?}"), test.tc_id, scheme, test.result, verifier(&key, &test.msg, &test.sig));
            }
        }
    }
    totals.are([238, 88, 63, 87, 0]);
}

const OTHER_HASH: &str =
    "JWS signs with SHA-256, SHA-384 or SHA-512, on a curve with the one it is tied to (RFC 7518 3.1)";
const OTHER_SALT: &str = "the salt of JWS is as long as the hash (RFC 7518 3.5)";
const OTHER_MASK: &str = "the mask of JWS is made with the same hash (RFC 7518 3.5)";
const OTHER_CURVE: &str = "no algorithm of JWS that is verified here has this curve";
const DER: &str = "JWS writes r and s side by side, not in DER (RFC 7518 3.4)";
/// Some libraries read past the parameters that RFC 8017 section 9.2 puts after the hash's name; the comparison of the
/// whole encoding in its section 8.2.2 does not.
const ACCEPTABLE: &str = "labelled acceptable: PKCS #1 padding without its NULL";

/// The vetted key, or `None` where the vetting has set it aside.
fn key(jwk: &str) -> Option<Key> {
    let set = KeySet::parse(jwk, Reading::Strict).unwrap();
    set.entries.into_iter().next().unwrap().state.ok()
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> String {
    format!(r#"{{"kid":"k","kty":"RSA","n":"{}","e":"{}"}}"#, encode(modulus), encode(exponent))
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether the signature verifies with an algorithm.
fn verifier(key: &Option<Key>, message: &[u8], signature: &[u8]) -> impl Fn(Algorithm) -> bool {
    move |algorithm| key.as_ref().is_some_and(|key| key.verify(algorithm, message, signature))
}

/// How many rows of each set were judged how.
#[derive(Default)]
struct Totals {
    sets: BTreeMap<String, Count>,
    /// Why rows were put aside.
    aside: BTreeMap<&'static str, usize>,
    /// Rows among those that are labelled invalid for being signed as JWS is.
    ours: usize,
    wrong: Vec<String>,
}

#[derive(Default)]
struct Count {
    rows: usize,
    accepted: usize,
    refused: usize,
    aside: usize,
}

impl Totals {
    fn row(&mut self, set: &str, id: usize, scheme: Scheme, label: TestResult, verifies: impl Fn(Algorithm) -> bool) {
        let count = self.sets.entry(set.into()).or_default();
        count.rows += 1;
        let (right, place) = match (scheme, label) {
            (Ok(algorithm), TestResult::Valid) => (verifies(algorithm), &mut count.accepted),
            (Ok(algorithm), TestResult::Invalid) => (!verifies(algorithm), &mut count.refused),
            (_, _) => {
                *self.aside.entry(scheme.err().unwrap_or(ACCEPTABLE)).or_default() += 1;
                let verified = Algorithm::all().iter().any(|&algorithm| verifies(algorithm));
                let ours = verified && label == TestResult::Invalid;
                self.ours += usize::from(ours);
                (!verified || ours, &mut count.aside)
            }
        };
        *place += usize::from(right);
        if !right {
            self.wrong.push(format!("{set} {id}: {label:?}, {scheme:?}"));
        }
    }

    /// Prints the totals and holds them against what the suite has: rows, accepted, refused, put aside, and of those ours.
    fn are(&self, expected: [usize; 5]) {
        println!("{:>6} {:>8} {:>7} {:>5}", "rows", "accepted", "refused", "aside");
        let mut all = Count::default();
        for (set, Count { rows, accepted, refused, aside }) in &self.sets {
            println!("{rows:6} {accepted:8} {refused:7} {aside:5}  {set}");
            all.rows += rows;
            all.accepted += accepted;
            all.refused += refused;
            all.aside += aside;
        }
        println!("{:6} {:8} {:7} {:5}  in all; aside are", all.rows, all.accepted, all.refused, all.aside);
        for (reason, count) in &self.aside {
            println!("{count:6}  {reason}");
        }
        assert!(self.wrong.is_empty(), "{} rows are judged wrongly:\n{}", self.wrong.len(), self.wrong.join("\n"));
        println!("{:6}  of these labelled invalid for being signed as JWS is", self.ours);
        assert_eq!([all.rows, all.accepted, all.refused, all.aside, self.ours], expected);
    }
}
