//! How does JavaScript ask the engine? Text in, text out; `wasm/js/` gives it a JavaScript dress.
//!
//! Every answer is one of the engine's own documents. What cannot be answered because of the settings is thrown: their
//! explanation, which tells their faults, and how many it leaves untold.

use sqljwt::{Explanation, Settings, SettingsError, Validator, Verdict, wire};
use wasm_bindgen::prelude::wasm_bindgen;

/// Compiled settings, behind a handle that JavaScript holds.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    validator: Validator,
}

#[wasm_bindgen]
impl Engine {
    /// Compiles settings: JSON, SQL, or what the database prints.
    ///
    /// # Errors
    /// The settings cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<Self, String> {
        let validator = Validator::new(&read(settings)?).map_err(|error| unusable(&error))?;
        Ok(Self { validator })
    }

    /// Decides, as the document of the verb `validate`.
    #[must_use]
    pub fn validate(&self, token: &[u8], user: &str, now: i64) -> String {
        Verdict::of(&self.validator, token, user, now).to_json()
    }

    /// Explains, as the document of the verb `explain`.
    #[must_use]
    pub fn explain(&self, token: &[u8], user: &str, now: i64, redact: bool) -> String {
        redacted(self.validator.explain(token, user, now), redact).to_json()
    }

    /// Explains, as a timeline to read.
    #[must_use]
    pub fn timeline(&self, token: &[u8], user: &str, now: i64, redact: bool) -> String {
        redacted(self.validator.explain(token, user, now), redact).to_string()
    }
}

/// Explains one login under settings that may be unusable, as the document of the verb `explain`.
#[must_use]
#[wasm_bindgen]
pub fn explain(settings: &str, token: &[u8], user: &str, now: i64, redact: bool) -> String {
    redacted(explained(settings, token, user, now), redact).to_json()
}

/// Explains one login under settings that may be unusable, as a timeline to read.
#[must_use]
#[wasm_bindgen]
pub fn timeline(settings: &str, token: &[u8], user: &str, now: i64, redact: bool) -> String {
    redacted(explained(settings, token, user, now), redact).to_string()
}

/// Answers a call of the wire contract.
#[must_use]
#[wasm_bindgen]
pub fn call(text: &str) -> String {
    wire::call(text)
}

/// The settings as statements that set them in a database.
///
/// # Errors
/// The settings cannot be read.
#[wasm_bindgen]
pub fn settings_to_sql(settings: &str) -> Result<String, String> {
    read(settings).map(|settings| settings.to_sql())
}

/// The settings as a JSON object, one member on a line.
///
/// # Errors
/// The settings cannot be read.
#[wasm_bindgen]
pub fn settings_to_json(settings: &str) -> Result<String, String> {
    read(settings).map(|settings| settings.to_json())
}

fn explained(settings: &str, token: &[u8], user: &str, now: i64) -> Explanation {
    Explanation::of(Settings::from_text(settings), token, user, now)
}

fn redacted(explanation: Explanation, redact: bool) -> Explanation {
    if redact { explanation.redacted() } else { explanation }
}

fn read(text: &str) -> Result<Settings, String> {
    Settings::from_text(text).map_err(|error| unusable(&error))
}

/// The explanation that every login under these settings gets, and how many of their faults it leaves untold.
fn unusable(error: &SettingsError) -> String {
    let explanation = Explanation::of_unusable_settings(error, "").to_json();
    format!(r#"{{"untold":{},"explanation":{explanation}}}"#, error.untold)
}
