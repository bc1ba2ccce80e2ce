//! Where do the lines of the log go? To standard error, or to a file that is opened anew when its name means another one.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write, stderr},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    sync::{Mutex, OnceLock, PoisonError},
};

use log::{LevelFilter, Log, Metadata, Record};
use nix::libc::{O_CLOEXEC, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK};

use sqljwt::utc;

use crate::{clock::now, limits::LOGGED_CHARACTERS};

/// The log of this process.
struct Lines {
    place: OnceLock<(PathBuf, Mutex<File>)>,
}

static LINES: Lines = Lines { place: OnceLock::new() };

/// Writes the log to standard error from now on.
pub(crate) fn begin() {
    // OK because nobody else sets one; a second call changes nothing.
    drop(log::set_logger(&LINES));
    log::set_max_level(LevelFilter::Info);
}

/// Writes the log to a file from now on.
///
/// # Errors
/// It cannot be opened.
pub(crate) fn to_file(path: PathBuf) -> Result<(), String> {
    let file = open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    LINES.place.set((path, Mutex::new(file))).map_err(|_| "the log has a file already".into())
}

/// Opens the log's file anew, for whoever has moved it away.
pub(crate) fn reopen() {
    if let Some((path, file)) = LINES.place.get() {
        match open(path) {
            Ok(new) => *file.lock().unwrap_or_else(PoisonError::into_inner) = new,
            Err(error) => log::error!("{}: the log stays where it was: {error}", path.display()),
        }
    }
}

fn open(path: &PathBuf) -> io::Result<File> {
    let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    let file = OpenOptions::new().append(true).create(true).mode(0o640).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("is no regular file")) }
}

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sqljwt")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = on_one_line(record.args().to_string());
        let line = format!("{} {} {line}\n", utc(now()), record.level().as_str().to_lowercase());
        // A log that cannot be written is no reason to refuse logins, and there is nowhere to say so.
        drop(match self.place.get() {
            Some((_, file)) => file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes()),
            None => stderr().lock().write_all(line.as_bytes()),
        });
    }

    fn flush(&self) {}
}

/// A text of somebody else's, short and without anything that a terminal obeys.
pub(crate) fn inert(text: &str) -> String {
    let mut letters = text.chars();
    let mut inert: String = letters.by_ref().take(LOGGED_CHARACTERS).flat_map(char::escape_debug).collect();
    if letters.next().is_some() {
        inert.push('…');
    }
    inert
}

/// Every line is one, whoever wrote it. Most hold nothing that has to be looked at.
fn on_one_line(text: String) -> String {
    let is_plain = |byte| matches!(byte, b' '..=b'~');
    if text.bytes().all(is_plain) { text } else { text.chars().flat_map(shown).collect() }
}

/// What a terminal obeys as its code, everything else as it is.
fn shown(letter: char) -> impl Iterator<Item = char> {
    let escaped = letter.escape_debug();
    let is_plain = matches!(letter, '\'' | '"' | '\\') || escaped.len() == 1;
    let (plain, escaped) = if is_plain { (Some(letter), None) } else { (None, Some(escaped)) };
    plain.into_iter().chain(escaped.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_written_as_its_code() {
        assert_eq!(inert("a\x1b[31m\n\u{202e}\u{9b}é"), "a\\u{1b}[31m\\n\\u{202e}\\u{9b}é");
        assert_eq!(inert(&"x".repeat(300)).chars().count(), LOGGED_CHARACTERS + 1);
        assert_eq!(on_one_line("it's \"`a\\b`\"\t\n\x07\u{2066}".into()), "it's \"`a\\b`\"\\t\\n\\u{7}\\u{2066}");
        assert_eq!(on_one_line("it's \"`a\\b`\" ~".into()), "it's \"`a\\b`\" ~");
    }
}
