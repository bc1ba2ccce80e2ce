//! What does a regex of Java mean? `java.util.regex.Pattern`, compiled without flags, as Trino does it: classes and the other
//! case of letters hold ASCII alone, `.` no line terminator.

use alloc::{boxed::Box, collections::BTreeMap, format, string::String, vec, vec::Vec};

use regex_syntax::hir::ClassUnicode;

use super::{
    lexer::{Lexer, Unread, choice, repeated, sequence},
    pattern::{Pattern, either_case, set},
};

/// A regex of Java that has been read.
#[derive(Debug)]
pub(super) struct JavaPattern {
    pub(super) pattern: Pattern,
    pub(super) groups: u32,
    pub(super) names: BTreeMap<String, u32>,
}

pub(super) fn read(text: &str) -> Result<JavaPattern, Unread> {
    let mut reader = Reader { lexer: Lexer::new(text), flags: Flags::default(), groups: 0, names: BTreeMap::new() };
    let pattern = reader.branches()?;
    if !reader.lexer.is_at_end() {
        return Err(Unread::invalid("unmatched closing )", text));
    }
    Ok(JavaPattern { pattern, groups: reader.groups, names: reader.names })
}

#[derive(Clone, Copy, Default)]
struct Flags {
    ignore_case: bool,
    dot_is_any: bool,
}

struct Reader {
    lexer: Lexer,
    flags: Flags,
    groups: u32,
    names: BTreeMap<String, u32>,
}

impl Reader {
    fn branches(&mut self) -> Result<Pattern, Unread> {
        self.lexer.enter()?;
        let mut branches = vec![self.branch()?];
        while self.lexer.eat("|") {
            branches.push(self.branch()?);
        }
        self.lexer.leave();
        Ok(choice(branches))
    }

    fn branch(&mut self) -> Result<Pattern, Unread> {
        let mut parts = Vec::new();
        while self.lexer.peek().is_some_and(|next| !matches!(next, '|' | ')')) {
            let from = self.lexer.place();
            if self.lexer.eat("\\Q") {
                self.quotation(&mut parts)?;
                continue;
            }
            let Some(atom) = self.atom()? else { continue };
            let Some(times) = self.quantifier(from)? else {
                parts.push(atom);
                continue;
            };
            let looks = matches!(atom, Pattern::Start | Pattern::End | Pattern::LineEnd);
            if looks || self.lexer.peek().is_some_and(|next| matches!(next, '*' | '{')) {
                return Err(Unread::unknown(&self.lexer.since(from), "a repetition of that"));
            }
            parts.push(match (self.lexer.eat("?"), self.lexer.eat("+")) {
                (true, _) => repeated(atom, times, false),
                (_, true) => {
                    let written = self.lexer.since(from);
                    Pattern::foreign(&written, "possessive repetition", repeated(atom, times, true))
                }
                _ => repeated(atom, times, true),
            });
            self.repeated_once(from)?;
        }
        Ok(sequence(parts))
    }

    /// That no other repetition follows.
    fn repeated_once(&self, from: usize) -> Result<(), Unread> {
        match self.lexer.peek() {
            Some('*' | '+' | '?' | '{') => Err(Unread::unknown(&self.lexer.since(from), "a repetition of that")),
            _ => Ok(()),
        }
    }

    /// What stands before `\E` stands for itself.
    fn quotation(&mut self, parts: &mut Vec<Pattern>) -> Result<(), Unread> {
        let from = self.lexer.place();
        while !self.lexer.eat("\\E") {
            let Some(character) = self.lexer.take() else { return Ok(()) };
            parts.push(self.character(character));
        }
        self.repeated_once(from)
    }

    fn quantifier(&mut self, from: usize) -> Result<Option<(u32, Option<u32>)>, Unread> {
        let times = match self.lexer.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.lexer.take();
                let min = self.lexer.number();
                let max = match self.lexer.eat(",") {
                    false => min.map(Some),
                    true if self.lexer.peek() == Some('}') => Some(None),
                    true => self.lexer.number().map(Some),
                };
                let closed = self.lexer.eat("}");
                return match (min, max) {
                    (Some(min), Some(max)) if closed && max.is_none_or(|max| min <= max) => Ok(Some((min, max))),
                    _ => Err(Unread::invalid("illegal repetition", &self.lexer.since(from))),
                };
            }
            _ => return Ok(None),
        };
        self.lexer.take();
        Ok(Some(times))
    }

    /// One element; none where only flags were set.
    fn atom(&mut self) -> Result<Option<Pattern>, Unread> {
        let start = self.lexer.place();
        let pattern = match self.lexer.take() {
            Some('^') => Pattern::Start,
            Some('$') => Pattern::LineEnd,
            Some('.') => {
                let mut class = set(if self.flags.dot_is_any { &[] } else { LINE_TERMINATORS });
                class.negate();
                Pattern::Set(class)
            }
            Some('(') => return self.group(start),
            Some('[') => self.bracket(start)?,
            Some('\\') => self.escape(start)?,
            Some(operator @ ('*' | '+' | '?')) => {
                return Err(Unread::invalid("dangling meta character", operator.encode_utf8(&mut [0; 4])));
            }
            Some('{') => return Err(Unread::invalid("illegal repetition", "{")),
            Some(character) => self.character(character),
            None => Pattern::empty(),
        };
        Ok(Some(pattern))
    }

    fn character(&self, character: char) -> Pattern {
        self.class(set(&[(character, character)]))
    }

    fn class(&self, mut class: ClassUnicode) -> Pattern {
        if self.flags.ignore_case {
            either_case(&mut class);
        }
        Pattern::Set(class)
    }

    fn group(&mut self, start: usize) -> Result<Option<Pattern>, Unread> {
        let flags = self.flags;
        let mut number = None;
        let mut foreign = None;
        if self.lexer.starts_with("?") {
            let special = [
                ("?=", "a look-ahead"),
                ("?!", "a look-ahead"),
                ("?<=", "a look-behind"),
                ("?<!", "a look-behind"),
                ("?>", "an atomic group"),
            ];
            foreign = special.into_iter().find(|(written, _)| self.lexer.eat(written));
            if foreign.is_none() && self.lexer.eat("?<") {
                number = Some(self.named_group(start)?);
            } else if foreign.is_none() && !self.set_flags(start)? {
                return Ok(None);
            }
        } else {
            self.groups = self.groups.saturating_add(1);
            number = Some(self.groups);
        }
        let sub = self.branches()?;
        self.flags = flags;
        if !self.lexer.eat(")") {
            return Err(Unread::invalid("unclosed group", &self.lexer.since(start)));
        }
        Ok(Some(match (foreign, number) {
            (Some((written @ "?>", called)), _) => Pattern::foreign(&["(", written].concat(), called, sub),
            // Groups inside are groups all the same: what they hold is not known.
            (Some((written, called)), _) => Pattern::foreign(&["(", written].concat(), called, Pattern::empty()),
            (None, Some(number)) => Pattern::Group(number, Box::new(sub)),
            (None, None) => sub,
        }))
    }

    fn named_group(&mut self, start: usize) -> Result<u32, Unread> {
        let from = self.lexer.place();
        while self.lexer.peek().is_some_and(|letter| letter.is_ascii_alphanumeric()) {
            self.lexer.take();
        }
        let name = self.lexer.since(from);
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic());
        self.groups = self.groups.saturating_add(1);
        if !is_name || !self.lexer.eat(">") || self.names.insert(name, self.groups).is_some() {
            return Err(Unread::invalid("a name of a group", &self.lexer.since(start)));
        }
        Ok(self.groups)
    }

    /// `(?i)`, `(?i:`, `(?-i:` and `(?:`; whether a group begins.
    fn set_flags(&mut self, start: usize) -> Result<bool, Unread> {
        self.lexer.take();
        let mut on = true;
        loop {
            match self.lexer.take() {
                Some('i') => self.flags.ignore_case = on,
                Some('s') => self.flags.dot_is_any = on,
                Some('-') if on => on = false,
                Some(':') => return Ok(true),
                Some(')') => return Ok(false),
                Some('m' | 'x' | 'd' | 'u' | 'U') => return Err(Unread::unknown(&self.lexer.since(start), "a flag")),
                _ => return Err(Unread::invalid("unknown inline modifier", &self.lexer.since(start))),
            }
        }
    }

    /// What a backslash begins outside of brackets.
    fn escape(&mut self, start: usize) -> Result<Pattern, Unread> {
        let anywhere = || Pattern::anything();
        let (called, at_most) = match self.lexer.peek() {
            Some('A') => return Ok(self.taken(Pattern::Start)),
            Some('z') => return Ok(self.taken(Pattern::End)),
            Some('Z') => return Ok(self.taken(Pattern::LineEnd)),
            Some('b' | 'B') => ("an edge of a word", Pattern::empty()),
            Some('G') => ("the end of the match before", Pattern::empty()),
            Some('1'..='9') => {
                self.lexer.number();
                return Ok(Pattern::foreign(&self.lexer.since(start), "a back-reference", anywhere()));
            }
            Some('k') => return Err(Unread::unknown("\\k", "a back-reference")),
            Some('R' | 'X') => ("a run of characters", anywhere()),
            Some('h' | 'H' | 'v' | 'V') => ("a kind of white space", anywhere()),
            _ => {
                return Ok(match self.shorthand(start)? {
                    Some(class) => Pattern::Set(class),
                    None => {
                        let character = self.escaped(start)?;
                        self.character(character)
                    }
                });
            }
        };
        self.lexer.take();
        Ok(Pattern::foreign(&self.lexer.since(start), called, at_most))
    }

    fn taken(&mut self, pattern: Pattern) -> Pattern {
        self.lexer.take();
        pattern
    }

    /// `\d`, `\W`, `\p{Alpha}`.
    fn shorthand(&mut self, start: usize) -> Result<Option<ClassUnicode>, Unread> {
        let Some(letter) = self.lexer.peek() else { return Ok(None) };
        let mut class = match letter.to_ascii_lowercase() {
            'd' => set(&[('0', '9')]),
            's' => set(&[('\t', '\r'), (' ', ' ')]),
            'w' => set(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
            'p' => return self.property(start).map(Some),
            _ => return Ok(None),
        };
        self.lexer.take();
        if letter.is_ascii_uppercase() {
            class.negate();
        }
        Ok(Some(class))
    }

    /// The properties that hold ASCII alone; others follow the version of Unicode that Java has.
    fn property(&mut self, start: usize) -> Result<ClassUnicode, Unread> {
        let negated = self.lexer.take() == Some('P');
        let from = self.lexer.place();
        while self.lexer.peek().is_some_and(|next| next == '{' || next.is_ascii_alphanumeric()) {
            self.lexer.take();
        }
        let name = self.lexer.since(from);
        let ranges: &[(char, char)] = match name.strip_prefix('{').unwrap_or_default() {
            _ if self.flags.ignore_case || !self.lexer.eat("}") => &[],
            "Lower" => &[('a', 'z')],
            "Upper" => &[('A', 'Z')],
            "ASCII" => &[('\0', '\x7f')],
            "Alpha" => &[('A', 'Z'), ('a', 'z')],
            "Digit" => &[('0', '9')],
            "Alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
            "Punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
            "Graph" => &[('!', '~')],
            "Print" => &[(' ', '~')],
            "Blank" => &[('\t', '\t'), (' ', ' ')],
            "Cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
            "XDigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
            "Space" => &[('\t', '\r'), (' ', ' ')],
            _ => &[],
        };
        if ranges.is_empty() {
            return Err(Unread::unknown(&self.lexer.since(start), "a property of characters"));
        }
        let mut class = set(ranges);
        if negated {
            class.negate();
        }
        Ok(class)
    }

    /// An escape that stands for one character.
    fn escaped(&mut self, start: usize) -> Result<char, Unread> {
        let character = match self.lexer.take() {
            Some('t') => Some('\t'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('f') => Some('\x0c'),
            Some('a') => Some('\x07'),
            Some('e') => Some('\x1b'),
            Some('u') => self.lexer.hexadecimal(4, 4),
            Some('x') if self.lexer.eat("{") => self.lexer.hexadecimal(1, 6).filter(|_| self.lexer.eat("}")),
            Some('x') => self.lexer.hexadecimal(2, 2),
            Some(character) if !character.is_alphanumeric() => Some(character),
            None => return Err(Unread::invalid("unexpected internal error, a `\\` at the end", "\\")),
            Some(_) => None,
        };
        character.ok_or_else(|| Unread::unknown(&self.lexer.since(start), "an escape"))
    }

    fn bracket(&mut self, start: usize) -> Result<Pattern, Unread> {
        let unknown = |lexer: &Lexer, called: &str| Err(Unread::unknown(&lexer.since(start), called));
        let negated = self.lexer.eat("^");
        let mut class = ClassUnicode::empty();
        let mut first = true;
        loop {
            if self.lexer.starts_with("&&") || self.lexer.peek() == Some('[') {
                self.lexer.take();
                return unknown(&self.lexer, "a class inside of a class");
            }
            if self.lexer.eat("]") {
                if first {
                    return unknown(&self.lexer, "a class that begins with `]`");
                }
                break;
            }
            first = false;
            if self.lexer.starts_with("\\Q") || self.lexer.starts_with("\\E") {
                return unknown(&self.lexer, "a quotation inside of a class");
            }
            let from = self.lexer.place();
            let low = match self.lexer.take() {
                None => return Err(Unread::invalid("unclosed character class", &self.lexer.since(start))),
                Some('\\') => {
                    if let Some(shorthand) = self.shorthand(from)? {
                        if self.lexer.peek() == Some('-') && self.lexer.peek_at(1) != Some(']') {
                            return unknown(&self.lexer, "a range that begins with a class");
                        }
                        class.union(&shorthand);
                        continue;
                    }
                    self.escaped(from)?
                }
                Some(character) => character,
            };
            let mut high = low;
            if self.lexer.peek() == Some('-') && self.lexer.peek_at(1) != Some(']') {
                self.lexer.take();
                let from = self.lexer.place();
                high = match self.lexer.take() {
                    Some('\\') => self.escaped(from)?,
                    Some(character) if !matches!(character, '[' | '&') => character,
                    _ => return unknown(&self.lexer, "a range"),
                };
                if high < low {
                    return Err(Unread::invalid("illegal character range", &self.lexer.since(start)));
                }
            }
            class.union(&set(&[(low, high)]));
        }
        if self.flags.ignore_case {
            either_case(&mut class);
        }
        if negated {
            class.negate();
        }
        Ok(Pattern::Set(class))
    }
}

impl JavaPattern {
    /// The number of a group that a replacement names.
    pub(super) fn named(&self, name: &str) -> Result<u32, String> {
        self.names.get(name).copied().ok_or_else(|| format!("no group is named `{}`", crate::ground::text::shown(name)))
    }
}

/// What `.` does not match.
const LINE_TERMINATORS: &[(char, char)] = &[('\n', '\n'), ('\r', '\r'), ('\u{85}', '\u{85}'), ('\u{2028}', '\u{2029}')];
