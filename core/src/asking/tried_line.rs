//! What does one line of the identity map do with principals? Tried by the matcher that decides logins.

use alloc::{string::String, vec::Vec};

use crate::{
    ground::{
        text::{one_line, quoted},
        work::Work,
    },
    parsed::{
        identity_map::{IssuerMap, Line},
        regex::{Program, Searched, Wanted, shortest},
        user_names::UserNames,
    },
};

/// A line of the identity map, with what it takes to try it.
#[derive(Clone, Copy)]
pub(crate) struct TriedLine<'m> {
    pub(crate) map: &'m IssuerMap,
    pub(crate) line: Line<'m>,
    /// Its regex; nothing where its principal is a text.
    pub(crate) program: Option<&'m Program>,
    pub(crate) names: &'m UserNames,
    pub(crate) work: &'m Work,
}

impl<'m> TriedLine<'m> {
    /// The lines of an issuer.
    pub(crate) fn all(map: &'m IssuerMap, names: &'m UserNames, work: &'m Work) -> impl Iterator<Item = Self> {
        map.lines_and_patterns().map(move |(line, program)| Self { map, line, program, names, work })
    }

    /// The SQL user whom this line makes of a principal.
    pub(crate) fn user(&self, principal: &str) -> Option<String> {
        self.users(principal).into_iter().find(|(_, line)| *line == self.line.number).map(|(user, _)| user)
    }

    /// The SQL users whom all lines of the issuer make of a principal, with their lines.
    pub(crate) fn users(&self, principal: &str) -> Vec<(String, u32)> {
        let mut users = Vec::new();
        let given = self.map.users(principal, self.names, self.work, |mapped| {
            users.push((mapped.user, mapped.line));
            Ok(())
        });
        if given.is_err() {
            users.clear();
        }
        users
    }

    /// The shortest principal that regexes treat so and that this line gives a SQL user; that user is given to the check,
    /// which has the last word.
    pub(crate) fn shortest<T>(
        &self,
        wanted: &[Wanted<'_>],
        mut check: impl FnMut(&str, String) -> Option<T>,
    ) -> Searched<T> {
        shortest(wanted, self.work, |principal| {
            let user = self.user(principal).filter(|_| !principal.is_empty())?;
            check(principal, user)
        })
    }

    /// The part of a principal that the line takes over.
    pub(crate) fn capture<'p>(&self, principal: &'p str) -> Option<&'p str> {
        self.program?.find(principal, self.work).ok()?.map(Option::unwrap_or_default)
    }

    /// The issuer, as documents carry it.
    pub(crate) fn issuer(&self) -> String {
        one_line(self.map.name())
    }
}

/// Principals as documents carry them.
pub(crate) fn told<'p>(principals: impl IntoIterator<Item = &'p str>) -> Vec<String> {
    principals.into_iter().map(quoted).collect()
}
