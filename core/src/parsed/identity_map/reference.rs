//! Random small regexes and whole maps of them, held against a matcher that is slow and obvious: it tries everything in
//! order, line by line, on its own syntax tree, and shares nothing with the engine.

use alloc::{boxed::Box, format, string::String, vec, vec::Vec};

use super::{Dialect, IdentityMap};
use crate::{
    ground::work::Work,
    parsed::regex::{self, Program, Reading},
};

#[derive(Clone, Debug)]
enum Ast {
    Character(char),
    Any,
    Class { negated: bool, members: Vec<char> },
    Look(Look),
    Group(Box<Ast>),
    Capture(u32, Box<Ast>),
    Repeat { sub: Box<Ast>, min: usize, max: Option<usize>, greedy: bool },
    Sequence(Vec<Ast>),
    Choice(Vec<Ast>),
}

#[derive(Clone, Copy, Debug)]
enum Look {
    Start,
    End,
    Word,
    NoWord,
}

impl Ast {
    fn written(&self) -> String {
        let all = |parts: &[Self]| parts.iter().map(Self::written).collect::<Vec<_>>();
        match self {
            Self::Character('\n') => "\\n".into(),
            Self::Character(character) => format!("{character}"),
            Self::Any => ".".into(),
            Self::Class { negated, members } => {
                let members: String = members.iter().map(|&member| Self::Character(member).written()).collect();
                format!("[{}{members}]", if *negated { "^" } else { "" })
            }
            Self::Look(Look::Start) => "^".into(),
            Self::Look(Look::End) => "$".into(),
            Self::Look(Look::Word) => "\\b".into(),
            Self::Look(Look::NoWord) => "\\B".into(),
            Self::Group(sub) => format!("(?:{})", sub.written()),
            Self::Capture(_, sub) => format!("({})", sub.written()),
            Self::Repeat { sub, min, max, greedy } => {
                let operator = match (min, max) {
                    (0, None) => "*".into(),
                    (1, None) => "+".into(),
                    (0, Some(1)) => "?".into(),
                    (min, None) => format!("{{{min},}}"),
                    (min, Some(max)) => format!("{{{min},{max}}}"),
                };
                format!("{}{operator}{}", sub.written(), if *greedy { "" } else { "?" })
            }
            Self::Sequence(parts) => all(parts).concat(),
            Self::Choice(branches) => all(branches).join("|"),
        }
    }
}

type Marks = [Option<usize>; 2];

struct Matcher<'t> {
    text: &'t [char],
    ignore_case: bool,
    steps: usize,
}

impl Matcher<'_> {
    /// What group 1 holds in the first match; an error when trying everything takes too long.
    fn find(&mut self, ast: &Ast) -> Result<Option<Option<String>>, ()> {
        for start in 0..=self.text.len() {
            let mut found = None;
            let matched = self.run(ast, start, [None; 2], &mut |_, _, marks| {
                found = Some(marks);
                true
            });
            if self.steps > 20_000 {
                return Err(());
            }
            if matched {
                let group = match found.unwrap() {
                    [Some(from), Some(to)] => Some(self.text[from..to].iter().collect()),
                    _ => None,
                };
                return Ok(Some(group));
            }
        }
        Ok(None)
    }

    fn run(
        &mut self,
        ast: &Ast,
        at: usize,
        marks: Marks,
        then: &mut dyn FnMut(&mut Self, usize, Marks) -> bool,
    ) -> bool {
        self.steps += 1;
        if self.steps > 20_000 {
            return false;
        }
        let next = self.text.get(at).copied();
        let same = |one: char, other: char| match self.ignore_case {
            true => orbit(one) == orbit(other),
            false => one == other,
        };
        match ast {
            Ast::Character(character) => next.is_some_and(|next| same(next, *character)) && then(self, at + 1, marks),
            Ast::Any => next.is_some_and(|next| next != '\n') && then(self, at + 1, marks),
            Ast::Class { negated, members } => {
                next.is_some_and(|next| members.iter().any(|&member| same(next, member)) != *negated)
                    && then(self, at + 1, marks)
            }
            Ast::Look(look) => {
                let word = |place: Option<usize>| {
                    place
                        .and_then(|place| self.text.get(place))
                        .is_some_and(|character| character.is_ascii_alphanumeric() || *character == '_')
                };
                let at_word = word(at.checked_sub(1)) != word(Some(at));
                let holds = match look {
                    Look::Start => at == 0,
                    Look::End => at == self.text.len(),
                    Look::Word => at_word,
                    Look::NoWord => !at_word,
                };
                holds && then(self, at, marks)
            }
            Ast::Group(sub) => self.run(sub, at, marks, then),
            Ast::Capture(1, sub) => {
                let opened = [Some(at), marks[1]];
                self.run(sub, at, opened, &mut |matcher, end, marks| then(matcher, end, [marks[0], Some(end)]))
            }
            Ast::Capture(_, sub) => self.run(sub, at, marks, then),
            Ast::Sequence(parts) => match parts.split_first() {
                None => then(self, at, marks),
                Some((first, rest)) => {
                    let rest = Ast::Sequence(rest.to_vec());
                    self.run(first, at, marks, &mut |matcher, at, marks| matcher.run(&rest, at, marks, then))
                }
            },
            Ast::Choice(branches) => branches.iter().any(|branch| self.run(branch, at, marks, then)),
            Ast::Repeat { sub, min, max, greedy } => self.repeat((sub, *min, *max, *greedy), at, marks, then),
        }
    }

    fn repeat(
        &mut self,
        (sub, min, max, greedy): (&Ast, usize, Option<usize>, bool),
        at: usize,
        marks: Marks,
        then: &mut dyn FnMut(&mut Self, usize, Marks) -> bool,
    ) -> bool {
        if max == Some(0) {
            return then(self, at, marks);
        }
        if min == 0 && !greedy && then(self, at, marks) {
            return true;
        }
        let once_more = self.run(sub, at, marks, &mut |matcher, end, marks| match max {
            None if min <= 1 => matcher.more_rounds((sub, greedy, end == at), end, marks, then),
            _ => {
                let max = max.map(|max| max - 1);
                matcher.repeat((sub, min.saturating_sub(1), max, greedy), end, marks, then)
            }
        });
        once_more || (min == 0 && greedy && then(self, at, marks))
    }

    /// After the first round of a loop without an end. As in RE2 only that round may read nothing, and then it is the
    /// last; Perl allows one such round at the end of any loop.
    fn more_rounds(
        &mut self,
        (sub, greedy, last): (&Ast, bool, bool),
        at: usize,
        marks: Marks,
        then: &mut dyn FnMut(&mut Self, usize, Marks) -> bool,
    ) -> bool {
        if !greedy && then(self, at, marks) {
            return true;
        }
        let once_more = !last
            && self.run(sub, at, marks, &mut |matcher, end, marks| {
                end > at && matcher.more_rounds((sub, greedy, false), end, marks, then)
            });
        once_more || (greedy && then(self, at, marks))
    }
}

/// The simple folding of the letters used here.
fn orbit(character: char) -> char {
    match character {
        'A' => 'a',
        'K' | '\u{212a}' => 'k',
        'U' => 'u',
        'É' => 'é',
        'Ł' => 'ł',
        other => other,
    }
}

/// A xorshift generator: the same regexes in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn character(&mut self) -> char {
        ['a', 'a', 'A', 'b', 'k', 'K', '\u{212a}', 'é', 'É', 'ł', 'Ł', '-', '\n'][self.below(13)]
    }

    fn text(&mut self) -> String {
        (0..self.below(7)).map(|_| self.character()).collect()
    }

    fn regex(&mut self) -> Ast {
        let mut captures = 0;
        let mut ast = self.choice(3, &mut captures);
        if self.below(4) == 0 {
            ast = Ast::Sequence(vec![Ast::Look(Look::Start), Ast::Group(ast.into()), Ast::Look(Look::End)]);
        }
        ast
    }

    fn choice(&mut self, depth: usize, captures: &mut u32) -> Ast {
        let branches = [1, 1, 1, 2, 3][self.below(5)];
        Ast::Choice((0..branches).map(|_| self.sequence(depth, captures)).collect())
    }

    fn sequence(&mut self, depth: usize, captures: &mut u32) -> Ast {
        Ast::Sequence((0..self.below(4)).map(|_| self.repeated(depth, captures)).collect())
    }

    fn repeated(&mut self, depth: usize, captures: &mut u32) -> Ast {
        let sub = self.atom(depth, captures);
        let (min, max) =
            [(0, None), (1, None), (0, Some(1)), (2, None), (0, Some(2)), (1, Some(3)), (2, Some(2)), (0, Some(0))]
                [self.below(8)];
        match self.below(3) {
            0 => Ast::Repeat { sub: sub.into(), min, max, greedy: self.below(3) > 0 },
            _ => sub,
        }
    }

    fn atom(&mut self, depth: usize, captures: &mut u32) -> Ast {
        match self.below(if depth == 0 { 8 } else { 11 }) {
            0..=4 => Ast::Character(self.character()),
            5 => Ast::Any,
            6 => Ast::Class {
                negated: self.below(2) == 0,
                members: (0..=self.below(3)).map(|_| self.character()).filter(|&c| c != '-').chain(['b']).collect(),
            },
            7 => Ast::Look([Look::Start, Look::End, Look::Word, Look::NoWord][self.below(4)]),
            8 => Ast::Group(self.choice(depth - 1, captures).into()),
            _ => {
                *captures += 1;
                let index = *captures;
                Ast::Capture(index, self.choice(depth - 1, captures).into())
            }
        }
    }
}

#[test]
fn programs_find_what_trying_everything_finds() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut compared = 0;
    for round in 0..6000 {
        let ast = random.regex();
        let pattern = ast.written();
        let reading = Reading { ignore_case: round % 2 == 0, ..Reading::default() };
        let regex = regex::parse(&pattern, reading).unwrap_or_else(|error| panic!("{pattern}: {}", error.describe()));
        let program = Program::compile(&regex.tree).unwrap();
        for _ in 0..6 {
            let text = random.text();
            let characters: Vec<_> = text.chars().collect();
            let mut matcher = Matcher { text: &characters, ignore_case: reading.ignore_case, steps: 0 };
            let Ok(expected) = matcher.find(&ast) else { continue };
            let found = program.find(&text, &Work::of(u64::MAX)).unwrap().map(|group| group.map(String::from));
            assert_eq!(found, expected, "{pattern:?} {text:?} {reading:?}");
            compared += 1;
        }
    }
    assert!(compared > 30_000, "{compared}");
}

#[test]
fn a_map_finds_what_its_programs_find() {
    let mut random = Random(42);
    for round in 0..60 {
        let dialect = Dialect { ignore_case: round % 2 == 0, ..Dialect::COCKROACHDB };
        let reading = Reading { ignore_case: dialect.ignore_case, ..Reading::default() };
        let patterns: Vec<_> = (0..1 + random.below(60)).map(|_| random.regex().written()).collect();
        let lines: Vec<_> = patterns.iter().enumerate().map(|(n, pattern)| format!("iss /{pattern} u{n}")).collect();
        let map = IdentityMap::parse(&lines.join("\n"), dialect).unwrap();
        let programs: Vec<_> = patterns
            .iter()
            .map(|pattern| Program::compile(&regex::parse(pattern, reading).unwrap().tree).unwrap())
            .collect();
        for _ in 0..40 {
            let text = random.text();
            let found: Vec<_> =
                map.lines_for("iss").unwrap().users_once(&text).into_iter().map(|mapped| mapped.user).collect();
            let expected: Vec<_> = programs
                .iter()
                .enumerate()
                .filter(|(_, program)| program.find(&text, &Work::of(u64::MAX)).unwrap().is_some())
                .map(|(n, _)| format!("u{n}"))
                .collect();
            assert_eq!(found, expected, "{text:?} {patterns:?}");
        }
    }
}

/// One line of a random map.
struct Rule {
    number: u32,
    issuer: &'static str,
    identity: Identity,
    user: &'static str,
}

enum Identity {
    Literal(String),
    Regex(Ast),
}

impl Random {
    /// A map as text and as its rules, with comments and blank lines between them.
    fn map(&mut self) -> (String, Vec<Rule>) {
        let (mut text, mut rules) = (String::new(), Vec::new());
        for number in 1..=1 + self.below(25) as u32 {
            if self.below(6) == 0 {
                text += ["\n", "# iss a b\n", " \t\n"][self.below(3)];
                continue;
            }
            let rule = self.rule(number);
            let identity = match &rule.identity {
                Identity::Literal(name) => name.clone(),
                Identity::Regex(ast) => format!("/{}", ast.written()),
            };
            text += &format!("{}{} {identity}\t{}\n", ["", " "][self.below(2)], rule.issuer, rule.user);
            rules.push(rule);
        }
        (text, rules)
    }

    fn rule(&mut self, number: u32) -> Rule {
        let issuer = ["iss", "iss", "iss", "ISS"][self.below(4)];
        if self.below(3) == 0 {
            let mut name = self.text().replace('\n', "b");
            name.insert(0, ['a', 'K', '\u{212a}', '-'][self.below(4)]);
            return Rule {
                number,
                issuer,
                identity: Identity::Literal(name),
                user: ["u", "U", "É", "k"][self.below(4)],
            };
        }
        let ast = self.regex();
        let grouped = ast.written().matches('(').count() > ast.written().matches("(?").count();
        let user = match grouped {
            true => ["\\1", "x\\1", "\\1-\\1", "É\\1K", "\\1k", "u"][self.below(6)],
            false => ["u", "U", "v"][self.below(3)],
        };
        Rule { number, issuer, identity: Identity::Regex(ast), user }
    }
}

impl Rule {
    /// The SQL user before normalisation; an error when trying everything takes too long.
    fn gives(&self, principal: &[char], ignore_case: bool) -> Result<Option<String>, ()> {
        let group = match &self.identity {
            Identity::Literal(name) => {
                let same = |one: char, other: char| one == other || ignore_case && orbit(one) == orbit(other);
                let name: Vec<_> = name.chars().collect();
                let matches = name.len() == principal.len() && name.iter().zip(principal).all(|(&a, &b)| same(a, b));
                if matches { None } else { return Ok(None) }
            }
            Identity::Regex(ast) => match (Matcher { text: principal, ignore_case, steps: 0 }).find(ast)? {
                Some(group) => group,
                None => return Ok(None),
            },
        };
        let group = group.unwrap_or_default();
        Ok(Some(self.user.replacen("\\1", &group, 1)))
    }
}

#[test]
fn a_map_gives_what_reading_it_line_by_line_gives() {
    let mut random = Random(0x0123_4567_89ab_cdef);
    let (mut compared, mut mapped) = (0, 0);
    for round in 0..600 {
        let (text, rules) = random.map();
        let ignore_case = round % 2 == 0;
        let map = IdentityMap::parse(&text, Dialect { ignore_case, ..Dialect::COCKROACHDB }).unwrap();
        for _ in 0..12 {
            let principal = random.text();
            let characters: Vec<_> = principal.chars().collect();
            for issuer in ["iss", "ISS", "Iss"] {
                let own: Vec<_> = rules.iter().filter(|rule| rule.issuer == issuer).collect();
                let Some(lines) = map.lines_for(issuer) else {
                    assert!(own.is_empty(), "{issuer}: {text}");
                    continue;
                };
                let gives: Result<Vec<_>, ()> = own.iter().map(|rule| rule.gives(&characters, ignore_case)).collect();
                let Ok(gives) = gives else { continue };
                let mut expected: Vec<(String, bool, u32)> = Vec::new();
                for (rule, name) in own.iter().zip(gives).filter_map(|(rule, given)| Some((rule, given?))) {
                    // Lower case of the letters used here is what stands for their orbit.
                    let user: String = name.chars().map(orbit).collect();
                    let known = expected.iter().any(|(other, ..)| *other == user);
                    if !name.is_empty() && !known {
                        expected.push((user, name.contains(['\u{212a}', 'É', 'Ł']), rule.number));
                    }
                }
                let found = lines.users_once(&principal).into_iter();
                let found: Vec<_> = found.map(|mapped| (mapped.user, mapped.raw_changed, mapped.line)).collect();
                assert_eq!(found, expected, "{principal:?} of {issuer}, {ignore_case}:\n{text}");
                compared += 1;
                mapped += usize::from(found.len() > 1);
            }
        }
    }
    assert!(compared > 10_000 && mapped > 1_000, "{compared} {mapped}");
}
