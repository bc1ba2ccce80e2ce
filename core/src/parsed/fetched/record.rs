//! What was asked when, and what came back: a fetch written down, so that it can be judged by again elsewhere.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{
    fault::{FetchError, FetchFault},
    response::Response,
};
use crate::{
    ground::{
        json::{Document, Duplicates, JsonError, Kind, Value, written},
        text::{listed, shown},
    },
    parsed::keys::sha256_hex,
};

/// One fetch of an issuer's keys, as a file or a log holds it.
///
/// # Example
/// ```
/// let record = sqljwt::FetchRecord::from_json(r#"{
///     "issuer": "https://idp.example", "at": 1800000000,
///     "answers": [{"status": 200, "headers": [["Cache-Control", "max-age=300"]], "body": "{\"keys\": []}"}]
/// }"#)?;
/// assert_eq!(record.answers[0].status, 200);
/// assert_eq!(sqljwt::FetchRecord::from_json(&record.to_json())?, record);
/// # Ok::<(), sqljwt::FetchError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchRecord {
    /// The issuer whose keys were fetched.
    pub issuer: String,
    /// When they were asked for, in Unix seconds.
    pub at: i64,
    /// Whether they were asked for before their time, because of an unknown key id.
    pub refresh: bool,
    /// The answers in the order in which they came: that of the discovery document, where there is one, and that of the key
    /// set.
    pub answers: Vec<Response>,
    /// Why no further answer came, where none did.
    pub failure: Option<String>,
}

impl FetchRecord {
    /// A fetch with these answers.
    pub fn new(issuer: impl Into<String>, at: i64, answers: impl Into<Vec<Response>>) -> Self {
        Self { issuer: issuer.into(), at, refresh: false, answers: answers.into(), failure: None }
    }

    /// The name of the file in which a record of this issuer lies in a folder that one program writes and servers read: the
    /// issuer's SHA-256 hash in hexadecimal digits, and `.json`.
    ///
    /// # Example
    /// ```
    /// let name = sqljwt::FetchRecord::file_name("https://idp.example");
    /// assert_eq!(name, "512a336b79b57eb3ade003f3f510bcac23fa4b0f0b964d02d92aa005d06b91c6.json");
    /// ```
    #[must_use]
    pub fn file_name(issuer: &str) -> String {
        format!("{}.json", sha256_hex(issuer.as_bytes()))
    }

    /// Reads a record.
    ///
    /// # Errors
    /// [`FetchFault::RecordInvalid`]: it is not JSON, or not of the form that [`FetchRecord::to_json`] writes.
    pub fn from_json(text: &str) -> Result<Self, FetchError> {
        Self::read(parsed(text)?.root())
    }

    /// Reads an array of records, or one record alone.
    ///
    /// # Errors
    /// As [`FetchRecord::from_json`].
    pub fn list_from_json(text: &str) -> Result<Vec<Self>, FetchError> {
        let document = parsed(text)?;
        match document.root().kind() {
            Kind::Array => document.root().elements().map(Self::read).collect(),
            _ => Ok([Self::read(document.root())?].into()),
        }
    }

    /// The record as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, 0)
    }

    pub(crate) fn read(value: Value<'_>) -> Result<Self, FetchError> {
        let object = Members::of(value, "record", &["issuer", "at", "refresh", "answers", "failure"])?;
        let answers = object.required("answers")?;
        if answers.kind() != Kind::Array {
            return Err(invalid(&format!("has `answers` that are {}, expected an array", answers.kind().describe())));
        }
        Ok(Self {
            issuer: object.text("issuer")?.ok_or_else(|| object.missing("issuer"))?,
            at: object.number("at")?,
            refresh: object.boolean("refresh")?,
            answers: answers.elements().map(answer).collect::<Result<_, _>>()?,
            failure: object.text("failure")?,
        })
    }
}

fn parsed(text: &str) -> Result<Document<'_>, FetchError> {
    Document::parse(text, Duplicates::Refused)
        .map_err(|JsonError { defect, .. }| invalid(&format!("is not JSON: {}", defect.describe())))
}

fn answer(value: Value<'_>) -> Result<Response, FetchError> {
    let object = Members::of(value, "answer", &["status", "headers", "body"])?;
    let status = object.number("status")?;
    let status = u16::try_from(status).map_err(|_| invalid(&format!("has the status {status}, which HTTP has not")))?;
    let pair = |line: Value<'_>| match line.strings()?.as_slice() {
        [name, value] => Some((String::from(&**name), String::from(&**value))),
        _ => None,
    };
    let headers: Option<Vec<_>> = match object.value("headers") {
        Some(headers) if headers.kind() == Kind::Array => headers.elements().map(pair).collect(),
        Some(_) => None,
        None => Some(Vec::new()),
    };
    let headers = headers.ok_or_else(|| invalid("has `headers` that are no array of pairs of texts"))?;
    let body = object.text("body")?.ok_or_else(|| object.missing("body"))?;
    Ok(Response::new(status, headers, body))
}

/// An object whose members are known.
struct Members<'d> {
    value: Value<'d>,
    what: &'static str,
}

impl<'d> Members<'d> {
    fn of(value: Value<'d>, what: &'static str, known: &[&str]) -> Result<Self, FetchError> {
        if value.kind() != Kind::Object {
            return Err(invalid(&format!("holds {} in the place of a {what}", value.kind().describe())));
        }
        let stranger = value.members().find(|(name, _)| !known.iter().any(|known| name.is_string(known)));
        match stranger.and_then(|(name, _)| name.string()) {
            Some(name) => {
                let known = listed(known, known.len());
                Err(invalid(&format!("has a member `{}`; a {what} has {known}", shown(&name))))
            }
            None => Ok(Self { value, what }),
        }
    }

    /// A member that is there, and not null.
    fn value(&self, name: &str) -> Option<Value<'d>> {
        self.value.member(name).filter(|value| !value.is_null())
    }

    fn required(&self, name: &str) -> Result<Value<'d>, FetchError> {
        self.value(name).ok_or_else(|| self.missing(name))
    }

    fn missing(&self, name: &str) -> FetchError {
        invalid(&format!("has no `{name}`, which every {} has", self.what))
    }

    fn text(&self, name: &str) -> Result<Option<String>, FetchError> {
        let text = |value: Value<'_>| value.string().map(|text| String::from(&*text));
        let wrong = |value: Value<'_>| invalid(&format!("has a `{name}` that is {}", value.kind().describe()));
        self.value(name).map(|value| text(value).ok_or_else(|| wrong(value))).transpose()
    }

    fn number(&self, name: &str) -> Result<i64, FetchError> {
        let number = self.required(name)?.number().and_then(|number| number.parse().ok());
        number.ok_or_else(|| invalid(&format!("has a `{name}` that is no whole number")))
    }

    fn boolean(&self, name: &str) -> Result<bool, FetchError> {
        match self.value(name).map(Value::kind) {
            None => Ok(false),
            Some(Kind::Bool(value)) => Ok(value),
            Some(kind) => Err(invalid(&format!("has a `{name}` that is {}, not a boolean", kind.describe()))),
        }
    }
}

fn invalid(what: &str) -> FetchError {
    let remedy = "take the record as `sqljwt keys refresh` or this library has written it";
    FetchError::new(FetchFault::RecordInvalid, format!("the record of a fetch {what}"), remedy)
}

impl Serialize for FetchRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Answer<'r> {
            status: u16,
            headers: &'r [(String, String)],
            body: Cow<'r, str>,
        }
        let answers: Vec<_> = self
            .answers
            .iter()
            .map(|answer| Answer {
                status: answer.status,
                headers: &answer.headers,
                body: String::from_utf8_lossy(&answer.body),
            })
            .collect();
        let mut record = serializer.serialize_struct("FetchRecord", 5)?;
        record.serialize_field("issuer", &self.issuer)?;
        record.serialize_field("at", &self.at)?;
        record.serialize_field("refresh", &self.refresh)?;
        record.serialize_field("answers", &answers)?;
        record.serialize_field("failure", &self.failure)?;
        record.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_strictly() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"issuer": "a", "at": 1}"#,
            r#"{"issuer": 1, "at": 1, "answers": []}"#,
            r#"{"issuer": "a", "at": 1.5, "answers": []}"#,
            r#"{"issuer": "a", "at": "1", "answers": []}"#,
            r#"{"issuer": "a", "at": 1, "answers": {}}"#,
            r#"{"issuer": "a", "at": 1, "answers": [], "x": 1}"#,
            r#"{"issuer": "a", "at": 1, "answers": [], "refresh": 1}"#,
            r#"{"issuer": "a", "issuer": "b", "at": 1, "answers": []}"#,
            r#"{"issuer": "a", "at": 1, "answers": [{"status": 200}]}"#,
            r#"{"issuer": "a", "at": 1, "answers": [{"status": 70000, "body": ""}]}"#,
            r#"{"issuer": "a", "at": 1, "answers": [{"status": 200, "body": "", "headers": {"a": "b"}}]}"#,
            r#"{"issuer": "a", "at": 1, "answers": [{"status": 200, "body": "", "headers": [["a"]]}]}"#,
        ] {
            assert_eq!(FetchRecord::from_json(text).unwrap_err().fault, FetchFault::RecordInvalid, "{text}");
        }
        let record = FetchRecord::from_json(r#"{"issuer": "a", "at": -1, "answers": [], "failure": "x"}"#).unwrap();
        assert_eq!((record.at, record.refresh, record.failure.as_deref()), (-1, false, Some("x")));
    }
}
