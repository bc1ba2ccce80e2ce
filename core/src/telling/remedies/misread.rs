//! Does a value say something else than its author meant?

use alloc::vec::Vec;

use crate::{
    parsed::settings::{Change, SettingName, Settings},
    telling::remedies::proposal::Proposal,
};

/// The value as it was probably meant.
pub(super) fn corrected(settings: &Settings, name: SettingName) -> Vec<Proposal> {
    let _ = (settings, name, Change::new());
    Vec::new()
}
