//! One run through rows: each gives its files, and they are compared with those of the repository, told, and copied.

use std::{
    collections::BTreeSet,
    fmt, fs,
    path::{Path, PathBuf},
};

use super::Row;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mode {
    Write,
    Check,
}

/// One run through rows.
pub(super) struct Pass<'a> {
    /// Where the texts are kept.
    pub(super) repository: &'a Path,
    /// Where the rows put what they ought to be.
    pub(super) folder: &'a Path,
    pub(super) mode: Mode,
}

impl Pass<'_> {
    /// Has every row give its files, and tells what is to be said about each while it goes.
    pub(super) fn run(&self, rows: &[&Row], give: impl Fn(&Row) -> Result<(), String>) -> Result<Vec<Finding>, String> {
        // What an earlier run has put there would pass for newer than the repository.
        let _ = fs::remove_dir_all(self.folder);
        fs::create_dir_all(self.folder).map_err(|error| format!("{}: {error}", self.folder.display()))?;
        let (mut given, mut findings) = (BTreeSet::new(), Vec::new());
        for row in rows {
            println!("{}", row.name);
            let outcome = give(row);
            let all = files(self.folder)?;
            let own: Vec<_> = all.difference(&given).cloned().collect();
            let start = findings.len();
            for path in own.iter().filter(|path| row.promises(path)) {
                findings.push(Finding { about: path.clone(), state: self.settle(path)? });
            }
            let wanting = outcome.err().or_else(|| unkept(row, &own));
            let undone = wanting.map(|why| Finding { about: row.name.into(), state: State::Undone(self.mode, why) });
            findings.extend(undone);
            findings[start..].iter().for_each(|finding| println!("{finding}"));
            given = all;
        }
        Ok(findings)
    }

    /// Compares one file, and copies it if that is wanted.
    fn settle(&self, path: &str) -> Result<State, String> {
        let kept = self.repository.join(path);
        let failed = |error: std::io::Error| format!("{path}: {error}");
        let (old, new) = (fs::read(&kept).unwrap_or_default(), fs::read(self.folder.join(path)).map_err(failed)?);
        if old == new {
            return Ok(State::Current);
        }
        if self.mode == Mode::Write {
            fs::write(&kept, &new).map_err(failed)?;
            return Ok(State::Written);
        }
        Ok(State::Stale(difference(&String::from_utf8_lossy(&old), &String::from_utf8_lossy(&new))))
    }
}

/// What a row promises and does not give, or gives and does not promise.
fn unkept(row: &Row, given: &[String]) -> Option<String> {
    let missing = row.writes.iter().find(|promise| !given.iter().any(|path| covers(promise, path)));
    let stranger = given.iter().find(|path| !row.promises(path));
    let missing = missing.map(|path| format!("it gave no {path}, which its row in xtask/src/update.rs promises"));
    missing
        .or_else(|| stranger.map(|path| format!("it gave {path}, which its row in xtask/src/update.rs does not name")))
}

impl Row {
    fn promises(&self, path: &str) -> bool {
        self.writes.iter().any(|promise| covers(promise, path))
    }
}

/// Whether a file is what a row promises, or in the folder that it promises.
fn covers(promise: &str, path: &str) -> bool {
    if promise.ends_with('/') { path.starts_with(promise) } else { path == promise }
}

/// What there is to tell about one file, or about a row that could not be done.
pub(super) struct Finding {
    about: String,
    state: State,
}

enum State {
    Current,
    Written,
    /// With the first lines that differ.
    Stale(String),
    /// Neither checked nor written, and why.
    Undone(Mode, String),
}

impl Finding {
    pub(super) fn is_well(&self) -> bool {
        matches!(self.state, State::Current | State::Written)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = &self.about;
        match &self.state {
            State::Current => write!(formatter, "  as it was    {about}"),
            State::Written => write!(formatter, "  written      {about}"),
            State::Stale(difference) => write!(formatter, "  STALE        {about}\n{difference}"),
            State::Undone(Mode::Check, why) => write!(formatter, "  NOT CHECKED  {about}: {why}"),
            State::Undone(Mode::Write, why) => write!(formatter, "  NOT WRITTEN  {about}: {why}"),
        }
    }
}

/// The first lines that differ, as it is and as it ought to be; of long ones what stands around the difference.
fn difference(old: &str, new: &str) -> String {
    let same = old.split('\n').zip(new.split('\n')).take_while(|(old, new)| old == new).count();
    let first = |text| str::split(text, '\n').nth(same);
    let alike = first(old).unwrap_or_default().chars().zip(first(new).unwrap_or_default().chars());
    let from = alike.take_while(|(old, new)| old == new).count().saturating_sub(BEFORE);
    let shown = |line: Option<&str>| match line {
        Some(line) => line.chars().skip(from).take(SHOWN).flat_map(visible).collect(),
        None => String::from("the end of the file"),
    };
    let dots = if from > 0 { "…" } else { "" };
    let [old, new] = [old, new].map(|text| shown(first(text)));
    format!("    line {}\n    - {dots}{old}\n    + {dots}{new}", same + 1)
}

/// How many characters of a line are shown, and how many of them stand before the difference.
const SHOWN: usize = 100;
const BEFORE: usize = 40;

fn visible(character: char) -> Vec<char> {
    if character.is_control() { character.escape_default().collect() } else { vec![character] }
}

/// The paths of all files below a folder, from there.
fn files(folder: &Path) -> Result<BTreeSet<String>, String> {
    let (mut folders, mut files) = (vec![PathBuf::new()], BTreeSet::new());
    while let Some(inner) = folders.pop() {
        let failed = |error| format!("{}: {error}", folder.join(&inner).display());
        for entry in fs::read_dir(folder.join(&inner)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = inner.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                files.insert(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{shell::root, update::ROWS};

    /// A repository of its own that has the generated files of this one, and a folder beside it.
    struct Scene {
        folder: PathBuf,
        /// The generated files, as they are in this repository.
        texts: Vec<(String, Vec<u8>)>,
    }

    impl Scene {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("sqljwt-update-{name}-{}", std::process::id()));
            let paths: BTreeSet<String> = ROWS.iter().flat_map(|row| row.writes).flat_map(expanded).collect();
            let text = |path: String| (path.clone(), fs::read(root().join(path)).unwrap());
            let texts: Vec<_> = paths.into_iter().map(text).collect();
            let scene = Self { folder, texts };
            scene.texts.iter().for_each(|(path, text)| put(&scene.repository(), path, text));
            scene
        }

        fn repository(&self) -> PathBuf {
            self.folder.join("repository")
        }

        fn given(&self) -> PathBuf {
            self.folder.join("given")
        }

        /// A run in which every row gives what this repository has.
        fn run(&self, mode: Mode) -> Vec<Finding> {
            self.run_with(mode, |row| {
                let own = self.texts.iter().filter(|(path, _)| owns(row, path));
                own.for_each(|(path, text)| put(&self.given(), path, text));
                Ok(())
            })
        }

        fn run_with(&self, mode: Mode, give: impl Fn(&Row) -> Result<(), String>) -> Vec<Finding> {
            let rows: Vec<&Row> = ROWS.iter().collect();
            Pass { repository: &self.repository(), folder: &self.given(), mode }.run(&rows, give).unwrap()
        }
    }

    impl Drop for Scene {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }

    /// The files of a promise.
    fn expanded(promise: &&str) -> Vec<String> {
        match promise.strip_suffix('/') {
            Some(folder) => {
                files(&root().join(folder)).unwrap().iter().map(|path| format!("{promise}{path}")).collect()
            }
            None => vec![promise.to_string()],
        }
    }

    /// Whether the row gives the file: the last one that promises it, for files stand in folders that others promise.
    fn owns(row: &Row, path: &str) -> bool {
        ROWS.iter().rfind(|row| row.promises(path)).is_some_and(|last| last.name == row.name)
    }

    fn put(folder: &Path, path: &str, text: &[u8]) {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn faults(findings: &[Finding]) -> Vec<String> {
        findings.iter().filter(|finding| !finding.is_well()).map(ToString::to_string).collect()
    }

    #[test]
    fn every_file_with_a_changed_byte_is_named_alone_and_written_as_it_was() {
        let scene = Scene::new("byte");
        assert!(scene.texts.len() >= 30, "{}", scene.texts.len());
        assert_eq!(faults(&scene.run(Mode::Check)), [""; 0]);
        for (path, text) in &scene.texts {
            let mut changed = text.clone();
            changed[text.len() / 2] ^= 1;
            put(&scene.repository(), path, &changed);
            let faults = faults(&scene.run(Mode::Check));
            assert!(
                faults.len() == 1 && faults[0].contains(&format!("STALE        {path}\n    line ")),
                "{path}: {faults:?}"
            );
            assert_eq!(fs::read(scene.repository().join(path)).unwrap(), changed, "a check writes nothing");

            let written: Vec<_> =
                scene.run(Mode::Write).into_iter().filter(|finding| matches!(finding.state, State::Written)).collect();
            assert!(written.len() == 1 && written[0].about == *path, "{path}");
            assert_eq!(fs::read(scene.repository().join(path)).unwrap(), *text);
        }
    }

    #[test]
    fn a_missing_file_is_named_and_written() {
        let scene = Scene::new("missing");
        let file = scene.repository().join("wasm/js/names.d.ts");
        fs::remove_file(&file).unwrap();
        assert_eq!(faults(&scene.run(Mode::Check)).len(), 1);
        assert!(!file.exists());
        assert_eq!(faults(&scene.run(Mode::Write)), [""; 0]);
        assert!(file.exists());
    }

    #[test]
    fn a_row_that_cannot_be_done_or_gives_nothing_is_no_success() {
        let scene = Scene::new("undone");
        let findings = scene.run_with(Mode::Check, |_| Err("`node` does not run".into()));
        let faults_of = faults(&findings);
        assert_eq!(faults_of.len(), ROWS.len());
        assert!(faults_of[0].starts_with("  NOT CHECKED  Unicode's tables: `node` does not run"), "{faults_of:?}");
        // As when no test has the name that the row says.
        let silent = faults(&scene.run_with(Mode::Write, |_| Ok(())));
        assert_eq!(silent.len(), ROWS.len());
        assert!(silent[1].starts_with("  NOT WRITTEN  the C header: it gave no ffi/include/sqljwt.h"), "{silent:?}");
    }

    #[test]
    fn a_file_that_no_row_names_is_no_success() {
        let scene = Scene::new("stranger");
        let findings = scene.run_with(Mode::Check, |row| {
            for path in row.writes.iter().filter(|path| !path.ends_with('/')) {
                put(&scene.given(), path, &fs::read(root().join(path)).unwrap());
            }
            put(&scene.given(), &format!("{}.txt", row.name), b"");
            Ok(())
        });
        assert!(faults(&findings).iter().any(|fault| fault.contains("it gave the C header.txt, which its row")));
    }

    #[test]
    fn a_difference_is_shown_by_what_stands_around_it() {
        assert_eq!(difference("a\nb\n", "a\nc\n"), "    line 2\n    - b\n    + c");
        assert_eq!(difference("a", "a\n"), "    line 2\n    - the end of the file\n    + ");
        assert_eq!(difference("a\r\n", "a\n"), "    line 1\n    - a\\r\n    + a");
        let long = "x".repeat(1000);
        let shown = difference(&format!("{long}1{long}"), &format!("{long}2{long}"));
        let (before, after) = ("x".repeat(BEFORE), "x".repeat(SHOWN - BEFORE - 1));
        assert_eq!(shown, format!("    line 1\n    - …{before}1{after}\n    + …{before}2{after}"));
    }
}
