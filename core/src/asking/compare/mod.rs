//! Which logins, users, reasons and messages change between two settings?
//!
//! Issuers, audiences, keys and options are told as they come and go; principals that the two identity maps treat differently
//! are constructed and asked of the engine itself; sample logins are judged by both. None of it makes a login.

mod changes;
mod document;
mod issuers;
mod keys;
mod line;
mod map_side;
mod options;
mod principals;
mod profiles;
mod run;
mod samples;
pub(in crate::asking) mod side;
mod told;

pub use document::{
    ChangeEvidence, ChangeExample, ChangeKind, ChangeOutcome, CompareDocument, ComparedLogins, ComparedSide,
    SettingsDifference, SettingsFault,
};
pub(crate) use run::compare;
pub use side::ComparedSettings;
