//! The database's texts for a refusal, one table for both directions: `judging` writes them, `asking` reads them in logs.

use crate::{
    ground::{
        profile::Profile,
        reason::{Check, ReasonCode},
        text::Template,
    },
    rules::profile::rules::Rules,
};

/// What the client is told of a login without a token.
pub(crate) const NO_TOKEN: Template =
    Template::new(&["password authentication failed for user ", ""], &["requested_user"]);

/// The message that the client gets for a reason, unless it has one of its own: [`NO_TOKEN`].
pub(crate) fn message(code: ReasonCode, rules: &Rules) -> &'static str {
    let words = &rules.client;
    let check = code.check();
    if check == Check::Settings {
        return words.unable;
    }
    let place = |wanted: Check| rules.order.iter().position(|&check| check == wanted);
    let unproven = place(check) <= place(Check::Signature);
    if !words.talkative && unproven && check != Check::Enabled { words.vague } else { (words.message)(code) }
}

/// Whether some profile tells a client this message for that reason.
pub(crate) fn may_mean(message_told: &str, code: ReasonCode) -> bool {
    Profile::all().iter().any(|profile| {
        let rules = profile.rules();
        let own = rules.client.talkative && code == ReasonCode::TokenEmpty;
        !own && message(code, rules) == message_told
    })
}

/// The DETAIL that the database adds for a reason; nothing where it has none.
pub(crate) fn detail(code: ReasonCode) -> Option<Template> {
    Some(match (code.check(), code) {
        (_, ReasonCode::TokenEmpty) => return None,
        (Check::Token | Check::Header, _) => Template::new(&["token parsing failed: ", ""], &["cause"]),
        (Check::Issuer, _) => Template::new(&["token issued by ", ""], &["issuer"]),
        (_, ReasonCode::KeysUnavailable) => return None,
        (Check::Key | Check::Signature | Check::Time, _) => library(code),
        (_, ReasonCode::ClaimMissing) => Template::new(&["token does not contain a claim for ", ""], &["claim"]),
        (_, ReasonCode::ClaimInvalid) => {
            Template::new(&["failed to extract claim ", ": JSON pointer: ", ""], &["claim", "cause"])
        }
        (Check::IdentityMap, _) => {
            Template::new(&["the value ", " for the issuer ", " is invalid"], &["principal", "issuer"])
        }
        (Check::User, _) => {
            Template::new(&["token issued for ", " and login was for ", ""], &["principal", "requested_user"])
        }
        (Check::Reserved, _) => Template::new(&["cannot use JWT auth to login to a reserved user ", ""], &["user"]),
        (Check::Audience, _) => Template::new(&["token issued with an audience of ", ""], &["audience"]),
        (Check::Settings | Check::Enabled | Check::Principal | Check::Groups | Check::Internal, _) => return None,
    })
}

/// What the database's token library says of a token that it cannot verify, behind the database's own words.
const fn library(code: ReasonCode) -> Template {
    macro_rules! unable {
        ($($piece:literal),+ => $($value:literal),*) => {
            Template::new(&[$(concat!("unable to parse token: ", $piece)),+], &[$($value),*])
        };
    }
    match code {
        ReasonCode::KeyIdMissing => unable!(
            "key provider 0 failed: failed to find matching key: no key ID (\"kid\") specified in token" =>
        ),
        ReasonCode::KeyNotFound => Template::new(
            &["unable to parse token: key provider 0 failed: failed to find key with key ID \"", "\" in key set"],
            &["key_id"],
        ),
        ReasonCode::KeyAlgMismatch => unable!(
            "key provider 0 failed: algorithm in the message does not match any of the inferred algorithms" =>
        ),
        ReasonCode::TokenExpired => unable!("\"exp\" not satisfied" =>),
        ReasonCode::TokenNotYetValid => unable!("\"nbf\" not satisfied" =>),
        ReasonCode::IssuedInFuture => unable!("\"iat\" not satisfied" =>),
        ReasonCode::LifetimeTooLong => unable!("the token lives too long" =>),
        _ => unable!("could not verify message using any of the signatures or keys" =>),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read back by its first piece has to be told from all else by it.
    #[test]
    fn no_detail_begins_as_another_one_does() {
        for &one in ReasonCode::all() {
            for &other in ReasonCode::all() {
                if let (Some(first), Some(second)) = (detail(one), detail(other)) {
                    let (first_piece, second_piece) = (first.pieces[0], second.pieces[0]);
                    assert!(first == second || !first_piece.starts_with(second_piece), "{one} {other}");
                }
            }
        }
    }

    #[test]
    fn every_reason_has_words_in_every_profile() {
        for profile in Profile::all() {
            for &code in ReasonCode::all() {
                assert!(may_mean(message(code, profile.rules()), code) || code == ReasonCode::TokenEmpty);
            }
        }
    }
}
