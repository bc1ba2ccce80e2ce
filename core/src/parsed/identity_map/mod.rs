//! The identity map: which SQL users a principal becomes, and what is wrong with a map's text.

mod budget;
#[cfg(test)]
mod case_orbits;
mod compile;
mod dialect;
mod map;
mod meant;
mod near_miss;
#[cfg(test)]
mod reference;
mod regexes;
mod strangers;
#[cfg(test)]
mod tests;

pub(crate) use dialect::Dialect;
pub(crate) use map::{IdentityMap, IssuerMap, Line};
pub(crate) use meant::{Misread, anchored};
pub(crate) use near_miss::{Change as MissedBy, NearMiss};
pub(crate) use strangers::Strangers;
