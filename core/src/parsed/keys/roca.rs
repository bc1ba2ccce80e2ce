//! Was this RSA key made by the library whose primes can be guessed (ROCA, CVE-2017-15361)?
//!
//! Smart cards and TPMs of one maker chose primes that are powers of 65537 modulo the product of all small primes. So is
//! their product, modulo each of these primes; of other moduli one in 100 million is. Whoever has such a modulus can
//! compute the private key.

use core::iter;

/// Whether the modulus is a power of 65537 modulo every prime that the makers' keys of all sizes share.
pub(super) fn has_fingerprint(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|&prime| is_power(remainder(modulus, prime), prime))
}

/// The big-endian number modulo the prime.
fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest, &byte| (rest << 8 | u32::from(byte)) % prime)
}

fn is_power(residue: u32, prime: u32) -> bool {
    let powers = iter::successors(Some(1), |power| Some(power * (GENERATOR % prime) % prime));
    // There are fewer than `prime` of them before they repeat.
    powers.take(prime as usize).any(|power| power == residue)
}

const GENERATOR: u32 = 65_537;

/// The odd primes to 167, those first that most other moduli fail at.
const PRIMES: [u32; 38] = [
    11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157, 3, 5, 7, 23, 29, 31, 41, 43, 47, 59, 67,
    83, 89, 101, 113, 131, 137, 139, 149, 163, 167,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modulus_of_the_kind_is_recognised_and_others_are_not() {
        // 65537^3, and the same with one bit of it changed.
        let cube = (u128::from(GENERATOR).pow(3)).to_be_bytes();
        assert!(has_fingerprint(&cube));
        for bit in 0..cube.len() * 8 {
            let mut other = cube;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!has_fingerprint(&other), "{bit}");
        }
    }

    #[test]
    fn the_primes_are_the_odd_ones_to_167() {
        let mut primes = PRIMES;
        primes.sort_unstable();
        let odd = (3..=167).step_by(2).filter(|number| (3..*number).all(|divisor| number % divisor != 0));
        assert!(odd.eq(primes));
    }
}
