//! One line of the log for each login: who asked, for whom, what was decided and why.

use crate::{
    answer::{Answer, Outcome},
    log_file::inert,
};

/// Writes the line of a login. `peer` is inert.
pub(crate) fn tell(peer: &str, user: &str, answer: &Answer) {
    let (user, why) = (inert(user), &answer.log_line);
    match answer.outcome {
        Outcome::Accepted | Outcome::Refused => log::info!("login {peer} asked=\"{user}\": {why}"),
        Outcome::Unavailable => log::warn!("login {peer} asked=\"{user}\": {why}"),
        Outcome::BadRequest => log::info!("no request {peer}: {why}"),
    }
}
