//! Which fixed text does every match of a regex hold? At its start, at its end, or anywhere in it.

use alloc::{string::String, vec, vec::Vec};

use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind, Look};

use super::fold::{folded, representative};

/// Folded texts, one of which every match has at the place; none where there are many or where one is empty.
#[derive(Debug)]
pub(super) struct Fixed {
    pub(super) prefixes: Vec<String>,
    pub(super) suffixes: Vec<String>,
    pub(super) inner: Vec<String>,
}

impl Fixed {
    pub(super) fn of(tree: &Hir) -> Self {
        let mut parts = Vec::new();
        flatten(tree, &mut parts);
        let prefixes = match parts.split_first() {
            Some((first, rest)) if matches!(first.kind(), HirKind::Look(Look::Start)) => {
                grown(rest.iter().copied(), combinations).0
            }
            _ => Vec::new(),
        };
        let suffixes = match parts.split_last() {
            Some((last, rest)) if matches!(last.kind(), HirKind::Look(Look::End)) => {
                grown(rest.iter().rev().copied(), |grown, part| combinations(part, grown)).0
            }
            _ => Vec::new(),
        };
        Self { prefixes: told(prefixes), suffixes: told(suffixes), inner: told(longest_run(&parts)) }
    }
}

/// How much the texts tell about a match: the length of the shortest of them.
pub(super) fn told_by(texts: &[String]) -> usize {
    texts.iter().map(String::len).min().unwrap_or(0)
}

/// Texts of which an empty one says nothing.
fn told(texts: Vec<String>) -> Vec<String> {
    if told_by(&texts) == 0 { Vec::new() } else { texts }
}

/// The parts that follow each other in every match, groups opened.
fn flatten<'h>(tree: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match tree.kind() {
        HirKind::Concat(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        _ => parts.push(tree),
    }
}

/// The texts of the parts next to each other that tell most.
fn longest_run(mut parts: &[&Hir]) -> Vec<String> {
    let mut longest = Vec::new();
    while !parts.is_empty() {
        let (texts, taken) = grown(parts.iter().copied(), combinations);
        if told_by(&texts) > told_by(&longest) {
            longest = texts;
        }
        parts = parts.get(taken.max(1)..).unwrap_or_default();
    }
    longest
}

/// The texts of as many parts as have few enough of them, and how many parts these are.
fn grown<'h>(
    parts: impl Iterator<Item = &'h Hir>,
    join: fn(&[String], &[String]) -> Option<Vec<String>>,
) -> (Vec<String>, usize) {
    let mut texts = vec![String::new()];
    let mut taken = 0_usize;
    for part in parts {
        match fixed(part).and_then(|part| join(&texts, &part)) {
            Some(longer) => texts = longer,
            None => break,
        }
        taken = taken.saturating_add(1);
    }
    (texts, taken)
}

/// The folded texts that the part can match, if they are few.
fn fixed(part: &Hir) -> Option<Vec<String>> {
    let mut texts = match part.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![folded(core::str::from_utf8(&literal.0).ok()?).into_owned()],
        HirKind::Class(Class::Unicode(class))
            if class.iter().map(ClassUnicodeRange::len).sum::<usize>() <= 4 * TEXTS_MAX =>
        {
            let members = class.iter().flat_map(|range| range.start()..=range.end());
            members.map(|member| String::from(representative(member))).collect()
        }
        HirKind::Capture(capture) => fixed(&capture.sub)?,
        HirKind::Concat(parts) => {
            let empty = vec![String::new()];
            parts.iter().try_fold(empty, |texts, part| combinations(&texts, &fixed(part)?))?
        }
        HirKind::Alternation(branches) => branches.iter().map(fixed).collect::<Option<Vec<_>>>()?.concat(),
        _ => return None,
    };
    texts.sort_unstable();
    texts.dedup();
    (texts.len() <= TEXTS_MAX).then_some(texts)
}

/// Each text before followed by each text after, if these are few.
fn combinations(before: &[String], after: &[String]) -> Option<Vec<String>> {
    let few = before.len().saturating_mul(after.len()) <= TEXTS_MAX;
    let pair = |one: &String| after.iter().map(move |other| [&**one, &**other].concat()).collect::<Vec<_>>();
    few.then(|| before.iter().flat_map(pair).collect())
}

/// Most texts at one place, one of which every match has.
pub(super) const TEXTS_MAX: usize = 8;
