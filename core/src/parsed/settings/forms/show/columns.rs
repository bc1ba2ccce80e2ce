//! Which columns of a table of settings hold the names and the values?

use crate::parsed::settings::{error::SettingsError, names::SettingName};

/// What the column of the names is called: by `SHOW CLUSTER SETTINGS`, by the console, by `system.settings`.
const VARIABLE: [&str; 4] = ["variable", "setting", "name", "setting_name"];
const VALUE: [&str; 2] = ["value", "current_value"];

/// Which columns hold the names and the values, of how many.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) variable: usize,
    pub(super) value: usize,
    pub(super) count: usize,
}

impl Columns {
    /// The columns of a header, which stands there in the document.
    pub(super) fn of<S: AsRef<str>>(header: &[S], document: &str, at: usize) -> Result<Self, SettingsError> {
        let find = |is: fn(&str) -> bool| header.iter().position(|cell| is(bare(cell.as_ref())));
        match (find(is_variable), find(is_value)) {
            (Some(variable), Some(value)) => Ok(Self { variable, value, count: header.len() }),
            _ => {
                let message = "expected a header row with the columns `variable` and `value`";
                Err(SettingsError::misformed(document, at, message))
            }
        }
    }
}

/// Whether a member or a column of this name holds the names of settings.
pub(super) fn is_variable(name: &str) -> bool {
    is_one_of(name, &VARIABLE)
}

/// Whether it holds their values.
pub(super) fn is_value(name: &str) -> bool {
    is_one_of(name, &VALUE)
}

/// Whether a line is a header of one column, the name of a setting.
pub(super) fn is_single(line: &str) -> bool {
    SettingName::named(bare(line.trim().trim_matches('|'))).is_some()
}

/// A cell without the padding and the quotes around it.
pub(super) fn bare(cell: &str) -> &str {
    cell.trim().trim_matches('"')
}

fn is_one_of(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}
