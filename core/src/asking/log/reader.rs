//! Line after line of a log in constant memory: what belongs to one login, and how often each kind of entry is there.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};
use core::mem;

use super::{
    document::{LogCount, LogDocument, LogEntry, LogOutcome, LogReason, LogSource},
    facts::Facts,
    in_words::in_words,
    json, secret, words,
};
use crate::{
    ground::{
        limits::{LOG_ENTRIES_MAX, LOG_FOLLOWING_LINES_MAX, LOG_KINDS_MAX, LOG_LINE_BYTES_MAX},
        private_keys,
        reason::ReasonCode,
        text::{one_line, quoted},
    },
    telling::SCHEMA,
};

/// Reads a log line after line; what it holds does not grow with the log.
///
/// # Example
/// ```
/// use sqljwt::{ReasonCode, advisor::{LogCounts, LogReader}};
///
/// let (mut reader, mut counts) = (LogReader::new(), LogCounts::new());
/// let log = "ERROR:  JWT authentication: invalid audience\nDETAIL:  token issued with an audience of [other]";
/// for line in log.lines() {
///     reader.line(line).iter().for_each(|entry| counts.add(entry));
/// }
/// let last = reader.finish().expect("an entry");
/// assert_eq!(last.codes[0], ReasonCode::AudienceNotAllowed);
/// assert_eq!(last.values[0].value.as_deref(), Some("[other]"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct LogReader {
    lines: u64,
    unknown: u64,
    /// The first line that says nothing known.
    first_unknown: Option<LogEntry>,
    pending: Option<Pending>,
}

/// A login whose lines may not be complete.
#[derive(Clone, Debug)]
struct Pending {
    line: u64,
    text: String,
    following: usize,
    facts: Option<Facts>,
    token: bool,
}

impl LogReader {
    /// A reader that has read nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next line; the entry that is complete by it, which is the one before. A line that says nothing known gives an entry
    /// only where a token stands in it.
    pub fn line(&mut self, line: &str) -> Option<LogEntry> {
        self.lines = self.lines.saturating_add(1);
        if line.len() > LOG_LINE_BYTES_MAX {
            let token = secret::blanked(line).1;
            self.count_unknown(TOO_LONG);
            let facts = Facts {
                cause: Some("the line is longer than is read".into()),
                ..Facts::new(LogOutcome::Unknown, LogSource::Unknown, "line_too_long")
            };
            let next = Pending { line: self.lines, text: TOO_LONG.into(), following: 0, facts: Some(facts), token };
            return self.replace(Some(next));
        }
        let (text, token) = secret::blanked(line);
        if text.trim().is_empty() {
            return None;
        }
        if let Some(pending) = &mut self.pending
            && pending.facts.is_some()
            && pending.following < LOG_FOLLOWING_LINES_MAX
            && follows(&text)
        {
            pending.following = pending.following.saturating_add(1);
            pending.text.push('\n');
            pending.text.push_str(&text);
            pending.token |= token;
            return None;
        }
        let facts = judged(&text);
        if facts.is_none() {
            self.count_unknown(&text);
        }
        let is_told = facts.is_some() || token;
        self.replace(is_told.then(|| Pending { line: self.lines, text: text.into_owned(), following: 0, facts, token }))
    }

    /// The last entry, when there are no more lines.
    pub fn finish(&mut self) -> Option<LogEntry> {
        self.replace(None)
    }

    /// How many lines have been read.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.lines
    }

    /// How many of them say nothing that is known.
    #[must_use]
    pub const fn unknown(&self) -> u64 {
        self.unknown
    }

    fn replace(&mut self, next: Option<Pending>) -> Option<LogEntry> {
        mem::replace(&mut self.pending, next).map(Pending::entry)
    }

    fn count_unknown(&mut self, text: &str) {
        self.unknown = self.unknown.saturating_add(1);
        if self.first_unknown.is_none() {
            let pending = Pending { line: self.lines, text: text.into(), following: 0, facts: None, token: false };
            self.first_unknown = Some(pending.entry());
        }
    }
}

const TOO_LONG: &str = "(a line that is too long)";

impl Pending {
    fn entry(self) -> LogEntry {
        let Self { line, text, following, facts, token } = self;
        let facts = if following > 0 { judged(&text).or(facts) } else { facts };
        let facts = facts.unwrap_or_else(|| Facts::new(LogOutcome::Unknown, LogSource::Unknown, "unknown"));
        let cause = told(&facts.cause());
        let remedy = facts.remedy().map(|remedy| told(&remedy));
        // What was written with escapes shows itself only once it is read.
        let token = token
            || cause.contains(secret::TOKEN)
            || facts
                .values
                .iter()
                .any(|value| value.value.as_deref().is_some_and(|value| value.contains(secret::TOKEN)));
        LogEntry {
            line,
            outcome: facts.outcome,
            source: facts.source,
            event: facts.event,
            exact: facts.exact,
            codes: facts.codes,
            cause,
            remedy,
            values: facts.values,
            token,
            text: quoted(&text),
        }
    }
}

/// A cause or a remedy as it is told: a document states its own, and anybody can write one.
fn told(text: &str) -> String {
    if let Some(instead) = private_keys::withheld(text) {
        return instead.into();
    }
    let (text, _) = secret::blanked(text);
    one_line(text.chars().take(TOLD_CHARACTERS_MAX).collect::<String>())
}

/// Longest cause or remedy; ours have at most some hundreds of letters.
const TOLD_CHARACTERS_MAX: usize = 1000;

/// Whether a line belongs to what stands before it.
fn follows(line: &str) -> bool {
    const HEADS: [&str; 10] = [
        "DETAIL:",
        "Detail:",
        "HINT:",
        "Hint:",
        "STATEMENT:",
        "CONTEXT:",
        "SQLSTATE:",
        "SQL state:",
        "LOCATION:",
        "detail:",
    ];
    // A client may write a message and its DETAIL on one line: that line begins a login of its own.
    let head = HEADS.iter().filter_map(|head| line.find(head)).min();
    head.is_some_and(|at| json::read(line).is_none() && in_words(line.get(..at).unwrap_or_default()).is_none())
        || line.starts_with(char::is_whitespace) && judged(line).is_none()
        || words::is_detail(line)
}

/// What a text without tokens says of a login.
fn judged(text: &str) -> Option<Facts> {
    if let Some(facts) = json::read(text) {
        return Some(facts);
    }
    let plain =
        if text.contains(['‹', '›']) { Cow::Owned(text.replace(['‹', '›'], "")) } else { Cow::Borrowed(text) };
    let plain = if plain.contains("\\\"") { Cow::Owned(plain.replace("\\\"", "\"")) } else { plain };
    let (at, mut facts) = in_words(&plain)?;
    let head = plain.get(..at).unwrap_or_default();
    if facts.source != LogSource::Sqljwt
        && let Some((_, rest)) = head.rsplit_once("user=")
    {
        let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | ']' | '`' | ')'));
        facts.state("requested_user", rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
    }
    if facts.source == LogSource::Sqljwt
        && let Some((_, hint)) = plain.split_once("HINT:")
    {
        facts.remedy = hint.trim().split('\n').next().map(|hint| Cow::Owned(hint.to_string()));
    }
    Some(facts)
}

/// How often each kind of entry is there.
#[derive(Clone, Debug, Default)]
pub struct LogCounts {
    counts: Vec<LogCount>,
    tokens: u64,
    others: u64,
}

impl LogCounts {
    /// Counts without any entry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts an entry.
    pub fn add(&mut self, entry: &LogEntry) {
        self.tokens = self.tokens.saturating_add(u64::from(entry.token));
        let same = |count: &&mut LogCount| {
            count.event == entry.event && count.outcome == entry.outcome && count.codes == entry.codes
        };
        if let Some(count) = self.counts.iter_mut().find(same) {
            count.count = count.count.saturating_add(1);
        } else if self.counts.len() < LOG_KINDS_MAX {
            self.counts.push(LogCount {
                event: entry.event,
                outcome: entry.outcome,
                codes: entry.codes.clone(),
                count: 1,
                example: entry.text.clone(),
                line: entry.line,
            });
        } else {
            self.others = self.others.saturating_add(1);
        }
    }

    /// How many entries hold a token.
    #[must_use]
    pub const fn tokens(&self) -> u64 {
        self.tokens
    }

    /// How many entries are of kinds beyond those that are told apart: none, as long as there are fewer kinds than that.
    #[must_use]
    pub const fn others(&self) -> u64 {
        self.others
    }

    /// The counts, the most frequent first.
    #[must_use]
    pub fn counts(&self) -> Vec<LogCount> {
        let mut counts = self.counts.clone();
        counts.sort_by(|one, other| other.count.cmp(&one.count).then(one.line.cmp(&other.line)));
        counts
    }

    /// What to do about tokens in the log; nothing where there are none.
    #[must_use]
    pub fn token_remedy(&self) -> Option<&'static str> {
        (self.tokens > 0).then_some(secret::REMEDY)
    }
}

impl LogDocument {
    pub(crate) fn of(text: &str) -> Self {
        let (mut reader, mut counts) = (LogReader::new(), LogCounts::new());
        let (mut entries, mut more) = (Vec::new(), 0_u64);
        let mut take = |entry: LogEntry| {
            counts.add(&entry);
            if entries.len() < LOG_ENTRIES_MAX {
                entries.push(entry);
            } else {
                more = more.saturating_add(1);
            }
        };
        for line in text.lines() {
            reader.line(line).into_iter().for_each(&mut take);
        }
        reader.finish().into_iter().for_each(&mut take);
        if entries.is_empty() {
            entries.extend(reader.first_unknown.take());
        }
        let counts_told = counts.counts();
        let of_counts = counts_told.iter().flat_map(|count| count.codes.iter());
        let mut codes: Vec<ReasonCode> = of_counts.copied().collect();
        codes.sort_unstable();
        codes.dedup();
        Self {
            schema: SCHEMA,
            lines: reader.lines(),
            unknown: reader.unknown(),
            more,
            tokens: counts.tokens(),
            token_remedy: counts.token_remedy(),
            counts: counts_told,
            reasons: codes.into_iter().map(LogReason::from).collect(),
            entries,
        }
    }
}
