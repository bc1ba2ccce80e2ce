//! Risk: which names in a token stand for many, or are chosen by whoever bears them, so that no advice may offer them and
//! an accepted login is warned of them.

mod audience;
mod claim;
mod domain;
mod map_pattern;
mod principal;
mod shape;

pub(crate) use audience::{audience, is_world_wide, lets_anybody_choose};
pub(crate) use claim::{changing, claim, nobody_s};
pub(crate) use domain::domain;
pub(crate) use map_pattern::{WideKind, map_pattern, wide, with_dots_escaped};
pub(crate) use principal::principal;
pub(crate) use shape::is_id;
