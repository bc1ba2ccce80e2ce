//! Which fixed text does every match of a regex hold? At its start, at its end, or anywhere in it.

use alloc::{borrow::Cow, string::String, vec, vec::Vec};

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

use super::fold::{folded, representative};

/// Folded texts, one of which every match has at the place; none where there are many or where one is empty.
#[derive(Debug)]
pub(crate) struct Fixed {
    pub(crate) prefixes: Vec<String>,
    pub(crate) suffixes: Vec<String>,
    pub(crate) inner: Vec<String>,
}

impl Fixed {
    pub(crate) fn of(tree: &Hir) -> Self {
        let mut parts = Vec::new();
        flatten(tree, &mut parts);
        let is_look = |part: Option<&&Hir>, look| part.is_some_and(|part| *part.kind() == HirKind::Look(look));
        let (from_start, to_end) = (is_look(parts.first(), Look::Start), is_look(parts.last(), Look::End));
        let mut fixed = Self { prefixes: Vec::new(), suffixes: Vec::new(), inner: Vec::new() };
        let mut rest = parts.as_slice();
        while !rest.is_empty() {
            let (texts, after) = run(rest);
            if told_by(&texts) > 0 {
                if from_start && rest.len() == parts.len() {
                    fixed.prefixes.clone_from(&texts);
                }
                if to_end && after.is_empty() {
                    fixed.suffixes.clone_from(&texts);
                }
                if told_by(&texts) > told_by(&fixed.inner) {
                    fixed.inner = texts;
                }
            }
            // A part that has too many texts by itself stands between two runs.
            rest = if after.len() == rest.len() { after.get(1..).unwrap_or_default() } else { after };
        }
        fixed
    }
}

/// How much the texts tell about a match: the length of the shortest of them.
pub(crate) fn told_by(texts: &[String]) -> usize {
    texts.iter().map(String::len).min().unwrap_or(0)
}

/// The parts that follow each other in every match, groups opened.
fn flatten<'h>(tree: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match tree.kind() {
        HirKind::Concat(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        _ => parts.push(tree),
    }
}

/// The texts of as many parts as have few enough of them together, and the parts after these.
fn run<'p, 'h>(mut parts: &'p [&'h Hir]) -> (Vec<String>, &'p [&'h Hir]) {
    let mut texts = vec![String::new()];
    while let Some((part, rest)) = parts.split_first() {
        if let Some(only) = only_text(part) {
            texts.iter_mut().for_each(|text| text.push_str(&only));
        } else {
            match fixed(part).and_then(|part| combinations(&texts, &part)) {
                Some(longer) => texts = longer,
                None => break,
            }
        }
        parts = rest;
    }
    (texts, parts)
}

/// The folded text of a part that can match no other; most parts are a literal, or a letter in both its cases.
fn only_text(part: &Hir) -> Option<Cow<'_, str>> {
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(Cow::Borrowed("")),
        HirKind::Literal(literal) => Some(folded(core::str::from_utf8(&literal.0).ok()?)),
        HirKind::Class(Class::Unicode(class)) if is_small(class) => {
            let mut members = members(class).map(representative);
            let first = members.next()?;
            members.all(|other| other == first).then(|| String::from(first).into())
        }
        _ => None,
    }
}

/// The folded texts that the part can match, if they are few.
fn fixed(part: &Hir) -> Option<Vec<String>> {
    let mut texts = match part.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) => vec![only_text(part)?.into_owned()],
        HirKind::Class(Class::Unicode(class)) if is_small(class) => {
            members(class).map(|member| String::from(representative(member))).collect()
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

/// Whether a class has so few members that they may be few texts: a letter has up to four cases.
fn is_small(class: &ClassUnicode) -> bool {
    class.iter().map(ClassUnicodeRange::len).sum::<usize>() <= 4 * TEXTS_MAX
}

fn members(class: &ClassUnicode) -> impl Iterator<Item = char> {
    class.iter().flat_map(|range| range.start()..=range.end())
}

/// Most texts at one place, one of which every match has.
pub(crate) const TEXTS_MAX: usize = 8;
