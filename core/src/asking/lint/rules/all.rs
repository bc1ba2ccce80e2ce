//! Which files look for broken rules, and in what order?

use super::{
    super::{findings::Findings, subject::Subject},
    audience, claim, document, fetching, groups, issuers, key_set, keys, logins, map_issuers, map_lines, map_patterns,
    options, unusable,
};

/// What looks for broken rules. What cannot be used at all comes last: whoever has told of it has told more.
pub(in super::super) const ALL: [fn(&Subject<'_>, &mut Findings<'_>); 14] = [
    document::find,
    issuers::find,
    audience::find,
    claim::find,
    keys::find,
    key_set::find,
    fetching::find,
    map_issuers::find,
    map_lines::find,
    map_patterns::find,
    options::find,
    groups::find,
    logins::find,
    unusable::find,
];
