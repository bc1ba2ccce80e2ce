//! What may this process do? As little as it needs, from the moment on when its sockets are there.

use std::{ffi::CString, os::unix::fs::chown, path::Path};

use nix::{
    sys::{
        prctl::{set_dumpable, set_no_new_privs},
        resource::{Resource, getrlimit, setrlimit},
    },
    unistd::{Gid, Group, Uid, User, geteuid, initgroups, setgid, setuid},
};

use crate::{limits::OTHER_FILES, options::Options};

/// Whom the process is to become.
pub(crate) struct Identity {
    user: User,
    group: Gid,
}

/// The user and group that the options name; nothing where the process stays who it is.
///
/// # Errors
/// There is no such user or group; root is to serve without being asked for by name; or somebody else than root names another
/// user.
pub(crate) fn identity(options: &Options) -> Result<Option<Identity>, String> {
    let is_root = geteuid().is_root();
    let Some(name) = &options.user else {
        return match (is_root, &options.group) {
            (true, _) => Err("root starts this: name the user whose rights it is to have with --user".into()),
            (false, Some(_)) => Err("--group is changed by root alone, with --user".into()),
            (false, None) => Ok(None),
        };
    };
    let user = User::from_name(name).map_err(|error| format!("--user {}: {error}", name.escape_debug()))?;
    let user = user.ok_or_else(|| format!("--user: there is no user `{}`", name.escape_debug()))?;
    let group = options.group.as_deref().map_or(Ok(user.gid), group)?;
    if !is_root && (user.uid != geteuid() || options.group.is_some()) {
        return Err("--user and --group are changed by root alone".into());
    }
    Ok(is_root.then_some(Identity { user, group }))
}

/// The group of that name.
fn group(name: &str) -> Result<Gid, String> {
    let group = Group::from_name(name).map_err(|error| format!("group {}: {error}", name.escape_debug()))?;
    group.map(|group| group.gid).ok_or_else(|| format!("there is no group `{}`", name.escape_debug()))
}

/// Gives the socket to a group, or to the one that the process is going to have.
///
/// # Errors
/// There is no such group, or it may not be given to it.
pub(crate) fn give(socket: &Path, options: &Options, identity: Option<&Identity>) -> Result<(), String> {
    let named = options.socket_group.as_deref().map(group).transpose()?;
    let (user, own) = match identity {
        Some(identity) => (Some(identity.user.uid.as_raw()), Some(identity.group.as_raw())),
        None => (None, None),
    };
    let group = named.map(Gid::as_raw).or(own);
    if user.is_none() && group.is_none() {
        return Ok(());
    }
    chown(socket, user, group).map_err(|error| format!("{}: {error}", socket.display()))
}

/// Becomes that user, for good.
///
/// # Errors
/// The process keeps rights that it should not have, and is to end.
pub(crate) fn become_user(identity: &Identity) -> Result<(), String> {
    let told = |what: &'static str| move |error: nix::Error| format!("cannot give up root's rights: {what}: {error}");
    let name = CString::new(identity.user.name.as_str()).map_err(|_| "a user's name holds a NUL")?;
    // Groups first: afterwards it is too late.
    initgroups(&name, identity.group).map_err(told("groups"))?;
    setgid(identity.group).map_err(told("group"))?;
    setuid(identity.user.uid).map_err(told("user"))?;
    match identity.user.uid.is_root() || setuid(Uid::from_raw(0)).is_err() {
        true => Ok(()),
        false => Err("cannot give up root's rights: they come back".into()),
    }
}

/// Gives up what needs no other user: to gain rights through a program, and to leave tokens in a core file or to a debugger.
///
/// # Errors
/// The kernel does not let us.
pub(crate) fn lock() -> Result<(), String> {
    set_no_new_privs().map_err(|error| format!("no new privileges: {error}"))?;
    set_dumpable(false).map_err(|error| format!("no core file: {error}"))
}

/// Room for so many connections of both kinds; how many of each there is room for.
pub(crate) fn room(connections: usize) -> usize {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return connections };
    let wanted = (2 * connections + OTHER_FILES) as u64;
    let granted = wanted.min(hard).max(soft);
    let has = if setrlimit(Resource::RLIMIT_NOFILE, granted, hard).is_ok() { granted } else { soft };
    // OK because it is smaller than what was wanted.
    let room = usize::try_from(has.min(wanted)).unwrap_or(usize::MAX).saturating_sub(OTHER_FILES) / 2;
    if room < connections {
        log::warn!("the limit of open files leaves room for {room} connections of each kind, not {connections}");
    }
    room.max(1)
}
