//! What is to be changed in settings? Edits as data, and what they make of the values.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{
    edited_list, edited_object,
    error::SettingsError,
    forms::{self, sql::writer},
    names::{SettingName, unknown_remedy},
    settings::Settings,
    traced::Traced,
    value,
};
use crate::ground::{json, reason::ReasonCode, splice::Splice, text::shown};
use crate::parsed::map_line;

/// Edits of settings that belong together; [`Settings::with`] makes them.
///
/// # Example
/// ```
/// use sqljwt::{Change, Settings};
/// let settings = Settings::from_json(r#"{"server.jwt_authentication.audience": "a"}"#)?;
/// let change = Change::new().add("server.jwt_authentication.audience", "b").add_line("https://idp.example 1234 alice");
/// let changed = settings.with(&change)?;
/// assert_eq!(changed.value("server.jwt_authentication.audience"), Some(r#"["a", "b"]"#));
/// assert_eq!(changed.value("server.identity_map.configuration"), Some("https://idp.example 1234 alice"));
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    edits: Vec<Edit>,
}

/// One edit of one setting's value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    setting: String,
    kind: EditKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum EditKind {
    Set(String),
    Unset,
    Add(String),
    Remove(String),
    Replace { old: String, new: String },
    AddLine(String),
    ReplaceLine { number: u32, line: String },
    SetMember { path: Vec<String>, json: String },
    RenameIssuer { old: String, new: String },
    KeyFirst(usize),
    Splice(Splice),
}

impl Change {
    /// No edit.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The setting gets this value, written as the database holds it.
    #[must_use]
    pub fn set(self, setting: impl Into<String>, value: impl Into<String>) -> Self {
        self.and(setting, EditKind::Set(value.into()))
    }

    /// The setting is left out: its default holds.
    #[must_use]
    pub fn unset(self, setting: impl Into<String>) -> Self {
        self.and(setting, EditKind::Unset)
    }

    /// The list of issuers, audiences or required claims gains a value; where it is one text, it becomes an array.
    #[must_use]
    pub fn add(self, setting: impl Into<String>, value: impl Into<String>) -> Self {
        self.and(setting, EditKind::Add(value.into()))
    }

    /// The list loses a value.
    #[must_use]
    pub fn remove(self, setting: impl Into<String>, value: impl Into<String>) -> Self {
        self.and(setting, EditKind::Remove(value.into()))
    }

    /// One value of the list becomes another; of an `issuer_jwks_map` the member of that name keeps its address.
    #[must_use]
    pub fn replace(self, setting: impl Into<String>, old: impl Into<String>, new: impl Into<String>) -> Self {
        self.and(setting, EditKind::Replace { old: old.into(), new: new.into() })
    }

    /// The identity map gains a line at its end.
    #[must_use]
    pub fn add_line(self, line: impl Into<String>) -> Self {
        self.and(SettingName::IdentityMap.as_str(), EditKind::AddLine(line.into()))
    }

    /// A line of the identity map, counted from 1, becomes another.
    #[must_use]
    pub fn replace_line(self, number: u32, line: impl Into<String>) -> Self {
        self.and(SettingName::IdentityMap.as_str(), EditKind::ReplaceLine { number, line: line.into() })
    }

    /// A member of an object, found by the names of the objects around it, gets that JSON value; it and they are made where
    /// they are not there. A number in the path is the place in an array, counted from 0.
    #[must_use]
    pub fn set_member<N: Into<String>>(
        self,
        setting: impl Into<String>,
        path: impl IntoIterator<Item = N>,
        json: impl Into<String>,
    ) -> Self {
        let path = path.into_iter().map(Into::into).collect();
        self.and(setting, EditKind::SetMember { path, json: json.into() })
    }

    /// What the identity map and the engine's options say of one issuer they say of another.
    #[must_use]
    pub fn rename_issuer(self, old: impl Into<String>, new: impl Into<String>) -> Self {
        let (old, new) = (old.into(), new.into());
        [SettingName::IdentityMap, SettingName::EngineIssuers, SettingName::EngineIssuerKeys]
            .into_iter()
            .fold(self, |change, name| {
                change.and(name.as_str(), EditKind::RenameIssuer { old: old.clone(), new: new.clone() })
            })
    }

    /// The key at that place of the key set, counted from 0, becomes its first: of several keys of one id it is the one
    /// that counts.
    #[must_use]
    pub fn key_first(self, place: usize) -> Self {
        self.and(SettingName::Jwks.as_str(), EditKind::KeyFirst(place))
    }

    /// The names of the settings that it edits.
    pub(crate) fn settings(&self) -> impl Iterator<Item = &str> {
        self.edits.iter().map(|edit| edit.setting.as_str())
    }

    /// A part of a value reads otherwise.
    pub(crate) fn splice(self, setting: SettingName, splice: Splice) -> Self {
        self.and(setting.as_str(), EditKind::Splice(splice))
    }

    /// These edits, then those.
    #[must_use]
    pub fn then(mut self, more: &Self) -> Self {
        self.edits.extend(more.edits.iter().cloned());
        self
    }

    /// Whether it changes something that the database does not have.
    pub(crate) fn needs_the_engine(&self) -> bool {
        let sets = |edit: &Edit| !matches!(edit.kind, EditKind::RenameIssuer { .. });
        let is_option = |edit: &Edit| SettingName::named(&edit.setting).is_some_and(SettingName::is_engine_option);
        self.edits.iter().any(|edit| sets(edit) && is_option(edit))
    }

    /// Whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    fn and(mut self, setting: impl Into<String>, kind: EditKind) -> Self {
        self.edits.push(Edit { setting: setting.into(), kind });
        self
    }
}

impl Settings {
    /// The settings with the edits made: in the same document where it has a place for them, otherwise in a new one.
    ///
    /// # Errors
    /// `setting_unknown` for a name that no setting has, `setting_wrong_type` and the like for values that their settings do
    /// not take, `settings_invalid` for an edit of something that is not there. Whether the new values make sense is judged
    /// when the settings are compiled.
    pub fn with(&self, change: &Change) -> Result<Self, SettingsError> {
        let changed = self.changed(change)?;
        let document = match changed.edits_of(self) {
            Some(edits) => edits.apply(self.document()),
            None if self.document().trim_start().starts_with('{') => forms::json::write(&changed),
            None => writer::write(&changed),
        };
        Self::from_text(&document).or(Ok(changed))
    }

    /// The same without a document: its values have no places.
    pub(crate) fn changed(&self, change: &Change) -> Result<Self, SettingsError> {
        let mut values: BTreeMap<SettingName, Option<String>> = BTreeMap::new();
        for Edit { setting, kind } in &change.edits {
            let name = SettingName::named(setting).ok_or_else(|| unknown(setting))?;
            let now = match values.get(&name) {
                Some(text) => text.as_deref().unwrap_or_else(|| name.default_text()),
                None => self.text(name),
            };
            let new = kind.apply(name, now).ok_or_else(|| not_there(name))?;
            // What is left as it is need not be stated where it was not.
            if new.as_deref() != Some(now) {
                values.insert(name, new);
            }
        }
        let mut all = self.placeless();
        for (name, text) in values {
            match text {
                None => drop(all.remove(&name)),
                Some(text) => {
                    let traced = value::from_text(name, Traced::verbatim(text, 0))
                        .map_err(|fault| SettingsError::new(fault.code, fault.message).of(name))?;
                    all.insert(name, traced);
                }
            }
        }
        Ok(Self::new("", all, self.ignored().to_vec(), Vec::new()))
    }

    /// The same with one value changed, as it is held.
    pub(super) fn changed_to(&self, name: SettingName, text: &str) -> Self {
        let mut values = self.placeless();
        values.insert(name, Traced::verbatim(text, 0));
        Self::new("", values, Vec::new(), Vec::new())
    }

    /// The settings whose values are others than in `before`.
    pub(crate) fn differing<'s>(&'s self, before: &'s Self) -> impl Iterator<Item = SettingName> + 's {
        SettingName::ALL.iter().copied().filter(|&name| self.given(name) != before.given(name))
    }

    /// What differs from `before`, each setting with its whole new value.
    pub(crate) fn new_values(&self, before: &Self) -> Vec<NewValue> {
        let value = |name: SettingName| NewValue {
            setting: name.as_str(),
            value: self.given(name).map(|text| json::on_one_line(&value::plain(name, text))),
        };
        self.differing(before).map(value).collect()
    }

    /// What differs from `before`, as statements.
    pub(crate) fn new_statements(&self, before: &Self) -> Vec<String> {
        let statement = |name: SettingName| match self.given(name) {
            Some(text) => writer::statement(name, text),
            None => writer::reset(name),
        };
        self.differing(before).map(statement).collect()
    }
}

impl SettingsError {
    /// The change with the repair of this fault; nothing where nobody knows how the value should read.
    pub(crate) fn repaired(&self, change: &Change) -> Option<Change> {
        let name = SettingName::named(self.setting?)?;
        Some(change.clone().splice(name, self.instead.clone()?))
    }
}

impl EditKind {
    /// What the edit makes of a value: the new one, or none; nothing where what it edits is not there.
    fn apply(&self, name: SettingName, text: &str) -> Option<Option<String>> {
        let new = match self {
            Self::Unset => return Some(None),
            Self::Set(value) => Some(value.clone()),
            Self::Add(value) => edited_list::added(name, text, value),
            Self::Remove(value) => edited_list::removed(name, text, value),
            Self::Replace { old, new } => edited_list::replaced(name, text, old, new),
            Self::AddLine(line) => Some(match text.trim_end() {
                "" => line.clone(),
                before => format!("{before}\n{line}"),
            }),
            Self::ReplaceLine { number, line } => replaced_line(text, *number, line),
            Self::SetMember { path, json } => edited_object::with_member(text, path, json),
            Self::RenameIssuer { old, new } => Some(match name {
                SettingName::IdentityMap => map_line::renamed(text, old, new),
                _ => edited_object::renamed(text, old, new),
            }),
            Self::KeyFirst(place) => edited_object::key_first(text, *place),
            Self::Splice(splice) => splice.apply(text),
        };
        new.map(Some)
    }
}

fn replaced_line(text: &str, number: u32, line: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let index = usize::try_from(number).ok()?.checked_sub(1)?;
    *lines.get_mut(index)? = line;
    Some(lines.join("\n"))
}

fn unknown(name: &str) -> SettingsError {
    let error = SettingsError::new(ReasonCode::SettingUnknown, format!("no setting is named `{}`", shown(name)));
    match unknown_remedy(name) {
        Some(remedy) => error.with_remedy(remedy),
        None => error,
    }
}

fn not_there(name: SettingName) -> SettingsError {
    let message = "what is to be changed in the value is not there";
    SettingsError::new(ReasonCode::SettingsInvalid, message).of(name)
}

/// The value that a setting is to get.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewValue {
    /// The setting.
    pub setting: &'static str,
    /// Its whole new value as JSON text on one line; `None` takes the setting out.
    pub value: Option<String>,
}

impl Serialize for NewValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::Error;
        let value = self.value.as_deref().map(serde_json::from_str::<&serde_json::value::RawValue>);
        let value = value.transpose().map_err(|_| S::Error::custom("a value is not JSON"))?;
        let mut members = serializer.serialize_struct("NewValue", 2)?;
        members.serialize_field("setting", self.setting)?;
        members.serialize_field("value", &value)?;
        members.end()
    }
}
