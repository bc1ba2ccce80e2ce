//! What does an identity map say, read in the most obvious way?
//!
//! Slow, and sure only of what it can read: lines in ASCII, and regexes without repetition counts, classes by name and
//! escaped letters. It says so where it is not sure. It shares nothing with the engine.

use std::collections::BTreeSet;

/// A line with a rule.
pub(crate) struct Rule<'m> {
    pub(crate) issuer: &'m str,
    pub(crate) identity: &'m str,
    pub(crate) user: &'m str,
}

/// The rules of a map; nothing where a line is none or is not in ASCII.
pub(crate) fn rules(map: &str) -> Option<Vec<Rule<'_>>> {
    let written = map.split('\n').map(|line| line.split('#').next().unwrap_or_default());
    written.filter(|line| !line.trim().is_empty()).map(rule).collect()
}

fn rule(line: &str) -> Option<Rule<'_>> {
    let columns: Vec<_> = line.split_ascii_whitespace().collect();
    let &[issuer, identity, user] = &*columns else { return None };
    // A vertical tab is white space to some and not to others.
    (line.is_ascii() && !line.contains('\x0b')).then_some(Rule { issuer, identity, user })
}

/// Whether a regex matches somewhere in a text; nothing where either is beyond this matcher.
pub(crate) fn is_match(pattern: &str, text: &str, ignore_case: bool) -> Option<bool> {
    const LONGEST: usize = 64;
    if !pattern.is_ascii() || !text.is_ascii() || pattern.len() > LONGEST || text.len() > LONGEST {
        return None;
    }
    let mut parser = Parser { rest: pattern.as_bytes(), depth: 0 };
    let tree = parser.choice()?;
    if !parser.rest.is_empty() {
        return None;
    }
    let matcher = Matcher { text: text.as_bytes(), ignore_case };
    Some((0..=text.len()).any(|start| !matcher.ends(&tree, &[start].into()).is_empty()))
}

enum Tree {
    Byte(u8),
    Any,
    Class {
        negated: bool,
        ranges: Vec<(u8, u8)>,
    },
    Start,
    End,
    Choice(Vec<Tree>),
    Sequence(Vec<Tree>),
    /// At least as often as the number says, and at most once if the flag does.
    Repeat(Box<Tree>, usize, bool),
}

struct Parser<'p> {
    rest: &'p [u8],
    depth: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn choice(&mut self) -> Option<Tree> {
        const DEEPEST: usize = 8;
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut branches = vec![self.sequence()?];
        while self.take(b'|') {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        Some(Tree::Choice(branches))
    }

    fn sequence(&mut self) -> Option<Tree> {
        let mut parts = Vec::new();
        while !matches!(self.rest.first(), None | Some(b'|' | b')')) {
            parts.push(self.repeated()?);
        }
        Some(Tree::Sequence(parts))
    }

    fn repeated(&mut self) -> Option<Tree> {
        let tree = self.atom()?;
        let (least, once) = match self.rest.first() {
            Some(b'*') => (0, false),
            Some(b'+') => (1, false),
            Some(b'?') => (0, true),
            Some(b'{') => return None,
            _ => return Some(tree),
        };
        self.next();
        // Whether it takes as much as it can or as little makes no difference to whether it matches.
        self.take(b'?');
        match self.rest.first() {
            Some(b'*' | b'+' | b'?' | b'{') => None,
            _ => Some(Tree::Repeat(tree.into(), least, once)),
        }
    }

    fn atom(&mut self) -> Option<Tree> {
        match self.next()? {
            b'(' => {
                if self.take(b'?') && !(self.take(b':')) {
                    return None;
                }
                let tree = self.choice()?;
                self.take(b')').then_some(tree)
            }
            b'[' => self.class(),
            b'.' => Some(Tree::Any),
            b'^' => Some(Tree::Start),
            b'$' => Some(Tree::End),
            b'\\' => self.next().filter(u8::is_ascii_punctuation).map(Tree::Byte),
            b'*' | b'+' | b'?' | b'{' | b'}' | b']' | b')' => None,
            byte => Some(Tree::Byte(byte)),
        }
    }

    fn class(&mut self) -> Option<Tree> {
        let negated = self.take(b'^');
        let mut ranges = Vec::new();
        loop {
            let first = match self.next()? {
                b']' if !ranges.is_empty() => return Some(Tree::Class { negated, ranges }),
                byte if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'@' | b'_') => byte,
                _ => return None,
            };
            let last = if self.take(b'-') { self.next().filter(u8::is_ascii_alphanumeric)? } else { first };
            if last < first {
                return None;
            }
            ranges.push((first, last));
        }
    }
}

struct Matcher<'t> {
    text: &'t [u8],
    ignore_case: bool,
}

impl Matcher<'_> {
    /// Every place where a match that begins at one of these can end.
    fn ends(&self, tree: &Tree, starts: &BTreeSet<usize>) -> BTreeSet<usize> {
        let step = |accepts: &dyn Fn(u8) -> bool| {
            let accepted = |&&at: &&usize| self.text.get(at).is_some_and(|&byte| accepts(byte));
            starts.iter().filter(accepted).map(|at| at + 1).collect()
        };
        match tree {
            Tree::Byte(byte) => step(&|found| self.same(found, *byte)),
            Tree::Any => step(&|found| found != b'\n'),
            Tree::Class { negated, ranges } => step(&|found| {
                let one_of = |byte: u8| ranges.iter().any(|&(first, last)| (first..=last).contains(&byte));
                let other = if found.is_ascii_alphabetic() && self.ignore_case { found ^ 0x20 } else { found };
                (one_of(found) || one_of(other)) != *negated
            }),
            Tree::Start => starts.iter().copied().filter(|&at| at == 0).collect(),
            Tree::End => starts.iter().copied().filter(|&at| at == self.text.len()).collect(),
            Tree::Choice(branches) => branches.iter().flat_map(|branch| self.ends(branch, starts)).collect(),
            Tree::Sequence(parts) => parts.iter().fold(starts.clone(), |starts, part| self.ends(part, &starts)),
            Tree::Repeat(tree, least, once) => {
                let mut reached = if *least == 0 { starts.clone() } else { self.ends(tree, starts) };
                loop {
                    let more = self.ends(tree, &reached);
                    let before = reached.len();
                    reached.extend(more);
                    if *once || reached.len() == before {
                        return reached;
                    }
                }
            }
        }
    }

    fn same(&self, found: u8, wanted: u8) -> bool {
        found == wanted || (self.ignore_case && found.eq_ignore_ascii_case(&wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_matches_what_anybody_would_say_it_matches() {
        for (pattern, text, expected) in [
            ("^a(b|c)*d$", "abccbd", Some(true)),
            ("^a(b|c)*d$", "abxd", Some(false)),
            ("b+", "abba", Some(true)),
            ("^[^a-c.]?$", "D", Some(true)),
            ("^[^a-c.]?$", "b", Some(false)),
            ("(?:a|)*$", "", Some(true)),
            ("a\\.b", "a.b", Some(true)),
            ("a\\.b", "axb", Some(false)),
            ("a{2}", "aa", None),
            ("\\d", "1", None),
            ("é", "é", None),
        ] {
            assert_eq!(is_match(pattern, text, false), expected, "{pattern} {text}");
        }
        assert_eq!(is_match("^[a-c]X$", "Bx", true), Some(true));
        assert_eq!(is_match("^[^a-c]$", "B", true), Some(false));
    }

    #[test]
    fn it_reads_lines_by_their_columns() {
        let read = rules("# none\n\n i /^a$ u # why\n").expect("it can be read");
        let columns: Vec<_> = read.iter().map(|rule| (rule.issuer, rule.identity, rule.user)).collect();
        assert_eq!(columns, [("i", "/^a$", "u")]);
        assert!(rules("i a").is_none());
    }
}
