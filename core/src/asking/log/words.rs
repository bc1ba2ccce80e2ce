//! The database's own words for a refusal, read back by the table that writes them.

use alloc::vec::Vec;

use super::{
    document::{LogOutcome, LogSource},
    facts::{Facts, ranked},
};
use crate::{
    ground::{
        profile::Profile,
        reason::ReasonCode,
        text::{Reading, Template, word_at},
    },
    rules::profile::words::{detail, may_mean, message},
};

/// How the messages of version 22.2 differ.
const EARLIER: [(&str, &str); 1] = [("JWT authentication: invalid subject", "JWT authentication: invalid principal")];

/// What the database's token library says, and this engine says otherwise: which reason it is.
const LIBRARY: [(&str, ReasonCode); 17] = [
    ("\"exp\" not satisfied", ReasonCode::TokenExpired),
    ("\"nbf\" not satisfied", ReasonCode::TokenNotYetValid),
    ("\"iat\" not satisfied", ReasonCode::IssuedInFuture),
    ("failed to find key with key ID", ReasonCode::KeyNotFound),
    ("no key ID (", ReasonCode::KeyIdMissing),
    ("does not match any of the inferred algorithms", ReasonCode::KeyAlgMismatch),
    ("could not verify message using any of the signatures", ReasonCode::SignatureInvalid),
    ("for key exp:", ReasonCode::ExpInvalid),
    ("for key nbf:", ReasonCode::NbfInvalid),
    ("for key iat:", ReasonCode::IatInvalid),
    ("for key aud:", ReasonCode::AudInvalid),
    ("for key iss:", ReasonCode::IssInvalid),
    ("illegal base64", ReasonCode::TokenBadBase64),
    ("invalid compact serialization format", ReasonCode::TokenMalformed),
    ("invalid number of segments", ReasonCode::TokenMalformed),
    ("invalid JWT", ReasonCode::TokenMalformed),
    ("failed to parse token: EOF", ReasonCode::PayloadInvalid),
];

/// How every message begins: nearly no line of a log has it.
const BEGINNING: &str = "JWT auth";

/// What a message or a DETAIL of the database says, with where it begins.
pub(super) fn read(text: &str) -> Option<(usize, Facts)> {
    let told = told(text);
    let details = details(text, told.map(|(_, message)| message));
    let (at, message) = match (told, &details) {
        (Some(told), _) => told,
        (None, Some(details)) => (details.reading.at, details.message),
        (None, None) => return None,
    };
    let mut facts = Facts::new(LogOutcome::Rejected, LogSource::Cockroachdb, message);
    let mut codes = ranked(|code| may_mean(message, code));
    if let Some(details) = details {
        facts.state_all(&details.reading);
        codes = details.codes;
    }
    // The library says some things behind words of the database that stand for all of them.
    let verified = message == self::message(ReasonCode::SignatureInvalid, Profile::Cockroachdb.rules());
    if verified && let Some(&(_, first)) = LIBRARY.iter().find(|(said, _)| text.contains(said)) {
        codes.retain(|&code| code != first);
        codes.insert(0, first);
    }
    facts.exact = codes.len() == 1;
    facts.codes = codes;
    Some((at, facts))
}

/// Whether a line is a DETAIL without its message.
pub(super) fn is_detail(line: &str) -> bool {
    told(line).is_none() && details(line, None).is_some()
}

/// The message in a text, and where it is.
fn told(text: &str) -> Option<(usize, &'static str)> {
    if !text.contains(BEGINNING) {
        return None;
    }
    let find = |message: &'static str| word_at(text, message).map(|at| (at, message));
    let written =
        Profile::all().iter().flat_map(|profile| ReasonCode::all().iter().map(|&code| message(code, profile.rules())));
    let written = written.filter_map(find);
    let earlier = EARLIER.iter().filter_map(|&(earlier, now)| Some((find(earlier)?.0, now)));
    written.chain(earlier).min_by_key(|&(at, _)| at)
}

/// What a DETAIL narrows the reasons to.
struct Details<'t> {
    reading: Reading<'t>,
    codes: Vec<ReasonCode>,
    message: &'static str,
}

/// The DETAIL in a text, of that message where there is one.
fn details<'t>(text: &'t str, told: Option<&str>) -> Option<Details<'t>> {
    let rules = Profile::Cockroachdb.rules();
    let read = |code: ReasonCode| {
        let of_it = told.is_none_or(|told| told == message(code, rules));
        let template = detail(code).filter(|_| of_it)?;
        text.split('\n').find_map(|line| template.read(line, false)).map(|reading| (code, template, reading))
    };
    let mut found: Option<(ReasonCode, Template, Reading<'t>)> = None;
    let mut previous = None;
    for &code in ReasonCode::all() {
        let template = detail(code);
        if template == previous {
            continue;
        }
        previous = template;
        let Some((code, template, reading)) = read(code) else { continue };
        if found.as_ref().is_none_or(|(_, _, known)| reading.at < known.at) {
            found = Some((code, template, reading));
        }
    }
    let (code, template, reading) = found?;
    let message = message(code, rules);
    let codes = ranked(|code| detail(code) == Some(template) && may_mean(message, code));
    Some(Details { reading, codes, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_messages_begin_alike() {
        for profile in Profile::all() {
            for &code in ReasonCode::all() {
                assert!(message(code, profile.rules()).starts_with(BEGINNING));
            }
        }
    }

    #[test]
    fn what_the_library_says_comes_first() {
        let text = "JWT authentication: invalid token\ntoken parsing failed: failed to parse token: failed to decode value for key exp: x";
        assert_eq!(read(text).unwrap().1.codes[0], ReasonCode::ExpInvalid);
    }

    #[test]
    fn the_first_version_said_it_otherwise() {
        let (_, facts) = read("ERROR: JWT authentication: invalid subject").unwrap();
        assert!(facts.codes.contains(&ReasonCode::UserMismatch) && facts.codes.contains(&ReasonCode::IdentityUnmapped));
    }
}
