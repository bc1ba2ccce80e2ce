//! Why is a text not JSON, in words?
//!
//! Apart from the reader, because no word of a text is told before [`shown`] has looked for private keys in it, and keys
//! are found by reading JSON.

use alloc::{format, string::String};

use super::reader::Defect;
use crate::ground::{limits::JSON_DEPTH_MAX, text::shown};

impl Defect {
    /// The defect as the middle of a sentence: `it is not JSON: {}`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Expected(what) => format!("expected {what}"),
            Self::DuplicateMember(name) => format!("the member `{}` stands twice", shown(name)),
            Self::TooDeep => format!("it is nested deeper than {JSON_DEPTH_MAX} levels"),
            Self::NumberOutOfRange => "a number is outside the range of a double".into(),
            Self::LoneSurrogate => "a `\\u` escape is half of a surrogate pair".into(),
        }
    }
}
