//! What was found so far? Each finding with its place; beyond a limit they are only counted.

use alloc::{string::String, vec::Vec};

use super::{
    document::{LintDocument, LintFinding, Proof, Witness},
    rule::{Rule, Severity},
    subject::Subject,
};
use crate::{
    asking::settings_change::SettingsChange,
    ground::{
        limits::{LINT_FINDINGS_MAX, LINT_FINDINGS_OF_RULE_MAX, REMEDY_BYTES_MAX},
        position::TextRange,
        text::one_line,
    },
    parsed::settings::{Change, Position, SettingName},
    telling::SCHEMA,
};

/// A finding while it is written.
pub(super) struct Draft {
    message: String,
    remedy: Option<String>,
    setting: Option<&'static str>,
    place: Option<(Position, TextRange)>,
    at: Option<(SettingName, usize)>,
    proof: Proof,
    witness: Option<Witness>,
    change: Option<Change>,
}

impl Draft {
    pub(super) fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            message: one_line(message),
            remedy: Some(one_line(remedy)),
            setting: None,
            place: None,
            at: None,
            proof: Proof::Text,
            witness: None,
            change: None,
        }
    }

    /// About that byte of a setting's value.
    pub(super) fn at(self, setting: SettingName, offset: usize) -> Self {
        Self { setting: Some(setting.as_str()), at: Some((setting, offset)), ..self }
    }

    /// About a part of the document that is no setting's value.
    pub(super) fn placed(
        self,
        setting: Option<&'static str>,
        position: Option<Position>,
        range: Option<TextRange>,
    ) -> Self {
        Self { setting, place: position.zip(range), ..self }
    }

    pub(super) fn shown_by(self, witness: Witness) -> Self {
        Self { proof: Proof::Witness, witness: Some(witness), ..self }
    }

    pub(super) fn known_by(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }

    pub(super) fn mended_by(self, change: Change) -> Self {
        Self { change: Some(change), ..self }
    }

    pub(super) fn mended(self, change: Option<Change>) -> Self {
        Self { change, ..self }
    }
}

/// The findings so far.
pub(super) struct Findings<'s> {
    subject: &'s Subject<'s>,
    told: Vec<LintFinding>,
    counts: Vec<(Rule, usize)>,
    /// How many bytes of changes may still be written.
    left: usize,
}

impl<'s> Findings<'s> {
    pub(super) fn new(subject: &'s Subject<'s>) -> Self {
        Self { subject, told: Vec::new(), counts: Vec::new(), left: REMEDY_BYTES_MAX }
    }

    /// Adds one. Beyond a limit it is only counted: nothing is spent on its place and its change.
    pub(super) fn add(&mut self, rule: Rule, draft: impl FnOnce() -> Draft) {
        let count = match self.counts.iter_mut().find(|(known, _)| *known == rule) {
            Some((_, count)) => count,
            None => {
                self.counts.push((rule, 0));
                let Some((_, count)) = self.counts.last_mut() else { return };
                count
            }
        };
        *count = count.saturating_add(1);
        if *count > LINT_FINDINGS_OF_RULE_MAX || self.told.len() >= LINT_FINDINGS_MAX {
            return;
        }
        let Draft { message, remedy, setting, place, at, proof, witness, change } = draft();
        let places = &self.subject.places;
        let (position, range) = match (place, at) {
            (Some((position, range)), _) => (Some(position), Some(range)),
            (None, Some((name, offset))) => (places.position(name, offset), places.range(name, offset)),
            (None, None) => (None, None),
        };
        let change = change.and_then(|change| self.written(change));
        let severity = rule.severity();
        self.told.push(LintFinding {
            rule,
            severity,
            setting,
            position,
            range,
            message,
            remedy,
            proof,
            witness,
            change,
        });
    }

    /// The change as it can be shown. Changes of large values are left to the words of the remedy.
    fn written(&mut self, change: Change) -> Option<SettingsChange> {
        let settings = self.subject.settings;
        let size = change.settings().filter_map(SettingName::named).map(|name| settings.text(name).len()).sum();
        let left = self.left.checked_sub(size)?;
        let written = SettingsChange::of(change, settings)?;
        self.left = left;
        Some(written)
    }

    /// Whether an error was found at that place of the document: on the line of the identity map, or in what the place is a part
    /// of.
    pub(super) fn is_told_at(&self, setting: Option<&str>, position: Option<Position>) -> bool {
        let is_map = setting == Some(SettingName::IdentityMap.as_str());
        self.told.iter().any(|found| {
            let is_there = found.position == position
                || found.range.zip(position).is_some_and(|(range, place)| range.start <= place && place < range.end)
                || is_map && found.position.map(|place| place.line) == position.map(|place| place.line);
            found.severity == Severity::Error && found.setting == setting && is_there
        })
    }

    /// The document, in the order of the settings'.
    pub(super) fn document(mut self) -> LintDocument {
        self.told.sort_by_key(|finding| (finding.position, finding.severity, finding.rule));
        let count = |severity| {
            self.counts.iter().filter(|(rule, _)| rule.severity() == severity).map(|(_, count)| count).sum::<usize>()
        };
        let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
        let all = errors.saturating_add(warnings).saturating_add(notes);
        LintDocument {
            schema: SCHEMA,
            profile: self.subject.compiled.profile,
            untold: all.saturating_sub(self.told.len()),
            findings: self.told,
            errors,
            warnings,
            notes,
        }
    }
}
