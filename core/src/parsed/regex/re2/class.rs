//! Which characters does a class hold? `[…]`, `\d`, `[[:alpha:]]`, `\p{Greek}`.
//!
//! There are no set operations: inside brackets `&&`, `--`, `~~` and `[` are characters.

use alloc::{string::String, vec::Vec};

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::parser::{Parser, RANGE_BYTES, RegexError, until};
use crate::ground::unicode;

/// Reads a class in brackets.
pub(super) fn bracketed(parser: &mut Parser<'_>) -> Result<ClassUnicode, RegexError> {
    let start = parser.rest;
    parser.skip(1);
    let negated = parser.rest.starts_with('^');
    parser.skip(usize::from(negated));
    let mut ranges: Vec<ClassUnicodeRange> = Vec::new();
    let mut classes: Vec<ClassUnicodeRange> = Vec::new();
    let mut first = true;
    while first || !parser.rest.starts_with(']') {
        first = false;
        if let Some(class) = named(parser)? {
            classes.extend_from_slice(class.ranges());
        } else if let Some(class) = escaped(parser)? {
            classes.extend_from_slice(class.ranges());
        } else {
            ranges.push(range(parser, start)?);
        }
        parser.charge(RANGE_BYTES)?;
    }
    parser.skip(1);
    let mut class = ClassUnicode::new(ranges);
    parser.close_over_case(&mut class)?;
    class.union(&ClassUnicode::new(classes));
    if negated {
        class.negate();
    }
    Ok(class)
}

/// Reads `\d`, `\pN` or `\p{Greek}` if one of these comes next.
pub(super) fn escaped(parser: &mut Parser<'_>) -> Result<Option<ClassUnicode>, RegexError> {
    let start = parser.rest;
    let Some(letter) = start.strip_prefix('\\').and_then(|after| after.chars().next()) else {
        return Ok(None);
    };
    let ranges: &[(char, char)] = match letter {
        'd' | 'D' => DIGIT,
        's' | 'S' => PERL_SPACE,
        'w' | 'W' => WORD,
        'p' | 'P' => return property(parser, letter == 'P').map(Some),
        _ => return Ok(None),
    };
    parser.skip(2);
    finished(parser, from_table(ranges), letter.is_ascii_uppercase()).map(Some)
}

/// One character or a range of them.
fn range(parser: &mut Parser<'_>, class_start: &str) -> Result<ClassUnicodeRange, RegexError> {
    let start = parser.rest;
    let low = member(parser, class_start)?;
    let mut high = low;
    let bound = parser.rest.strip_prefix('-').filter(|after| !after.is_empty() && !after.starts_with(']'));
    if let Some(after) = bound {
        parser.rest = after;
        high = member(parser, class_start)?;
        if high < low {
            return Err(parser.error_from(start, INVALID_RANGE));
        }
    }
    Ok(ClassUnicodeRange::new(low, high))
}

fn member(parser: &mut Parser<'_>, class_start: &str) -> Result<char, RegexError> {
    match parser.rest.chars().next() {
        None => Err(parser.error_at(class_start, MISSING_BRACKET, class_start)),
        Some('\\') => parser.escape(),
        Some(character) => {
            parser.skip(character.len_utf8());
            Ok(character)
        }
    }
}

/// Reads `[:alpha:]` or `[:^alpha:]` if it comes next.
fn named(parser: &mut Parser<'_>) -> Result<Option<ClassUnicode>, RegexError> {
    let start = parser.rest;
    let Some((name, after)) = start.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) else {
        return Ok(None);
    };
    let (name, negated) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let ranges: &[(char, char)] = match name {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" => &[('\0', '\x7f')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        "digit" => DIGIT,
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[('A', 'Z')],
        "word" => WORD,
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return Err(parser.error_at(start, INVALID_RANGE, until(start, after))),
    };
    parser.rest = after;
    finished(parser, from_table(ranges), negated).map(Some)
}

/// `\pN`, `\p{Greek}`, `\p{^Greek}`.
fn property(parser: &mut Parser<'_>, mut negated: bool) -> Result<ClassUnicode, RegexError> {
    let start = parser.rest;
    parser.skip(2);
    let name = match parser.rest.strip_prefix('{') {
        Some(braced) => {
            let Some((name, after)) = braced.split_once('}') else {
                return Err(parser.error_at(start, INVALID_RANGE, start));
            };
            parser.rest = after;
            name
        }
        None => {
            let whole = parser.rest;
            parser.skip(whole.chars().next().map_or(0, char::len_utf8));
            until(whole, parser.rest)
        }
    };
    let name = name.strip_prefix('^').map_or(name, |name| {
        negated = !negated;
        name
    });
    let name = canonical(name);
    let name = unicode::short_name(&name);
    let mut class = unicode::class(name).ok_or_else(|| parser.error_from(start, INVALID_RANGE))?;
    parser.charge(class.ranges().len().saturating_mul(RANGE_BYTES))?;
    // Go folds by a table for each category and each script. It has none for this category, which came later than those.
    if name != unicode::CASED_LETTER {
        parser.close_over_case(&mut class)?;
    }
    if negated {
        class.negate();
    }
    Ok(class)
}

/// The name of a general category or a script as Go (1.25 and 1.26) looks for it: case, spaces, `_` and `-` do not matter.
/// A script that Unicode itself writes with `_` or a second capital, `Old_Italic` and 45 others, Go does not find under
/// any name, and nor do the tables here. They do not have what holds unassigned characters either (`C`, `Cn`, `Assigned`):
/// Go has changed its mind about that.
fn canonical(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

fn from_table(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|&(start, end)| ClassUnicodeRange::new(start, end)))
}

/// A named class as the flags in force want it: first closed over case, then negated.
fn finished(parser: &mut Parser<'_>, mut class: ClassUnicode, negated: bool) -> Result<ClassUnicode, RegexError> {
    parser.close_over_case(&mut class)?;
    if negated {
        class.negate();
    }
    Ok(class)
}

const DIGIT: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
/// Without the vertical tab, which `[:space:]` has.
const PERL_SPACE: &[(char, char)] = &[('\t', '\n'), ('\x0c', '\r'), (' ', ' ')];

const INVALID_RANGE: &str = "invalid character class range";
const MISSING_BRACKET: &str = "missing closing ]";
