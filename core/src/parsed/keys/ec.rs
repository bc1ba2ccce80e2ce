//! Is this EC key stated as RFC 7518 section 6.2.1 asks?

use alloc::{format, vec::Vec};

use super::{
    material::{Curve, Material},
    unusable::Unusable,
};
use crate::ground::{reason::ReasonCode::KeyInvalid, text::shown};

/// Vets the name of a curve and two coordinates. Whether the point lies on the curve is for the backend to say, which has
/// the curve's arithmetic.
pub(super) fn vet(curve: &str, x: &[u8], y: &[u8]) -> Result<Material, Unusable> {
    let Some(known) = Curve::ALL.into_iter().find(|known| known.as_str() == curve) else {
        let curve = shown(curve);
        return Err(Unusable::new(
            KeyInvalid,
            format!("is on the curve `{curve}`, expected `P-256`, `P-384` or `P-521`"),
        ));
    };
    let expected = known.coordinate_bytes();
    for (name, coordinate) in [("x", x), ("y", y)] {
        if coordinate.len() != expected {
            return Err(Unusable::new(
                KeyInvalid,
                format!("has a coordinate `{name}` of {} bytes, expected {expected} on {curve}", coordinate.len()),
            ));
        }
    }
    let point: Vec<u8> = [&[UNCOMPRESSED], x, y].concat();
    Ok(Material::Ec { curve: known, point: point.into() })
}

/// The same of coordinates that are numbers, as CockroachDB's token library takes them, for saying what the database
/// decides: zeros in front are no part of them.
pub(super) fn vet_numbers(curve: &str, x: &[u8], y: &[u8]) -> Result<Material, Unusable> {
    let bytes = Curve::ALL.into_iter().find(|known| known.as_str() == curve).map_or(0, Curve::coordinate_bytes);
    let whole = |number: &[u8]| {
        let zeros = number.iter().take_while(|&&byte| byte == 0).count();
        let digits = number.get(zeros..).unwrap_or_default();
        let mut coordinate = alloc::vec![0; bytes.saturating_sub(digits.len())];
        coordinate.extend(digits);
        coordinate
    };
    vet(curve, &whole(x), &whole(y))
}

/// SEC 1 section 2.3.3.
const UNCOMPRESSED: u8 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_exactly_the_length_of_the_field() {
        for (curve, bytes) in [("P-256", 32), ("P-384", 48), ("P-521", 66)] {
            let coordinate = [1; 67];
            let vet = |x: usize, y: usize| vet(curve, &coordinate[..x], &coordinate[..y]);
            assert!(vet(bytes, bytes).is_ok(), "{curve}");
            for (x, y) in [(bytes - 1, bytes), (bytes, bytes - 1), (bytes + 1, bytes - 1), (bytes + 1, bytes), (0, 0)] {
                assert!(vet(x, y).is_err(), "{curve} {x} {y}");
            }
        }
    }

    #[test]
    fn other_curves_are_refused_by_name() {
        for curve in ["P-224", "secp256k1", "p-256", "Ed25519", ""] {
            let unusable = vet(curve, &[1; 32], &[1; 32]).err().map(|unusable| unusable.message);
            let expected = format!("is on the curve `{curve}`, expected `P-256`, `P-384` or `P-521`");
            assert_eq!(unusable, Some(expected));
        }
    }
}
