//! What does a regex of PostgreSQL mean? Advanced regular expressions, as chapter 9.7.3 of its manual describes them, under
//! the collation `C`, which is the one of `pg_ident.conf`: classes hold ASCII alone, and so does the other case of letters.

use alloc::{string::String, vec, vec::Vec};

use regex_syntax::hir::ClassUnicode;

use super::{
    lexer::{Lexer, Unread, choice, repeated, sequence},
    pattern::{Pattern, either_case, set},
};

/// Reads a regex; gives its groups' number too.
pub(super) fn read(text: &str) -> Result<(Pattern, u32), Unread> {
    let mut reader = Reader { lexer: Lexer::new(text), ignore_case: false, groups: 0 };
    if reader.lexer.eat("***=") {
        return Ok((Pattern::literal(&reader.lexer.rest()), 0));
    }
    if !reader.lexer.eat("***:") && reader.lexer.starts_with("***") {
        return Err(Unread::invalid("a quantifier with nothing to repeat", "***"));
    }
    reader.options()?;
    let pattern = reader.branches()?;
    if !reader.lexer.is_at_end() {
        return Err(Unread::invalid("parentheses () not balanced", text));
    }
    Ok((pattern, reader.groups))
}

struct Reader {
    lexer: Lexer,
    ignore_case: bool,
    groups: u32,
}

impl Reader {
    /// Options at the very start: `(?i)`.
    fn options(&mut self) -> Result<(), Unread> {
        let start = self.lexer.place();
        if !(self.lexer.eat("(?") && self.lexer.peek().is_some_and(|letter| letter.is_ascii_alphabetic())) {
            self.lexer.go_back_to(start);
            return Ok(());
        }
        loop {
            match self.lexer.take() {
                Some('i') => self.ignore_case = true,
                Some('c') => self.ignore_case = false,
                // What holds without them.
                Some('s' | 't') => {}
                Some(')') => return Ok(()),
                Some('b' | 'e' | 'm' | 'n' | 'p' | 'q' | 'w' | 'x') => {
                    return Err(Unread::unknown(&self.lexer.since(start), "an embedded option"));
                }
                _ => return Err(Unread::invalid("invalid embedded option", &self.lexer.since(start))),
            }
        }
    }

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
            let atom = self.atom()?;
            // What only looks cannot be repeated.
            let looks = matches!(atom, Pattern::Start | Pattern::End)
                || matches!(&atom, Pattern::Foreign(_, most) if **most == Pattern::empty());
            let Some(times) = self.quantifier()? else {
                parts.push(atom);
                continue;
            };
            if looks {
                return Err(Unread::invalid("quantifier operand invalid", &self.lexer.since(from)));
            }
            let greedy = !self.lexer.eat("?");
            parts.push(repeated(atom, times, greedy));
            if self.quantifier()?.is_some() {
                return Err(Unread::invalid("quantifier operand invalid", &self.lexer.since(from)));
            }
        }
        Ok(sequence(parts))
    }

    /// `*`, `+`, `?` or a bound.
    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, Unread> {
        let start = self.lexer.place();
        let times = match self.lexer.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') if self.lexer.peek_at(1).is_some_and(|digit| digit.is_ascii_digit()) => {
                self.lexer.take();
                let bound = |number: Option<u32>| number.filter(|&number| number <= BOUND_MAX);
                let min = bound(self.lexer.number());
                let max = match self.lexer.eat(",") {
                    false => min.map(Some),
                    true if self.lexer.peek() == Some('}') => Some(None),
                    true => bound(self.lexer.number()).map(Some),
                };
                let closed = self.lexer.eat("}");
                return match (min, max) {
                    (Some(min), Some(max)) if closed && max.is_none_or(|max| min <= max) => Ok(Some((min, max))),
                    _ => Err(Unread::invalid("invalid repetition count(s)", &self.lexer.since(start))),
                };
            }
            _ => return Ok(None),
        };
        self.lexer.take();
        Ok(Some(times))
    }

    fn atom(&mut self) -> Result<Pattern, Unread> {
        let start = self.lexer.place();
        match self.lexer.take() {
            Some('^') => Ok(Pattern::Start),
            Some('$') => Ok(Pattern::End),
            Some('.') => Ok(Pattern::Set(set(&[('\0', char::MAX)]))),
            Some('(') => self.group(start),
            Some('[') => self.bracket(start),
            Some('\\') => self.escape(start),
            Some(operator @ ('*' | '+' | '?')) => {
                Err(Unread::invalid("quantifier operand invalid", operator.encode_utf8(&mut [0; 4])))
            }
            Some('{') if self.lexer.peek().is_some_and(|digit| digit.is_ascii_digit()) => {
                Err(Unread::invalid("quantifier operand invalid", "{"))
            }
            Some(character) => Ok(self.character(character)),
            None => Ok(Pattern::empty()),
        }
    }

    fn character(&self, character: char) -> Pattern {
        self.class(set(&[(character, character)]))
    }

    fn class(&self, mut class: ClassUnicode) -> Pattern {
        if self.ignore_case {
            either_case(&mut class);
        }
        Pattern::Set(class)
    }

    fn group(&mut self, start: usize) -> Result<Pattern, Unread> {
        let looking = [("?=", LOOK_AHEAD), ("?!", LOOK_AHEAD), ("?<=", LOOK_BEHIND), ("?<!", LOOK_BEHIND)];
        let looking = looking.into_iter().find(|(written, _)| self.lexer.eat(written));
        let mut number = None;
        if looking.is_none() && !self.lexer.eat("?:") {
            if self.lexer.peek() == Some('?') {
                self.lexer.take();
                self.lexer.take();
                return Err(Unread::unknown(&self.lexer.since(start), "not known"));
            }
            self.groups = self.groups.saturating_add(1);
            number = Some(self.groups);
        }
        let groups_before = self.groups;
        let sub = self.branches()?;
        if !self.lexer.eat(")") {
            return Err(Unread::invalid("parentheses () not balanced", &self.lexer.since(start)));
        }
        if let Some((written, called)) = looking {
            // Parentheses inside take nothing over.
            self.groups = groups_before;
            return Ok(Pattern::foreign(&["(", written].concat(), called, Pattern::empty()));
        }
        Ok(match number {
            Some(number) => Pattern::Group(number, sub.into()),
            None => sequence(vec![sub]),
        })
    }

    /// What a backslash begins outside of brackets.
    fn escape(&mut self, start: usize) -> Result<Pattern, Unread> {
        let Some(letter) = self.lexer.peek() else {
            return Err(Unread::invalid("invalid escape \\ sequence", "\\"));
        };
        let known = match letter {
            'A' => Some(Pattern::Start),
            'Z' => Some(Pattern::End),
            'm' | 'M' | 'y' | 'Y' => {
                self.lexer.take();
                return Ok(Pattern::foreign(&self.lexer.since(start), "an edge of a word", Pattern::empty()));
            }
            '1'..='9' => {
                self.lexer.number();
                let at_most = Pattern::anything();
                return Ok(Pattern::foreign(&self.lexer.since(start), "a back-reference", at_most));
            }
            'D' | 'S' | 'W' => shorthand(letter.to_ascii_lowercase()).map(|mut class| {
                class.negate();
                Pattern::Set(class)
            }),
            _ => shorthand(letter).map(Pattern::Set),
        };
        if let Some(known) = known {
            self.lexer.take();
            return Ok(known);
        }
        let character = self.escaped(start)?;
        Ok(self.character(character))
    }

    /// An escape that stands for one character.
    fn escaped(&mut self, start: usize) -> Result<char, Unread> {
        let character = match self.lexer.take() {
            Some('a') => Some('\x07'),
            Some('b') => Some('\x08'),
            Some('B') => Some('\\'),
            Some('e') => Some('\x1b'),
            Some('f') => Some('\x0c'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('v') => Some('\x0b'),
            Some('u') => self.lexer.hexadecimal(4, 4),
            Some('U') => self.lexer.hexadecimal(8, 8),
            // However many digits follow.
            Some('x') => self.lexer.hexadecimal(1, usize::MAX),
            Some(character) if character.is_ascii() && !character.is_ascii_alphanumeric() => Some(character),
            None => return Err(Unread::invalid("invalid escape \\ sequence", "\\")),
            Some(_) => None,
        };
        character.ok_or_else(|| Unread::unknown(&self.lexer.since(start), "an escape"))
    }

    fn bracket(&mut self, start: usize) -> Result<Pattern, Unread> {
        let negated = self.lexer.eat("^");
        let mut class = ClassUnicode::empty();
        let mut first = true;
        loop {
            if !first && self.lexer.eat("]") {
                break;
            }
            let at_first = first;
            first = false;
            if self.lexer.starts_with("[:") {
                class.union(&self.named(start)?);
                continue;
            }
            if let Some(shorthand) =
                self.lexer.peek_at(1).filter(|_| self.lexer.peek() == Some('\\')).and_then(shorthand)
            {
                self.lexer.take();
                self.lexer.take();
                class.union(&shorthand);
                continue;
            }
            let low = self.member(start, at_first)?;
            let mut high = low;
            if self.lexer.peek() == Some('-') && self.lexer.peek_at(1) != Some(']') {
                self.lexer.take();
                high = self.member(start, true)?;
                if high < low {
                    return Err(Unread::invalid("invalid character range", &self.lexer.since(start)));
                }
                if self.lexer.peek() == Some('-') && self.lexer.peek_at(1) != Some(']') {
                    return Err(Unread::invalid("invalid character range", &self.lexer.since(start)));
                }
            }
            class.union(&set(&[(low, high)]));
        }
        if self.ignore_case {
            either_case(&mut class);
        }
        if negated {
            class.negate();
        }
        Ok(Pattern::Set(class))
    }

    /// A character in brackets.
    fn member(&mut self, start: usize, may_be_bracket: bool) -> Result<char, Unread> {
        let place = self.lexer.place();
        match self.lexer.take() {
            None => Err(Unread::invalid("brackets [] not balanced", &self.lexer.since(start))),
            Some('\\') => self.escaped(place),
            Some('[') if matches!(self.lexer.peek(), Some('.' | '=' | ':')) => {
                self.lexer.take();
                Err(Unread::unknown(&self.lexer.since(place), "a collating element"))
            }
            Some('-') if !may_be_bracket && self.lexer.peek() != Some(']') => {
                Err(Unread::unknown(&self.lexer.since(start), "a `-` in the middle of brackets"))
            }
            Some(character) => Ok(character),
        }
    }

    /// `[:alpha:]`, inside of brackets.
    fn named(&mut self, start: usize) -> Result<ClassUnicode, Unread> {
        let from = self.lexer.place();
        self.lexer.eat("[:");
        let name_from = self.lexer.place();
        while self.lexer.peek().is_some_and(|letter| letter.is_ascii_lowercase()) {
            self.lexer.take();
        }
        let name: String = self.lexer.since(name_from);
        if !self.lexer.eat(":]") {
            return Err(Unread::unknown(&self.lexer.since(start), "a class"));
        }
        // Where case does not matter either class of case is all letters.
        let name = if self.ignore_case && matches!(&*name, "upper" | "lower") { "alpha" } else { &*name };
        named(name).ok_or_else(|| Unread::unknown(&self.lexer.since(from), "a class"))
    }
}

fn named(name: &str) -> Option<ClassUnicode> {
    let ranges: &[(char, char)] = match name {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" => &[('\0', '\x7f')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\u{9f}')],
        "digit" => &[('0', '9')],
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[('A', 'Z')],
        "word" => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    };
    Some(set(ranges))
}

/// `\d`, `\s` and `\w`.
fn shorthand(letter: char) -> Option<ClassUnicode> {
    named(match letter {
        'd' => "digit",
        's' => "space",
        'w' => "word",
        _ => return None,
    })
}

const LOOK_AHEAD: &str = "a look-ahead";
const LOOK_BEHIND: &str = "a look-behind";
/// The largest number in a bound.
const BOUND_MAX: u32 = 255;
