//! A line of an identity map as the search for principals looks at it: a regex, or a text that is one.

use alloc::{string::String, vec::Vec};
use core::cell::OnceCell;

use crate::parsed::{
    identity_map::Line,
    regex::{Fixed, Program, Reading, folded, parse},
    user_names::UserNames,
};

/// A line, or that an issuer has none: then everybody is the SQL user of their own name.
pub(super) struct MapLine<'c> {
    /// Counted from 1; nothing where the issuer has no lines.
    pub(super) number: Option<u32>,
    /// The second column, with the slash of a regex.
    pub(super) identity: &'c str,
    /// The third column.
    pub(super) user: &'c str,
    regex: Option<&'c Program>,
    ignore_case: bool,
    literal: OnceCell<Option<Program>>,
    fixed: OnceCell<Option<Fixed>>,
}

impl<'c> MapLine<'c> {
    pub(super) fn of(line: Line<'c>, regex: Option<&'c Program>, ignore_case: bool) -> Self {
        let (number, identity, user) = (Some(line.number), line.identity, line.user);
        Self { number, identity, user, regex, ignore_case, literal: OnceCell::new(), fixed: OnceCell::new() }
    }

    /// What an issuer without lines does.
    pub(super) fn everybody(anybody: &'c Program) -> Self {
        Self {
            number: None,
            identity: "",
            user: r"\1",
            regex: Some(anybody),
            ignore_case: false,
            literal: OnceCell::new(),
            fixed: OnceCell::new(),
        }
    }

    /// What stands before and after the `\1` of the SQL user, where it has one.
    pub(super) fn template(&self) -> Option<(&'c str, &'c str)> {
        self.user.split_once(r"\1")
    }

    /// Whether its principal is a text.
    pub(super) fn is_literal(&self) -> bool {
        self.regex.is_none()
    }

    /// Whether exactly one principal matches.
    pub(super) fn is_exact(&self) -> bool {
        self.is_literal() && !self.ignore_case
    }

    /// Whether case can matter to it although its map does not regard case: its regex says so somewhere.
    pub(super) fn regards_case(&self) -> bool {
        !self.ignore_case || (!self.is_literal() && self.identity.contains("(?"))
    }

    /// Its regex; of a text the one that matches this text alone.
    pub(super) fn program(&self) -> Option<&Program> {
        self.regex
            .or_else(|| self.literal.get_or_init(|| Program::of_text(self.identity, self.ignore_case).ok()).as_ref())
    }

    /// Whether no text can match both, as far as their fixed beginnings and ends tell.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        let (Some(one), Some(other)) = (self.fixed(), other.fixed()) else { return false };
        let apart = |one: &[String], other: &[String], is_part: fn(&str, &str) -> bool| {
            let alike = |one: &String| other.iter().any(|other| is_part(one, other) || is_part(other, one));
            !one.is_empty() && !other.is_empty() && !one.iter().any(alike)
        };
        apart(&one.prefixes, &other.prefixes, |one, other| one.starts_with(other))
            || apart(&one.suffixes, &other.suffixes, |one, other| one.ends_with(other))
    }

    /// What every text that matches begins and ends with, without regard to case.
    pub(super) fn fixed(&self) -> Option<&Fixed> {
        let fixed = || {
            if self.is_literal() {
                let text = Vec::from([String::from(&*folded(self.identity))]);
                return Some(Fixed { prefixes: text.clone(), suffixes: text.clone(), inner: text });
            }
            let pattern = self.identity.strip_prefix('/')?;
            let reading = Reading { ignore_case: self.ignore_case, ..Reading::default() };
            parse(pattern, reading).ok().map(|regex| Fixed::of(&regex.tree))
        };
        self.fixed.get_or_init(fixed).as_ref()
    }

    /// The one SQL user whom it gives, as the server stores the name.
    pub(super) fn only_user(&self, names: &UserNames) -> Option<String> {
        self.template().is_none().then(|| names.normalized(self.user).into_owned())
    }
}
