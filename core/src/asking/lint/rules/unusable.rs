//! Which settings cannot be used at all? Told of those that no other rule has told of.

use core::iter;

use super::super::{
    findings::{Draft, Findings},
    rule::Rule,
    subject::Subject,
};
use crate::parsed::settings::Change;

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let Some(error) = subject.error else { return };
    for fault in iter::once(error).chain(&error.others) {
        if found.is_told_at(fault.setting, fault.position) {
            continue;
        }
        found.add(Rule::SettingUnusable, || {
            Draft::new(fault.message.as_str(), fault.remedy.as_str())
                .placed(fault.setting, fault.position, fault.range)
                .mended(fault.repaired(&Change::new()))
        });
    }
}
