//! What is there to tell of a login under settings that cannot be used?

use alloc::vec::Vec;

use crate::{
    ground::{limits::TOKEN_BYTES_MAX, reason::Check},
    judging::client,
    parsed::{
        settings::SettingsError,
        token::{UnverifiedToken, compact},
    },
    telling::{
        document::{Decision, Explanation, SCHEMA},
        report,
        token_view::TokenView,
    },
};

impl Explanation {
    /// Explains a login under settings that cannot be used: nobody logs in, and the reason says where the fault stands.
    /// Where there is no token yet, it is empty.
    #[must_use]
    pub fn of_unusable_settings(error: &SettingsError, token: impl AsRef<[u8]>) -> Self {
        let profile = error.profile;
        let parts = compact::split(token.as_ref(), TOKEN_BYTES_MAX);
        let reason = client::settings_rejection(error, profile.rules());
        let checks = profile.order().iter().map(|&check| match check {
            Check::Settings => report::of_fault(&reason),
            _ => report::not_reached(check, "the settings cannot be used"),
        });
        Self {
            schema: SCHEMA,
            decision: Decision::Reject,
            profile,
            login: None,
            keys_needed: None,
            client: Some(reason.client.clone()),
            checks: checks.collect(),
            reason: Some(reason),
            advice: Vec::new(),
            token: TokenView::of(&UnverifiedToken::read(&parts)),
            also: Vec::new(),
            ignored: Vec::new(),
        }
    }
}
