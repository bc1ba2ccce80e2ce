//! What would a login do to the roles of its SQL user?

use std::ffi::c_char;

use sqljwt::Membership as Role;

use crate::{
    input::{Place, array, bytes, handle, text},
    refusal::{Refusal, answer},
    status::Status,
    text::{Text, View},
    validator::Validator,
};

/// A role that the SQL user has in the database: lent, like every argument; UTF-8.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Membership {
    /// The role.
    pub role: View,
    /// Through which of the roles granted to the user they have it; absent for one that is granted to them.
    pub through: View,
}

/// Tells as JSON on one line what a login would do to the roles of its SQL user: `plan`, what to revoke and then to grant,
/// the groups that are no roles, and the roles that go with those that are revoked; the `statements` that do it, with names in
/// quotes; and a `summary` for people.
///
/// It lets nobody in and grants nothing. Of a login that is refused because the token has no group the plan revokes every
/// role, as the database does. The first arguments are those of `sqljwt_validate`.
///
/// @param memberships      lent; the roles that the SQL user has
/// @param memberships_len  how many
/// @param existing         lent; the roles of the database, or NULL where they are not known
/// @param existing_len     how many
/// @param plan             written on success; free it with `sqljwt_text_free`
/// @param refusal          NULL, or written on failure; free it with `sqljwt_refusal_free`
/// @return SQLJWT_OK: there is a document, and the decision stands inside it. 900 to 999 for a call that could not be carried
///         out
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn sqljwt_roles(
    validator: *const Validator,
    token: *const c_char,
    token_len: usize,
    user: *const c_char,
    user_len: usize,
    now: i64,
    memberships: *const Membership,
    memberships_len: usize,
    existing: *const View,
    existing_len: usize,
    plan: *mut *mut Text,
    refusal: *mut *mut Refusal,
) -> Status {
    let tell = || {
        // SAFETY: the caller promises a live validator, bytes and rows as many as they say, and a variable that can be written.
        let (validator, token, user, present, existing, place) = unsafe {
            (
                handle("validator", validator)?,
                bytes("token", token, token_len)?,
                text("user", user, user_len)?,
                array("memberships", memberships, memberships_len)?,
                (!existing.is_null()).then(|| array("existing", existing, existing_len)).transpose()?,
                Place::new("plan", plan)?,
            )
        };
        // SAFETY: the caller promises views that are as long as they say.
        let name = |name: &str, view: View| unsafe { text(name, view.data, view.len) }.map(String::from);
        let role = |row: &Membership| {
            let through = (!row.through.data.is_null()).then(|| name("through", row.through)).transpose()?;
            Ok(Role { role: name("role", row.role)?, through })
        };
        let present = present.iter().map(role).collect::<Result<Vec<_>, Refusal>>()?;
        let names = |roles: &[View]| roles.iter().map(|&role| name("existing", role)).collect::<Result<Vec<_>, _>>();
        let existing = existing.map(names).transpose()?;
        let tell = |validator: &sqljwt::Validator| validator.roles(token, user, now, &present, existing.as_deref());
        place.give(validator.0.ask(tell).to_json().into());
        Ok(())
    };
    // SAFETY: the caller promises a refusal that is NULL or can be written.
    unsafe { answer(refusal, tell) }
}
