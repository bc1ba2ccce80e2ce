//! What is a near miss? The detail, what to change, and where.

use alloc::string::String;

use crate::{ground::mend::Mend, parsed::settings::SettingName};

/// Something that would fit but for one detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::telling) struct Hint {
    /// The detail, with both sides.
    pub(in crate::telling) message: String,
    /// What to change; nothing where nothing is to be offered.
    pub(in crate::telling) remedy: Mend,
    /// The setting it is about, and an offset into its value.
    pub(in crate::telling) setting: Option<(SettingName, usize)>,
}

impl Hint {
    pub(in crate::telling) fn new(message: impl Into<String>, remedy: impl Into<Mend>) -> Self {
        Self { message: message.into(), remedy: remedy.into(), setting: None }
    }

    /// The fact alone.
    pub(super) fn without_remedy(self) -> Self {
        Self { remedy: Mend::default(), ..self }
    }

    pub(super) fn about(self, setting: SettingName) -> Self {
        Self { setting: Some((setting, 0)), ..self }
    }

    pub(super) fn at(self, setting: SettingName, offset: usize) -> Self {
        Self { setting: Some((setting, offset)), ..self }
    }
}
