//! Which folders of this machine would a module name, in the places that its panics tell, and what is written instead, so
//! that everybody builds the same one?

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Folders of this machine, each with the name that takes its place.
pub(super) struct Paths(Vec<(PathBuf, &'static str)>);

impl Paths {
    /// The standard library's source, which a compiler names where it has it, and the sources of the dependencies.
    pub(super) fn of(sysroot: &Path) -> Self {
        let mut paths = vec![(sysroot.join("lib/rustlib/src/rust"), "/rustc")];
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
        let registries = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
        paths.extend(registries.map(|registry| (registry.path(), "")));
        Self(paths)
    }

    /// What tells the compiler to write the other names.
    pub(super) fn flags(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
    }

    /// Whether the file names one of the folders.
    pub(super) fn are_named_in(&self, file: &Path) -> bool {
        let bytes = fs::read(file).unwrap_or_default();
        let names = |folder: &Path| {
            let folder = folder.as_os_str().as_encoded_bytes();
            bytes.windows(folder.len()).any(|window| window == folder)
        };
        self.0.iter().any(|(folder, _)| names(folder))
    }
}
