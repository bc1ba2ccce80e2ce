//! Can a client of the agent, whatever it sends, be taken to ask something else than it does?
//!
//! An input is what a client sends before it waits. It is taken as what comes over the unix socket, and as what comes over HTTP. Who asks is
//! told apart by a second reader: a JSON parser that keeps everything, and the request's head line by line.

use std::cell::RefCell;

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::Value;
use sqljwt_agent::{Answer, Outcome, exchange};

/// The longest request: short enough for the fuzzer to go beyond it.
const REQUEST_BYTES: usize = 4096;

/// What the answers must not tell over HTTP.
const SECRET: &str = "why-it-is-so";

pub(crate) fn run(input: &[u8]) {
    over_socket(input);
    over_http(input);
}

fn over_socket(input: &[u8]) {
    let asked = RefCell::new(Vec::new());
    let back = exchange::over_socket(input, REQUEST_BYTES, |request| {
        asked.borrow_mut().push((request.token.to_string(), request.user.to_string()));
        Answer::unasked(Outcome::Refused, "closed", SECRET)
    });
    let asked = asked.into_inner();
    assert!(asked.len() <= 1);
    if let Some(line) = &back {
        assert!(!line.contains('\n'), "{line}");
        let answer: Value = serde_json::from_str(line).expect("one line of JSON");
        assert!(line.starts_with(r#"{"accepted":false,"code":""#), "{line}");
        assert_eq!(answer["code"] == "closed", asked.len() == 1, "{line}");
    }
    let Some((token, user)) = asked.first() else { return };
    // What comes after it, and later, nobody hears.
    let end = input.iter().position(|&byte| byte == b'\n').expect("one whole line");
    let line = &input[..end];
    assert!(line.len() <= REQUEST_BYTES);
    let request: Value = serde_json::from_slice(line).expect("JSON");
    let members = request.as_object().expect("an object");
    assert!(members.keys().all(|name| ["token", "user", "peer"].contains(&&**name)), "{request}");
    assert_eq!(members["token"], **token);
    assert_eq!(members.get("user").cloned().unwrap_or_else(|| "".into()), **user);
}

fn over_http(input: &[u8]) {
    let asked = RefCell::new(Vec::new());
    let back = exchange::over_http(input, REQUEST_BYTES, |basic| {
        asked.borrow_mut().push(basic.as_ref().ok().map(|basic| (basic.user().to_owned(), basic.token().to_owned())));
        match basic {
            Ok(_) => Answer { user: Some("somebody".into()), ..Answer::unasked(Outcome::Accepted, "open", SECRET) },
            Err(_) => Answer::unasked(Outcome::BadRequest, "closed", SECRET),
        }
    });
    let asked = asked.into_inner();
    assert!(asked.len() <= 1, "one request of a connection is answered");
    let text = String::from_utf8(back).expect("a response is text");
    assert!(!text.contains(SECRET) && text.matches("HTTP/1.").count() <= 1, "{text}");
    let is_accepted = text.starts_with("HTTP/1.1 200 ") || text.starts_with("HTTP/1.0 200 ");
    let who = asked.into_iter().next().flatten();
    assert!(!is_accepted || who.is_some(), "{text}");
    if let Some((user, token)) = who {
        assert!(written(input).any(|pair| pair == [user.as_bytes(), b":", &token].concat()), "`{user}` has not asked");
    }
}

/// Every user and password that stands in a line of the head.
fn written(input: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let base64 = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    input.split(|&byte| byte == b'\n').filter_map(move |line| {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let (name, value) = (line.get(..colon)?, line.get(colon + 1..)?.trim_ascii());
        let (scheme, encoded) = value.split_at_checked(5)?;
        let is_basic = name.eq_ignore_ascii_case(b"authorization") && scheme.eq_ignore_ascii_case(b"basic");
        is_basic.then(|| base64.decode(encoded.trim_ascii()).ok())?
    })
}
