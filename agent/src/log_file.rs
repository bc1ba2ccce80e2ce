//! Where do the lines of the log go? To standard error, or to a file that is opened anew when its name means another one.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write, stderr},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    sync::{Mutex, OnceLock, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use log::{LevelFilter, Log, Metadata, Record};
use nix::libc::{O_CLOEXEC, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK};

use crate::limits::LOGGED_CHARACTERS;

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
        let line = record.args().to_string();
        // Every line is one, whoever wrote it.
        let line: String = line.chars().flat_map(shown).collect();
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let line = format!("{} {} {line}\n", utc(since.as_secs()), record.level().as_str().to_lowercase());
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

/// What a terminal obeys as its code, everything else as it is.
fn shown(letter: char) -> impl Iterator<Item = char> {
    let escaped = letter.escape_debug();
    let is_plain = matches!(letter, '\'' | '"' | '\\') || escaped.len() == 1;
    let (plain, escaped) = if is_plain { (Some(letter), None) } else { (None, Some(escaped)) };
    plain.into_iter().chain(escaped.into_iter().flatten())
}

/// A moment as RFC 3339 writes it.
fn utc(seconds: u64) -> String {
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(day);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// Year, month and day of a day counted from 1970-01-01: the Gregorian calendar with years that begin in March.
fn date(day: u64) -> (u64, u64, u64) {
    const ERA: u64 = 146_097;
    let day = day + 719_468;
    let (era, day) = (day / ERA, day % ERA);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (of_month, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    (400 * era + year + u64::from(month <= 2), month, of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_the_calendar_has_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_800_000_000, "2027-01-15T08:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(utc(seconds), text);
        }
    }

    #[test]
    fn what_a_terminal_obeys_is_written_as_its_code() {
        assert_eq!(inert("a\x1b[31m\n\u{202e}\u{9b}é"), "a\\u{1b}[31m\\n\\u{202e}\\u{9b}é");
        assert_eq!(inert(&"x".repeat(300)).chars().count(), LOGGED_CHARACTERS + 1);
        let line: String = "it's \"`a\\b`\"\t\x07\u{2066}".chars().flat_map(shown).collect();
        assert_eq!(line, "it's \"`a\\b`\"\\t\\u{7}\\u{2066}");
    }
}
