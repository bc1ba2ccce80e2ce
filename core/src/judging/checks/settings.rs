//! Can the settings be used at all? They could be compiled, or nothing would be judged; what they hold.

use alloc::format;

use crate::{
    answers::finding::Finding,
    ground::text::counted,
    judging::attempt::Attempt,
    rules::policy::issuer::{Keys, Policy},
};

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let settings = attempt.compiled;
    let keys = match &*settings.common.keys {
        Keys::Set(keys) => counted(keys.usable_count(), "usable key"),
        Keys::Remote(_) => "no keys at hand".into(),
    };
    let fetched = settings.policies().any(Policy::keys_are_fetched);
    Finding::new(format!(
        "{}, {}, {}, {}",
        counted(settings.issuers().count(), "issuer"),
        counted(settings.common.audience.len(), "audience"),
        if fetched { "keys fetched from the issuer".into() } else { keys },
        counted(settings.map.line_count(), "map line"),
    ))
}
