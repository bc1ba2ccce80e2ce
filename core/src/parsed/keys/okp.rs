//! Is this octet key pair (RFC 8037 section 2) an Ed25519 key that proves something?

use alloc::format;

use super::{material::Material, unusable::Unusable};
use crate::ground::{
    reason::ReasonCode::{KeyInvalid, KeyWeak},
    text::shown,
};

/// Vets the name of a curve and an encoded point. An encoding that belongs to no point of the curve (half of them) passes
/// here, and then verifies no signature.
pub(super) fn vet(curve: Option<&str>, x: &[u8]) -> Result<Material, Unusable> {
    match curve {
        Some("Ed25519") => {}
        Some(other) => {
            let other = shown(other);
            return Err(Unusable::new(KeyInvalid, format!("is on the curve `{other}`, expected `Ed25519`")));
        }
        None => return Err(Unusable::new(KeyInvalid, "names no curve: `crv` is absent, expected `Ed25519`")),
    }
    let point: [u8; 32] = x
        .try_into()
        .map_err(|_| Unusable::new(KeyInvalid, format!("has an `x` of {} bytes, expected 32 for Ed25519", x.len())))?;
    if !is_canonical(&point) {
        return Err(Unusable::new(
            KeyInvalid,
            "has a coordinate of 2^255 - 19 or more, expected its canonical encoding",
        ));
    }
    if is_of_small_order(&point) {
        return Err(Unusable::new(KeyWeak, "is a point of small order, under which anyone can sign"));
    }
    Ok(Material::Ed25519(point))
}

/// Whether CockroachDB keeps a fetched set with such a key in it: of a curve that it knows, and as long as its points are.
pub(super) fn suits_the_database(curve: Option<&str>, x: &[u8]) -> Result<(), Unusable> {
    const LENGTHS: [(&str, usize); 4] = [("Ed25519", 32), ("X25519", 32), ("Ed448", 57), ("X448", 56)];
    let curve = curve.unwrap_or_default();
    match LENGTHS.iter().find(|(known, _)| *known == curve) {
        Some(&(_, length)) if x.len() == length => Ok(()),
        Some((_, length)) => {
            Err(Unusable::new(KeyInvalid, format!("has an `x` of {} bytes, expected {length} for {curve}", x.len())))
        }
        None => Err(Unusable::new(KeyInvalid, format!("is on the curve `{}`, which no one knows", shown(curve)))),
    }
}

/// Whether the y coordinate is less than p = 2^255 - 19 (RFC 8032 section 5.1.3, step 1).
fn is_canonical(point: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = point;
    !(*lowest >= 0xed && middle.iter().all(|&byte| byte == 0xff) && highest | SIGN == 0xff)
}

/// Whether eight times the point is the identity. Takes the canonical encodings, and the two of them whose sign bit
/// contradicts x = 0.
pub(super) fn is_of_small_order(point: &[u8; 32]) -> bool {
    let [start @ .., last] = point;
    SMALL_ORDER.iter().any(|[small_start @ .., small_last]| start == small_start && last & !SIGN == *small_last)
}

/// The bit that holds the sign of x; the others are y, little-endian.
const SIGN: u8 = 0x80;

/// The y coordinates of edwards25519's eight points of small order, the torsion subgroup that the cofactor 8 of
/// RFC 8032 section 5.1 stands for. A point and its negative share their y.
const SMALL_ORDER: [[u8; 32]; 5] = [
    // Order 1: y = 1, the identity.
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    // Order 2: y = -1.
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    // Order 4: y = 0.
    [0; 32],
    // Order 8: y and -y with d y^4 + 2 y^2 = 1, the points whose double has y = 0.
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::reason::ReasonCode;

    fn code(x: &[u8]) -> Option<ReasonCode> {
        vet(Some("Ed25519"), x).err().map(|unusable| unusable.code)
    }

    #[test]
    fn the_ten_encodings_of_small_order_are_weak() {
        for mut point in SMALL_ORDER {
            assert_eq!(code(&point), Some(KeyWeak));
            point[31] |= SIGN;
            assert_eq!(code(&point), Some(KeyWeak));
            point[0] ^= 4;
            assert_eq!(code(&point), None);
        }
    }

    #[test]
    fn the_points_of_order_eight_are_each_other_s_negatives() {
        let [_, _, _, first, second] = SMALL_ORDER;
        let mut carry = 0;
        let sum = core::array::from_fn(|at| {
            let sum = u16::from(first[at]) + u16::from(second[at]) + carry;
            carry = sum >> 8;
            sum as u8
        });
        let mut p = [0xff; 32];
        (p[0], p[31]) = (0xed, 0x7f);
        assert_eq!((sum, carry), (p, 0));
    }

    #[test]
    fn a_coordinate_is_less_than_the_prime() {
        let mut point = [0xff; 32];
        for sign in [0, SIGN] {
            point[31] = 0x7f | sign;
            for (lowest, expected) in
                [(0xeb, None), (0xed, Some(KeyInvalid)), (0xee, Some(KeyInvalid)), (0xff, Some(KeyInvalid))]
            {
                point[0] = lowest;
                assert_eq!(code(&point), expected, "{lowest:x}");
            }
            point[0] = 0xed;
            point[17] = 0xfe;
            assert_eq!(code(&point), None);
            point[17] = 0xff;
        }
    }

    #[test]
    fn a_point_has_32_bytes_on_ed25519() {
        for bytes in [0, 31, 33, 57] {
            assert_eq!(code(&[5; 57][..bytes]), Some(KeyInvalid), "{bytes}");
        }
        for curve in [None, Some("Ed448"), Some("X25519"), Some("ED25519"), Some("P-256")] {
            assert_eq!(vet(curve, &[5; 32]).err().map(|unusable| unusable.code), Some(KeyInvalid), "{curve:?}");
        }
    }
}
