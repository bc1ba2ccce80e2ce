//! Which lines of the identity map would let in more bearers of the same kind, and whom?

use alloc::{format, string::String, vec::Vec};

use super::document::SuggestedLine;
use crate::{
    ground::text::can_be_copied,
    parsed::{
        identity_map::{Dialect, IdentityMap},
        risk,
    },
};

/// The wider lines, none where nobody can say who would get in.
pub(super) fn lines(issuer: &str, principal: &str, user: &str) -> Vec<SuggestedLine> {
    let made = if let Some((_, domain)) = principal.rsplit_once('@') {
        if risk::domain(domain) {
            return Vec::new();
        }
        let risk = "everybody with an address of that domain becomes the SQL user of the name before the `@`, also \
                    `admin` if somebody has that address";
        (format!("^([a-z0-9._-]+)@{}$", escaped(domain)), r"\1", risk)
    } else if let Some(account) = principal.strip_prefix("system:serviceaccount:") {
        let Some((namespace, _)) = account.split_once(':') else { return Vec::new() };
        let risk = "every service account of the namespace becomes the SQL user of its own name: who may create accounts \
                    there chooses the user";
        (format!("^system:serviceaccount:{}:([a-z0-9.-]+)$", escaped(namespace)), r"\1", risk)
    } else if let Some((repository, _)) =
        principal.strip_prefix("repo:").and_then(|rest| rest.split_once(":ref:refs/heads/"))
    {
        let risk = "a job on any branch of the repository becomes this SQL user: who may push a branch may log in";
        (format!("^repo:{}:ref:refs/heads/[^:]+$", escaped(repository)), user, risk)
    } else if let Some((project, _)) =
        principal.strip_prefix("project_path:").and_then(|rest| rest.split_once(":ref_type:branch:ref:"))
    {
        let risk = "a job on any branch of the project becomes this SQL user: who may push a branch may log in";
        (format!("^project_path:{}:ref_type:branch:ref:[^:]+$", escaped(project)), user, risk)
    } else {
        return Vec::new();
    };
    let (pattern, user, risk) = made;
    let line = format!("{issuer} /{pattern} {user}");
    let fits = line.len() <= LINE_BYTES_MAX && can_be_copied(&line) && line.is_ascii() && line.split(' ').count() == 3;
    let reaches = IdentityMap::parse(&line, Dialect::STRICT).is_ok();
    if fits && reaches && !line.contains('#') {
        alloc::vec![SuggestedLine { line, risk: risk.into() }]
    } else {
        Vec::new()
    }
}

fn escaped(text: &str) -> String {
    regex_syntax::escape(text)
}

/// What a person still checks with their eyes.
const LINE_BYTES_MAX: usize = 512;
