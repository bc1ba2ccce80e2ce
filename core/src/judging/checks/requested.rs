//! Can anybody log in as the requested SQL user at all? Where nobody can, that is what to change.

use alloc::format;

use crate::{
    ground::{mend::Mend, text::shown},
    judging::attempt::Attempt,
};

/// What to do about a token that does not give the requested SQL user: `otherwise`, unless nobody could have that user.
pub(super) fn remedy(attempt: &Attempt<'_>, otherwise: Mend) -> Mend {
    let requested = attempt.names().normalized(attempt.requested);
    if attempt.names().is_reserved(&requested) {
        Mend::client(format!("log in as another SQL user: `{}` is the database's own", shown(&requested)))
    } else if !requested.is_empty()
        && (attempt.names().check(&requested).is_err() || !attempt.names().is_plain(attempt.requested))
    {
        Mend::client(format!("log in as another SQL user: `{}` is no name of one", shown(attempt.requested)))
    } else {
        otherwise
    }
}
