//! How is an explanation written? In four texts: JSON and timeline, each in full and redacted.

use pyo3::prelude::*;
use sqljwt::Explanation;

/// An explanation in the four texts that it is ever asked for.
#[derive(IntoPyObject)]
pub(crate) struct Texts(String, String, String, String);

impl Texts {
    pub(crate) fn of(explanation: Explanation) -> Self {
        let (json, timeline) = (explanation.to_json(), explanation.to_string());
        let redacted = explanation.redacted();
        Self(json, timeline, redacted.to_json(), redacted.to_string())
    }
}
