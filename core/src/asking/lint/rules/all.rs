//! Which files look for broken rules, and in what order?

use super::{
    super::{findings::Findings, subject::Subject},
    document, map_issuers, map_lines, map_patterns, unusable,
};

/// What looks for broken rules. What cannot be used at all comes last: whoever has told of it has told more.
pub(in super::super) const ALL: [fn(&Subject<'_>, &mut Findings<'_>); 5] =
    [document::find, map_issuers::find, map_lines::find, map_patterns::find, unusable::find];
