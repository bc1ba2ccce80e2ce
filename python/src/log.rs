//! What does a server's log say of logins? Read in pieces, however long it is.

use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use pyo3::prelude::*;
use serde::Serialize;
use sqljwt::advisor::{LogCount, LogCounts, LogEntry, LogReader};

use crate::guard::detached;

/// Reads a log; what it holds does not grow with the log.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct Log(Mutex<State>);

#[derive(Default)]
struct State {
    reader: LogReader,
    counts: LogCounts,
    /// The begin of a line whose end has not come yet.
    begun: Vec<u8>,
}

/// Bytes of one line that are looked at: the engine itself looks at fewer.
const LINE_BYTES_MAX: usize = 1 << 20;

#[derive(Serialize)]
struct Summary {
    lines: u64,
    unknown: u64,
    counts: Vec<LogCount>,
    tokens: u64,
    token_remedy: Option<&'static str>,
}

#[pymethods]
impl Log {
    /// A log of which nothing has been read.
    #[new]
    fn new() -> Self {
        Self(Mutex::default())
    }

    /// Takes the next bytes; the entries that are complete by them, each as JSON text.
    fn read(&self, py: Python<'_>, data: &[u8]) -> PyResult<Vec<String>> {
        Ok(detached(py, || self.state().read(data))?)
    }

    /// The last entries, and what was read, as JSON text.
    fn finish(&self, py: Python<'_>) -> PyResult<(Vec<String>, String)> {
        Ok(detached(py, || self.state().finish())?)
    }
}

impl Log {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn read(&mut self, data: &[u8]) -> Vec<String> {
        let mut entries = Vec::new();
        let mut pieces = data.split(|&byte| byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            let room = LINE_BYTES_MAX.saturating_sub(self.begun.len());
            self.begun.extend_from_slice(piece.get(..room).unwrap_or(piece));
            if pieces.peek().is_some() {
                entries.extend(self.line());
            }
        }
        entries
    }

    fn line(&mut self) -> Option<String> {
        let line = mem::take(&mut self.begun);
        let text = String::from_utf8_lossy(&line);
        let entry = self.reader.line(text.strip_suffix('\r').unwrap_or(&text));
        self.counted(entry)
    }

    fn finish(&mut self) -> (Vec<String>, String) {
        let mut entries = Vec::new();
        if !self.begun.is_empty() {
            entries.extend(self.line());
        }
        let last = self.reader.finish();
        entries.extend(self.counted(last));
        let summary = Summary {
            lines: self.reader.lines(),
            unknown: self.reader.unknown(),
            counts: self.counts.counts(),
            tokens: self.counts.tokens(),
            token_remedy: self.counts.token_remedy(),
        };
        (entries, written(&summary))
    }

    fn counted(&mut self, entry: Option<LogEntry>) -> Option<String> {
        let entry = entry?;
        self.counts.add(&entry);
        Some(written(&entry))
    }
}

/// JSON text of a document, which nothing in it can keep from being written.
fn written(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}
