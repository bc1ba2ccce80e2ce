//! Whom does an issuer's principal reach, whatever token names it? By the checks that decide logins.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::{
    ground::{
        reason::ReasonCode,
        work::{TooCostly, Work},
    },
    judging::{attempt::Candidate, checks::identity_map},
    rules::policy::compiled::Compiled,
};

/// A SQL user whom a principal gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reached {
    pub(crate) user: String,
    /// The line of the identity map; `None` where the issuer has none.
    pub(crate) line: Option<u32>,
    /// Why nobody logs in as that user for all that.
    pub(crate) refused: Option<(ReasonCode, &'static str)>,
}

/// The SQL users whom the principal of that issuer gives.
pub(crate) fn reached(
    compiled: &Compiled,
    issuer: &str,
    principal: &str,
    work: &Work,
) -> Result<Vec<Reached>, TooCostly> {
    let lines = compiled.map.lines_for(issuer);
    let plain_names = compiled.rules.users.plain;
    let (candidates, _) =
        identity_map::candidates(&[Cow::Borrowed(principal)], lines, &compiled.names, plain_names, work)?;
    let reached = |candidate: Candidate| {
        let refused = match candidate.defect {
            Some(why) => Some((ReasonCode::MappedUserInvalid, why)),
            None if compiled.names.is_reserved(&candidate.user) => {
                Some((ReasonCode::UserReserved, "it is reserved for the server"))
            }
            None => None,
        };
        Reached { user: candidate.user, line: candidate.line, refused }
    };
    Ok(candidates.into_iter().map(reached).collect())
}
