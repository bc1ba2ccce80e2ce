//! What does a regex of another server mean? A tree whose every part is known exactly, or known to be something that has no
//! counterpart here, with what it matches at most.

use alloc::{boxed::Box, format, string::String, vec, vec::Vec};

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

/// A regex of another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// One character of these.
    Set(ClassUnicode),
    /// The start of the text.
    Start,
    /// The end of the text.
    End,
    /// The end of the text, or before a line terminator that ends it (Java's `$`).
    LineEnd,
    Sequence(Vec<Pattern>),
    /// The first of these that leads to a match.
    Choice(Vec<Pattern>),
    /// A capturing group, by its number.
    Group(u32, Box<Pattern>),
    Repeat {
        sub: Box<Pattern>,
        min: u32,
        max: Option<u32>,
        greedy: bool,
    },
    /// What has no counterpart here: how it is written and called, and what it matches at most.
    Foreign(String, Box<Pattern>),
}

/// Where a group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// A match can leave it out.
    pub(crate) optional: bool,
    /// A match can go through it more than once.
    pub(crate) repeated: bool,
}

impl Pattern {
    pub(crate) const fn empty() -> Self {
        Self::Sequence(Vec::new())
    }

    pub(crate) fn character(character: char) -> Self {
        Self::Set(set(&[(character, character)]))
    }

    pub(crate) fn literal(text: &str) -> Self {
        Self::Sequence(text.chars().map(Self::character).collect())
    }

    /// Any text at all.
    pub(crate) fn anything() -> Self {
        Self::Repeat { sub: Self::Set(set(&[('\0', char::MAX)])).into(), min: 0, max: None, greedy: true }
    }

    /// A part without counterpart, how it is written and what it is called.
    pub(crate) fn foreign(written: &str, called: &str, at_most: Self) -> Self {
        Self::Foreign(format!("`{written}` ({called})"), at_most.into())
    }

    /// What matches the whole of a text in which this one matches somewhere.
    pub(crate) fn somewhere(self) -> Self {
        let around = |is_at_edge: bool| if is_at_edge { Self::empty() } else { Self::anything() };
        let (before, after) = (around(self.is_at(&Self::Start)), around(self.is_at(&Self::End)));
        Self::Sequence(vec![before, self, after]).anchored()
    }

    /// What matches a text where this one matches the whole of it: its parts between the ends of the text.
    pub(crate) fn anchored(self) -> Self {
        let mut parts = Vec::new();
        self.flatten(&mut parts);
        if parts.first() == Some(&Self::Start) {
            parts.remove(0);
        }
        if parts.last() == Some(&Self::End) {
            parts.pop();
        }
        parts.insert(0, Self::Start);
        parts.push(Self::End);
        Self::Sequence(parts)
    }

    fn flatten(self, parts: &mut Vec<Self>) {
        match self {
            Self::Sequence(own) => own.into_iter().for_each(|part| part.flatten(parts)),
            other => parts.push(other),
        }
    }

    /// Whether every way to match begins, or ends, at that end of the text.
    fn is_at(&self, edge: &Self) -> bool {
        match self {
            Self::Sequence(parts) => {
                let outermost = if *edge == Self::Start { parts.first() } else { parts.last() };
                outermost.is_some_and(|part| part.is_at(edge))
            }
            Self::Choice(branches) => !branches.is_empty() && branches.iter().all(|branch| branch.is_at(edge)),
            Self::Group(_, sub) => sub.is_at(edge),
            other => other == edge,
        }
    }

    /// The parts directly below.
    fn parts(&self) -> &[Self] {
        match self {
            Self::Set(_) | Self::Start | Self::End | Self::LineEnd => &[],
            Self::Sequence(parts) | Self::Choice(parts) => parts,
            Self::Group(_, sub) | Self::Repeat { sub, .. } | Self::Foreign(_, sub) => core::slice::from_ref(&**sub),
        }
    }

    /// The same with every part directly below changed.
    fn with_parts(&self, change: impl Fn(&Self) -> Self) -> Self {
        match self {
            Self::Set(_) | Self::Start | Self::End | Self::LineEnd => self.clone(),
            Self::Sequence(parts) => Self::Sequence(parts.iter().map(change).collect()),
            Self::Choice(parts) => Self::Choice(parts.iter().map(change).collect()),
            Self::Group(number, sub) => Self::Group(*number, change(sub).into()),
            Self::Repeat { sub, min, max, greedy } => {
                Self::Repeat { sub: change(sub).into(), min: *min, max: *max, greedy: *greedy }
            }
            Self::Foreign(what, sub) => Self::Foreign(what.clone(), change(sub).into()),
        }
    }

    /// The first part that has no counterpart here.
    pub(crate) fn first_foreign(&self) -> Option<&str> {
        match self {
            Self::Foreign(what, _) => Some(what),
            _ => self.parts().iter().find_map(Self::first_foreign),
        }
    }

    /// Whether a line terminator at the end of the text can matter to it.
    pub(crate) fn has_line_end(&self) -> bool {
        *self == Self::LineEnd || self.parts().iter().any(Self::has_line_end)
    }

    /// A pattern of known parts that matches whatever this one matches, and perhaps more.
    pub(crate) fn at_most(&self) -> Self {
        match self {
            Self::Foreign(_, most) => most.at_most(),
            Self::LineEnd => Self::empty(),
            _ => self.with_parts(Self::at_most),
        }
    }

    /// The same with [`Pattern::LineEnd`] as the end of the text.
    pub(crate) fn with_plain_ends(&self) -> Self {
        match self {
            Self::LineEnd => Self::End,
            _ => self.with_parts(Self::with_plain_ends),
        }
    }

    /// Whether it can match nothing, at the start of the text or further on, as far as is known.
    pub(crate) fn can_be_empty(&self, at_start: bool) -> bool {
        match self {
            Self::Set(_) => false,
            Self::Start => at_start,
            Self::End | Self::LineEnd => true,
            Self::Sequence(parts) => parts.iter().all(|part| part.can_be_empty(at_start)),
            Self::Choice(parts) => parts.iter().any(|part| part.can_be_empty(at_start)),
            Self::Group(_, sub) | Self::Foreign(_, sub) => sub.can_be_empty(at_start),
            Self::Repeat { sub, min, .. } => *min == 0 || sub.can_be_empty(at_start),
        }
    }

    /// Whether it repeats what can be nothing: there engines disagree on which way they prefer.
    pub(crate) fn repeats_nothing(&self) -> bool {
        let here = matches!(self, Self::Repeat { sub, max, .. }
            if max.is_none_or(|max| max > 1) && sub.can_be_empty(true));
        here || self.parts().iter().any(Self::repeats_nothing)
    }

    /// Where the group of that number stands; nothing without one.
    pub(crate) fn group(&self, number: u32) -> Option<Placed> {
        let below = || self.parts().iter().find_map(|part| part.group(number));
        match self {
            Self::Group(own, _) if *own == number => Some(Placed { optional: false, repeated: false }),
            Self::Choice(parts) if parts.len() > 1 => below().map(|placed| Placed { optional: true, ..placed }),
            Self::Foreign(..) => below().map(|_| Placed { optional: true, repeated: true }),
            Self::Repeat { min, max, .. } => below().map(|placed| Placed {
                optional: placed.optional || *min == 0,
                repeated: placed.repeated || max.is_none_or(|max| max > 1),
            }),
            _ => below(),
        }
    }

    /// The same with the group of that number as its only one, and its first; 0 is the whole.
    pub(crate) fn keeping(&self, number: Option<u32>) -> Self {
        if number == Some(0) {
            return Self::Group(1, self.keeping(None).into());
        }
        match self {
            Self::Group(own, sub) if Some(*own) == number => Self::Group(1, sub.keeping(None).into()),
            Self::Group(_, sub) => sub.keeping(number),
            _ => self.with_parts(|part| part.keeping(number)),
        }
    }

    /// The same with nothing but these characters in its groups.
    pub(crate) fn narrowed(&self, to: &ClassUnicode) -> Self {
        match self {
            Self::Group(number, sub) => Self::Group(*number, sub.intersected(to).into()),
            _ => self.with_parts(|part| part.narrowed(to)),
        }
    }

    fn intersected(&self, to: &ClassUnicode) -> Self {
        match self {
            Self::Set(characters) => {
                let mut both = characters.clone();
                both.intersect(to);
                Self::Set(both)
            }
            _ => self.with_parts(|part| part.intersected(to)),
        }
    }

    /// Whether nothing can match it, as far as its classes show.
    pub(crate) fn is_nothing(&self) -> bool {
        match self {
            Self::Set(characters) => characters.ranges().is_empty(),
            Self::Start | Self::End | Self::LineEnd => false,
            Self::Sequence(parts) => parts.iter().any(Self::is_nothing),
            Self::Choice(parts) => parts.iter().all(Self::is_nothing),
            Self::Group(_, sub) | Self::Foreign(_, sub) => sub.is_nothing(),
            Self::Repeat { sub, min, .. } => *min > 0 && sub.is_nothing(),
        }
    }

    /// The same without what nothing can match.
    pub(crate) fn trimmed(&self) -> Self {
        match self {
            Self::Choice(parts) => {
                Self::Choice(parts.iter().filter(|part| !part.is_nothing()).map(Self::trimmed).collect())
            }
            Self::Repeat { sub, min: 0, .. } if sub.is_nothing() => Self::empty(),
            _ => self.with_parts(Self::trimmed),
        }
    }

    /// The texts that it matches as a whole, where these are at most so many.
    pub(crate) fn words(&self, most: usize) -> Option<Vec<String>> {
        let words = match self {
            Self::Set(characters) => {
                let count: u64 = characters.iter().map(|range| range.len() as u64).sum();
                if count > u64::try_from(most).unwrap_or(u64::MAX) {
                    return None;
                }
                let all = characters.iter().flat_map(|range| range.start()..=range.end());
                all.map(String::from).collect()
            }
            Self::Start | Self::End | Self::LineEnd | Self::Foreign(..) => return None,
            Self::Sequence(parts) => {
                let mut words = vec![String::new()];
                for part in parts {
                    words = followed(&words, &part.words(most)?, most)?;
                }
                words
            }
            Self::Choice(parts) => {
                let mut words = Vec::new();
                for part in parts {
                    words.extend(part.words(most)?);
                    if words.len() > most {
                        return None;
                    }
                }
                words
            }
            Self::Group(_, sub) => sub.words(most)?,
            Self::Repeat { sub, min, max, .. } => {
                let max = (*max)?;
                let (one, mut run, mut words) = (sub.words(most)?, vec![String::new()], Vec::new());
                for count in 0..=max {
                    if count >= *min {
                        words.extend(run.iter().cloned());
                    }
                    let too_long = run.iter().any(|word| word.len() > LONG);
                    if words.len() > most || too_long {
                        return None;
                    }
                    if count < max {
                        run = followed(&run, &one, most)?;
                    }
                }
                words
            }
        };
        let mut words: Vec<String> = words;
        words.sort_unstable();
        words.dedup();
        (words.len() <= most).then_some(words)
    }

    /// The texts of which it matches the whole, where it stands between the ends of the text.
    pub(crate) fn anchored_words(&self, most: usize) -> Option<Vec<String>> {
        match self {
            Self::Sequence(parts) => match parts.as_slice() {
                [Self::Start, between @ .., Self::End] => Self::Sequence(between.to_vec()).words(most),
                [one] => one.anchored_words(most),
                _ => None,
            },
            Self::Choice(parts) => {
                let words: Option<Vec<Vec<String>>> = parts.iter().map(|part| part.anchored_words(most)).collect();
                words.map(|words| words.concat()).filter(|words| words.len() <= most)
            }
            Self::Group(_, sub) => sub.anchored_words(most),
            _ => None,
        }
    }
}

/// Each of the first followed by each of the second.
fn followed(first: &[String], second: &[String], most: usize) -> Option<Vec<String>> {
    if first.len().saturating_mul(second.len()) > most {
        return None;
    }
    let pairs = first.iter().flat_map(|one| second.iter().map(move |other| [&**one, other].concat()));
    Some(pairs.collect())
}

/// A class of these characters.
pub(crate) fn set(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|&(start, end)| ClassUnicodeRange::new(start, end)))
}

/// The class with the other case of its ASCII letters: what PostgreSQL and Java do where case does not matter.
pub(crate) fn either_case(class: &mut ClassUnicode) {
    let mut others = Vec::new();
    for (from, to, lower) in [('a', 'z', true), ('A', 'Z', false)] {
        let mut letters = set(&[(from, to)]);
        letters.intersect(class);
        others.extend(letters.iter().map(|range| {
            let other = |letter: char| {
                if lower { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
            };
            ClassUnicodeRange::new(other(range.start()), other(range.end()))
        }));
    }
    class.union(&ClassUnicode::new(others));
}

/// Longest text that is written out, in bytes.
const LONG: usize = 256;
