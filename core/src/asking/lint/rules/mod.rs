//! The rules, a file for each part of the settings that they look at.

mod audience;
mod claim;
mod document;
mod fetching;
mod groups;
mod issuers;
mod key_set;
mod keys;
mod logins;
mod options;
mod unusable;

use super::{findings::Findings, subject::Subject};

/// What looks for broken rules. What cannot be used at all comes last: whoever has told of it has told more.
pub(super) const ALL: [fn(&Subject<'_>, &mut Findings<'_>); 11] = [
    document::find,
    issuers::find,
    audience::find,
    claim::find,
    keys::find,
    key_set::find,
    fetching::find,
    options::find,
    groups::find,
    logins::find,
    unusable::find,
];
