//! What do words say of a login, wherever they stand: our own line, an event of PostgreSQL's, a refusal of CockroachDB's?

use super::{events, facts::Facts, own, words};

/// What a text says that is no JSON, and where the words begin that say it. Our own words come first: they quote others'.
pub(super) fn in_words(text: &str) -> Option<(usize, Facts)> {
    let own = text.split('\n').find_map(|line| own::marked(line).or_else(|| own::let_in(line)));
    if let Some(facts) = own {
        return Some((0, facts));
    }
    let (event, refusal) = (events::read(text), words::read(text));
    let first = match (event, refusal) {
        (Some(event), Some(refusal)) => Some(if refusal.0 <= event.0 { refusal } else { event }),
        (event, refusal) => event.or(refusal),
    };
    first.or_else(|| text.split('\n').find_map(own::anywhere).map(|facts| (0, facts)))
}
