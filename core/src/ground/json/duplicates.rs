//! Which member does an object state twice? By its name, however that is written.

use alloc::{borrow::Cow, vec::Vec};

use super::{document::Node, string::unescape};

/// A member's name, and where it is written.
type Name<'t> = (Cow<'t, str>, u32);

/// The second of two members of one name in the object that is the node at `index`.
pub(super) fn twice<'t>(text: &'t str, nodes: &[Node], index: usize) -> Option<Name<'t>> {
    let mut few: [Name<'_>; FEW] = Default::default();
    for (count, name) in names(text, nodes, index).enumerate() {
        let (before, rest) = few.split_at_mut(count);
        if before.iter().any(|(other, _)| *other == name.0) {
            return Some(name);
        }
        let Some(place) = rest.first_mut() else { return twice_of_many(names(text, nodes, index).collect()) };
        *place = name;
    }
    None
}

/// Up to this many members, comparing every pair is the quicker way.
const FEW: usize = 16;

fn twice_of_many(mut names: Vec<Name<'_>>) -> Option<Name<'_>> {
    names.sort_unstable();
    names.windows(2).find_map(|pair| match pair {
        [(first, _), second] if *first == second.0 => Some(second.clone()),
        _ => None,
    })
}

/// The names of the members of an object, which may still be being read.
fn names<'t>(text: &'t str, nodes: &[Node], index: usize) -> impl Iterator<Item = Name<'t>> {
    let end = nodes.get(index).map_or(0, |node| node.next as usize);
    let mut at = index + 1;
    core::iter::from_fn(move || {
        let name = nodes.get(at).filter(|_| at < end)?;
        at = nodes.get(at + 1)?.next as usize;
        let inner = text.get(name.start as usize..name.end as usize)?;
        Some((if name.escaped { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) }, name.start))
    })
}
