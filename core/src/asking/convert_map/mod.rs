//! Convert a map: what another server's map from principals to users becomes in an identity map, line by line.

mod before;
mod convert;
mod document;
mod line;
mod source;
#[cfg(test)]
mod tests;

pub use document::{ConvertMapDocument, ConvertedLine, LineOutcome, MapDialect, MapIssuers, MapWitness};
