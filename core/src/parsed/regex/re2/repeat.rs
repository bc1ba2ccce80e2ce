//! How often does an element repeat? `*`, `+`, `?`, `{n,m}`, each lazy with a `?` after it.

use regex_syntax::hir::{Hir, Repetition};

use super::{
    node::Node,
    parser::{Parser, RegexError, TOO_DEEP},
};
use crate::ground::limits::{REGEX_DEPTH_MAX, REGEX_REPEAT_MAX};

impl<'p> Parser<'p> {
    /// `*`, `+` or `?`.
    pub(super) fn repeat_by_operator(
        &mut self,
        operator: char,
        repeated_at: Option<&'p str>,
    ) -> Result<Option<&'p str>, RegexError> {
        let (min, max) = match operator {
            '*' => (0, None),
            '+' => (1, None),
            _ => (0, Some(1)),
        };
        let before = self.rest;
        self.skip(1);
        self.repeat(min, max, before, repeated_at)
    }

    /// `{n}`, `{n,}` or `{n,m}`; a brace that opens none of these stands for itself.
    pub(super) fn repeat_by_count(&mut self, repeated_at: Option<&'p str>) -> Result<Option<&'p str>, RegexError> {
        let before = self.rest;
        let Some((min, max, after)) = count(before) else {
            self.skip(1);
            self.push_character('{')?;
            return Ok(None);
        };
        self.rest = after;
        let invalid = min > REGEX_REPEAT_MAX || max.is_some_and(|max| max > REGEX_REPEAT_MAX || max < min);
        if invalid {
            return Err(self.error_from(before, INVALID_REPEAT));
        }
        self.repeat(min, max, before, repeated_at)
    }

    fn repeat(
        &mut self,
        min: u32,
        max: Option<u32>,
        before: &'p str,
        repeated_at: Option<&'p str>,
    ) -> Result<Option<&'p str>, RegexError> {
        let counted = before.starts_with('{');
        let mut greedy = !self.flags.swap_greed;
        if let Some(after) = self.rest.strip_prefix('?') {
            self.rest = after;
            greedy = !greedy;
        }
        if let Some(earlier) = repeated_at {
            return Err(self.error_from(earlier, NESTED_REPEAT));
        }
        let Some(node) = self.group.sequence.pop() else {
            return Err(self.error_from(before, MISSING_ARGUMENT));
        };
        let factor = match max {
            Some(0) => 0,
            _ if !counted => 1,
            Some(max) => max,
            None => min.max(1),
        };
        let repeats = if factor == 0 { 1 } else { node.repeats.saturating_mul(factor) };
        if counted && repeats > REGEX_REPEAT_MAX && (min >= 2 || max.is_some_and(|max| max >= 2)) {
            return Err(self.error_from(before, INVALID_REPEAT));
        }
        let height = node.height;
        if height >= REGEX_DEPTH_MAX {
            return Err(self.error_at(self.pattern, TOO_DEEP, self.pattern));
        }
        let tree = Hir::repetition(Repetition { min, max, greedy, sub: node.into_tree().into() });
        self.push(Node::over(tree, height, repeats), 0)?;
        Ok(Some(before))
    }
}

/// The counts of `{n}`, `{n,}` or `{n,m}` and the text after it. A count too large to be one reads as the largest.
fn count(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let (min, text) = number(text.strip_prefix('{')?)?;
    let (max, text) = match text.strip_prefix(',') {
        None => (Some(min), text),
        Some(text) if text.starts_with('}') => (None, text),
        Some(text) => {
            let (max, text) = number(text)?;
            (Some(max), text)
        }
    };
    Some((min, max, text.strip_prefix('}')?))
}

/// A decimal number without leading zeros and the text after it.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, after) = text.split_at_checked(digits)?;
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), after))
}

const INVALID_REPEAT: &str = "invalid repeat count";
const NESTED_REPEAT: &str = "invalid nested repetition operator";
const MISSING_ARGUMENT: &str = "missing argument to repetition operator";
