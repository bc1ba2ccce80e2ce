//! How is a text or a document written as JSON?

use alloc::{format, string::String};

use serde::Serialize;

use crate::ground::reason::ReasonCode;

/// The text as a JSON string, with its quotes.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..'\u{20}' => quoted.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// The JSON without its line breaks, which stand only between its tokens: those inside strings are escapes, which stay.
pub(crate) fn on_one_line(json: &str) -> String {
    json.split(['\n', '\r']).map(str::trim_start).collect()
}

/// A document on one line. Where it cannot be written, an error document of the same schema says so.
pub(crate) fn written<T: Serialize>(document: &T, schema: u32) -> String {
    serde_json::to_string(document).unwrap_or_else(|_| {
        // OK because the documents hold nothing that JSON cannot say; should that break, nobody is logged in by it.
        let (code, message) = (ReasonCode::InternalError, "the answer could not be written");
        format!(r#"{{"schema":{schema},"error":{{"code":"{code}","message":"{message}","line":null,"column":null}}}}"#)
    })
}
