//! What must every face of the engine decide? The test vectors, read and resolved.
//!
//! A vector is one login: settings, a token, the requested SQL user and the time, with the decision that has to come
//! out, its reason's code and, for an accepted login, the SQL user. The files in `vectors/` are plain JSON (`schema.json`
//! describes them), written by `vectorgen` or, where a token was signed with a key that is not in `keys/`, kept by hand.
//!
//! Settings repeat from vector to vector, so a file names the bases it uses and a vector says what it changes. To resolve
//! a vector in any language: take `settings_text` if it is there; otherwise copy the file's `settings[vector.settings.base]`
//! and put every member of `vector.settings.set` over it.
//!
//! # Example
//! ```
//! let vectors = sqljwt_conformance::vectors();
//! assert!(vectors.len() > 600);
//! assert!(vectors.iter().any(|vector| vector.expect.code.as_deref() == Some("token_expired")));
//! ```

pub mod imports;
pub mod mint;
pub mod noise;
pub mod ordinary;
pub mod pinned;

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sqljwt::{FetchFault, FetchRecord, KeyCache, Response, Settings, SettingsError, UserInfo, Validator};

/// One login and what has to come out of it, with its settings resolved.
#[derive(Clone, Debug)]
pub struct Vector {
    /// The file it stands in, without `.json`.
    pub file: String,
    /// The profile that decides.
    pub profile: Profile,
    /// The settings as one JSON text; in a few vectors deliberately not JSON.
    pub settings: String,
    /// Everything else, as the file has it.
    pub row: Row,
    /// What has to come out.
    pub expect: Expect,
}

impl Vector {
    /// The settings, compiled, with what was fetched before the login.
    ///
    /// # Errors
    /// The settings cannot be used.
    ///
    /// # Panics
    /// Where what was fetched is no record of a fetch.
    pub fn validator(&self) -> Result<Validator, SettingsError> {
        let validator = Settings::from_json(&self.settings).and_then(|settings| Validator::new(&settings))?;
        let mut cache = KeyCache::new(&validator);
        for record in &self.row.fetched {
            let record = FetchRecord::from_json(&record.to_string()).expect("a record of a fetch");
            if let Err(error) = cache.replay(&record) {
                assert_ne!(error.fault, FetchFault::RecordInvalid, "{}: {error}", self.row.id);
            }
        }
        let validator = validator.with_keys(&cache);
        let Some(body) = &self.row.userinfo else { return Ok(validator) };
        let response = Response::new(200, [("content-type", "application/json")], body.as_str());
        Ok(validator.with_user_info(UserInfo::new(self.row.token.as_bytes(), &response).expect("an object")))
    }
}

/// Every vector of every file, in the order of the files' names.
///
/// # Panics
/// Where a file is missing or is no vector file: a test should stop there.
#[must_use]
pub fn vectors() -> Vec<Vector> {
    files().into_iter().flat_map(|(name, file)| file.resolve(&name)).collect()
}

/// Every vector file with its name, unresolved.
///
/// # Panics
/// As [`vectors`].
#[must_use]
pub fn files() -> BTreeMap<String, VectorFile> {
    let folder = folder().join("vectors");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .filter(|name| name != SIGNATURES)
        .map(|name| {
            let file = read(&name);
            (name, file)
        })
        .collect()
}

/// The vectors that stop at the signature: examples of the standards, which carry neither key id nor login claims.
///
/// # Panics
/// As [`vectors`].
#[must_use]
pub fn signatures() -> Vec<SignatureVector> {
    read::<SignatureFile>(SIGNATURES).vectors
}

/// The folder of this crate, which holds `vectors/`, `keys/` and `schema.json`.
#[must_use]
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// One file of vectors.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorFile {
    /// What the vectors of this file have in common.
    pub about: String,
    /// The profile that every vector's settings name.
    pub profile: Profile,
    /// The settings that the vectors start from, by name.
    pub settings: BTreeMap<String, Map<String, Value>>,
    /// The vectors.
    pub vectors: Vec<Row>,
}

impl VectorFile {
    /// The vectors with their settings put together.
    ///
    /// # Panics
    /// Where a vector starts from settings that the file does not have.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Vec<Vector> {
        let resolved = |row: &Row| {
            let settings = match (&row.settings, &row.settings_text) {
                (Some(change), None) => {
                    let mut settings = self.settings[&change.base].clone();
                    settings.extend(change.set.clone());
                    Value::Object(settings).to_string()
                }
                (None, Some(text)) => text.clone(),
                _ => panic!("{name}: {}: it needs either `settings` or `settings_text`", row.id),
            };
            Vector { file: name.into(), profile: self.profile, settings, row: row.clone(), expect: row.expect.clone() }
        };
        self.vectors.iter().map(resolved).collect()
    }
}

/// One vector as a file has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Unique over all files.
    pub id: String,
    /// What it is about, in one line.
    pub about: String,
    /// The cases of the reference behaviour and the entries of the attack catalogue that it covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<String>,
    /// What the database's own token check would say where the engine is deliberately stricter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<Database>,
    /// The settings, as a change to one of the file's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Change>,
    /// The settings as a text, where the text itself is what is tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings_text: Option<String>,
    /// What was fetched of keys before the login, in the order in which it was: each as [`sqljwt::FetchRecord`] reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fetched: Vec<Value>,
    /// What the issuer's userinfo endpoint has answered for this token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo: Option<String>,
    /// The token, exactly as the client sends it.
    pub token: String,
    /// The requested SQL user; empty where the client names none.
    pub user: String,
    /// The time of the login, in seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// What has to come out.
    pub expect: Expect,
}

/// A change to settings that the file names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The name of the settings to start from.
    pub base: String,
    /// The members to put over them.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub set: Map<String, Value>,
}

/// What has to come out of a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The decision.
    pub decision: Decision,
    /// The reason's code, for a rejected login.
    pub code: Option<String>,
    /// The SQL user, for an accepted login.
    pub user: Option<String>,
}

/// Whether the login succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It does.
    Accept,
    /// It does not.
    Reject,
    /// It cannot be said before the host has fetched the issuer's keys.
    KeysNeeded,
}

/// Whose rules decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The engine's own, the default.
    Hardened,
    /// The database's.
    Cockroachdb,
}

impl Profile {
    /// The name in the setting `engine.profile`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hardened => "hardened",
            Self::Cockroachdb => "cockroachdb",
        }
    }
}

/// What the database would say where it and the engine differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Database {
    /// It would let the login pass this point.
    Accepts,
}

/// The file of vectors that stop at the signature.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureFile {
    /// What the vectors have in common.
    pub about: String,
    /// The vectors.
    pub vectors: Vec<SignatureVector>,
}

/// One key, one token, and whether the signature counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureVector {
    /// Unique in its file.
    pub id: String,
    /// What it is about, in one line.
    pub about: String,
    /// The public key, or a shared secret, as JWK.
    pub jwk: Map<String, Value>,
    /// The compact token.
    pub token: String,
    /// Whether the signature counts.
    pub expect: SignatureExpect,
    /// The code of the reason, where it does not.
    pub code: Option<String>,
}

/// Whether a signature counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureExpect {
    /// It verifies under the key.
    Valid,
    /// It does not.
    Invalid,
    /// It is never looked at: the header, the algorithm or the key is refused first.
    Refused,
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = folder().join("vectors").join(name).with_extension("json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

const SIGNATURES: &str = "signatures";
