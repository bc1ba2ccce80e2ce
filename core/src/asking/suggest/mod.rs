//! Which settings would let this token log in, and nobody else?

mod claim;
mod document;
mod keys;
mod limits;
mod run;
mod user;
mod wider;

pub use document::{
    SuggestDocument, SuggestRefusal, SuggestTrial, SuggestedLine, SuggestedSetting, SuggestedTokenKind,
};
pub(crate) use run::{Sample, suggest};
