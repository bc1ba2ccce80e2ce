//! Who bears a token? For a server that maps names to SQL users itself.

use std::ffi::c_char;

use crate::{
    handle::{drop_handle, read, read_into},
    input::{Place, bytes, handle},
    refusal::{Refusal, answer},
    status::Status,
    text::{Text, View},
    validator::Validator,
};

/// The bearer of a token. Only `sqljwt_identify` makes one. It lets nobody in: which SQL user the bearer may be, the server's
/// own map says.
pub struct Identity {
    principals: Vec<Text>,
    issuer: Text,
    audience: Text,
    key_id: Text,
    algorithm: Text,
    issued_at: Option<i64>,
    expires_at: Option<i64>,
    roles: Option<Vec<Text>>,
}

impl From<sqljwt::Identity> for Identity {
    fn from(identity: sqljwt::Identity) -> Self {
        let texts = |texts: Vec<String>| texts.into_iter().map(Text::from).collect();
        Self {
            principals: texts(identity.principals),
            issuer: Text::from(&*identity.issuer),
            audience: Text::from(&*identity.audience),
            key_id: Text::from(&*identity.key_id),
            algorithm: identity.algorithm.as_str().into(),
            issued_at: identity.issued_at,
            expires_at: identity.expires_at,
            roles: identity.roles.map(texts),
        }
    }
}

/// Says who bears a token at a moment, by every check but those of the SQL user.
///
/// For a server that has a map of names to users of its own, as PostgreSQL has. Where the identity map of the settings is to
/// decide, `sqljwt_validate` does.
///
/// @param validator  lent; may be in use by other threads
/// @param token      lent; any bytes, exactly as the client sent them
/// @param token_len  how many bytes
/// @param now        the present in Unix seconds, as `clock_gettime` gives it: on Linux `time(NULL)` lags behind by milliseconds
/// @param identity   written on success: who bears the token; free it with `sqljwt_identity_free`
/// @param refusal    NULL, or written on every other status; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK: the bearer is who the identity says. Everything else: nobody is known, as `sqljwt_validate` says it
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identify(
    validator: *const Validator,
    token: *const c_char,
    token_len: usize,
    now: i64,
    identity: *mut *mut Identity,
    refusal: *mut *mut Refusal,
) -> Status {
    let identify = || {
        // SAFETY: the caller promises a live validator, bytes as many as they say, and a variable that can be written.
        let (validator, token, place) = unsafe {
            (handle("validator", validator)?, bytes("token", token, token_len)?, Place::new("identity", identity)?)
        };
        place.give(Identity::from(validator.0.ask(|validator| validator.identify(token, now))?));
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, identify) }
}

/// How many names the configured claim gives the bearer: at least one, except for NULL.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_principals(identity: *const Identity) -> usize {
    // SAFETY: the caller promises a live identity or NULL.
    unsafe { read(identity, 0, |identity| identity.principals.len()) }
}

/// One of the names. It is the token's own text, and no user of any server.
///
/// @param identity  lent; the view is valid until it is freed, as are those of the functions below
/// @param index     from 0 to the count less one; beyond that the view is absent
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_principal(identity: *const Identity, index: usize) -> View {
    // SAFETY: the caller promises a live identity or NULL.
    unsafe { read(identity, View::ABSENT, |identity| View::of_optional(identity.principals.get(index))) }
}

/// The issuer of the token.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_issuer(identity: *const Identity) -> View {
    // SAFETY: the caller promises a live identity or NULL.
    unsafe { read(identity, View::ABSENT, |identity| View::of(&identity.issuer)) }
}

/// The configured audience that the token is for.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_audience(identity: *const Identity) -> View {
    // SAFETY: the caller promises a live identity or NULL.
    unsafe { read(identity, View::ABSENT, |identity| View::of(&identity.audience)) }
}

/// The id of the key that signed.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_key_id(identity: *const Identity) -> View {
    // SAFETY: the caller promises a live identity or NULL.
    unsafe { read(identity, View::ABSENT, |identity| View::of(&identity.key_id)) }
}

/// The algorithm of the signature, such as `RS256`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_algorithm(identity: *const Identity) -> View {
    // SAFETY: the caller promises a live identity or NULL.
    unsafe { read(identity, View::ABSENT, |identity| View::of(&identity.algorithm)) }
}

/// When the token was issued.
///
/// @param seconds  written when the function answers true: Unix seconds
/// @return whether the token says so
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_issued_at(identity: *const Identity, seconds: *mut i64) -> bool {
    // SAFETY: the caller promises a live identity or NULL, and a variable that can be written.
    unsafe { read_into(identity, seconds, |identity| identity.issued_at) }
}

/// When the token expires.
///
/// @param seconds  written when the function answers true: Unix seconds
/// @return whether the token says so; always, except in the `cockroachdb` profile
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_expires_at(identity: *const Identity, seconds: *mut i64) -> bool {
    // SAFETY: the caller promises a live identity or NULL, and a variable that can be written.
    unsafe { read_into(identity, seconds, |identity| identity.expires_at) }
}

/// How many roles the token's groups give.
///
/// @param count  written when the function answers true
/// @return whether groups are synchronised; if not, leave the user's roles as they are
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_roles(identity: *const Identity, count: *mut usize) -> bool {
    // SAFETY: the caller promises a live identity or NULL, and a variable that can be written.
    unsafe { read_into(identity, count, |identity| identity.roles.as_ref().map(Vec::len)) }
}

/// One of the roles.
///
/// @param index  from 0 to the count less one; beyond that the view is absent
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_identity_role(identity: *const Identity, index: usize) -> View {
    let role = |identity: &Identity| View::of_optional(identity.roles.as_ref().and_then(|roles| roles.get(index)));
    // SAFETY: the caller promises a live identity or NULL.
    unsafe { read(identity, View::ABSENT, role) }
}

/// Frees an identity and ends every view of it. NULL is fine.
///
/// @param identity  taken
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqljwt_identity_free(identity: *mut Identity) {
    // SAFETY: the caller promises an identity that nobody uses any more, or NULL.
    unsafe { drop_handle(identity) }
}
