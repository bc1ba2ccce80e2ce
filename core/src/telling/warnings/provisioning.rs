//! Can the SQL user of an accepted login be made, where the settings say that users are?

use alloc::format;

use crate::{
    ground::{reason::Check, text::shown},
    judging::attempt::Attempt,
    parsed::{
        provisioning,
        settings::{Places, SettingName},
        sql_user,
    },
    telling::document::Advice,
};

/// Says why not: the login works for those who are there already.
pub(super) fn warning(places: &Places<'_>, attempt: &Attempt<'_>) -> Option<Advice> {
    if !attempt.compiled.provisioning {
        return None;
    }
    let (issuer, user) = (&attempt.policy?.issuer, &attempt.chosen()?.user);
    let (fact, remedy) = match (provisioning::unrecorded(issuer), sql_user::check(user)) {
        (Some(unrecorded), _) => unrecorded,
        (None, Err(defect)) => (
            format!("no SQL user can be called `{}`: {}", shown(user), defect.describe()),
            "give the person another SQL user in a line of server.identity_map.configuration",
        ),
        (None, Ok(())) => return None,
    };
    let message = format!("{fact}; a user who is not there yet cannot log in");
    Some(Advice::warning(Check::User, message, remedy).at(places, SettingName::Provisioning, 0))
}
