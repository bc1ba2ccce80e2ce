//! Is a text that is kept in the repository still what the code says? `cargo xtask update` writes anew what is not.
//!
//! For that it runs whatever holds such a text with a folder in `UPDATE_INTO`. Then nothing is held: what the text ought to be
//! is put into the folder, under its path in the repository, and `xtask/src/update.rs` compares, tells and copies.

use std::{env, fs, path::PathBuf};

use crate::folder;

/// Holds the file at `path`, from the root of the repository, against the text that it ought to be.
///
/// # Panics
/// Where they differ, with the first lines that do.
pub fn holds(path: &str, text: &str) {
    compare(path, text).unwrap_or_else(|difference| panic!("{difference}"));
}

/// As [`holds`], for who has several files to compare before it gives up.
///
/// # Errors
/// They differ, with the first lines that do.
///
/// # Panics
/// Where the folder in `UPDATE_INTO` cannot be written.
pub fn compare(path: &str, text: &str) -> Result<(), String> {
    if let Some(file) = handed_over(path) {
        let parent = file.parent().map_or(Ok(()), fs::create_dir_all);
        parent.and_then(|()| fs::write(&file, text)).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return Ok(());
    }
    let kept = fs::read_to_string(kept(path)).unwrap_or_default();
    if kept == text {
        return Ok(());
    }
    let same = kept.split('\n').zip(text.split('\n')).take_while(|(old, new)| old == new).count();
    let first = |text: &str| text.split('\n').nth(same).unwrap_or("the end of the file").to_owned();
    Err(format!(
        "{path} is not what the code says: run `cargo xtask update`\nline {} is   {}\nit ought to be {}",
        same + 1,
        first(&kept),
        first(text)
    ))
}

/// A text that others are written from: as it ought to be where that is known, otherwise as it is kept.
///
/// # Panics
/// Where there is no such file.
#[must_use]
pub fn read(path: &str) -> String {
    let file = handed_over(path).filter(|file| file.exists()).unwrap_or_else(|| kept(path));
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A text with another part between `before`, which has to be there once, and the next `after`.
///
/// # Panics
/// Where the text has no such place, or several.
#[must_use]
pub fn with(text: &str, [before, after]: [&str; 2], part: &str) -> String {
    let places: Vec<_> = text.match_indices(before).map(|(at, _)| at + before.len()).collect();
    let [start] = places[..] else { panic!("`{before}` has to be there once, and is there {} times", places.len()) };
    let end = text[start..].find(after).unwrap_or_else(|| panic!("no `{after}` follows `{before}`"));
    format!("{}{part}{}", &text[..start], &text[start + end..])
}

fn handed_over(path: &str) -> Option<PathBuf> {
    Some(PathBuf::from(env::var_os("UPDATE_INTO")?).join(path))
}

fn kept(path: &str) -> PathBuf {
    folder().join("..").join(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_replaced_up_to_what_follows_it_next() {
        assert_eq!(with("a [1] [2]", ["a [", "]"], "3"), "a [3] [2]");
    }

    #[test]
    #[should_panic(expected = "is there 2 times")]
    fn a_part_that_could_be_another_is_left_alone() {
        let _ = with("a [1] a [2]", ["a [", "]"], "3");
    }
}
