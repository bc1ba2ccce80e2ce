//! The rules, a file for each part of the settings that they look at.

mod document;
mod map_issuers;
mod map_lines;
mod map_patterns;
mod unusable;

use super::{findings::Findings, subject::Subject};

/// What looks for broken rules. What cannot be used at all comes last: whoever has told of it has told more.
pub(super) const ALL: [fn(&Subject<'_>, &mut Findings<'_>); 5] =
    [document::find, map_issuers::find, map_lines::find, map_patterns::find, unusable::find];
