//! What does a call ask? Its members, read strictly.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use serde::Serialize;

use crate::{
    answers::roles::Membership,
    asking::convert_map::MapIssuers,
    doors::validator::Validator,
    ground::{
        json::{Document, Duplicates, Kind, Value},
        limits::{CACHED_BYTES_MAX, SETTINGS_BYTES_MAX, TOKEN_BYTES_MAX},
        profile::Profile,
        text::{listed, one_line, shown},
    },
    parsed::{
        fetched::{FetchRecord, Response, UserInfo},
        settings::{Position, Settings, SettingsError},
    },
    rules::key_cache::{KeyCache, KeyHistory},
    telling::{Explanation, Verdict},
};

const MEMBERS: &[&str] = &[
    "verb",
    "settings",
    "settings_sql",
    "settings_text",
    "new_settings",
    "new_settings_sql",
    "new_settings_text",
    "profile",
    "new_profile",
    "logins",
    "fetched",
    "history",
    "userinfo",
    "token",
    "tokens",
    "key_set",
    "issuer",
    "user",
    "principal",
    "memberships",
    "existing_roles",
    "now",
    "redact",
    "text",
    "dialect",
    "issuers",
    "keys",
    "user_names",
];

const CALL_BYTES_MAX: usize = SETTINGS_BYTES_MAX + 2 * TOKEN_BYTES_MAX + CACHED_BYTES_MAX;

/// A call whose members are known.
pub(super) struct Call<'c> {
    text: &'c str,
    root: Value<'c>,
}

/// A login to be judged.
pub(super) struct Question<'c> {
    /// The settings, compiled, with the keys that were fetched.
    pub(super) validator: Result<Validator, SettingsError>,
    pub(super) token: Cow<'c, str>,
    pub(super) user: Cow<'c, str>,
    pub(super) now: i64,
}

/// Why a call could not be answered.
#[derive(Serialize)]
pub(super) struct CallError {
    code: &'static str,
    message: String,
    line: Option<u32>,
    column: Option<u32>,
}

impl<'c> Call<'c> {
    /// The call's text as JSON.
    pub(super) fn document(text: &str) -> Result<Document<'_>, CallError> {
        if text.len() > CALL_BYTES_MAX {
            return Err(invalid(format!("the call is {} bytes long; at most {CALL_BYTES_MAX} are read", text.len())));
        }
        Document::parse(text, Duplicates::RefusedAtTop).map_err(|error| {
            let place = Position::of(text, error.offset);
            invalid(format!("the call is not JSON: {}", error.defect.describe())).at(place)
        })
    }

    /// The call that a text and its JSON are, if it has no member that is none of a call's.
    pub(super) fn of(text: &'c str, document: &'c Document<'_>) -> Result<Self, CallError> {
        let call = Self { text, root: document.root() };
        if call.root.kind() != Kind::Object {
            return Err(call.at(call.root, format!("the call is {}, not an object", call.root.kind().describe())));
        }
        for (name, _) in call.root.members() {
            let known = name.string().unwrap_or_default();
            if !MEMBERS.contains(&&*known) {
                let members = listed(MEMBERS, MEMBERS.len());
                return Err(call.at(name, format!("a call has no member `{}`; it has {members}", shown(&known))));
            }
        }
        Ok(call)
    }

    /// The login that the call asks about.
    pub(super) fn question(&self) -> Result<Question<'c>, CallError> {
        let settings = self.settings()?;
        let token = self.string("token")?.ok_or_else(|| missing("token"))?;
        let validator = self.validator(settings, &token)?;
        let user = self.string("user")?.unwrap_or_default();
        Ok(Question { validator, token, user, now: self.now()? })
    }

    /// Answers the question of the call: by a validator, or by why its settings cannot be used.
    pub(super) fn answered<T>(
        &self,
        by: impl FnOnce(&Validator, &Question<'c>) -> T,
        unusable: impl FnOnce(Verdict) -> T,
    ) -> Result<T, CallError> {
        self.unredacted()?;
        let question = self.question()?;
        Ok(match &question.validator {
            Ok(validator) => by(validator, &question),
            Err(error) => unusable(Explanation::of_unusable_settings(error, &*question.token).into_verdict()),
        })
    }

    /// Whether the call has a member of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.root.member(name).is_some()
    }

    /// The moment of the call.
    pub(super) fn now(&self) -> Result<i64, CallError> {
        self.moment(self.root.member("now").ok_or_else(|| missing("now"))?)
    }

    /// A value as a moment.
    pub(super) fn moment(&self, now: Value<'_>) -> Result<i64, CallError> {
        now.number().and_then(|number| number.parse().ok()).ok_or_else(|| {
            self.at(now, format!("`now` is `{}`, not a whole number of Unix seconds", shown(now.written())))
        })
    }

    /// The settings of the call, compiled.
    pub(super) fn usable_settings(&self) -> Result<Validator, CallError> {
        Ok(Validator::new(&self.settings()??)?)
    }

    /// The settings of the call with the keys that were fetched, and the fetches.
    pub(super) fn keys(&self) -> Result<(Validator, Vec<FetchRecord>), CallError> {
        let (settings, records) = (self.settings()?, self.records("fetched")?);
        let validator = Validator::new(&settings?)?;
        Ok((with_keys(&validator, &records)?, records))
    }

    /// The member of that name, a list of texts; nothing where it is not there.
    pub(super) fn strings(&self, name: &str) -> Result<Option<Vec<Cow<'c, str>>>, CallError> {
        let Some(value) = self.root.member(name) else { return Ok(None) };
        value.strings().map(Some).ok_or_else(|| self.at(value, format!("`{name}` is no array of strings")))
    }

    /// The roles that the person has: names of those granted to them, and objects with `role` and `through` for those that
    /// come with another.
    pub(super) fn memberships(&self) -> Result<Vec<Membership>, CallError> {
        let Some(list) = self.array("memberships")? else { return Ok(Vec::new()) };
        let text = |value: Value<'_>| value.string().map(Cow::into_owned);
        let read = |value: Value<'_>| match value.kind() {
            Kind::String => Some(Membership { role: text(value)?, through: None }),
            Kind::Object if value.members().count() == 2 => {
                let role = value.member("role").and_then(text)?;
                Some(Membership { role, through: Some(value.member("through").and_then(text)?) })
            }
            _ => None,
        };
        let expected = "a membership is the name of a role, or an object with `role` and `through`";
        list.elements().map(|value| read(value).ok_or_else(|| self.at(value, expected.into()))).collect()
    }

    /// The roles that there are, where the call says.
    pub(super) fn existing_roles(&self) -> Result<Option<Vec<String>>, CallError> {
        let roles = self.strings("existing_roles")?;
        Ok(roles.map(|roles| roles.into_iter().map(Cow::into_owned).collect()))
    }

    /// The settings of the call, with what was fetched for its login.
    fn validator(
        &self,
        settings: Result<Settings, SettingsError>,
        token: &str,
    ) -> Result<Result<Validator, SettingsError>, CallError> {
        let (records, history) = (self.records("fetched")?, self.records("history")?);
        if !records.is_empty() && !history.is_empty() {
            return Err(invalid("the call has both `fetched` and `history`"));
        }
        let validator = match settings.and_then(|settings| Validator::new(&settings)) {
            Ok(validator) => validator,
            Err(error) => return Ok(Err(error)),
        };
        let validator = match self.root.member("history") {
            None => with_keys(&validator, &records)?,
            Some(_) => validator.with_keys_at(&KeyHistory::new(history), self.now()?),
        };
        let Some(body) = self.string("userinfo")? else { return Ok(Ok(validator)) };
        let response = Response::new(200, [("content-type", "application/json")], body.as_bytes());
        let user_info = UserInfo::new(token.as_bytes(), &response).map_err(|error| invalid(error.message))?;
        Ok(Ok(validator.with_user_info(user_info)))
    }

    /// The fetches of the call under that name.
    pub(super) fn records(&self, name: &str) -> Result<Vec<FetchRecord>, CallError> {
        let Some(list) = self.array(name)? else { return Ok(Vec::new()) };
        let read = |value| FetchRecord::read(value).map_err(|error| self.at(value, error.message));
        list.elements().map(read).collect()
    }

    /// The member of that name, an array.
    pub(super) fn array(&self, name: &str) -> Result<Option<Value<'c>>, CallError> {
        let Some(list) = self.root.member(name) else { return Ok(None) };
        match list.kind() {
            Kind::Array => Ok(Some(list)),
            kind => Err(self.at(list, format!("`{name}` is {}, not an array", kind.describe()))),
        }
    }

    /// The settings of the call; their places are counted from the beginning of their own text.
    pub(super) fn settings(&self) -> Result<Result<Settings, SettingsError>, CallError> {
        self.settings_under(["settings", "settings_sql", "settings_text"])
    }

    /// The settings that the others of the call are compared with.
    pub(super) fn new_settings(&self) -> Result<Result<Settings, SettingsError>, CallError> {
        self.settings_under(["new_settings", "new_settings_sql", "new_settings_text"])
    }

    /// The settings under one of three names: as an object, as SQL, or in any of the forms that files have.
    fn settings_under(&self, [object, sql, text]: [&str; 3]) -> Result<Result<Settings, SettingsError>, CallError> {
        let both = |one: &str, other: &str| Err(invalid(format!("the call has both `{one}` and `{other}`")));
        match (self.root.member(object), self.string(sql)?, self.string(text)?) {
            (Some(settings), None, None) => Ok(Settings::from_json(settings.written())),
            (None, Some(sql), None) => Ok(Settings::from_sql(&sql)),
            (None, None, Some(text)) => Ok(Settings::from_text(&text)),
            (None, None, None) => Err(missing(object)),
            (Some(_), Some(_), _) => both(object, sql),
            (Some(_), ..) => both(object, text),
            (None, ..) => both(sql, text),
        }
    }

    /// The profile of that name of a member, where the call has it.
    pub(super) fn profile(&self, name: &str) -> Result<Option<Profile>, CallError> {
        let Some(text) = self.string(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|error| invalid(format!("`{name}` is `{}`: {error}", shown(&text))))
    }

    /// The settings of the call, or none at all where it has none.
    pub(super) fn settings_if_any(&self) -> Result<Result<Settings, SettingsError>, CallError> {
        let given = ["settings", "settings_sql", "settings_text"].iter().any(|name| self.root.member(name).is_some());
        if given { self.settings() } else { Ok(Settings::from_json("{}")) }
    }

    /// The issuer of a map, or the issuers of several by the maps' names.
    pub(super) fn map_issuers(&self) -> Result<MapIssuers, CallError> {
        let each = match (self.string("issuer")?, self.root.member("issuers")) {
            (Some(_), Some(_)) => return Err(invalid("the call has both `issuer` and `issuers`")),
            (None, None) => return Err(missing("issuer")),
            (Some(issuer), None) => return Ok(MapIssuers::One(issuer.into_owned())),
            (None, Some(each)) => each,
        };
        let wrong = |value: Value<'_>| {
            self.at(value, "`issuers` is no object of strings: names of maps, each with its issuer".into())
        };
        if each.kind() != Kind::Object {
            return Err(wrong(each));
        }
        let pair = |(name, issuer): (Value<'c>, Value<'c>)| {
            let text = |value: Value<'c>| value.string().map(Cow::into_owned);
            text(name).zip(text(issuer)).ok_or_else(|| wrong(issuer))
        };
        each.members().map(pair).collect::<Result<_, _>>().map(MapIssuers::Each)
    }

    /// Whether the answer is to be fit for strangers.
    pub(super) fn redact(&self) -> Result<bool, CallError> {
        match self.root.member("redact").map(|value| (value, value.kind())) {
            None => Ok(false),
            Some((_, Kind::Bool(redact))) => Ok(redact),
            Some((value, kind)) => Err(self.at(value, format!("`redact` is {}, not a boolean", kind.describe()))),
        }
    }

    /// That the answer is not to be fit for strangers: only an explanation can be.
    fn unredacted(&self) -> Result<(), CallError> {
        if self.redact()? { Err(invalid("`redact` is for the verb `explain`")) } else { Ok(()) }
    }

    /// The member of that name, a string.
    pub(super) fn string(&self, name: &str) -> Result<Option<Cow<'c, str>>, CallError> {
        let Some(value) = self.root.member(name) else { return Ok(None) };
        let wrong = || self.at(value, format!("`{name}` is {}, not a string", value.kind().describe()));
        value.string().map(Some).ok_or_else(wrong)
    }

    pub(super) fn at(&self, value: Value<'_>, message: String) -> CallError {
        invalid(message).at(Position::of(self.text, value.span().0))
    }
}

impl CallError {
    fn at(self, place: Position) -> Self {
        Self { line: Some(place.line), column: Some(place.column), ..self }
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

/// The settings with the keys that these fetches have brought.
fn with_keys(validator: &Validator, records: &[FetchRecord]) -> Result<Validator, CallError> {
    let mut cache = KeyCache::new(validator);
    cache.replay_all(records).map_err(|error| invalid(error.message))?;
    Ok(validator.with_keys(&cache))
}

/// The error of a call without a member that its verb needs.
pub(super) fn missing(name: &str) -> CallError {
    invalid(format!("the call has no `{name}`"))
}

/// The error of a call that cannot be understood.
pub(super) fn invalid(message: impl Into<String>) -> CallError {
    CallError { code: "call_invalid", message: one_line(message), line: None, column: None }
}
