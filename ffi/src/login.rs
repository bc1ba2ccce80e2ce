//! Who logs in? What a C program reads from a login.

use crate::{
    handle::{drop_handle, read, read_into},
    text::{Text, View},
};

/// A login that may go ahead. Only `sqljwt_validate` makes one.
pub struct Login {
    user: Text,
    principal: Text,
    issuer: Text,
    audience: Text,
    key_id: Text,
    algorithm: Text,
    issued_at: Option<i64>,
    expires_at: Option<i64>,
    map_line: Option<u32>,
    roles: Option<Vec<Text>>,
    provision: Option<Text>,
    log_line: Text,
}

impl From<sqljwt::Login> for Login {
    fn from(login: sqljwt::Login) -> Self {
        Self {
            log_line: login.log_line().into(),
            user: login.user.into(),
            principal: login.principal.into(),
            issuer: Text::from(&*login.issuer),
            audience: Text::from(&*login.audience),
            key_id: Text::from(&*login.key_id),
            algorithm: login.algorithm.as_str().into(),
            issued_at: login.issued_at,
            expires_at: login.expires_at,
            map_line: login.map_line,
            roles: login.roles.map(|roles| roles.into_iter().map(Text::from).collect()),
            provision: login.provision.map(|provision| provision.statement.into()),
        }
    }
}

/// The SQL user to log in, normalised. Log in as this one, not as the one that was requested.
///
/// @param login  lent; the view is valid until it is freed, as are those of the functions below
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_user(login: *const Login) -> View {
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, |login| View::of(&login.user)) }
}

/// The bearer as the token names them: for the audit log, beside the SQL user.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_principal(login: *const Login) -> View {
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, |login| View::of(&login.principal)) }
}

/// The issuer of the token.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_issuer(login: *const Login) -> View {
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, |login| View::of(&login.issuer)) }
}

/// The configured audience that the token is for.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_audience(login: *const Login) -> View {
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, |login| View::of(&login.audience)) }
}

/// The id of the key that signed.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_key_id(login: *const Login) -> View {
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, |login| View::of(&login.key_id)) }
}

/// The algorithm of the signature, such as `RS256`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_algorithm(login: *const Login) -> View {
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, |login| View::of(&login.algorithm)) }
}

/// When the token was issued.
///
/// @param seconds  written when the function answers true: Unix seconds
/// @return whether the token says so
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_issued_at(login: *const Login, seconds: *mut i64) -> bool {
    // SAFETY: the caller promises a live login or NULL, and a variable that can be written.
    unsafe { read_into(login, seconds, |login| login.issued_at) }
}

/// When the token expires: a server that ends sessions with their token ends this one then.
///
/// @param seconds  written when the function answers true: Unix seconds
/// @return whether the token says so; always, except in the `cockroachdb` profile
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_expires_at(login: *const Login, seconds: *mut i64) -> bool {
    // SAFETY: the caller promises a live login or NULL, and a variable that can be written.
    unsafe { read_into(login, seconds, |login| login.expires_at) }
}

/// The line of the identity map that gave the SQL user, counted from 1.
///
/// @param line  written when the function answers true
/// @return whether the issuer has an identity map
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_map_line(login: *const Login, line: *mut u32) -> bool {
    // SAFETY: the caller promises a live login or NULL, and a variable that can be written.
    unsafe { read_into(login, line, |login| login.map_line) }
}

/// How many roles the token's groups give.
///
/// @param count  written when the function answers true; 0 means that the SQL user is to have no role
/// @return whether groups are synchronised; if not, leave the SQL user's roles as they are
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_roles(login: *const Login, count: *mut usize) -> bool {
    // SAFETY: the caller promises a live login or NULL, and a variable that can be written.
    unsafe { read_into(login, count, |login| login.roles.as_ref().map(Vec::len)) }
}

/// One of the roles.
///
/// @param index  from 0 to the count less one; beyond that the view is absent
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_role(login: *const Login, index: usize) -> View {
    let role = |login: &Login| View::of_optional(login.roles.as_ref().and_then(|roles| roles.get(index)));
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, role) }
}

/// The statement that makes the SQL user, with names in quotes: to be run before the login where there is no such user yet.
/// Absent where the settings do not make users of tokens, or this one cannot be made.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_provision(login: *const Login) -> View {
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, |login| View::of_optional(login.provision.as_ref())) }
}

/// For the server's log: who came in, as whom, by whose word and by which key, on one line. It quotes claims, never the token.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_login_log_line(login: *const Login) -> View {
    // SAFETY: the caller promises a live login or NULL.
    unsafe { read(login, View::ABSENT, |login| View::of(&login.log_line)) }
}

/// Frees a login and ends every view of it. NULL is fine.
///
/// @param login  taken
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sqljwt_login_free(login: *mut Login) {
    // SAFETY: the caller promises a login that nobody uses any more, or NULL.
    unsafe { drop_handle(login) }
}
