//! Where in the administrator's document does this fault stand? A reader of one setting's value tells it by an offset in
//! that value.

use super::{error::SettingsError, names::SettingName, places::Places, settings::Settings};
use crate::{
    ground::{fault::Fault, private_keys, text::shown},
    parsed::settings::forms::show,
};

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
        if error.position.is_none() && self.is_of_single_settings() {
            error.message.push_str("; the document holds single settings and their values alone");
            return error.with_remedy(
                "paste what SHOW CLUSTER SETTINGS prints, with the names and values of all settings, or the `SET CLUSTER \
                 SETTING` statements",
            );
        }
        match fault.remedy {
            Some(remedy) => error.with_remedy(remedy),
            None => error,
        }
    }

    /// Whether the document is what `SHOW CLUSTER SETTING name` prints.
    fn is_of_single_settings(&self) -> bool {
        show::read::is_single(self.document())
    }
}

#[cfg(test)]
mod tests {
    use crate::parsed::settings::{Configuration, Dialect, Settings, Values};

    #[test]
    fn a_single_setting_is_no_complete_document() {
        let refused = |text: &str| {
            let mut values = Values::of(&Settings::from_text(text).unwrap());
            let _ = Configuration::of(&mut values, Dialect::STRICT);
            values.finish().1.unwrap()
        };
        let error = refused("server.jwt_authentication.enabled\ntrue\n");
        assert!(error.message.contains("single settings") && error.remedy.contains("SHOW CLUSTER SETTINGS"), "{error}");
        let error = refused("SET CLUSTER SETTING server.jwt_authentication.enabled = true;");
        assert!(!error.message.contains("single settings"), "{error}");
    }
}
