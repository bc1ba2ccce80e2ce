//! What is left of a text when everything is taken off that may stand around a token?

use alloc::vec::Vec;

use super::{
    answer, around, bytes, escapes,
    layer::{Inside, Layer, Under},
    placeholder, prefix, scan,
};

/// A text taken apart.
#[derive(Debug)]
pub(super) struct Peeled {
    /// What was taken off, from the outside in.
    pub(super) layers: Vec<Layer>,
    /// What was inside.
    pub(super) inside: Inside,
}

/// Takes off one layer after another, as long as there are any.
pub(super) fn peel(text: &[u8]) -> Peeled {
    let (mut layers, mut rest) = bytes::text_of(text);
    for _ in 0..LAYERS_MAX {
        if scan::is_whole(&rest) || placeholder::what(&rest).is_some() {
            break;
        }
        let Some(under) = LAYERS.iter().find_map(|layer| layer(&rest)) else { break };
        if !layers.contains(&under.layer) {
            layers.push(under.layer);
        }
        match under.inside {
            Inside::Text(text) => rest = text,
            tokens @ Inside::Tokens(_) => return Peeled { layers, inside: tokens },
        }
    }
    Peeled { layers, inside: Inside::Text(rest) }
}

/// The deepest that anybody wraps a token.
const LAYERS_MAX: usize = 6;

/// What may be taken off, in the order in which it is tried. Each makes the text shorter or leaves nothing of its kind.
const LAYERS: [fn(&str) -> Option<Under>; 10] = [
    answer::members,
    escapes::escaped,
    around::trimmed,
    escapes::undotted,
    escapes::breaks,
    escapes::other_alphabet,
    around::glued,
    around::inside,
    escapes::encoded,
    prefix::strip,
];
