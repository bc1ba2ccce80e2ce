//! Whom does a principal become, at each issuer?

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    ground::{
        json::written,
        limits::{LOGIN_STEPS_MAX, REACHED_USERS_MAX},
        profile::Profile,
        reason::ReasonCode,
        text::{one_line, quoted},
        work::Work,
    },
    judging::reached::{Reached, reached},
    rules::policy::compiled::Compiled,
    telling::SCHEMA,
};

/// Whom a principal becomes: the document of the verb `reach`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReachDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Whose rules decide.
    pub profile: Profile,
    /// The principal, on one line.
    pub principal: String,
    /// What it becomes at each issuer that was asked about, in the order of their names.
    pub issuers: Vec<ReachOfIssuer>,
}

/// Whom a principal of one issuer becomes.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReachOfIssuer {
    /// The issuer.
    pub issuer: String,
    /// The claim whose value the principal is.
    pub claim: String,
    /// Whether the identity map has lines for the issuer: without any, its principals are SQL users as they are.
    pub mapped: bool,
    /// The SQL users, in the order of the lines.
    pub users: Vec<ReachedUser>,
    /// How many more there are.
    pub untold: usize,
    /// Why nobody is told: `too_costly` where to find them takes more than a login may.
    pub code: Option<ReasonCode>,
}

/// One SQL user whom a principal becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReachedUser {
    /// The user.
    pub user: String,
    /// The line of the identity map that gives it, counted from 1.
    pub line: Option<u32>,
    /// Why nobody logs in as that user for all that; `None` where the bearer may.
    pub code: Option<ReasonCode>,
    /// The same for people.
    pub why: Option<String>,
}

impl ReachDocument {
    pub(crate) fn of(compiled: &Compiled, issuer: Option<&str>, principal: &str) -> Self {
        let asked = compiled.policies().filter(|policy| issuer.is_none_or(|issuer| **policy.issuer == *issuer));
        let issuers = asked
            .map(|policy| {
                let work = Work::of(LOGIN_STEPS_MAX);
                let (users, code) = match reached(compiled, &policy.issuer, principal, &work) {
                    Ok(users) => (users, None),
                    Err(_) => (Vec::new(), Some(ReasonCode::TooCostly)),
                };
                ReachOfIssuer {
                    issuer: one_line(&**policy.issuer),
                    claim: one_line(policy.claim.as_str()),
                    mapped: compiled.map.lines_for(&policy.issuer).is_some(),
                    untold: users.len().saturating_sub(REACHED_USERS_MAX),
                    users: users.into_iter().take(REACHED_USERS_MAX).map(ReachedUser::from).collect(),
                    code,
                }
            })
            .collect();
        Self { schema: SCHEMA, profile: compiled.profile, principal: quoted(principal), issuers }
    }

    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

impl From<Reached> for ReachedUser {
    fn from(reached: Reached) -> Self {
        Self {
            user: quoted(&reached.user),
            line: reached.line,
            code: reached.refused.map(|(code, _)| code),
            why: reached.refused.map(|(_, why)| why.into()),
        }
    }
}
