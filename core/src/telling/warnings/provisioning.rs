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
    let (fact, remedy) = match (provisioning::source(issuer), sql_user::check(user)) {
        (Err(why), _) => (
            format!("the database cannot record the issuer `{}` as where a user comes from: {why}", shown(issuer)),
            "make the SQL users by hand, or have the identity provider issue tokens under an address without a port",
        ),
        (Ok(_), Err(defect)) => (
            format!("no SQL user can be called `{}`: {}", shown(user), defect.describe()),
            "give the person another SQL user in a line of server.identity_map.configuration",
        ),
        (Ok(_), Ok(())) => return None,
    };
    let message = format!("{fact}; a user who is not there yet cannot log in");
    Some(Advice::warning(Check::User, message, remedy).at(places, SettingName::Provisioning, 0))
}
