//! How is a tried change told? As new values, as statements to paste, and as replacements in the document.

use alloc::vec::Vec;

use crate::{
    answers::remedy::{After, DocumentEdit, Remedy},
    ground::{limits::REMEDY_BYTES_MAX, mend::Whose, private_keys},
    parsed::settings::Settings,
    telling::remedies::proposal::Proposal,
};

/// Writes remedies for one document of settings.
pub(super) struct Writer<'s> {
    settings: &'s Settings,
    /// How many bytes may still be written.
    left: usize,
}

impl<'s> Writer<'s> {
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { settings, left: REMEDY_BYTES_MAX }
    }

    /// The remedy; values that are too long are left to the statement in words. None where a value that changes holds a
    /// private key: nobody is shown that.
    pub(super) fn write(&mut self, proposal: Proposal, changed: &Settings, after: After) -> Option<Remedy> {
        if changed.differing(self.settings).any(|name| private_keys::named(changed.text(name)).is_some()) {
            return None;
        }
        let bytes: usize = changed.differing(self.settings).map(|name| changed.text(name).len()).sum();
        let fits = self.left.checked_sub(bytes);
        self.left = fits.unwrap_or(self.left);
        let values = fits.map(|_| changed.new_values(self.settings));
        let statements = fits.map(|_| changed.new_statements(self.settings));
        let document: Option<Vec<DocumentEdit>> = changed
            .document_edits(self.settings)
            .map(|edits| edits.into_iter().map(|(range, text)| DocumentEdit { range, text }).collect());
        Some(Remedy {
            whose: Whose::Administrator,
            message: proposal.message,
            edits: Some(proposal.change),
            change: values,
            sql: statements,
            document,
            after: Some(after),
            risk: proposal.risk,
        })
    }
}
