//! Where do servers find the keys that the agent has fetched? In a folder, one file for each issuer, written as a whole.
//!
//! A file is named after the SHA-256 of its issuer and holds the fetch as [`FetchRecord`] writes it. A server that lacks keys
//! makes an empty file of that name in `wanted/`, where there is such a folder; it goes once they are fetched.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    process,
    sync::{Mutex, PoisonError},
};

use sqljwt::{FetchRecord, KeyCache};

use crate::{
    limits::KEYS_FILE_BYTES_MAX,
    trusted_file::{believed, read_in, written_by_owner_alone},
};

/// The folder, and what this process has written into it.
pub(crate) struct KeysDir {
    folder: PathBuf,
    /// When what is in the file of an issuer was fetched.
    written: Mutex<BTreeMap<String, i64>>,
}

impl KeysDir {
    /// A folder that this process can write.
    ///
    /// # Errors
    /// It is not there, others may write it, or this process may not.
    pub(crate) fn new(folder: PathBuf) -> Result<Self, String> {
        let told = |why: String| format!("the folder {}: {why}", folder.display());
        let found = folder.metadata().map_err(|error| told(error.to_string()))?;
        if !found.is_dir() {
            return Err(told("is no folder".into()));
        }
        believed(&found).map_err(told)?;
        replace(&folder.join(".sqljwt-agent"), b"").map_err(|error| told(error.to_string()))?;
        fs::remove_file(folder.join(".sqljwt-agent")).map_err(|error| told(error.to_string()))?;
        Ok(Self { folder, written: Mutex::default() })
    }

    /// The fetches of these issuers that are written down, and what is wrong with those that cannot be read.
    pub(crate) fn records<'i>(&self, issuers: impl IntoIterator<Item = &'i str>) -> Vec<Result<FetchRecord, String>> {
        issuers.into_iter().filter_map(|issuer| self.record(issuer)).collect()
    }

    fn record(&self, issuer: &str) -> Option<Result<FetchRecord, String>> {
        let path = self.file_of(issuer);
        path.symlink_metadata().ok()?;
        let told = |why: String| format!("{}: {why}", path.display());
        // The folder is root's or our own; whoever else wrote a file into it was allowed to.
        let record = read_in(&path, KEYS_FILE_BYTES_MAX, written_by_owner_alone).and_then(|bytes| {
            let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
            let record = FetchRecord::from_json(&text).map_err(|error| error.to_string())?;
            if record.issuer == issuer { Ok(record) } else { Err("holds the keys of another issuer".into()) }
        });
        let record = record.map_err(told);
        if let Ok(record) = &record {
            self.written().insert(issuer.into(), record.at);
        }
        Some(record)
    }

    /// Writes down whatever is newer than its file.
    pub(crate) fn follow(&self, cache: &KeyCache) {
        let mut written = self.written();
        for record in cache.issuers().filter_map(|issuer| cache.record(issuer)) {
            if written.get(&record.issuer) == Some(&record.at) {
                continue;
            }
            let path = self.file_of(&record.issuer);
            match replace(&path, format!("{}\n", record.to_json()).as_bytes()) {
                Ok(()) => {
                    written.insert(record.issuer, record.at);
                }
                Err(error) => log::warn!("{}: the keys cannot be written: {error}", path.display()),
            }
        }
    }

    /// Whether a server wants newer keys of an issuer.
    pub(crate) fn is_wanted(&self, issuer: &str) -> bool {
        self.marker_of(issuer).symlink_metadata().is_ok()
    }

    /// Says that the keys that were wanted are there.
    pub(crate) fn fulfil(&self, issuer: &str) {
        match fs::remove_file(self.marker_of(issuer)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                log::warn!("{}: cannot be removed: {error}", self.marker_of(issuer).display());
            }
            _ => {}
        }
    }

    fn file_of(&self, issuer: &str) -> PathBuf {
        self.folder.join(FetchRecord::file_name(issuer))
    }

    fn marker_of(&self, issuer: &str) -> PathBuf {
        self.folder.join("wanted").join(FetchRecord::file_name(issuer).trim_end_matches(".json"))
    }

    fn written(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, i64>> {
        // OK because every entry is true whoever panicked with the lock.
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts a file in its place so that readers find the old one or the new one; a link there is replaced, not followed.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", process::id()));
    let new = path.with_file_name(name);
    let written = write(&new, content).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // What was not written is not left over either; that this fails too is told by the error itself.
        drop(fs::remove_file(&new));
    }
    written
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    // One of a process of the same number that was ended while it wrote.
    drop(fs::remove_file(path));
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o644).open(path)?;
    // Keys are public: readable whatever the umask says.
    file.set_permissions(Permissions::from_mode(0o644))?;
    file.write_all(content)?;
    file.sync_all()
}
