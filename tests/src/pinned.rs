//! Is a text that is kept in the repository still what the code says? With `UPDATE=1` in the environment it is written
//! anew instead.

use std::{env, fs, path::Path};

use crate::folder;

/// Holds the file at `path`, from this crate's folder, against the text that it ought to be.
///
/// # Panics
/// Where they differ: with the lines that differ first, to be pasted, and the command that writes the file.
pub fn holds(path: &str, text: &str, command: &str) {
    let file = folder().join(path);
    if env::var_os("UPDATE").is_some() {
        write(&file, text);
    }
    let pinned = fs::read_to_string(&file).unwrap_or_default();
    if pinned == text {
        return;
    }
    let same = pinned.lines().zip(text.lines()).take_while(|(old, new)| old == new).count();
    let shown = |text: &str| text.lines().skip(same).take(SHOWN).collect::<Vec<_>>().join("\n");
    panic!(
        "{path} is not what the code says. `UPDATE=1 {command}` writes it, or put\n{}\nat line {} in place of\n{}",
        shown(text),
        same + 1,
        shown(&pinned)
    );
}

fn write(file: &Path, text: &str) {
    fs::write(file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

/// How many lines from the first that differs are shown.
const SHOWN: usize = 8;
