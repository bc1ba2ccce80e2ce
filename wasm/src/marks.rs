//! Where does an explanation look, as an editor counts? JavaScript's texts are UTF-16, and so are their places.

use std::ops::Range;

use serde::Serialize;
use sqljwt::{Check, Explanation};

/// Where everything that an explanation speaks of stands.
#[derive(Serialize)]
pub(crate) struct Marks {
    checks: Vec<CheckMarks>,
    reason: Option<Span>,
    advice: Vec<Option<Span>>,
}

#[derive(Serialize)]
struct CheckMarks {
    check: Check,
    token: Vec<Span>,
    settings: Option<Span>,
}

/// A part of a text, as `slice(from, to)` takes it out.
#[derive(Serialize)]
pub(crate) struct Span {
    from: u32,
    to: u32,
}

impl Marks {
    pub(crate) fn of(explanation: &Explanation, token: &str, settings: &str) -> Self {
        let marks = explanation.marks(token, settings);
        let place = |range: &Option<Range<usize>>| range.as_ref().map(|range| Span::of(settings, range));
        let checks = marks.checks.iter().map(|marks| CheckMarks {
            check: marks.check,
            token: marks.token.iter().map(|range| Span::of(token, range)).collect(),
            settings: place(&marks.settings),
        });
        let advice = marks.advice.iter().map(place);
        Self { checks: checks.collect(), reason: place(&marks.reason), advice: advice.collect() }
    }
}

impl Span {
    /// A part of a text, given in bytes.
    pub(crate) fn of(text: &str, range: &Range<usize>) -> Self {
        let units = |bytes: Range<usize>| {
            let text = text.get(bytes).unwrap_or_default();
            u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
        };
        let from = units(0..range.start);
        Self { from, to: from.saturating_add(units(range.start..range.end)) }
    }
}
