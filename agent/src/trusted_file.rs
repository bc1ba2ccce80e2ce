//! May this file be believed? Only if nobody but root and this process's user could have written it.
//!
//! The rules are those of the C hosts: no link, no FIFO and no device is opened, neither others nor a group may write the
//! file or the folder that it is in, and both belong to root or to the user that reads.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use nix::libc::{O_CLOEXEC, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK};

/// Tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(file: &Metadata) -> Self {
        Self {
            device: file.dev(),
            inode: file.ino(),
            bytes: file.size(),
            modified: (file.mtime(), file.mtime_nsec()),
            changed: (file.ctime(), file.ctime_nsec()),
        }
    }

    /// The state of what stands at a path now; nothing where nothing is.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        path.symlink_metadata().ok().as_ref().map(Self::of)
    }
}

/// Reads a file whole.
///
/// # Errors
/// Why it is not to be believed, or cannot be read, as a clause.
pub(crate) fn read(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let folder = folder_of(path);
    let around = folder.metadata().map_err(|error| format!("the folder {}: {error}", folder.display()))?;
    believed(&around).map_err(|why| format!("the folder {} {why}", folder.display()))?;
    read_in(path, most, believed)
}

/// Reads a file of a folder that is judged already.
pub(crate) fn read_in(
    path: &Path,
    most: u64,
    believed: impl FnOnce(&Metadata) -> Result<(), String>,
) -> Result<Vec<u8>, String> {
    let mut file = open(path)?;
    let before = file.metadata().map_err(|error| error.to_string())?;
    if !before.is_file() {
        return Err("is no regular file".into());
    }
    believed(&before)?;
    if before.size() > most {
        return Err(format!("is {} bytes long; at most {most} are read", before.size()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.size()).unwrap_or_default() + 1);
    file.by_ref().take(most + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let after = file.metadata().map_err(|error| error.to_string())?;
    if Stamp::of(&before) != Stamp::of(&after) || bytes.len() as u64 != after.size() {
        return Err("changes while it is read".into());
    }
    Ok(bytes)
}

fn open(path: &Path) -> Result<File, String> {
    // Without O_NONBLOCK a FIFO would never let us go.
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    options.open(path).map_err(|error| match error.raw_os_error() {
        Some(nix::libc::ELOOP) => "is a symbolic link".into(),
        _ => io_clause(&error),
    })
}

fn io_clause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "is not there".into(),
        io::ErrorKind::PermissionDenied => "may not be read by this user".into(),
        _ => format!("cannot be read: {error}"),
    }
}

/// That nobody but root and our own user could have written this.
pub(crate) fn believed(found: &Metadata) -> Result<(), String> {
    let own = nix::unistd::geteuid().as_raw();
    if found.uid() != 0 && found.uid() != own {
        return Err(format!(
            "belongs to the user {}, neither to root nor to the user {own} that reads it",
            found.uid()
        ));
    }
    written_by_owner_alone(found)
}

/// That neither a group nor others may write this.
pub(crate) fn written_by_owner_alone(found: &Metadata) -> Result<(), String> {
    match found.mode() & 0o022 {
        0 => Ok(()),
        _ => Err(format!("may be written by others than its owner (mode {:04o})", found.mode() & 0o7777)),
    }
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.into(),
        _ => ".".into(),
    }
}
