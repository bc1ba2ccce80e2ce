//! What does a pattern become whose group is to hold anything but some words? RE2 has no "but": what differs from a word does so
//! at one of its characters, or ends before it, or goes on behind it.

use alloc::{boxed::Box, vec, vec::Vec};

use regex_syntax::hir::ClassUnicode;

use super::pattern::{Pattern, set};

impl Pattern {
    /// The same with a group that holds none of these words; nothing where the group is more than characters of one class.
    pub(crate) fn without(&self, words: &[Vec<char>]) -> Option<Self> {
        match self {
            Self::Group(number, sub) => match &**sub {
                Self::Repeat { sub, min: min @ (0 | 1), max: None, .. } => match &**sub {
                    Self::Set(class) => {
                        let mut words: Vec<&[char]> = words.iter().map(|word| &**word).collect();
                        words.sort_unstable();
                        words.dedup();
                        Some(Self::Group(*number, Box::new(other_words(class, &words, *min == 0)?)))
                    }
                    _ => None,
                },
                _ => None,
            },
            Self::Sequence(parts) => {
                let place = parts.iter().position(|part| part.group(1).is_some())?;
                let mut parts = parts.clone();
                let part = parts.get_mut(place)?;
                *part = part.without(words)?;
                Some(Self::Sequence(parts))
            }
            _ => None,
        }
    }
}

/// The texts of characters of the class that are none of the words, which are sorted; the empty text only if it may be.
fn other_words(class: &ClassUnicode, words: &[&[char]], may_be_empty: bool) -> Option<Pattern> {
    let mut branches = Vec::new();
    let mut others = class.clone();
    let ends_here = words.first().is_some_and(|word| word.is_empty());
    let mut rest: &[&[char]] = words.get(usize::from(ends_here)..)?;
    let mut nexts = Vec::new();
    while let Some(first) = rest.first().and_then(|word| word.first()) {
        let count = rest.iter().take_while(|word| word.first() == Some(first)).count();
        let (same, after) = rest.split_at_checked(count)?;
        let tails: Vec<&[char]> = same.iter().filter_map(|word| word.get(1..)).collect();
        others.difference(&set(&[(*first, *first)]));
        nexts.push((*first, other_words(class, &tails, true)?));
        rest = after;
    }
    let any = Pattern::Repeat { sub: Pattern::Set(class.clone()).into(), min: 0, max: None, greedy: true };
    if nexts.is_empty() && !ends_here {
        let min = u32::from(!may_be_empty);
        return Some(Pattern::Repeat { sub: Pattern::Set(class.clone()).into(), min, max: None, greedy: true });
    }
    branches.push(Pattern::Sequence(vec![Pattern::Set(others), any]));
    branches.extend(nexts.into_iter().map(|(next, after)| Pattern::Sequence(vec![Pattern::character(next), after])));
    if may_be_empty && !ends_here {
        branches.push(Pattern::empty());
    }
    Some(Pattern::Choice(branches))
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;
    use crate::{
        ground::work::Work,
        parsed::{
            foreign_map::{Ways, written},
            regex::{self, Program, Reading},
        },
    };

    #[test]
    fn a_group_holds_anything_but_the_words() {
        let class = set(&[('a', 'c')]);
        let texts: Vec<String> = (0..3_usize.pow(4))
            .flat_map(|number| {
                let text: String = (0..4).map(|place| ['a', 'b', 'c'][number / 3_usize.pow(place) % 3]).collect();
                (0..=4).map(move |length| text[..length].to_string())
            })
            .collect();
        for words in [&[][..], &[""], &["a"], &["ab"], &["a", "ab", "b"], &["abc", "abb", "", "c"], &["aaaa", "aa"]] {
            for min in [0, 1] {
                let repeat = Pattern::Repeat { sub: Pattern::Set(class.clone()).into(), min, max: None, greedy: true };
                let pattern = Pattern::Sequence(vec![Pattern::Group(1, repeat.into())]).anchored();
                let listed: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
                let other = pattern.without(&listed).unwrap();
                let regex = regex::parse(&written(&other), Reading::default()).unwrap();
                let program = Program::compile(&regex.tree).unwrap();
                for text in &texts {
                    let expected = !words.contains(&&**text) && text.len() >= min as usize;
                    let found = program.find(text, &Work::of(u64::MAX)).unwrap();
                    assert_eq!(found, expected.then_some(Some(&**text)), "{words:?} {text:?} {}", written(&other));
                    let mut ways = Ways::of(text).unwrap();
                    assert_eq!(ways.visit(&other, 0, |_, _| true), Ok(expected));
                }
            }
        }
    }
}
