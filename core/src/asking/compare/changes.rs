//! The changes that are found, each cause once, counted and told in the order of their weight.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use crate::{
    asking::compare::document::{ChangeEvidence, ChangeExample, ChangeKind, SettingsDifference},
    ground::{limits::COMPARE_CHANGES_OF_KIND_MAX, text::one_line},
    parsed::settings::SettingName,
};

/// What has been found so far.
#[derive(Default)]
pub(super) struct Changes {
    told: Vec<SettingsDifference>,
    /// How many there are of each kind, told or not.
    counts: BTreeMap<ChangeKind, usize>,
    untold: usize,
}

impl Changes {
    /// Whether a change of that kind would still be told.
    pub(super) fn has_room(&self, kind: ChangeKind) -> bool {
        self.count(kind) < COMPARE_CHANGES_OF_KIND_MAX
    }

    /// Counts a change that is not told.
    pub(super) fn count_only(&mut self, kind: ChangeKind) {
        let count = self.counts.entry(kind).or_default();
        *count = count.saturating_add(1);
        self.untold = self.untold.saturating_add(1);
    }

    /// Adds a change; the same fact about several issuers is one change.
    pub(super) fn add(&mut self, change: SettingsDifference) {
        let is_same = |known: &&mut SettingsDifference| {
            known.kind == change.kind && known.setting == change.setting && known.message == change.message
        };
        if change.evidence == ChangeEvidence::Settings
            && let Some(known) = self.told.iter_mut().find(is_same)
        {
            if known.issuer != change.issuer {
                known.issuer = None;
            }
            return;
        }
        if !self.has_room(change.kind) {
            return self.count_only(change.kind);
        }
        let count = self.counts.entry(change.kind).or_default();
        *count = count.saturating_add(1);
        self.told.push(change);
    }

    /// Adds what a setting changes.
    pub(super) fn state(&mut self, kind: ChangeKind, setting: SettingName, issuer: Option<&str>, message: String) {
        self.add(stated(kind, setting, issuer, message));
    }

    pub(super) fn count(&self, kind: ChangeKind) -> usize {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// Whether a change of that setting is told.
    pub(super) fn speaks_of(&self, setting: SettingName) -> bool {
        self.told.iter().any(|change| change.setting == Some(setting.as_str()))
    }

    /// All that are told, the most important first, and how many are not.
    pub(super) fn into_told(mut self) -> (Vec<SettingsDifference>, usize) {
        self.told.sort_by_key(|change| change.kind);
        (self.told, self.untold)
    }
}

/// A change that the settings state.
pub(super) fn stated(
    kind: ChangeKind,
    setting: SettingName,
    issuer: Option<&str>,
    message: String,
) -> SettingsDifference {
    SettingsDifference {
        kind,
        evidence: ChangeEvidence::Settings,
        setting: Some(setting.as_str()),
        issuer: issuer.map(one_line),
        old_line: None,
        new_line: None,
        message: one_line(message),
        count: 1,
        logins: Vec::new(),
        example: None,
    }
}

/// The same with somebody whom it is about.
pub(super) fn shown_by(change: SettingsDifference, example: ChangeExample) -> SettingsDifference {
    SettingsDifference { evidence: ChangeEvidence::Principal, example: Some(example), ..change }
}
