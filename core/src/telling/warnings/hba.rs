//! What does host-based authentication mean for a login by token? Nothing: the database does not look at it. What it says of
//! the same person without a token is worth telling.

use alloc::{format, vec::Vec};

use crate::{
    ground::{reason::Check, text::shown},
    judging::attempt::Attempt,
    parsed::{
        hba::{self, Method},
        settings::{Places, SettingName, Settings},
    },
    telling::document::Advice,
};

/// That a line cannot be read; of an accepted login that its user is rejected without effect, and how they get in without a
/// token.
pub(super) fn warnings(settings: &Settings, places: &Places<'_>, attempt: &Attempt<'_>, accepted: bool) -> Vec<Advice> {
    let warning =
        |offset, message, remedy| Advice::warning(Check::User, message, remedy).at(places, SettingName::Hba, offset);
    let lines = match hba::lines(settings.text(SettingName::Hba)) {
        Ok(lines) => lines,
        Err(fault) => {
            let remedy = fault.remedy.unwrap_or_else(|| "see that the database takes this text".into());
            let warning = Advice::warning(Check::Settings, fault.message, remedy);
            return [warning.at(places, SettingName::Hba, fault.offset)].into();
        }
    };
    let Some(user) = attempt.chosen().map(|candidate| &*candidate.user).filter(|_| accepted && !lines.is_empty())
    else {
        return Vec::new();
    };
    let reached = hba::reached_by(&lines, user);
    let rejecting = reached.iter().find(|line| line.method == Method::Reject);
    let other_way = reached.iter().find(|line| !matches!(line.method, Method::Reject | Method::Token));
    let mut warnings = Vec::new();
    let user = shown(user);
    if let Some(line) = rejecting {
        let message = match other_way {
            None => format!(
                "a token is the only way in for `{user}`: line {} of host-based authentication rejects everything else, and \
                 the database does not look at those lines when somebody logs in by token",
                line.number
            ),
            Some(_) => format!(
                "line {} of host-based authentication rejects `{user}`, and that does not stop this login: the database does \
                 not look at those lines when somebody logs in by token",
                line.number
            ),
        };
        let remedy = format!(
            "to keep `{user}` out altogether, let no line of server.identity_map.configuration give that SQL user, or take its \
             LOGIN away"
        );
        warnings.push(warning(line.offset, message, remedy));
    }
    if let Some(line) = other_way {
        let how = match line.method {
            Method::Trust => "without any proof",
            _ => "without a token",
        };
        let message = format!(
            "line {} of host-based authentication lets `{user}` in by `{}`, {how}",
            line.number,
            shown(line.method_name)
        );
        let remedy = format!(
            "to let `{user}` in by token alone, put the lines `host all {0} all reject` and `local all {0} reject` before it: \
             they stop every other way in, and no token",
            hba::written(&user)
        );
        warnings.push(warning(line.offset, message, remedy));
    }
    warnings
}
