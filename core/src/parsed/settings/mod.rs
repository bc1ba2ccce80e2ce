//! What did the administrator set? The settings of one server: read from JSON, from SQL or from what the database
//! prints, and written back.
//!
//! Reading a document checks its form: known names, values of the right kind. [`Configuration`] then holds the values
//! themselves, read in the dialect of a profile. Every value remembers where each part of it stands in the document, so
//! that a fault deep inside the identity map is reported by the line and column that the administrator sees, through
//! whatever quotes and escapes surround it.

mod change;
mod configuration;
mod dialect;
mod documents;
mod edited_document;
mod edited_list;
mod edited_object;
mod error;
mod faults;
mod forms;
mod grammar;
mod locating;
mod names;
mod places;
mod readable;
mod reading;
#[allow(clippy::module_inception, reason = "the file of the type that the room is named after")]
mod settings;
mod sourced;
mod traced;
mod value;
mod values;

#[cfg(test)]
mod tests;

pub use crate::ground::position::Position;
pub use change::{Change, NewValue};
pub(crate) use configuration::Configuration;
pub(crate) use dialect::Dialect;
pub(crate) use edited_list::array as json_array;
pub use error::SettingsError;
pub(crate) use grammar::{
    claim::{Claim, parse as parse_claim},
    fetching::timeout as parse_timeout,
    group_claim::check as check_group_claim,
    issuers::Issuer,
    misread::misread,
    nested_claim::nested,
    placeholder::find as placeholder,
};
pub(crate) use names::{SettingName, nearly_ours};
pub(crate) use places::Places;
pub use settings::Settings;
pub(crate) use sourced::{Source, Sourced};
pub(crate) use values::Values;
