//! Where in the administrator's document does this fault stand? A reader of one setting's value tells it by an offset in
//! that value.

use super::{error::SettingsError, names::SettingName, places::Places, settings::Settings};
use crate::ground::{fault::Fault, private_keys, text::shown};

impl Settings {
    /// A fault inside a setting's value as an error at its place in the document.
    pub(crate) fn locate(&self, name: SettingName, fault: Fault) -> SettingsError {
        let places = Places::of(self);
        let (position, range) = (places.position(name, fault.offset), places.range(name, fault.offset));
        let error = SettingsError::new(fault.code, fault.message).of(name).under(self.profile());
        let mut error = SettingsError { position, range, ..error };
        if name.may_be_quoted()
            && let Some(secret) = private_keys::named(self.text(name))
        {
            error.message = alloc::format!("the value is or holds {secret}, which does not belong there");
            return error;
        }
        if name.is_written_by_people()
            && let Some((_, placeholder)) = self.placeholder(name)
        {
            error.message.push_str(&alloc::format!("; `{}` in it was never filled in", shown(placeholder)));
        }
        (error.instead, error.offset) = (fault.instead, Some(fault.offset));
        match fault.remedy {
            Some(remedy) => error.with_remedy(remedy),
            None => error,
        }
    }
}
