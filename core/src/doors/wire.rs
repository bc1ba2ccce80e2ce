//! Every question and answer as JSON text: one call in, one document out. All faces speak through this module, so that
//! they answer alike to the byte.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use serde::Serialize;

use crate::{
    doors::validator::Validator,
    ground::{
        json::{self, Document, Duplicates, Kind, Value},
        limits::{SETTINGS_BYTES_MAX, TOKEN_BYTES_MAX},
        nearest::nearest,
        reason::{Check, ReasonCode},
        text::{listed, one_line, shown},
    },
    parsed::{
        settings::{Position, Settings, SettingsError},
        token::{UnverifiedToken, compact},
    },
    telling::{Explanation, SCHEMA, TokenView, Verdict},
};

const VERBS: [&str; 6] = ["explain", "validate", "decode", "settings_to_sql", "settings_from_sql", "reasons"];
const MEMBERS: [&str; 7] = ["verb", "settings", "settings_sql", "token", "user", "now", "redact"];

/// Answers one call: JSON text in, JSON text out, never anything else.
///
/// # Errors
/// A call that cannot be understood is answered with a document whose member `error` has the code `call_invalid`.
///
/// # Example
/// ```
/// let answer = sqljwt::wire::call(r#"{"verb": "explain", "settings": {}, "token": "", "user": "alice", "now": 0}"#);
/// assert!(answer.starts_with(r#"{"schema":1,"decision":"reject","profile":"hardened""#));
/// let answer = sqljwt::wire::call(r#"{"verb": "explian"}"#);
/// assert!(answer.contains("`explain`"));
/// ```
#[must_use]
pub fn call(text: &str) -> String {
    answer(text).unwrap_or_else(|error| written(&ErrorDocument { schema: SCHEMA, error }))
}

#[derive(Serialize)]
struct ErrorDocument {
    schema: u32,
    error: CallError,
}

/// Why a call could not be answered.
#[derive(Serialize)]
struct CallError {
    code: &'static str,
    message: String,
    line: Option<u32>,
    column: Option<u32>,
}

#[derive(Serialize)]
struct Decoded {
    schema: u32,
    token: Option<TokenView>,
    reason: Option<Defect>,
}

#[derive(Serialize)]
struct Defect {
    code: ReasonCode,
    message: String,
}

#[derive(Serialize)]
struct SqlText {
    schema: u32,
    sql: String,
}

#[derive(Serialize)]
struct SettingsRead {
    schema: u32,
    settings: alloc::boxed::Box<serde_json::value::RawValue>,
    ignored: Vec<String>,
}

#[derive(Serialize)]
struct Catalogue {
    schema: u32,
    reasons: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    code: ReasonCode,
    number: u16,
    check: Check,
    summary: &'static str,
    remedy: &'static str,
    reference: &'static str,
}

fn written<T: Serialize>(document: &T) -> String {
    json::written(document, SCHEMA)
}

fn answer(text: &str) -> Result<String, CallError> {
    const CALL_BYTES_MAX: usize = SETTINGS_BYTES_MAX + 2 * TOKEN_BYTES_MAX;
    if text.len() > CALL_BYTES_MAX {
        return Err(invalid(format!("the call is {} bytes long; at most {CALL_BYTES_MAX} are read", text.len())));
    }
    let document = Document::parse(text, Duplicates::RefusedAtTop).map_err(|error| {
        let position = Position::of(text, error.offset);
        CallError {
            line: Some(position.line),
            column: Some(position.column),
            ..invalid(format!("the call is not JSON: {}", error.defect.describe()))
        }
    })?;
    let call = Call { text, root: document.root() };
    call.members_known()?;
    match &*call.string("verb")?.ok_or_else(|| invalid(format!("the call has no `verb`; it is one of {}", verbs())))? {
        "explain" => call.explain(),
        "validate" => call.validate(),
        "decode" => call.decode(),
        "settings_to_sql" => {
            let settings = call.settings()?.map_err(CallError::from)?;
            Ok(written(&SqlText { schema: SCHEMA, sql: settings.to_sql() }))
        }
        "settings_from_sql" => call.settings_from_sql(),
        "reasons" => Ok(written(&reasons())),
        other => {
            let meant = nearest(other, VERBS.into_iter()).map(|verb| format!("; `{verb}` is probably meant"));
            Err(invalid(format!(
                "`{}` is no verb; it is one of {}{}",
                shown(other),
                verbs(),
                meant.unwrap_or_default()
            )))
        }
    }
}

struct Call<'c> {
    text: &'c str,
    root: Value<'c>,
}

impl<'c> Call<'c> {
    fn explain(&self) -> Result<String, CallError> {
        let (settings, token, user, now) = self.question()?;
        let explanation = Explanation::of(settings, &*token, &user, now);
        Ok(written(&if self.redact()? { explanation.redacted() } else { explanation }))
    }

    fn validate(&self) -> Result<String, CallError> {
        let (settings, token, user, now) = self.question()?;
        if self.redact()? {
            return Err(invalid("`redact` is for the verb `explain`".into()));
        }
        Ok(match settings.and_then(|settings| Validator::new(&settings)) {
            Ok(validator) => written(&Verdict::of(&validator, &*token, &user, now)),
            Err(error) => written(&Explanation::of_unusable_settings(&error, &*token).into_verdict()),
        })
    }

    fn decode(&self) -> Result<String, CallError> {
        let token = self.string("token")?.ok_or_else(|| missing("token"))?;
        let parts = compact::split(token.as_bytes(), TOKEN_BYTES_MAX);
        let token = UnverifiedToken::read(&parts);
        let reason =
            token.shape_defect().map(|defect| Defect { code: defect.code, message: one_line(defect.message.as_str()) });
        Ok(written(&Decoded { schema: SCHEMA, token: TokenView::of(&token), reason }))
    }

    fn settings_from_sql(&self) -> Result<String, CallError> {
        let settings = self.settings()?.map_err(CallError::from)?;
        let json = serde_json::value::RawValue::from_string(on_one_line(&settings.to_json()));
        let json = json.map_err(|_| invalid("the settings could not be written".into()))?;
        Ok(written(&SettingsRead {
            schema: SCHEMA,
            settings: json,
            ignored: settings.ignored().iter().map(|name| one_line(name.as_str())).collect(),
        }))
    }

    #[allow(clippy::type_complexity)]
    fn question(&self) -> Result<(Result<Settings, SettingsError>, Cow<'c, str>, Cow<'c, str>, i64), CallError> {
        let settings = self.settings()?;
        let token = self.string("token")?.ok_or_else(|| missing("token"))?;
        let user = self.string("user")?.unwrap_or_default();
        let now = self.root.member("now").ok_or_else(|| missing("now"))?;
        let now = now.number().and_then(|number| number.parse().ok()).ok_or_else(|| {
            self.at(now, format!("`now` is `{}`, not a whole number of Unix seconds", shown(now.written())))
        })?;
        Ok((settings, token, user, now))
    }

    /// The settings of the call; their places are counted from the beginning of their own text.
    fn settings(&self) -> Result<Result<Settings, SettingsError>, CallError> {
        match (self.root.member("settings"), self.string("settings_sql")?) {
            (Some(_), Some(_)) => Err(invalid("the call has both `settings` and `settings_sql`".into())),
            (None, None) => Err(missing("settings")),
            (None, Some(sql)) => Ok(Settings::from_sql(&sql)),
            (Some(settings), None) => Ok(Settings::from_json(settings.written())),
        }
    }

    fn redact(&self) -> Result<bool, CallError> {
        match self.root.member("redact").map(|value| (value, value.kind())) {
            None => Ok(false),
            Some((_, Kind::Bool(redact))) => Ok(redact),
            Some((value, kind)) => Err(self.at(value, format!("`redact` is {}, not a boolean", kind.describe()))),
        }
    }

    fn string(&self, name: &str) -> Result<Option<Cow<'c, str>>, CallError> {
        let Some(value) = self.root.member(name) else { return Ok(None) };
        let wrong = || self.at(value, format!("`{name}` is {}, not a string", value.kind().describe()));
        value.string().map(Some).ok_or_else(wrong)
    }

    fn members_known(&self) -> Result<(), CallError> {
        if self.root.kind() != Kind::Object {
            return Err(self.at(self.root, format!("the call is {}, not an object", self.root.kind().describe())));
        }
        for (name, _) in self.root.members() {
            let text = name.string().unwrap_or_default();
            if !MEMBERS.contains(&&*text) {
                let message =
                    format!("a call has no member `{}`; it has {}", shown(&text), listed(&MEMBERS, MEMBERS.len()));
                return Err(self.at(name, message));
            }
        }
        Ok(())
    }

    fn at(&self, value: Value<'_>, message: String) -> CallError {
        let position = Position::of(self.text, value.span().0);
        CallError { line: Some(position.line), column: Some(position.column), ..invalid(message) }
    }
}

impl From<SettingsError> for CallError {
    fn from(error: SettingsError) -> Self {
        Self {
            code: error.code.as_str(),
            line: error.position.map(|position| position.line),
            column: error.position.map(|position| position.column),
            message: error.message,
        }
    }
}

/// A JSON text without its line breaks; those inside strings are escapes, which stay.
fn on_one_line(json: &str) -> String {
    json.split(['\n', '\r']).map(str::trim_start).collect()
}

fn verbs() -> String {
    listed(&VERBS, VERBS.len())
}

fn missing(name: &str) -> CallError {
    invalid(format!("the call has no `{name}`"))
}

fn invalid(message: String) -> CallError {
    CallError { code: "call_invalid", message: one_line(message), line: None, column: None }
}

fn reasons() -> Catalogue {
    let row = |&code: &ReasonCode| Row {
        code,
        number: code.number(),
        check: code.check(),
        summary: code.summary(),
        remedy: code.remedy(),
        reference: code.reference(),
    };
    Catalogue { schema: SCHEMA, reasons: ReasonCode::all().iter().map(row).collect() }
}
