//! What else deserves a line? Warnings, what the client sees, other profiles, what was passed over; and how many problems
//! there are.

use alloc::{format, string::String, vec::Vec};

use super::{
    fixes::{self, Fix},
    line::Tone,
    page::Page,
    problem::Problem,
};
use crate::{
    answers::decision::Decision,
    ground::text::counted,
    telling::document::{Advice, AdviceKind, Explanation},
};

/// Writes the advice that belongs to no problem: first what nearly fits, then what deserves attention.
pub(super) fn write_advice(explanation: &Explanation, problems: &[Problem<'_>], page: &mut Page<'_>) {
    for kind in [AdviceKind::NearMiss, AdviceKind::Warning] {
        for advice in explanation.advice.iter().filter(|advice| advice.kind == kind) {
            if !problems.iter().any(|problem| problem.holds(advice)) {
                write_one(advice, page);
            }
        }
    }
}

fn write_one(advice: &Advice, page: &mut Page<'_>) {
    if !page.news(&advice.message) {
        return;
    }
    page.gap();
    match advice.kind {
        AdviceKind::Warning => page.put(Tone::Warning, 2, "Warning: ", advice.message.as_str()),
        _ => page.put(Tone::LooksLike, 2, "Looks like: ", advice.message.as_str()),
    }
    page.put_place(4, advice.setting, advice.position, advice.range);
    let words = advice.remedy.as_deref().filter(|words| advice.remedies.is_empty() && !words.is_empty());
    let all = advice.remedies.iter().map(Fix::Tried).chain(words.map(Fix::Words));
    let fixes: Vec<Fix<'_>> = all.filter(|fix| page.news(&fix.told())).collect();
    fixes::write(&fixes, 4, page);
}

/// Writes what stands at the end.
pub(super) fn write(explanation: &Explanation, problems: &[Problem<'_>], page: &mut Page<'_>) {
    if let Some(client) = &explanation.client {
        let detail = client.detail.as_ref().map(|detail| format!("; DETAIL: {detail}")).unwrap_or_default();
        let said = format!("{}{detail} (SQLSTATE {})", client.message, client.sqlstate);
        page.put(Tone::Quiet, 2, "the client sees: ", said);
    }
    for also in &explanation.also {
        let code = also.code.map(|code| format!(": {code}")).unwrap_or_default();
        let verb = match also.decision {
            Decision::Accept => "accept",
            Decision::Reject => "reject",
            Decision::KeysNeeded => "ask for keys",
        };
        page.put(Tone::Quiet, 2, "", format!("the {} profile would {verb}{code}", also.profile));
    }
    if !explanation.ignored.is_empty() {
        page.put(Tone::Quiet, 2, "Ignored settings: ", explanation.ignored.join(", "));
    }
    match explanation.untried {
        0 => {}
        1 => page.put(Tone::Quiet, 2, "", "1 more fix was not tried"),
        untried => page.put(Tone::Quiet, 2, "", format!("{untried} more fixes were not tried")),
    }
    if let Some(count) = count(explanation, problems) {
        page.gap();
        page.put(Tone::Quiet, 2, "", count);
    }
}

/// `3 problems, 2 with a tried fix, 1 warning`; nothing where there is nothing.
fn count(explanation: &Explanation, problems: &[Problem<'_>]) -> Option<String> {
    let mut parts = Vec::new();
    if !problems.is_empty() {
        parts.push(counted(problems.len(), "problem"));
        match problems.iter().filter(|problem| problem.has_tried_fix()).count() {
            0 => {}
            tried => parts.push(format!("{tried} with a tried fix")),
        }
    }
    match explanation.advice.iter().filter(|advice| advice.kind == AdviceKind::Warning).count() {
        0 => {}
        warnings => parts.push(counted(warnings, "warning")),
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
