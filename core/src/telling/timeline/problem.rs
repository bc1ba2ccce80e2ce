//! What is wrong? The reason, and each thing that would be wrong after it: the fact, what to do, and what it looks like.

use alloc::vec::Vec;

use super::{
    checks,
    fixes::{self, Fix},
    line::Tone,
    page::Page,
};
use crate::{
    answers::remedy::Remedy,
    ground::{
        position::{Position, TextRange},
        reason::{Check, ReasonCode},
    },
    telling::document::{Advice, AdviceKind, CheckReport, Explanation, Outcome},
};

/// One thing that is wrong.
pub(super) struct Problem<'e> {
    /// Whether it is the reason of the refusal.
    is_reason: bool,
    code: Option<ReasonCode>,
    fact: &'e str,
    setting: Option<&'e str>,
    position: Option<Position>,
    range: Option<TextRange>,
    report: Option<&'e CheckReport>,
    /// What it looks like.
    near: Vec<&'e Advice>,
    /// What can be done, the best first.
    fixes: Vec<Fix<'e>>,
}

impl<'e> Problem<'e> {
    /// All that is wrong with a login, the reason first.
    pub(super) fn all(explanation: &'e Explanation) -> Vec<Self> {
        let mut near: Vec<&Advice> = of_kind(explanation, AdviceKind::NearMiss).collect();
        let mut near_of = |code: Option<ReasonCode>| {
            let (of_it, others) = near.iter().partition(|advice| advice.code == code && code.is_some());
            near = others;
            of_it
        };
        let failed = |code: Option<ReasonCode>, check: Check| {
            explanation.checks.iter().find(|report| {
                report.outcome == Outcome::Fail && report.check == check && (code.is_none() || report.code == code)
            })
        };
        let mut problems = Vec::new();
        if let Some(reason) = &explanation.reason {
            let near: Vec<&Advice> = near_of(Some(reason.code));
            problems.push(Self {
                is_reason: true,
                code: Some(reason.code),
                fact: &reason.message,
                setting: reason.setting,
                position: reason.position,
                range: reason.range,
                report: failed(Some(reason.code), reason.code.check()),
                fixes: fixes_of(&reason.remedies, Some(&reason.remedy), &near),
                near,
            });
        }
        problems.extend(of_kind(explanation, AdviceKind::NextFailure).map(|advice| {
            let near: Vec<&Advice> = near_of(advice.code);
            Self {
                is_reason: false,
                code: advice.code,
                fact: &advice.message,
                setting: advice.setting,
                position: advice.position,
                range: advice.range,
                report: failed(advice.code, advice.check),
                fixes: fixes_of(&advice.remedies, advice.remedy.as_deref(), &near),
                near,
            }
        }));
        problems
    }

    /// Whether something that mends it was tried.
    pub(super) fn has_tried_fix(&self) -> bool {
        self.fixes.iter().any(|fix| matches!(fix, Fix::Tried(remedy) if remedy.after.is_some()))
    }

    /// Whether something that was tried is about all that the words name: then they say the same with less certainty.
    fn has_tried(&self, words: &str) -> bool {
        let names = || words.split_whitespace().map(|word| word.trim_matches(NO_NAME)).filter(|word| is_name(word));
        let tried = self.fixes.iter().filter_map(|fix| match fix {
            Fix::Tried(remedy) if remedy.after.is_some() => Some(remedy.message.as_str()),
            _ => None,
        });
        names().next().is_some() && tried.into_iter().any(|message| names().all(|name| message.contains(name)))
    }

    /// Whether the advice is told here.
    pub(super) fn holds(&self, advice: &Advice) -> bool {
        self.near.iter().any(|near| core::ptr::eq(*near, advice))
    }

    pub(super) fn write(&self, page: &mut Page<'_>) {
        let is_news = page.news(self.fact);
        let fixes: Vec<Fix<'_>> = self.fixes.iter().filter(|fix| page.news(&fix.told())).copied().collect();
        if self.is_reason {
            page.put(Tone::Cause, 2, "", self.fact);
        } else if is_news {
            page.gap();
            let code = self.code.map(|code| alloc::format!(" ({code})")).unwrap_or_default();
            page.put(Tone::Next, 2, "Then also: ", alloc::format!("{}{code}", self.fact));
        } else if fixes.is_empty() {
            return;
        }
        let indent = if self.is_reason { 2 } else { 4 };
        if let Some(report) = self.report.filter(|_| !page.look.verbose) {
            checks::write_both_sides(report, Some(self.fact), indent, page);
        }
        page.put_place(indent, self.setting, self.position, self.range);
        if self.is_reason && !fixes.is_empty() {
            page.gap();
        }
        fixes::write(&fixes, indent, page);
        for advice in &self.near {
            if page.news(&advice.message) {
                if self.is_reason {
                    page.gap();
                }
                page.put(Tone::LooksLike, indent, "Looks like: ", advice.message.as_str());
                page.put_place(indent + 2, advice.setting, advice.position, advice.range);
            }
            let words = advice.remedy.as_deref().filter(|words| advice.remedies.is_empty() && !self.has_tried(words));
            if let Some(words) = words.filter(|words| page.news(words)) {
                fixes::write(&[Fix::Words(words)], indent + 2, page);
            }
        }
    }
}

/// What stands around names in a sentence.
const NO_NAME: [char; 6] = ['`', ',', ';', ':', '(', ')'];

/// Whether the word names something: a setting, an address, a number, a value.
fn is_name(word: &str) -> bool {
    word.contains(['.', '_', '/', '@']) || word.contains(|character: char| character.is_ascii_digit())
}

fn of_kind(explanation: &Explanation, kind: AdviceKind) -> impl Iterator<Item = &Advice> {
    explanation.advice.iter().filter(move |advice| advice.kind == kind)
}

/// What can be done about one thing: what was tried, then words that say something else; each once.
fn fixes_of<'e>(tried: &'e [Remedy], words: Option<&'e str>, near: &[&'e Advice]) -> Vec<Fix<'e>> {
    let near_tried = near.iter().flat_map(|advice| &advice.remedies);
    // Words that only sum up what was tried are left out.
    let own = words.filter(|_| tried.is_empty()).map(Fix::Words);
    let all = tried.iter().chain(near_tried).map(Fix::Tried).chain(own);
    let mut fixes: Vec<Fix<'e>> = Vec::new();
    for fix in all {
        if !fixes.iter().any(|known| known.is(&fix)) {
            fixes.push(fix);
        }
    }
    fixes
}
