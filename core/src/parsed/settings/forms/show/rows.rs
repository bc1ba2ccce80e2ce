//! What does one row of a table of settings set, whatever the table is written in?

use crate::{
    ground::{fault::Fault, reason::ReasonCode},
    parsed::settings::{
        names::{SettingName, is_ours},
        reading::Reading,
        traced::Traced,
        value,
    },
};

/// What the database prints instead of a sensitive value to a user who may not see it.
const REDACTED: &str = "<redacted>";

/// Takes in one row; the name stands there.
pub(super) fn row(reading: &mut Reading<'_>, name: &str, at: usize, value: Traced) {
    let Some(known) = SettingName::named(name) else {
        return if is_ours(name) { reading.unknown(name, at) } else { reading.ignore(name, at) };
    };
    if value.as_str() == REDACTED {
        let offset = value.document_offset(0);
        let fault = Fault::new(ReasonCode::SettingWrongType, offset, "the database has withheld the value");
        let remedy = "run SHOW CLUSTER SETTINGS as a user who may see sensitive settings, or write the value in";
        return reading.refuse(known, fault.with_remedy(remedy));
    }
    reading.set_once(known, at, value::from_text(known, value));
}
