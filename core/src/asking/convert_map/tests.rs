//! Random maps of other servers, converted and held against a model of those servers that shares nothing with the engine but
//! the text: it tries everything, on a syntax tree of its own.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::document::{ConvertMapDocument, LineOutcome, MapDialect, MapIssuers};
use crate::{
    ground::profile::Profile,
    parsed::{
        identity_map::{Dialect, IdentityMap},
        settings::Settings,
    },
};

#[derive(Clone, Debug)]
enum Ast {
    Character(char),
    Any,
    Class(bool, Vec<char>),
    Start,
    End,
    Sequence(Vec<Ast>),
    Choice(Vec<Ast>),
    Group(Box<Ast>),
    Plain(Box<Ast>),
    Repeat(Box<Ast>, usize, Option<usize>, bool),
}

/// Where a match ends, and what the first group holds.
type Way = (usize, Option<(usize, usize)>);

impl Ast {
    fn written(&self) -> String {
        let all = |parts: &[Self]| parts.iter().map(Self::written).collect::<Vec<_>>();
        match self {
            Self::Character(character) if character.is_ascii_alphanumeric() || *character == '@' => {
                character.to_string()
            }
            Self::Character(character) => format!("\\{character}"),
            Self::Any => ".".into(),
            Self::Class(negated, members) => {
                format!("[{}{}]", if *negated { "^" } else { "" }, members.iter().collect::<String>())
            }
            Self::Start => "^".into(),
            Self::End => "$".into(),
            Self::Sequence(parts) => all(parts).concat(),
            Self::Choice(branches) => all(branches).join("|"),
            Self::Group(sub) => format!("({})", sub.written()),
            Self::Plain(sub) => format!("(?:{})", sub.written()),
            Self::Repeat(sub, min, max, greedy) => {
                let times = match (min, max) {
                    (0, None) => "*".into(),
                    (1, None) => "+".into(),
                    (0, Some(1)) => "?".into(),
                    (min, None) => format!("{{{min},}}"),
                    (min, Some(max)) => format!("{{{min},{max}}}"),
                };
                format!("{}{times}{}", sub.written(), if *greedy { "" } else { "?" })
            }
        }
    }

    /// The ways to match from there, the preferred first. `first` is the number of groups before this part.
    fn ways(&self, text: &[char], at: usize, captured: Option<(usize, usize)>, java: bool) -> Vec<Way> {
        let takes = |holds: bool| if holds { vec![(at + 1, captured)] } else { Vec::new() };
        let looks = |holds: bool| if holds { vec![(at, captured)] } else { Vec::new() };
        let here = text.get(at).copied();
        match self {
            Self::Character(character) => takes(here == Some(*character)),
            Self::Any => takes(here.is_some_and(|here| !java || here != '\n')),
            Self::Class(negated, members) => takes(here.is_some_and(|here| members.contains(&here) != *negated)),
            Self::Start => looks(at == 0),
            Self::End => looks(at == text.len() || java && at + 1 == text.len() && here == Some('\n')),
            Self::Sequence(parts) => parts.iter().fold(vec![(at, captured)], |ways, part| {
                ways.into_iter().flat_map(|(at, captured)| part.ways(text, at, captured, java)).collect()
            }),
            Self::Choice(branches) => {
                branches.iter().flat_map(|branch| branch.ways(text, at, captured, java)).collect()
            }
            Self::Group(sub) => {
                sub.ways(text, at, captured, java).into_iter().map(|(end, _)| (end, Some((at, end)))).collect()
            }
            Self::Plain(sub) => sub.ways(text, at, captured, java),
            Self::Repeat(sub, min, max, greedy) => {
                Self::rounds(sub, text, (at, captured), 0, (*min, *max, *greedy), java)
            }
        }
    }

    fn rounds(
        sub: &Self,
        text: &[char],
        (at, captured): Way,
        count: usize,
        (min, max, greedy): (usize, Option<usize>, bool),
        java: bool,
    ) -> Vec<Way> {
        let mut more = Vec::new();
        if max.is_none_or(|max| count < max) {
            for (end, inner) in sub.ways(text, at, captured, java) {
                if end > at || count < min {
                    more.extend(Self::rounds(sub, text, (end, inner), count + 1, (min, max, greedy), java));
                }
            }
        }
        let stop = (count >= min).then_some((at, captured));
        match greedy {
            true => more.into_iter().chain(stop).collect(),
            false => stop.into_iter().chain(more).collect(),
        }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most
    }

    fn of<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }

    fn text(&mut self, most: usize) -> String {
        (0..self.below(most + 1)).map(|_| *self.of(&['a', 'b', 'A', '@', '.', 'a', 'b', '\n'])).collect()
    }

    /// At most one group, as it is the first that counts.
    fn ast(&mut self, depth: usize, grouped: &mut bool) -> Ast {
        match self.below(if depth == 0 { 6 } else { 13 }) {
            0..=2 => Ast::Character(*self.of(&['a', 'b', 'A', '@', '.'])),
            3 => Ast::Any,
            4 => Ast::Class(false, self.of(&[vec!['a', 'b'], vec!['a', 'A'], vec!['@', '.']]).clone()),
            5 => Ast::Class(true, self.of(&[vec!['@'], vec!['A', '@'], vec!['a']]).clone()),
            6 | 7 => Ast::Sequence((0..=self.below(3)).map(|_| self.ast(depth - 1, grouped)).collect()),
            8 => {
                Ast::Plain(Ast::Choice((0..=1 + self.below(2)).map(|_| self.ast(depth - 1, grouped)).collect()).into())
            }
            9 | 10 if !*grouped => {
                *grouped = true;
                let repeat = self.below(2) == 0;
                let inner = self.ast(depth - 1, grouped);
                let inner = if repeat { self.repeated(Ast::Plain(inner.into())) } else { inner };
                Ast::Group(inner.into())
            }
            _ => {
                let sub = self.ast(depth - 1, grouped);
                self.repeated(Ast::Plain(sub.into()))
            }
        }
    }

    fn repeated(&mut self, sub: Ast) -> Ast {
        let (min, max) = *self.of(&[(0, None), (0, None), (1, None), (1, None), (0, Some(1)), (2, None), (1, Some(2))]);
        Ast::Repeat(sub.into(), min, max, self.below(4) > 0)
    }

    /// A pattern as people write them, or any.
    fn pattern(&mut self) -> Ast {
        let mut parts = Vec::new();
        let mut grouped = false;
        match self.below(4) {
            0 => {
                let one = self.of(&[Ast::Any, Ast::Class(true, vec!['@']), Ast::Class(false, vec!['a', 'b'])]).clone();
                let (min, greedy) = (self.below(2), self.below(4) > 0);
                let part = Ast::Group(Ast::Repeat(one.into(), min, None, greedy).into());
                parts.extend([part, Ast::Character('@'), Ast::Character(*self.of(&['a', 'b']))]);
            }
            _ => parts.push(self.ast(3, &mut grouped)),
        }
        if self.below(3) > 0 {
            parts.insert(0, Ast::Start);
        }
        if self.below(3) > 0 {
            parts.push(Ast::End);
        }
        Ast::Sequence(parts)
    }

    fn settings(&mut self) -> Settings {
        let profile = *self.of(&["hardened", "cockroachdb"]);
        Settings::from_json(&format!(r#"{{"engine.profile": "{profile}"}}"#)).unwrap()
    }
}

/// The users that the identity map gives a principal, each with the source's line.
fn here(document: &ConvertMapDocument, principal: &str) -> Vec<(u32, String)> {
    let dialect = if document.profile == Profile::Hardened { Dialect::STRICT } else { Dialect::COCKROACHDB };
    let map = IdentityMap::parse(&document.map, dialect).unwrap();
    let rules = map.lines_for("iss").expect("an issuer without a line would let everybody pass");
    let mut users = Vec::new();
    let work = crate::ground::work::Work::of(u64::MAX);
    rules
        .users(principal, &crate::parsed::user_names::UserNames::default(), &work, |mapped| {
            let from = document.lines.iter().rev().find(|line| line.map_line.is_some_and(|first| first <= mapped.line));
            users.push((from.map_or(0, |line| line.line), mapped.user));
            Ok(())
        })
        .unwrap();
    users
}

/// How often each outcome was met.
#[derive(Debug, Default)]
struct Met {
    exact: usize,
    converted: usize,
    left_out: usize,
    witnesses: usize,
}

impl Met {
    fn count(&mut self, document: &ConvertMapDocument) {
        self.exact += document.exact;
        self.converted += document.converted;
        self.left_out += document.left_out;
        self.witnesses += document.lines.iter().filter(|line| line.witness.is_some()).count();
    }
}

enum Who {
    Literal(String),
    Pattern(Ast),
}

/// What one line of `pg_ident.conf` does with a principal.
#[derive(Debug, PartialEq, Eq)]
enum PostgreSql {
    No,
    Gives(String),
    /// It may give one of several, or end the search: nobody who has not read PostgreSQL's matcher knows.
    Perhaps {
        ends: bool,
    },
    Ends,
}

fn postgresql(who: &Who, user: &str, principal: &str) -> PostgreSql {
    let text: Vec<char> = principal.chars().collect();
    let pattern = match who {
        Who::Literal(literal) if literal == principal => return PostgreSql::Gives(user.into()),
        Who::Literal(_) => return PostgreSql::No,
        Who::Pattern(pattern) => pattern,
    };
    let mut captures: Vec<_> =
        (0..=text.len()).flat_map(|at| pattern.ways(&text, at, None, false)).map(|(_, captured)| captured).collect();
    captures.sort_unstable();
    captures.dedup();
    match (captures.as_slice(), user.split_once(r"\1")) {
        ([], _) => PostgreSql::No,
        (_, None) => PostgreSql::Gives(user.into()),
        ([None], _) => PostgreSql::Ends,
        ([Some((from, to))], Some((before, after))) => {
            PostgreSql::Gives(format!("{before}{}{after}", text[*from..*to].iter().collect::<String>()))
        }
        (several, _) => PostgreSql::Perhaps { ends: several.contains(&None) },
    }
}

#[test]
fn maps_of_postgresql_give_nobody_another_user_and_exact_lines_the_same() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut met = Met::default();
    for _ in 0..6000 {
        let lines: Vec<(Who, String)> = (0..=random.below(3))
            .map(|_| {
                let user =
                    random.of(&["a", "u1", "B", r"\1", r"\1", r"\1", r"x\1", r"\1-a", r"\1\1", "root"]).to_string();
                match random.below(4) {
                    0 => (Who::Literal(random.text(3).replace(['\n', '.'], "a") + "a"), user),
                    _ => (Who::Pattern(random.pattern()), user),
                }
            })
            .collect();
        let text: Vec<String> = lines
            .iter()
            .map(|(who, user)| match who {
                Who::Literal(literal) => format!("m {literal} {user}"),
                Who::Pattern(pattern) => format!("m \"/{}\" {user}", pattern.written()),
            })
            .collect();
        let text = text.join("\n");
        let settings = random.settings();
        let document = ConvertMapDocument::of(&text, MapDialect::PgIdent, &MapIssuers::One("iss".into()), &settings);
        assert_eq!(document.refused, None, "{text}");
        met.count(&document);
        let found =
            document.lines.iter().filter_map(|line| line.witness.as_ref()).map(|witness| witness.principal.clone());
        let found: Vec<String> = found.filter(|principal| !principal.contains('\\')).collect();
        for principal in (0..25).map(|_| random.text(6)).chain(found) {
            let here = here(&document, &principal);
            let mut certain = Vec::new();
            let (mut ended, mut perhaps_ended) = (false, false);
            for (line, (who, user)) in document.lines.iter().zip(&lines) {
                let gives = postgresql(who, user, &principal);
                let own: Vec<&String> =
                    here.iter().filter(|(from, _)| *from == line.line).map(|(_, user)| user).collect();
                let gives = if ended { PostgreSql::No } else { gives };
                if line.outcome == LineOutcome::Exact {
                    let same = match &gives {
                        PostgreSql::Gives(user) if user.is_empty() => own.is_empty(),
                        PostgreSql::Gives(user) => own == [user],
                        PostgreSql::No => own.is_empty(),
                        PostgreSql::Perhaps { .. } | PostgreSql::Ends => false,
                    };
                    assert!(
                        same || perhaps_ended && own.is_empty(),
                        "{text}\n{}\n{principal:?} {gives:?} {own:?}",
                        document.map
                    );
                }
                match gives {
                    PostgreSql::Gives(user) if !perhaps_ended => certain.push(user),
                    PostgreSql::Perhaps { ends } => perhaps_ended |= ends,
                    PostgreSql::Ends => ended = true,
                    _ => {}
                }
            }
            for (_, user) in &here {
                assert!(certain.contains(user), "{text}\n{}\n{principal:?} {here:?} {certain:?}", document.map);
            }
        }
    }
    assert!(met.exact > 1000 && met.converted > 300 && met.left_out > 1000 && met.witnesses > 500, "{met:?}");
}

/// A rule of Trino.
struct TrinoRule {
    pattern: Ast,
    user: Option<(&'static str, bool, &'static str)>,
    case: &'static str,
}

impl TrinoRule {
    fn written(&self) -> serde_json::Value {
        let mut rule = serde_json::json!({"pattern": self.pattern.written(), "case": self.case});
        match self.user {
            None => rule["allow"] = false.into(),
            Some((before, taken, after)) => {
                rule["user"] = format!("{before}{}{after}", if taken { "$1" } else { "" }).into();
            }
        }
        rule
    }

    /// The user of a principal; nothing where another rule is to be asked, and none where nobody is let in.
    fn user(&self, principal: &str) -> Option<Option<String>> {
        let text: Vec<char> = principal.chars().collect();
        self.pattern.ways(&text, 0, None, true).iter().find(|(end, _)| *end == text.len())?;
        let Some((before, taken, after)) = self.user else { return Some(None) };
        let (mut user, mut at) = (String::new(), 0);
        while at <= text.len() {
            let first = self.pattern.ways(&text, at, None, true).first().copied();
            if let Some((end, captured)) = first {
                user += before;
                if let Some((from, to)) = captured.filter(|_| taken) {
                    user.extend(&text[from..to]);
                }
                user += after;
                if end > at {
                    at = end;
                    continue;
                }
            }
            user.extend(text.get(at));
            at += 1;
        }
        let user = user.trim_matches(|character| character <= ' ');
        let user = match self.case {
            "lower" => user.to_lowercase(),
            "upper" => user.to_uppercase(),
            _ => user.to_string(),
        };
        Some(Some(user).filter(|user| !user.is_empty()))
    }
}

#[test]
fn rules_of_trino_give_nobody_another_user_and_exact_rules_the_same() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut met = Met::default();
    for _ in 0..6000 {
        let rules: Vec<TrinoRule> = (0..=random.below(3))
            .map(|_| {
                let mut pattern = random.pattern();
                if !pattern.written().contains("(?:") && random.below(3) == 0 {
                    pattern = Ast::Sequence(
                        random.text(3).chars().map(Ast::Character).filter(|c| c.written() != "\\\n").collect(),
                    );
                }
                let has_group = pattern.written().replace("(?:", "").replace("\\(", "").contains('(');
                let user = *random.of(&[
                    Some(("", true, "")),
                    Some(("", true, "")),
                    Some(("x", true, "")),
                    Some(("", true, "-a")),
                    Some(("a", false, "")),
                    Some(("B", false, "")),
                    None,
                ]);
                let user = user
                    .map(|(before, taken, after)| if has_group { (before, taken, after) } else { ("a", false, "") });
                let case: &&str = random.of(&["keep", "keep", "lower", "upper"]);
                TrinoRule { pattern, user, case }
            })
            .collect();
        let written: Vec<_> = rules.iter().map(TrinoRule::written).collect();
        let text = serde_json::to_string_pretty(&serde_json::json!({ "rules": written })).unwrap();
        let settings = random.settings();
        let document = ConvertMapDocument::of(&text, MapDialect::TrinoRules, &MapIssuers::One("iss".into()), &settings);
        assert_eq!(document.refused, None, "{text}");
        met.count(&document);
        for line in &document.lines {
            if let Some(witness) = line.witness.as_ref().filter(|witness| !witness.principal.contains('\\')) {
                let source = rules.iter().find_map(|rule| rule.user(&witness.principal)).flatten();
                assert_eq!(witness.source, source.into_iter().collect::<Vec<_>>(), "{text}\n{}", witness.principal);
            }
        }
        for principal in (0..25).map(|_| random.text(6)) {
            let here = here(&document, &principal);
            let mut source = None;
            for (line, rule) in document.lines.iter().zip(&rules) {
                let own: Vec<&String> =
                    here.iter().filter(|(from, _)| *from == line.line).map(|(_, user)| user).collect();
                let before = source.clone();
                if source.is_none() {
                    source = rule.user(&principal);
                }
                if line.outcome == LineOutcome::Exact {
                    let expected = if before.is_none() { source.clone().flatten() } else { None };
                    let same = own == expected.iter().collect::<Vec<_>>();
                    // A rule that comes too late may give what the rule before it gives.
                    let again = before.as_ref().is_some_and(|before| before.iter().collect::<Vec<_>>() == own);
                    assert!(same || again, "{text}\n{}\n{principal:?} {own:?} {expected:?}", document.map);
                }
            }
            let source = source.flatten();
            for (_, user) in &here {
                assert_eq!(Some(user), source.as_ref(), "{text}\n{}\n{principal:?} {here:?}", document.map);
            }
        }
    }
    assert!(met.exact > 500 && met.converted > 200 && met.left_out > 1000 && met.witnesses > 500, "{met:?}");
}
