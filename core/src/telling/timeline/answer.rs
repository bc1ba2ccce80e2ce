//! What was decided? The headline.

use super::{line::Tone, page::Page};
use crate::{answers::decision::Decision, ground::text::shown, telling::document::Explanation};

pub(super) fn write(explanation: &Explanation, page: &mut Page<'_>) {
    if let Some(login) = &explanation.login {
        let line = login.map_line.map(|line| alloc::format!(" (identity map line {line})")).unwrap_or_default();
        let who = alloc::format!("  `{}` logs in as SQL user `{}`{line}", shown(&login.principal), shown(&login.user));
        page.put(Tone::Accepted, 0, "ACCEPTED", who);
    } else if let Some(reason) = &explanation.reason {
        page.put(Tone::Refused, 0, "REJECTED", alloc::format!("  {} ({})", reason.code, reason.code.number()));
    } else if let Some(keys) = &explanation.keys_needed {
        page.put(Tone::Keys, 0, "KEYS NEEDED", alloc::format!("  of issuer `{}`", shown(&keys.issuer)));
        page.put(Tone::Cause, 2, "", &keys.cause);
    } else {
        let (tone, decision) = match explanation.decision {
            Decision::Accept => (Tone::Accepted, "ACCEPTED"),
            Decision::Reject => (Tone::Refused, "REJECTED"),
            Decision::KeysNeeded => (Tone::Keys, "KEYS NEEDED"),
        };
        page.put(tone, 0, decision, "");
    }
}
