//! Where does Debian keep the source of this toolchain's standard library? apt is asked with lists of its own, so that
//! nothing of the machine's configuration changes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::shell::{output, run};

/// The suites that carry `rust-src`, the one that keeps several versions first.
const SUITES: [&str; 4] = ["trixie-backports", "trixie", "forky", "sid"];

/// The folder `library` of the compiler's source, of exactly this version.
///
/// # Errors
/// This is no Debian, or Debian does not have that version.
pub(super) fn rust_library(version: &str, work: &Path) -> Result<PathBuf, String> {
    let library = work.join(format!("source/usr/src/rustc-{version}/library"));
    if library.join("std/Cargo.toml").is_file() {
        return Ok(library);
    }
    let sources = fs::read_to_string("/etc/apt/sources.list.d/debian.sources").map_err(|_| {
        "this is no Debian with apt's usual sources; install the target `wasm32-unknown-unknown` or the component \
         `rust-src` with rustup"
    })?;
    let stanza = sources.split("\n\n").next().unwrap_or_default();
    for suite in SUITES {
        let apt = Apt::new(work.join(suite), suite, stanza)?;
        let Some(package) = apt.version_of("rust-src", version)? else {
            println!("   {suite} does not have rust-src {version}");
            continue;
        };
        let archive = apt.download("rust-src", &package)?;
        run(Command::new("dpkg").arg("-x").arg(archive).arg(work.join("source")))?;
        return if library.is_dir() {
            Ok(library)
        } else {
            Err(format!("rust-src {package} has no {}", library.display()))
        };
    }
    Err(format!("Debian has no rust-src {version}; it was looked for in {}", SUITES.join(", ")))
}

/// apt with a folder of its own and one suite.
struct Apt {
    folder: PathBuf,
}

impl Apt {
    /// Asks the machine's own mirror, which the stanza names, for another suite.
    fn new(folder: PathBuf, suite: &str, stanza: &str) -> Result<Self, String> {
        let of_suite = |line: &str| match line {
            line if line.starts_with('#') => String::new(),
            line if line.starts_with("Suites:") => format!("Suites: {suite}\n"),
            line => format!("{line}\n"),
        };
        fs::create_dir_all(folder.join("lists/partial")).map_err(|error| format!("{}: {error}", folder.display()))?;
        let sources = stanza.lines().map(of_suite).collect::<String>();
        fs::write(folder.join("only.sources"), sources).map_err(|error| format!("only.sources: {error}"))?;
        let apt = Self { folder };
        run(apt.command("apt-get").args(["--quiet=2", "update"]))?;
        Ok(apt)
    }

    /// The package's version that begins with the wanted one.
    fn version_of(&self, package: &str, wanted: &str) -> Result<Option<String>, String> {
        let table = output(self.command("apt-cache").args(["madison", package]))?;
        let versions = table.lines().filter_map(|row| row.split('|').nth(1)).map(str::trim);
        let is_wanted =
            |version: &&str| version.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(['+', '-', '~']));
        Ok(versions.filter(is_wanted).map(str::to_owned).next())
    }

    fn download(&self, package: &str, version: &str) -> Result<PathBuf, String> {
        run(self.command("apt-get").args(["--quiet=2", "download"]).arg(format!("{package}={version}")))?;
        let mut entries =
            fs::read_dir(&self.folder).map_err(|error| error.to_string())?.flatten().map(|entry| entry.path());
        entries
            .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
            .ok_or("nothing was downloaded".into())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let own = |what: &str, path: PathBuf| format!("{what}={}", path.display());
        command.current_dir(&self.folder).arg("-o").arg("Dir::Etc::SourceList=/dev/null");
        command.arg("-o").arg(own("Dir::Etc::SourceParts", self.folder.clone()));
        command.arg("-o").arg(own("Dir::State::Lists", self.folder.join("lists")));
        command.arg("-o").arg(own("Dir::Cache", self.folder.join("cache")));
        command
    }
}
