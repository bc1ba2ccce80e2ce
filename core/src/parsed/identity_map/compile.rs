//! What is wrong with this identity map, and where? Reads its text, line by line.

use alloc::{borrow::ToOwned, boxed::Box, format, string::String, sync::Arc, vec::Vec};
use core::num::NonZeroU32;

use hashbrown::HashMap;

use super::{
    budget::{Budget, Exhausted},
    dialect::Dialect,
    map::{IdentityMap, IssuerMap, Rule, Span},
    meant,
    regexes::Regexes,
};
use crate::{
    ground::{
        fault::Fault,
        limits::{MAP_LINE_BYTES_MAX, MAP_LINES_MAX, SETTINGS_BYTES_MAX, SETTINGS_FAULTS_MAX},
        reason::ReasonCode,
        text::{is_invisible, shown},
    },
    parsed::regex::{self, Program, Reading, Regex, folded},
};

impl IdentityMap {
    /// Compiles the text of `server.identity_map.configuration`.
    pub(crate) fn parse(text: &str, dialect: Dialect) -> Result<Self, Fault> {
        if text.len() > SETTINGS_BYTES_MAX {
            let found = text.len();
            return Err(fault(0, format!("the map is {found} bytes long, the limit is {SETTINGS_BYTES_MAX}")));
        }
        Self::compile_lines(text, dialect, |fault, offset, line| Err(as_meant(fault, offset, line, dialect)))
    }

    /// The lines that can be read, and what is wrong with the first of the others.
    pub(crate) fn parse_readable(text: &str, dialect: Dialect) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let map = Self::compile_lines(text, dialect, |fault, offset, line| {
            if faults.len() < SETTINGS_FAULTS_MAX {
                faults.push(as_meant(fault, offset, line, dialect));
            }
            Ok(())
        });
        (map.unwrap_or_default(), faults)
    }

    /// The same, without a thought about what a broken line was meant to be.
    fn compile(text: &str, dialect: Dialect) -> Result<Self, Fault> {
        Self::compile_lines(text, dialect, |fault, _, _| Err(fault))
    }

    fn compile_lines(
        text: &str,
        dialect: Dialect,
        mut broken: impl FnMut(Fault, usize, &str) -> Result<(), Fault>,
    ) -> Result<Self, Fault> {
        let budget = Budget::new(text.len());
        let mut compiler =
            Compiler { text: text.into(), dialect, budget, map: Self::default(), rules: 0, is_full: false };
        let mut offset = 0_usize;
        for (number, line) in (1_u32..).zip(text.split('\n')) {
            let read = compiler.line(Written { number, offset, text: line });
            read.or_else(|fault| broken(fault, offset, line))?;
            if compiler.is_full {
                break;
            }
            offset = offset.saturating_add(line.len()).saturating_add(1);
        }
        compiler.map.steps = compiler.budget.steps(text.len());
        Ok(compiler.map)
    }
}

/// The fault of a line, with how the line was probably meant where that can be told and used.
fn as_meant(fault: Fault, offset: usize, line: &str, dialect: Dialect) -> Fault {
    if line.len() > meant::LINE_BYTES_MAX {
        return fault;
    }
    let Some(mut meant) = meant::meant(line) else { return fault };
    if dialect.anchored {
        meant.line = anchored_lines(&meant.line, dialect);
    }
    let whole = IdentityMap::compile(&meant.line, dialect);
    if whole.is_err() {
        return fault;
    }
    let end = offset.saturating_add(line.len());
    fault.with_remedy(meant.remedy()).instead(offset, end, meant.line)
}

/// The lines with every regex spanning the whole principal.
fn anchored_lines(lines: &str, dialect: Dialect) -> String {
    let reading = Reading { ignore_case: dialect.ignore_case, ..Reading::default() };
    let anchored = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [issuer, identity, user] = *columns.as_slice() else { return line.to_owned() };
        let pattern = identity.strip_prefix('/').filter(|pattern| !spans(pattern, reading));
        pattern.map_or_else(
            || line.to_owned(),
            |pattern| format!("{issuer} /{} {user}", meant::anchored(pattern, reading)),
        )
    };
    lines.split('\n').map(anchored).collect::<Vec<_>>().join("\n")
}

/// A line of the text, without its line feed.
#[derive(Clone, Copy)]
struct Written<'t> {
    number: u32,
    offset: usize,
    text: &'t str,
}

/// A column of a line, and where it begins in the map's text.
#[derive(Clone, Copy)]
struct Column<'t> {
    offset: usize,
    text: &'t str,
}

impl Column<'_> {
    fn span(self) -> Span {
        let end = self.offset.saturating_add(self.text.len());
        // OK because the text is no longer than SETTINGS_BYTES_MAX, which a u32 holds.
        let place = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { start: place(self.offset), end: place(end) }
    }
}

impl<'t> Written<'t> {
    /// The three columns, or none on a line without a rule.
    fn columns(self) -> Result<Option<[Column<'t>; 3]>, Fault> {
        let Self { number, offset, text } = self;
        if text.len() > MAP_LINE_BYTES_MAX {
            let found = text.len();
            let message =
                format!("line {number} of the identity map is {found} bytes long, the limit is {MAP_LINE_BYTES_MAX}");
            let remedy = "shorten the line: the database drops it and all that follow it without a word";
            return Err(fault(offset, message).with_remedy(remedy));
        }
        let (rule, comment) = text.split_once('#').map_or((text, None), |(rule, comment)| (rule, Some(comment)));
        // White space is the same in the database's Unicode and in the compiler's.
        let mut offset = offset.saturating_add(rule.len()).saturating_sub(rule.trim_start().len());
        let rule = rule.trim();
        if rule.is_empty() {
            return Ok(None);
        }
        let mut columns = Vec::with_capacity(3);
        for text in rule.split(['\t', '\n', '\x0c', '\r', ' ']) {
            if !text.is_empty() {
                columns.push(Column { offset, text });
            }
            // OK because each separator is one byte.
            offset = offset.saturating_add(text.len()).saturating_add(1);
        }
        match <[Column<'_>; 3]>::try_from(columns) {
            Ok(columns) => Ok(Some(columns)),
            Err(columns) => Err(self.wrong_columns(rule, columns.len(), comment.is_some())),
        }
    }

    fn wrong_columns(self, rule: &str, found: usize, commented: bool) -> Fault {
        let Self { number, offset, .. } = self;
        let message = format!(
            "line {number} of the identity map: expected 3 columns (issuer, value of the claim, SQL user), found {found}: `{}`",
            shown(rule)
        );
        let remedy = match (found < 3, commented) {
            _ if rule.chars().all(is_invisible) => "take the invisible characters out of the line",
            (true, true) => "`#` begins a comment wherever it stands; in a regex write it as `\\x23`",
            (true, false) if rule.starts_with('/') || rule.contains('@') && !rule.contains("://") => {
                "begin the line with the issuer: write the issuer, the principal and the SQL user, with white space between \
                 them"
            }
            (true, false) => "write the issuer, the claim's value and the SQL user, with white space between them",
            (false, _) => "no column can hold white space and quotes are ordinary characters; in a regex write `\\x20`",
        };
        fault(offset, message).with_remedy(remedy)
    }
}

struct Compiler {
    text: Arc<str>,
    dialect: Dialect,
    budget: Budget,
    map: IdentityMap,
    rules: usize,
    /// Whether nothing more is taken: what follows is not read.
    is_full: bool,
}

impl Compiler {
    fn line(&mut self, written: Written<'_>) -> Result<(), Fault> {
        let Some([issuer, identity, user]) = written.columns()? else {
            return Ok(());
        };
        let at = Place { number: written.number, offset: identity.offset };
        self.rules = self.rules.saturating_add(1);
        if self.rules > MAP_LINES_MAX {
            self.is_full = true;
            return Err(at.fault(format_args!("the map has more than {MAP_LINES_MAX} rules")));
        }
        let regex = match identity.text.strip_prefix('/') {
            None => None,
            Some(pattern) => Some(self.regex(at, pattern)?),
        };
        self.check_user(at, identity.text, user.text, regex.as_ref())?;
        self.add(written.number, [issuer, identity, user], regex).map_err(|Exhausted| {
            self.is_full = true;
            at.exhausted()
        })
    }

    fn regex(&self, at: Place, pattern: &str) -> Result<Regex, Fault> {
        let reading = Reading { ignore_case: self.dialect.ignore_case, ..Reading::default() };
        let regex = regex::parse(pattern, reading).map_err(|error| {
            // The pattern begins after its slash.
            let place = Place { offset: at.offset.saturating_add(1).saturating_add(error.offset), ..at };
            let fault = place.fault(format_args!("error parsing regexp: {}", error.describe()));
            match error.remedy() {
                Some(remedy) => fault.with_remedy(remedy),
                None => fault,
            }
        })?;
        if self.dialect.anchored && !regex.is_anchored() {
            let message = format!("expected a regex that matches the whole value, `/{}` does not", shown(pattern));
            let anchored = meant::anchored(pattern, reading);
            let (first, remedy) = match escaped_form(pattern, reading) {
                None => (anchored.clone(), format!("write `/{}`", shown(&anchored))),
                Some(escaped) => {
                    let one = format!("`/{}` if the `|` is a character of the value", shown(&escaped));
                    let other = format!("`/{}` if it means or", shown(&anchored));
                    match names_a_connection(pattern) {
                        true => (escaped, format!("write {one}, or {other}")),
                        false => (anchored, format!("write {other}, or {one}")),
                    }
                }
            };
            let end = at.offset.saturating_add(1).saturating_add(pattern.len());
            return Err(at.fault(message).with_remedy(remedy).instead(at.offset, end, format!("/{first}")));
        }
        Ok(regex)
    }

    fn check_user(&self, at: Place, identity: &str, user: &str, regex: Option<&Regex>) -> Result<(), Fault> {
        let captures = regex.map_or(0, |regex| regex.captures);
        if user.contains("\\1") && captures == 0 {
            let message = format!(
                "saw \\1 substitution in `{}`, but pattern `{}` contains no subexpressions",
                shown(user),
                shown(identity)
            );
            let remedy = match identity.strip_prefix('/') {
                None => "put `/` before the pattern and the part to take over in parentheses: `/^(…)$`",
                Some(_) => "put the part to take over in parentheses",
            };
            return Err(at.fault(message).with_remedy(remedy));
        }
        let other = user.split('\\').skip(1).find(|after| after.starts_with(|digit| matches!(digit, '2'..='9')));
        if let Some(digit) = other.filter(|_| self.dialect.anchored).and_then(|after| after.chars().next()) {
            let message = format!("only `\\1` is replaced, the SQL user `{}` has `\\{digit}`", shown(user));
            let remedy = "only one part of the principal can be taken over: make it the first group, `(?:…)` around the \
                          others, or write a line for each person: issuer, principal and SQL user";
            return Err(at.fault(message).with_remedy(remedy));
        }
        Ok(())
    }

    fn add(
        &mut self,
        number: u32,
        [issuer, identity, user]: [Column<'_>; 3],
        regex: Option<Regex>,
    ) -> Result<(), Exhausted> {
        let ignore_case = self.dialect.ignore_case;
        let place = self.issuer(issuer)?;
        let Some(map) = self.map.issuers.get_mut(place) else {
            return Ok(()); // OK because every place in `by_name` is one of an issuer
        };
        // OK because a map has at most MAP_LINES_MAX rules, which a u32 holds.
        let rule = u32::try_from(map.rules.len()).unwrap_or(u32::MAX);
        self.budget.charge(size_of::<Rule>())?;
        map.rules.push(Rule { number, identity: identity.span(), user: user.span(), next_alike: None });
        match regex {
            None => {
                let key = if ignore_case { folded(identity.text).into() } else { Box::from(identity.text) };
                self.budget.charge(LITERAL_BYTES.saturating_add(identity.text.len()))?;
                add_literal(map, key, rule);
            }
            Some(regex) => {
                self.budget.charge_tree(regex.bytes)?;
                let program = Program::compile(&regex.tree).map_err(|_| Exhausted)?;
                self.budget.charge(program.bytes())?;
                if map.regexes.is_none() {
                    self.budget.charge(size_of::<Regexes>())?;
                }
                map.regexes.get_or_insert_default().add(rule, program, &regex.tree, &mut self.budget)?;
            }
        }
        Ok(())
    }

    /// The place of an issuer, a new one at its first rule.
    fn issuer(&mut self, name: Column<'_>) -> Result<usize, Exhausted> {
        if let Some(&place) = self.map.by_name.get(name.text) {
            return Ok(place);
        }
        self.budget.charge(ISSUER_BYTES.saturating_add(name.text.len()))?;
        let place = self.map.issuers.len();
        self.map.by_name.insert(name.text.into(), place);
        self.map.issuers.push(IssuerMap {
            text: Arc::clone(&self.text),
            name: name.span(),
            ignore_case: self.dialect.ignore_case,
            rules: Vec::new(),
            literals: HashMap::default(),
            regexes: None,
        });
        Ok(place)
    }
}

fn add_literal(map: &mut IssuerMap, key: Box<str>, rule: u32) {
    let IssuerMap { literals, rules, .. } = map;
    let (_, last) = literals.entry(key).or_insert((rule, rule));
    if *last != rule {
        if let Some(before) = rules.get_mut(*last as usize) {
            before.next_alike = NonZeroU32::new(rule);
        }
        *last = rule;
    }
}

/// Where a rule stands, for messages.
#[derive(Clone, Copy)]
struct Place {
    number: u32,
    offset: usize,
}

impl Place {
    fn fault(self, message: impl core::fmt::Display) -> Fault {
        fault(self.offset, format!("line {} of the identity map: {message}", self.number))
    }

    fn exhausted(self) -> Fault {
        self.fault(format_args!("expression too large: up to this line the map needs more memory than its text allows"))
            .with_remedy("use fewer or smaller repetitions and classes in the regexes, or fewer issuers")
    }
}

fn fault(offset: usize, message: impl Into<String>) -> Fault {
    Fault::new(ReasonCode::IdentityMapInvalid, offset, message)
}

/// The pattern with its only `|` as a character, where its anchors, one before the `|` and one after it, say that this was
/// meant: Auth0 writes its principals so.
fn escaped_form(pattern: &str, reading: Reading) -> Option<String> {
    let (before, after) = pattern.split_once('|')?;
    let form = format!(r"{before}\|{after}");
    (!after.contains('|') && spans(&form, reading)).then_some(form)
}

/// Whether what stands before the `|` can only be the name of a connection, as in `auth0|5f7c8ec7`.
fn names_a_connection(pattern: &str) -> bool {
    let before = pattern.trim_start_matches('^').split('|').next().unwrap_or_default();
    !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether the pattern spans the whole principal.
fn spans(pattern: &str, reading: Reading) -> bool {
    regex::parse(pattern, reading).is_ok_and(|regex| regex.is_anchored())
}

/// About what an issuer and a literal take beside their texts, tables included.
const ISSUER_BYTES: usize = 512;
const LITERAL_BYTES: usize = 64;
