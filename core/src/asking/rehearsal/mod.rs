//! What will tomorrow's key set do? A rehearsal, by the engine that will decide then.

mod ask;
mod compare;
mod document;
mod findings;
mod readers;
mod shape;
mod stage;
mod tokens;

pub(crate) use ask::rehearse;
pub use document::{
    Evidence, IssuerNeeded, KeyFate, KeySetFault, ReaderVerdict, RehearsalDocument, RehearsalFinding, RehearsalKind,
    RehearsedKey, RehearsedOutcome, RehearsedToken, SetVerdict, TokenFate,
};
