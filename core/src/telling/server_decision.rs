//! Does the database let in what was refused here, and why? Told only where it has been judged that it does.

use alloc::{borrow::Cow, collections::BTreeSet, format, vec::Vec};

use crate::{
    answers::failure::{Failure, Stop},
    ground::{
        reason::{Check, ReasonCode},
        text::joined,
    },
    judging::{attempt::Attempt, database},
    parsed::token::reread::Departure,
    rules::policy::compiled::Compiled,
    telling::document::Advice,
};

/// The warning that the database lets the token in; nothing if it does not, or if that is not known. `set` are the
/// settings that could not be used here.
pub(super) fn accepts<'c>(
    reference: impl FnOnce() -> Option<&'c Compiled>,
    attempt: &Attempt<'_>,
    outcomes: &[(Check, Result<(), Stop>)],
    set: &[&'static str],
    text: &[u8],
) -> Option<Advice> {
    let mut stops = outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err()).filter(|stop| stop.decides());
    let Some(Stop::Failed(reason)) = stops.next() else { return None };
    let departures = database::lets_in(reference()?, attempt, text)?;
    let failures = outcomes.iter().filter_map(|(_, outcome)| match outcome {
        Err(Stop::Failed(failure)) => Some(failure),
        _ => None,
    });
    let mut causes: Vec<Cow<'static, str>> = Vec::new();
    let of_the_token = departures.iter().map(|&departure| read_over(departure).into());
    let of_the_settings = set.iter().map(|setting| format!("takes `{setting}` as it stands").into());
    let of_the_checks = failures.filter_map(|failure| not_made(failure, &departures));
    for cause in of_the_token.chain(of_the_settings).chain(of_the_checks) {
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    if causes.is_empty() {
        causes.push("has no such rule".into());
    }
    let message = format!("CockroachDB itself {}, and lets this token in", joined(&causes, "and"));
    let warning = Advice::warning(reason.code.check(), message, "do not rely on the database to refuse such tokens");
    Some(Advice { code: Some(reason.code), ..warning })
}

/// What the database does where the engine insists on one way to write a token.
fn read_over(departure: Departure) -> &'static str {
    match departure {
        Departure::WhiteSpaceAround => "takes white space off both ends of a token",
        Departure::LineEnds => "reads over line ends inside a token",
        Departure::OtherBase64 => "also decodes padded base64 and the standard alphabet",
        Departure::LooseBits => "reads over the last bits of a part",
        Departure::AroundTheHeader => "reads over what stands around the header's object",
        Departure::Twice => "takes the last of the members of one name",
        Departure::AfterTheClaims => "reads nothing after the claims' object",
        Departure::BrokenText => "puts a replacement character for what is no text",
        Departure::Crit => "ignores the header member `crit`",
        Departure::Zip => "ignores the header member `zip`",
        Departure::Cty => "ignores the header member `cty`",
        Departure::Typ => "does not look at the token's type",
        Departure::Alg => "goes by the key, whatever algorithm the token names",
        Departure::KeyBound => "takes a token that is bound to a key like any other",
        Departure::LongPast => "counts such a time as long past",
        Departure::Unset => "takes such a time for none",
    }
}

/// What the database does in the place of a check; nothing where what it reads over in the token says so already.
fn not_made(failure: &Failure, departures: &BTreeSet<Departure>) -> Option<Cow<'static, str>> {
    use ReasonCode as Code;
    if let Some((setting, _)) = failure.finding.setting
        && setting.is_engine_option()
    {
        return Some(format!("does not know `{}`", setting.as_str()).into());
    }
    Some(Cow::Borrowed(match failure.code {
        Code::KeyWeak | Code::KeyInvalid => "verifies under such a key",
        Code::KeyNotForVerify => "ignores the key's `key_ops`",
        Code::KeyIssuerMismatch => "lets every key of the set sign for every issuer",
        Code::ExpMissing => "takes a token without `exp` for one that never expires",
        Code::EmailUnverified => "does not look at `email_verified`",
        Code::TypNotAllowed if !departures.contains(&Departure::Typ) => "does not look at the claim `events`",
        Code::PayloadDuplicateMember if departures.is_empty() => "takes the last of the members of one name",
        Code::ExpInvalid | Code::NbfInvalid | Code::IatInvalid => "reads such a time in its own way",
        Code::IssMissing | Code::IssInvalid => "takes a missing `iss` for the empty issuer",
        Code::ClaimMissing | Code::ClaimInvalid => "makes a name of a value of any kind",
        Code::IdentityUnmapped => "compares with the identity map without regard to case",
        Code::MappedUserInvalid | Code::UserMismatch | Code::UserAmbiguous => {
            "does not ask whether such a name can be a SQL user's"
        }
        _ => return None,
    }))
}
