//! May this RSA key vouch for anyone?

use alloc::{boxed::Box, format};

use super::{material::Material, roca, unusable::Unusable};
use crate::ground::{
    limits::{RSA_BITS_MAX, RSA_BITS_MIN},
    reason::ReasonCode::{KeyInvalid, KeyWeak},
};

/// Vets a modulus and an exponent, both big-endian. Leading zeros, which RFC 7518 section 2 forbids and some identity
/// providers publish all the same, change nothing.
pub(super) fn vet(modulus: &[u8], exponent: &[u8]) -> Result<Material, Unusable> {
    let (modulus, exponent) = (trimmed(modulus), trimmed(exponent));
    vet_modulus(modulus)?;
    vet_exponent(exponent)?;
    Ok(Material::Rsa { modulus: Box::from(modulus), exponent: Box::from(exponent) })
}

/// Vets as Go's `crypto/rsa` does, for saying what the database decides: from 1024 bits on, and whoever made the primes.
pub(super) fn vet_as_go_does(modulus: &[u8], exponent: &[u8]) -> Result<Material, Unusable> {
    let (modulus, exponent) = (trimmed(modulus), trimmed(exponent));
    vet_exponent(exponent)?;
    let (bits, is_odd) = (bits(modulus), modulus.last().is_some_and(|last| last % 2 == 1));
    let (modulus, exponent) = (Box::from(modulus), Box::from(exponent));
    match bits {
        GO_BITS_MIN..RSA_BITS_MIN if is_odd => Ok(Material::ShortRsa { modulus, exponent }),
        RSA_BITS_MIN..=RSA_BITS_MAX if is_odd => Ok(Material::Rsa { modulus, exponent }),
        _ => Err(Unusable::new(KeyInvalid, format!("has an RSA modulus of {bits} bits that nothing is verified with"))),
    }
}

/// Whether CockroachDB keeps a fetched set with such a key in it: a modulus that is not zero, an exponent from 2 to 2^31 - 1.
pub(super) fn suits_the_database(modulus: &[u8], exponent: &[u8]) -> Result<(), Unusable> {
    if trimmed(modulus).is_empty() {
        return Err(Unusable::new(KeyInvalid, "has no RSA modulus: its `n` is empty or zero"));
    }
    match value(trimmed(exponent)) {
        Some(2..=EXPONENT_MAX) => Ok(()),
        _ => Err(Unusable::new(KeyInvalid, "has an RSA exponent that is not from 2 to 2^31 - 1")),
    }
}

fn vet_modulus(modulus: &[u8]) -> Result<(), Unusable> {
    let bits = bits(modulus);
    let expected = format!("expected {RSA_BITS_MIN} to {RSA_BITS_MAX}");
    match modulus.last() {
        None => Err(Unusable::new(KeyInvalid, "has no RSA modulus: its `n` is empty or zero")),
        Some(_) if bits < RSA_BITS_MIN => {
            Err(Unusable::new(KeyWeak, format!("has an RSA modulus of {bits} bits, {expected}")))
        }
        Some(_) if bits > RSA_BITS_MAX => {
            Err(Unusable::new(KeyInvalid, format!("has an RSA modulus of {bits} bits, {expected}")))
        }
        Some(last) if last % 2 == 0 => {
            Err(Unusable::new(KeyInvalid, "has an even RSA modulus, expected a product of two odd primes"))
        }
        Some(_) if roca::has_fingerprint(modulus) => {
            Err(Unusable::new(KeyWeak, "has an RSA modulus whose primes can be guessed (ROCA, CVE-2017-15361)"))
        }
        Some(_) => Ok(()),
    }
}

fn vet_exponent(exponent: &[u8]) -> Result<(), Unusable> {
    let Some(value) = value(exponent) else {
        return Err(Unusable::new(KeyInvalid, format!("has an RSA exponent of {} bits, {EXPONENT}", bits(exponent))));
    };
    match value {
        // The signature would be the padded hash itself, which anyone can write.
        1 => Err(Unusable::new(KeyWeak, format!("has the RSA exponent 1, {EXPONENT}"))),
        value if value % 2 == 0 || value > EXPONENT_MAX => {
            Err(Unusable::new(KeyInvalid, format!("has the RSA exponent {value}, {EXPONENT}")))
        }
        _ => Ok(()),
    }
}

/// A number without leading zeros, where it fits into 32 bits.
fn value(number: &[u8]) -> Option<u32> {
    let fits = number.len() <= size_of::<u32>();
    fits.then(|| number.iter().fold(0, |value, &byte| value << 8 | u32::from(byte)))
}

/// The number without its leading zeros.
fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The length in bits of a number without leading zeros.
fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    (number.len() * 8).saturating_sub(unused)
}

/// The largest exponent of Go's `crypto/rsa`, with which CockroachDB verifies.
const EXPONENT_MAX: u32 = i32::MAX as u32;
/// Go's `crypto/rsa` stops here.
const GO_BITS_MIN: usize = 1024;
const EXPONENT: &str = "expected an odd number from 3 to 2^31 - 1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::reason::ReasonCode;
    use alloc::{vec, vec::Vec};

    /// An odd number of so many bits; no product of two primes, which nobody checks.
    fn odd(bits: usize) -> Vec<u8> {
        let mut number = vec![0xff; bits.div_ceil(8)];
        number[0] >>= (8 - bits % 8) % 8;
        number
    }

    fn code(modulus: &[u8], exponent: &[u8]) -> Option<ReasonCode> {
        vet(modulus, exponent).err().map(|unusable| unusable.code)
    }

    #[test]
    fn the_modulus_has_2048_to_8192_bits() {
        for (bits, expected) in [
            (512, Some(KeyWeak)),
            (2047, Some(KeyWeak)),
            (2048, None),
            (2049, None),
            (8192, None),
            (8193, Some(KeyInvalid)),
            (16384, Some(KeyInvalid)),
        ] {
            assert_eq!(code(&odd(bits), &[3]), expected, "{bits}");
        }
    }

    #[test]
    fn an_even_or_empty_modulus_is_none() {
        let mut even = odd(2048);
        even[255] = 0xfe;
        assert_eq!(code(&even, &[3]), Some(KeyInvalid));
        assert_eq!(code(&[], &[3]), Some(KeyInvalid));
        assert_eq!(code(&[0, 0], &[3]), Some(KeyInvalid));
    }

    #[test]
    fn the_exponent_is_odd_from_3_to_the_largest_of_31_bits() {
        for (exponent, expected) in [
            (&[][..], Some(KeyInvalid)),
            (&[0], Some(KeyInvalid)),
            (&[1], Some(KeyWeak)),
            (&[2], Some(KeyInvalid)),
            (&[3], None),
            (&[1, 0, 0], Some(KeyInvalid)),
            (&[1, 0, 1], None),
            (&[0x7f, 0xff, 0xff, 0xff], None),
            (&[0x80, 0, 0, 1], Some(KeyInvalid)),
            (&[1, 0, 0, 0, 1], Some(KeyInvalid)),
            (&[0, 0, 0, 0, 0, 1, 0, 1], None),
        ] {
            assert_eq!(code(&odd(2048), exponent), expected, "{exponent:?}");
        }
    }

    #[test]
    fn leading_zeros_are_no_part_of_the_key() {
        let mut padded = vec![0, 0];
        padded.extend(odd(2048));
        assert!(vet(&padded, &[0, 3]).is_ok_and(|key| vet(&odd(2048), &[3]).is_ok_and(|same| key == same)));
        let mut short = vec![0];
        short.extend(odd(2047));
        assert_eq!(code(&short, &[3]), Some(KeyWeak));
    }
}
