//! What does a call answer with? 0, a reason of the engine's table, or one of the few numbers that only C needs.

use sqljwt::ReasonCode;

/// How a call ended: 0, one of the constants of this header, or a number that a later version adds.
///
/// 0 is the only success. Every other value, present or future, means: do not log in.
pub type Status = i32;

pub(crate) const OK: Status = 0;
pub(crate) const KEYS_NEEDED: Status = 100;
pub(crate) const KEYS_AWAITED: Status = 101;
pub(crate) const KEYS_FAILED: Status = 102;
pub(crate) const PANIC: Status = 900;
pub(crate) const NULL_POINTER: Status = 901;
pub(crate) const LENGTH_INVALID: Status = 902;
pub(crate) const NOT_UTF8: Status = 903;

/// The status of a rejection.
pub(crate) const fn of(code: ReasonCode) -> Status {
    code.number() as Status
}

/// One status, as the catalogue tells of it.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) status: Status,
    pub(crate) name: &'static str,
    pub(crate) check: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) remedy: &'static str,
    pub(crate) reference: &'static str,
}

const REPAIR: &str = "correct the program that makes the call; nobody is logged in by it";

/// The numbers that only C has. A retired one stays here as a comment and is never given out again.
const OWN: [Row; 8] = [
    Row { status: OK, name: "ok", check: "", summary: "the call did what it is for", remedy: "", reference: "" },
    Row {
        status: KEYS_NEEDED,
        name: "keys_needed",
        check: "key",
        summary: "the issuer's keys have to be fetched before anything can be said",
        remedy: "give the refusal to sqljwt_key_cache_start, and ask the address that it names",
        reference: "CockroachDB setting server.jwt_authentication.jwks_auto_fetch.enabled",
    },
    Row {
        status: KEYS_AWAITED,
        name: "keys_awaited",
        check: "key",
        summary: "somebody is fetching the issuer's keys already, or they could not be had a moment ago",
        remedy: "refuse the login, or wait and ask the validator again",
        reference: "C API",
    },
    Row {
        status: KEYS_FAILED,
        name: "keys_failed",
        check: "key",
        summary: "the issuer's keys could not be had; the message says why",
        remedy: "refuse the login; ask again with the next one",
        reference: "C API",
    },
    Row {
        status: PANIC,
        name: "panic",
        check: "internal",
        summary: "a bug inside sqljwt ended the call",
        remedy: "report this as a bug; nobody is logged in by it",
        reference: "C API",
    },
    misuse(NULL_POINTER, "null_pointer", "an argument is NULL that may not be"),
    misuse(LENGTH_INVALID, "length_invalid", "a length is more than any object has, a negative number perhaps"),
    misuse(NOT_UTF8, "not_utf8", "an argument is not UTF-8 that has to be"),
];

const fn misuse(status: Status, name: &'static str, summary: &'static str) -> Row {
    Row { status, name, check: "internal", summary, remedy: REPAIR, reference: "C API" }
}

/// How many statuses there are.
pub(crate) const COUNT: usize = OWN.len() + ReasonCode::all().len();

/// Every status, in the order of the numbers.
pub(crate) const ALL: [Row; COUNT] = {
    let mut all = [OWN[0]; COUNT];
    let mut index = 0;
    while index < COUNT {
        all[index] = if index < OWN.len() { OWN[index] } else { reason(ReasonCode::all()[index - OWN.len()]) };
        index += 1;
    }
    all
};

const fn reason(code: ReasonCode) -> Row {
    Row {
        status: of(code),
        name: code.as_str(),
        check: code.check().as_str(),
        summary: code.summary(),
        remedy: code.remedy(),
        reference: code.reference(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_stand_in_the_order_of_their_numbers_and_none_twice() {
        assert!(ALL.is_sorted_by(|a, b| a.status < b.status));
    }

    #[test]
    fn only_reasons_reach_into_their_band() {
        assert!(OWN.iter().all(|row| row.status < 1000));
        assert!(ReasonCode::all().iter().all(|&code| (1000..10_000).contains(&of(code))));
    }
}
