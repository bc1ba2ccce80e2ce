//! How do values cross the border to JavaScript?

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use sqljwt::{Explanation, Settings, SettingsError, Validator};
use wasm_bindgen::JsValue;

/// What JavaScript can use and no other face has, as objects: nothing is written as text only to be read again. Absent is null.
pub(crate) fn object(value: &impl Serialize) -> JsValue {
    // OK because these are structs, numbers and texts: nothing that an object could not hold.
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// The texts that stand one after the other, each up to its end.
pub(crate) fn pieces<'t>(texts: &'t [u8], ends: &[u32]) -> impl Iterator<Item = &'t [u8]> {
    let mut start = 0;
    ends.iter().map(move |&end| {
        let piece = texts.get(start..end as usize).unwrap_or_default();
        start = end as usize;
        piece
    })
}

pub(crate) fn compiled(settings: &str) -> Result<Validator, String> {
    Validator::from_text(settings).map_err(|error| unusable(&error))
}

pub(crate) fn read(text: &str) -> Result<Settings, String> {
    Settings::from_text(text).map_err(|error| unusable(&error))
}

/// The explanation that every login under these settings gets, and how many of their faults it leaves untold.
fn unusable(error: &SettingsError) -> String {
    let explanation = Explanation::of_unusable_settings(error, "").to_json();
    format!(r#"{{"untold":{},"explanation":{explanation}}}"#, error.untold)
}
