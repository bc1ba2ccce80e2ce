//! Why not? One answer for the administrator's log, one for the client, and the keys to fetch where they are needed.

use sqljwt::{ClientAnswer, Explanation, FetchError, KeysNeeded, Position, ReasonCode, Rejection, SettingsError};

use crate::{
    guard::caught,
    handle::{drop_handle, read, read_into},
    reason,
    status::{self, KEYS_FAILED, KEYS_NEEDED, OK, PANIC, Status},
    text::{Text, View},
};

/// Why a call did not succeed: what to tell the client, and what to tell the administrator.
pub struct Refusal {
    status: Status,
    message: Text,
    remedy: Text,
    log_line: Text,
    setting: Option<Text>,
    position: Option<Position>,
    client: Client,
    keys: Option<Keys>,
    userinfo: Option<Text>,
}

struct Client {
    message: Text,
    detail: Option<Text>,
    sqlstate: Text,
}

struct Keys {
    needed: KeysNeeded,
    issuer: Text,
    id: Option<Text>,
    discovery_url: Option<Text>,
    jwks_url: Option<Text>,
}

impl Refusal {
    /// Settings that cannot be used.
    pub(crate) fn settings(error: &SettingsError) -> Self {
        let explained = Explanation::of_unusable_settings(error, "").reason.map(Self::from);
        // OK because such an explanation always has a reason; should that break, it is a bug to report.
        let refusal = explained.unwrap_or_else(|| Self::of(status::of(error.code), &error.message, &error.remedy));
        Self { log_line: format!("{}: {error}", error.code).into(), ..refusal }
    }

    /// A call that breaks a rule of the C API.
    pub(crate) fn misuse(status: Status, message: &str) -> Self {
        let remedy = status::ALL.iter().find(|row| row.status == status).map_or("", |row| row.remedy);
        Self::of(status, message, remedy)
    }

    /// Keys that could not be had.
    pub(crate) fn fetch(error: &FetchError) -> Self {
        let log_line = format!("{}: {error}", reason::name(KEYS_FAILED).to_string_lossy()).into();
        Self { log_line, ..Self::of(KEYS_FAILED, &error.message, &error.remedy) }
    }

    /// The keys that are needed, if that is why.
    pub(crate) fn needed(&self) -> Option<&KeysNeeded> {
        self.keys.as_ref().map(|keys| &keys.needed)
    }

    /// A bug inside. `place` is one of the source, never of the input.
    pub(crate) fn panicked(place: &str) -> Self {
        Self::of(PANIC, &format!("sqljwt failed at {place}"), ReasonCode::InternalError.remedy())
    }

    /// A refusal that the engine knows nothing of. The client learns nothing from it.
    fn of(status: Status, message: &str, remedy: &str) -> Self {
        let client = Client { message: CLIENT_MESSAGE.into(), detail: None, sqlstate: CLIENT_SQLSTATE.into() };
        let log_line = format!("{}: {message}", reason::name(status).to_string_lossy()).into();
        Self {
            status,
            message: message.into(),
            remedy: remedy.into(),
            log_line,
            setting: None,
            position: None,
            client,
            keys: None,
            userinfo: None,
        }
    }

    pub(crate) const fn status(&self) -> Status {
        self.status
    }
}

/// What the engine itself tells a client when it has failed to decide.
const CLIENT_MESSAGE: &str = "JWT authentication: invalid token";
const CLIENT_SQLSTATE: &str = "28000";

impl From<sqljwt::Refusal> for Refusal {
    fn from(refusal: sqljwt::Refusal) -> Self {
        match refusal {
            sqljwt::Refusal::Rejected(rejection) => rejection.into(),
            sqljwt::Refusal::KeysNeeded(keys) => keys.into(),
            // A kind that this version of the library does not know refuses all the same.
            other => {
                let bug = ReasonCode::InternalError;
                let refusal = Self::of(status::of(bug), &other.to_string(), bug.remedy());
                Self { client: other.client().clone().into(), ..refusal }
            }
        }
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self {
            status: status::of(rejection.code),
            log_line: rejection.to_string().into(),
            message: rejection.message.into(),
            remedy: rejection.remedy.into(),
            setting: rejection.setting.map(Text::from),
            position: rejection.position,
            client: rejection.client.into(),
            keys: None,
            userinfo: rejection.user_info.map(|needed| needed.discovery_url.into()),
        }
    }
}

impl From<KeysNeeded> for Refusal {
    fn from(needed: KeysNeeded) -> Self {
        let message = needed.to_string();
        let refusal = Self::misuse(KEYS_NEEDED, &message);
        let text = |text: &Option<String>| text.as_deref().map(Text::from);
        let keys = Keys {
            issuer: needed.issuer.as_str().into(),
            id: text(&needed.kid),
            discovery_url: text(&needed.discovery_url),
            jwks_url: text(&needed.jwks_url),
            needed,
        };
        Self { client: keys.needed.client.clone().into(), keys: Some(keys), ..refusal }
    }
}

impl From<ClientAnswer> for Client {
    fn from(client: ClientAnswer) -> Self {
        Self { message: client.message.into(), detail: client.detail.map(Text::from), sqlstate: client.sqlstate.into() }
    }
}

/// Runs an entry that answers with a status, and writes the refusal for a caller who wants one.
///
/// # Safety
/// `refusal` is NULL or can be written.
pub(crate) unsafe fn answer(refusal: *mut *mut Refusal, work: impl FnOnce() -> Result<(), Refusal>) -> Status {
    let Err(refused) = caught(work).unwrap_or_else(|place| Err(Refusal::panicked(&place))) else { return OK };
    let status = refused.status();
    if !refusal.is_null() {
        // SAFETY: the caller of this function promises that it can be written.
        unsafe { refusal.write(Box::into_raw(Box::new(refused))) };
    }
    status
}

/// The status that the call answered with.
///
/// @param refusal  lent, as in the functions below
/// @return never 0 for a refusal; SQLJWT_NULL_POINTER for NULL
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_status(refusal: *const Refusal) -> Status {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, status::NULL_POINTER, Refusal::status) }
}

/// For the client: the error message. It gives away no more than the profile allows.
///
/// @param refusal  lent; the view is valid until it is freed, as are those of the functions below
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_client_message(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of(&refusal.client.message)) }
}

/// For the client: the DETAIL field. Absent in the `hardened` profile.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_client_detail(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of_optional(refusal.client.detail.as_ref())) }
}

/// For the client: the SQLSTATE, five characters.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_client_sqlstate(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of(&refusal.client.sqlstate)) }
}

/// For the server's log: the reason's name and the fact, on one line. It can quote claims, never the token.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_log_line(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of(&refusal.log_line)) }
}

/// For the administrator: the reason's name, such as `audience_not_allowed`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_name(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of_static(reason::name(refusal.status))) }
}

/// For the administrator: the fact, with what was expected and what was found.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_message(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of(&refusal.message)) }
}

/// For the administrator: one sentence on what to change, and where.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_remedy(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of(&refusal.remedy)) }
}

/// For the administrator: the setting that decided. Absent where none did.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_setting(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of_optional(refusal.setting.as_ref())) }
}

/// The line of the settings where the fault stands, counted from 1: the first fault of settings that cannot be used.
/// `sqljwt_explain_with_settings` tells all of them. Where in the settings a token was refused is told by `sqljwt_explain`;
/// `sqljwt_validate` does not look for it.
///
/// @param line  written when the function answers true
/// @return whether the settings are at fault and the fault has a place
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_line(refusal: *const Refusal, line: *mut u32) -> bool {
    // SAFETY: the caller promises a live refusal or NULL, and a variable that can be written.
    unsafe { read_into(refusal, line, |refusal| refusal.position.map(|position| position.line)) }
}

/// The character in that line, counted from 1.
///
/// @param column  written when the function answers true
/// @return whether the settings are at fault and the fault has a place
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_column(refusal: *const Refusal, column: *mut u32) -> bool {
    // SAFETY: the caller promises a live refusal or NULL, and a variable that can be written.
    unsafe { read_into(refusal, column, |refusal| refusal.position.map(|position| position.column)) }
}

/// Line and character at once.
///
/// @param line    written when the function answers true, as `column` is
/// @param column  written when the function answers true
/// @return whether the settings are at fault and the fault has a place; false where one of both is NULL
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_place(refusal: *const Refusal, line: *mut u32, column: *mut u32) -> bool {
    if line.is_null() || column.is_null() {
        return false;
    }
    // SAFETY: the caller promises a live refusal or NULL, and variables that can be written.
    unsafe { sqljwt_refusal_line(refusal, line) && sqljwt_refusal_column(refusal, column) }
}

/// With SQLJWT_KEYS_NEEDED: the issuer whose keys are needed. Otherwise absent, like the three below.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_keys_issuer(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { keys(refusal, |keys| Some(&keys.issuer)) }
}

/// With SQLJWT_KEYS_NEEDED: the id of the key that the token names.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_keys_id(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { keys(refusal, |keys| keys.id.as_ref()) }
}

/// With SQLJWT_KEYS_NEEDED: the address of the issuer's discovery document, whose `jwks_uri` names the key set.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_keys_discovery_url(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { keys(refusal, |keys| keys.discovery_url.as_ref()) }
}

/// With SQLJWT_KEYS_NEEDED: the address of the key set itself, where the settings give it.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_keys_jwks_url(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { keys(refusal, |keys| keys.jwks_url.as_ref()) }
}

/// Where nothing but the person's groups is missing: the address of the issuer's discovery document, whose
/// `userinfo_endpoint` answers to the token. What it answers is for `sqljwt_validator_with_userinfo`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_refusal_userinfo_discovery_url(refusal: *const Refusal) -> View {
    // SAFETY: the caller promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, |refusal| View::of_optional(refusal.userinfo.as_ref())) }
}

/// # Safety
/// As [`read`].
unsafe fn keys(refusal: *const Refusal, text: impl FnOnce(&Keys) -> Option<&Text>) -> View {
    let view = |refusal: &Refusal| View::of_optional(refusal.keys.as_ref().and_then(text));
    // SAFETY: the caller of this function promises a live refusal or NULL.
    unsafe { read(refusal, View::ABSENT, view) }
}

/// Frees a refusal and ends every view of it. NULL is fine.
///
/// @param refusal  taken
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqljwt_refusal_free(refusal: *mut Refusal) {
    // SAFETY: the caller promises a refusal that nobody uses any more, or NULL.
    unsafe { drop_handle(refusal) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqljwt::{Settings, Validator};

    #[test]
    fn the_client_hears_of_a_broken_call_what_it_hears_of_a_broken_token() {
        let settings = r#"{"server.jwt_authentication.enabled": true, "server.jwt_authentication.audience": "a",
            "server.jwt_authentication.issuers": "i"}"#;
        let validator = Validator::new(&Settings::from_json(settings).unwrap()).unwrap();
        let refusal = validator.validate("x", "", 0).unwrap_err();
        assert_eq!((&*refusal.client().message, refusal.client().sqlstate), (CLIENT_MESSAGE, CLIENT_SQLSTATE));
    }
}
