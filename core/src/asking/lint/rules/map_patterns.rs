//! Whom else does a regex of the identity map let in? Each claim is shown by a principal that was constructed, and that the
//! map itself was asked about; what cannot be shown says so.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::super::{
    document::{Proof, Witness},
    findings::{Draft, Findings},
    rule::Rule,
    subject::Subject,
};
use crate::{
    asking::{
        tried_line::{TriedLine, told},
        who_can::ADMINISTRATORS,
    },
    ground::{splice::Splice, text::shown},
    parsed::{
        identity_map::{IssuerMap, Line, anchored},
        regex::{self, Program, Reading, Searched, Target, Wanted, folded},
        risk::{self, WideKind},
        settings::{Change, SettingName},
    },
};

pub(super) fn find(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let names = &subject.compiled.names;
    let given = Given::of(subject);
    let mut unsearched: Vec<Line<'_>> = Vec::new();
    for map in subject.map.maps() {
        for tried in TriedLine::all(map, names, &subject.work) {
            if let (Some(program), Some(pattern)) = (tried.program, tried.line.pattern()) {
                if subject.work.spend(program.bytes().saturating_mul(READINGS) / READ_BYTES_PER_STEP).is_ok() {
                    let reading = Reading { ignore_case: map.ignores_case(), ..Reading::default() };
                    let plain = risk::with_dots_escaped(pattern).and_then(|plain| compiled(&plain, reading));
                    let of = Pattern { tried, program, pattern, plain, subject };
                    of.extent(found);
                    of.capture(&given, found);
                }
                if subject.work.left() == 0 {
                    unsearched.push(tried.line);
                }
            }
        }
        of_case(map, subject, found);
    }
    if let Some(first) = unsearched.first() {
        found.add(Rule::MapUnsearched, || of_unsearched(*first, unsearched.len()));
    }
}

/// That lines were not searched to the end, the first of them that one.
fn of_unsearched(first: Line<'_>, count: usize) -> Draft {
    let message = match count {
        1 => format!("line {} of the identity map was not searched to the end", first.number),
        _ => {
            format!("{count} regexes of the identity map, from line {} on, were not searched to the end", first.number)
        }
    };
    let remedy = "judge these lines in settings of their own, or write fewer and smaller regexes";
    Draft::new(message, remedy).at(SettingName::IdentityMap, first.offset).known_by(Proof::NotProved)
}

/// How often a regex is read anew, in one form or another, and how many bytes of it are read in a step.
const READINGS: usize = 6;
const READ_BYTES_PER_STEP: usize = 2;

/// A line with a regex.
struct Pattern<'m> {
    tried: TriedLine<'m>,
    program: &'m Program,
    pattern: &'m str,
    /// The regex with every dot that stands between words as a dot: what else lets in is told by itself.
    plain: Option<Program>,
    subject: &'m Subject<'m>,
}

/// Who shows something: one principal, or two, and the user whom they become.
struct Shown {
    principals: Vec<String>,
    user: String,
}

impl Shown {
    fn one(principal: &str, user: String) -> Self {
        Self { principals: Vec::from([principal.to_string()]), user }
    }
}

impl Pattern<'_> {
    /// What does it match beyond what it was meant to?
    fn extent(&self, found: &mut Findings<'_>) {
        if self.tried.work.left() == 0 {
            return;
        }
        if self.tried.shortest(&[Wanted::matching(self.program)], |_, _| Some(())) == Searched::Nothing {
            let message = format!(
                "line {} of the identity map: no text at all matches `/{}`",
                self.number(),
                shown(self.pattern)
            );
            let remedy = "write the regex so that the principal that is meant matches it: `^` stands at its beginning, `$` at \
                          its end";
            return found.add(Rule::MapRegexNothing, || self.draft(message, remedy).known_by(Proof::Search));
        }
        let wide = risk::wide(self.tried.map.name(), self.pattern);
        match wide.as_ref().map(|wide| wide.kind) {
            Some(WideKind::Meaning) => {
                let what = wide.map(|wide| wide.what).unwrap_or_default();
                let message = format!("line {} of the identity map takes {what}", self.number());
                let remedy = format!(
                    "write in line {} exactly what may log in as `{}`",
                    self.number(),
                    shown(self.tried.line.user)
                );
                let shown = self.anybody();
                found.add(Rule::MapRegexWide, || self.shown(self.draft(message, &remedy), shown));
            }
            _ if !self.is_anchored() => self.open(found),
            _ => {}
        }
        self.dots(found);
    }

    /// It need not match the whole.
    fn open(&self, found: &mut Findings<'_>) {
        let reading = self.reading();
        let is_split = has_open_alternation(self.pattern);
        let written = match is_split {
            true => format!("^(?:{})$", without_anchors(self.pattern)),
            false => anchored(self.pattern, reading),
        };
        let meant = compiled(&written, reading);
        let mut is_hidden = false;
        let searched = meant.as_ref().map_or(Searched::Unknown, |meant| {
            self.dressed(meant).map_or_else(
                || {
                    let wanted = [Wanted::matching(self.program), Wanted::missing(meant)];
                    self.tried.shortest(&wanted, |principal, user| {
                        let hides = principal.contains(char::is_control);
                        is_hidden |= hides;
                        (!hides).then(|| Shown::one(principal, user))
                    })
                },
                Searched::Found,
            )
        });
        // Only with a line feed, which no principal holds, is there a difference.
        if matches!(searched, Searched::Nothing) || is_hidden && matches!(searched, Searched::Unknown) {
            return;
        }
        let (rule, number) =
            (if is_split { Rule::MapRegexAlternation } else { Rule::MapRegexUnanchored }, self.number());
        let message = match is_split {
            true => format!(
                "line {number} of the identity map: `^` and `$` hold only a part of `/{}`, each on its side of the `|`",
                shown(self.pattern)
            ),
            false => format!(
                "line {number} of the identity map: `/{}` need not match the whole principal",
                shown(self.pattern)
            ),
        };
        let change = meant.is_some().then(|| self.rewritten(&written));
        let remedy = format!("write `/{}`", shown(&written));
        found.add(rule, || self.searched(self.draft(message, &remedy).mended(change), searched));
    }

    /// Something nobody meant, in words that show why it matters, before the shortest is looked for.
    fn dressed(&self, meant: &Program) -> Option<Shown> {
        let any = |principal: &str, _| Some(principal.to_string());
        let member = |of| self.tried.shortest(&[Wanted::matching(self.program), of], any).found();
        // Of `(.*)` the shortest holds nothing, and nobody has the name.
        let named = Target::lowered("x");
        let member = member(Wanted::holding(meant, &named)).or_else(|| member(Wanted::matching(meant)))?;
        let open = |principal: String| {
            let user = self.tried.user(&principal)?;
            let is_meant = meant.find(&principal, self.tried.work).ok()?.is_some();
            (!is_meant).then(|| Shown::one(&principal, user))
        };
        [format!("{member}.evil.example"), format!("evil-{member}"), format!("{member}evil")].into_iter().find_map(open)
    }

    /// A dot that was meant as one.
    fn dots(&self, found: &mut Findings<'_>) {
        let Some(written) = risk::with_dots_escaped(self.pattern) else { return };
        let Some(meant) = compiled(&written, self.reading()) else { return };
        let searched =
            self.tried.shortest(&[Wanted::matching(self.program), Wanted::missing(&meant)], |principal, user| {
                Some(Shown::one(principal, user))
            });
        if matches!(searched, Searched::Nothing) {
            return;
        }
        let message = format!(
            "line {} of the identity map: a dot in `/{}` stands for any character",
            self.number(),
            shown(self.pattern)
        );
        let remedy = format!("write `/{}`", shown(&written));
        found.add(Rule::MapRegexDot, || {
            self.searched(self.draft(message, &remedy).mended_by(self.rewritten(&written)), searched)
        });
    }

    /// Whom can the part that it takes over name?
    fn capture(&self, given: &Given, found: &mut Findings<'_>) {
        let Some((before, after)) = self.tried.line.template() else { return };
        if self.tried.work.left() == 0 {
            return;
        }
        let number = self.number();
        self.nobody(before, found);
        if !before.is_empty() || !after.is_empty() {
            let searched = self
                .tried
                .shortest(&self.wanted([Wanted::holding(self.program, &Target::EMPTY)]), |principal, user| {
                    self.tried.capture(principal)?.is_empty().then(|| Shown::one(principal, user))
                });
            if let Some(shown_by) = searched.found() {
                let message = format!(
                    "line {number} of the identity map: the part that `\\1` stands for can be empty, and the SQL user is `{}`",
                    shown(&shown_by.user)
                );
                let remedy = "write `+` instead of `*` in the group, so that it holds one character at least";
                found.add(Rule::MapCaptureEmpty, || self.shown(self.draft(message, remedy), Some(shown_by)));
            }
        }
        self.taken(before, after, given, found);
        self.administrator(before, after, found);
        self.merged(found);
    }

    /// No name that it gives can be a SQL user's.
    fn nobody(&self, before: &str, found: &mut Findings<'_>) {
        let is_name = |text: &str| self.subject.compiled.names.check(text).is_ok();
        // Servers that allow any character have no names that cannot be.
        if is_name("a b") {
            return;
        }
        let name = Target::EMPTY.and_more_of(&NAME_CHARACTERS);
        let searched = self.tried.shortest(&[Wanted::holding(self.program, &name)], |_, _| Some(()));
        if matches!(searched, Searched::Nothing) && self.tried.program.is_some() {
            let message = format!(
                "line {} of the identity map: whatever `\\1` stands for, `{}` is no SQL user name",
                self.number(),
                shown(&[before, "\\1"].concat())
            );
            let remedy =
                "take over only the part that is a name, such as what stands before the `@`: `^([a-z0-9_.]+)@…$`";
            found.add(Rule::MapUserInvalid, || self.draft(message, remedy).known_by(Proof::Search));
        }
    }

    /// Can it give a user whom another line gives by name?
    fn taken(&self, before: &str, after: &str, given: &Given, found: &mut Findings<'_>) {
        for (user, other) in &given.users {
            if *other == self.number() {
                continue;
            }
            let Some(target) = self.target(user, before, after) else { continue };
            let searched =
                self.tried.shortest(&self.wanted([Wanted::holding(self.program, &target)]), |principal, reached| {
                    let others = self.tried.users(principal);
                    let is_meant = others.iter().any(|(also, line)| also == user && *line != self.number());
                    (reached == *user && !is_meant).then(|| Shown::one(principal, reached))
                });
            let Some(shown_by) = searched.found() else { continue };
            let message = format!(
                "line {} of the identity map can give the SQL user `{}`, whom line {other} gives by name",
                self.number(),
                shown(user)
            );
            let remedy = format!(
                "if nobody else is meant to be `{}`, give the SQL users of line {} a prefix of their own",
                shown(user),
                self.number()
            );
            return found.add(Rule::MapCaptureTaken, || self.shown(self.draft(message, &remedy), Some(shown_by)));
        }
    }

    fn administrator(&self, before: &str, after: &str, found: &mut Findings<'_>) {
        for user in ADMINISTRATORS {
            let Some(target) = self.target(user, before, after) else { continue };
            let searched =
                self.tried.shortest(&self.wanted([Wanted::holding(self.program, &target)]), |principal, reached| {
                    (reached == user).then(|| Shown::one(principal, reached))
                });
            let Some(shown_by) = searched.found() else { continue };
            let message = format!("line {} of the identity map can give the SQL user `{user}`", self.number());
            let remedy =
                "give the SQL users of the line a prefix of their own, or put the name into engine.reserved_users";
            return found
                .add(Rule::MapCaptureAdministrator, || self.shown(self.draft(message, remedy), Some(shown_by)));
        }
    }

    /// What the group has to hold for the line to give this user.
    fn target(&self, user: &str, before: &str, after: &str) -> Option<Target> {
        let names = &self.subject.compiled.names;
        let (before, after) = (names.normalized(before), names.normalized(after));
        let held = user.strip_prefix(&*before)?.strip_suffix(&*after)?;
        Some(Target::lowered(held))
    }

    /// Do two principals become one user?
    fn merged(&self, found: &mut Findings<'_>) {
        let is_usable = |user: &str| {
            let names = &self.subject.compiled.names;
            names.check(user).is_ok() && !names.is_reserved(user)
        };
        let first = self.tried.shortest(&self.wanted([Wanted::matching(self.program)]), |principal, user| {
            let capture = self.tried.capture(principal).filter(|capture| !capture.is_empty())?;
            is_usable(&user).then(|| (principal.to_string(), capture.to_string(), user))
        });
        let Some((one, capture, user)) = first.found() else { return };
        let (target, Ok(only)) = (Target::exact(&capture), Program::of_text(&one, true)) else { return };
        let wanted = self.wanted([Wanted::holding(self.program, &target), Wanted::missing(&only)]);
        let second = self.tried.shortest(&wanted, |other, reached| {
            (reached == user && folded(other) != folded(&one)).then(|| other.to_string())
        });
        let Some(other) = second.found() else { return };
        let message = format!(
            "line {} of the identity map gives `{}` and `{}` the same SQL user",
            self.number(),
            shown(&one),
            shown(&other)
        );
        let remedy = "write out what stands around the group, so that only one principal fits each SQL user";
        let shown_by = Shown { principals: Vec::from([one, other]), user };
        found.add(Rule::MapUsersMerged, || self.shown(self.draft(message, remedy), Some(shown_by)));
    }

    /// Somebody whom nobody meant.
    fn anybody(&self) -> Option<Shown> {
        let start = self.pattern.strip_prefix('^').unwrap_or_default();
        let tried = ["anybody@evil.example", "anybody"].into_iter().map(String::from).chain(
            ["evil", "evil:ref:refs/heads/evil", "evil/evil:ref:refs/heads/evil"].map(|end| {
                let literal: String =
                    start.chars().take_while(|c| c.is_alphanumeric() || "-_:/".contains(*c)).collect();
                [&*literal, end].concat()
            }),
        );
        let known = tried.into_iter().find_map(|principal| {
            let user = self.tried.user(&principal)?;
            Some(Shown::one(&principal, user))
        });
        known.or_else(|| {
            let any = |principal: &str, user: String| Some(Shown::one(principal, user));
            self.tried.shortest(&[Wanted::matching(self.program)], any).found()
        })
    }

    /// What is wanted, of principals that the regex with plain dots matches too.
    fn wanted<'w, const N: usize>(&'w self, wanted: [Wanted<'w>; N]) -> Vec<Wanted<'w>> {
        wanted.into_iter().chain(self.plain.as_ref().map(Wanted::matching)).collect()
    }

    fn draft(&self, message: String, remedy: &str) -> Draft {
        Draft::new(message, remedy).at(SettingName::IdentityMap, self.tried.line.offset)
    }

    fn searched(&self, draft: Draft, searched: Searched<Shown>) -> Draft {
        match searched {
            Searched::Found(shown) => self.shown(draft, Some(shown)),
            Searched::Nothing | Searched::Unknown => draft.known_by(Proof::NotProved),
        }
    }

    fn shown(&self, draft: Draft, shown: Option<Shown>) -> Draft {
        let Some(Shown { principals, user }) = shown else { return draft.known_by(Proof::NotProved) };
        draft.shown_by(Witness {
            issuer: self.tried.issuer(),
            principals: told(principals.iter().map(String::as_str)),
            user: told([&*user]).concat(),
            lines: Vec::from([self.number()]),
        })
    }

    fn rewritten(&self, pattern: &str) -> Change {
        let line = self.tried.line;
        let end = line.offset.saturating_add(line.identity.len());
        let splice = Splice { start: line.offset, end, text: format!("/{pattern}") };
        Change::new().splice(SettingName::IdentityMap, splice)
    }

    fn number(&self) -> u32 {
        self.tried.line.number
    }

    fn reading(&self) -> Reading {
        Reading { ignore_case: self.tried.map.ignores_case(), ..Reading::default() }
    }

    fn is_anchored(&self) -> bool {
        regex::parse(self.pattern, self.reading()).is_ok_and(|regex| regex.is_anchored())
    }
}

fn compiled(pattern: &str, reading: Reading) -> Option<Program> {
    Program::compile(&regex::parse(pattern, reading).ok()?.tree).ok()
}

/// Whether a `|` stands outside all parentheses, and an anchor on one side of it.
fn has_open_alternation(pattern: &str) -> bool {
    let (mut depth, mut inside, mut escaped, mut alternates) = (0_usize, false, false, false);
    for character in pattern.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => {}
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => alternates = true,
            _ => {}
        }
    }
    alternates && (pattern.starts_with('^') || pattern.ends_with('$') && !pattern.ends_with("\\$"))
}

/// The pattern without the anchors at its ends and beside its `|`.
fn without_anchors(pattern: &str) -> String {
    let pattern = pattern.replace("$|", "|").replace("|^", "|");
    let pattern = pattern.strip_prefix('^').unwrap_or(&pattern);
    match pattern.ends_with("\\$") {
        true => pattern.into(),
        false => pattern.strip_suffix('$').unwrap_or(pattern).into(),
    }
}

/// The SQL users whom lines give by name, with the first such line; a few, as each is searched for.
struct Given {
    users: Vec<(String, u32)>,
}

impl Given {
    fn of(subject: &Subject<'_>) -> Self {
        const SEARCHED_FOR: usize = 16;
        let names = &subject.compiled.names;
        let mut users: Vec<(String, u32)> = Vec::new();
        for line in subject.map.maps().flat_map(IssuerMap::lines).filter(|line| line.template().is_none()) {
            let user = names.normalized(line.user);
            if users.len() >= SEARCHED_FOR {
                break;
            }
            if names.check(&user).is_ok() && !names.is_reserved(&user) && users.iter().all(|(known, _)| *known != *user)
            {
                users.push((user.into_owned(), line.number));
            }
        }
        Self { users }
    }
}

/// Principals that differ only in case.
fn of_case(map: &IssuerMap, subject: &Subject<'_>, found: &mut Findings<'_>) {
    if !map.ignores_case() {
        return;
    }
    let names = &subject.compiled.names;
    let literal = TriedLine::all(map, names, &subject.work)
        .find(|tried| tried.program.is_none() && tried.line.identity.contains(|c: char| c.is_ascii_alphabetic()));
    let Some(tried) = literal else { return };
    let identity = tried.line.identity;
    let swapped: String = identity
        .chars()
        .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let Some(user) = tried.user(&swapped) else { return };
    found.add(Rule::MapCaseMerged, || {
        let message = format!(
            "the identity map ignores case: `{}` and `{}` of `{}` are one principal to it",
            shown(identity),
            shown(&swapped),
            shown(map.name())
        );
        Draft::new(
            message,
            "use claims whose values the identity provider writes in one case; the profile `hardened` compares exactly",
        )
        .at(SettingName::IdentityMap, tried.line.offset)
        .shown_by(Witness {
            issuer: tried.issuer(),
            principals: told([identity, &swapped]),
            user: told([&*user]).concat(),
            lines: Vec::from([tried.line.number]),
        })
    });
}

/// The characters that names of SQL users are made of, and all that are not ASCII: more than can be, so that what none of
/// them is can be none.
const NAME_CHARACTERS: [(char, char); 6] =
    [('-', '.'), ('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'), ('\u{80}', char::MAX)];
