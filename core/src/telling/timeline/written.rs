//! Which lines are written, and in which order? The answer, what to do, what else is wrong, and how the checks went.

use alloc::vec::Vec;
use core::fmt;

use super::{answer, checks, fixes, line::Line, look::Look, page::Page, problem::Problem, rest};
use crate::telling::document::Explanation;

/// An explanation as lines to read, for one reader: [`Explanation::timeline`] begins it.
///
/// Only what is asked for here differs between faces; the words and their order are the same.
///
/// # Example
/// ```
/// use sqljwt::{Settings, Tone, Validator};
/// let text = "SET CLUSTER SETTING server.jwt_authentication.enabled = false;";
/// let explanation = Validator::new(&Settings::from_sql(text)?)?.explain("", "alice", 1_800_000_000);
/// let lines = explanation.timeline().file("sso.sql").document(text).width(80).lines();
/// assert_eq!((lines[0].tone, &*lines[0].lead), (Tone::Refused, "REJECTED"));
/// assert!(lines.iter().any(|line| line.text.starts_with("sso.sql:1:")));
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'e> {
    explanation: &'e Explanation,
    look: Look<'e>,
}

impl<'e> Timeline<'e> {
    /// How places in the settings name their document; `settings` unless given.
    #[must_use]
    pub fn file(mut self, name: &'e str) -> Self {
        self.look.file = name;
        self
    }

    /// The text of the settings, so that the line at fault can be shown. Not for strangers, as the text itself.
    #[must_use]
    pub fn document(mut self, text: &'e str) -> Self {
        self.look.document = Some(text);
        self
    }

    /// How many characters a line may have. What is to be copied as a whole, and a word without a blank, may have more.
    #[must_use]
    pub fn width(mut self, characters: usize) -> Self {
        self.look.width = Some(characters);
        self
    }

    /// Whether every check is told, with what was expected and what the token says.
    #[must_use]
    pub fn verbose(mut self, verbose: bool) -> Self {
        self.look.verbose = verbose;
        self
    }

    /// Whether the marks are ASCII, for terminals that know nothing else.
    #[must_use]
    pub fn ascii(mut self, ascii: bool) -> Self {
        self.look.ascii = ascii;
        self
    }

    /// The lines: the answer and its cause, what to do, what else is wrong, what deserves attention, and how the checks went.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let problems = Problem::all(self.explanation);
        let mut page = Page::new(self.look);
        answer::write(self.explanation, &mut page);
        if let Some(keys) = &self.explanation.keys_needed {
            fixes::write_keys(keys, &mut page);
        }
        for problem in &problems {
            problem.write(&mut page);
        }
        rest::write_advice(self.explanation, &problems, &mut page);
        checks::write(&self.explanation.checks, &mut page);
        rest::write(self.explanation, &problems, &mut page);
        page.lines()
    }
}

impl Explanation {
    /// The explanation as lines to read; what is asked for further is said on the answer.
    #[must_use]
    pub fn timeline(&self) -> Timeline<'_> {
        let look = Look { file: "settings", document: None, width: None, verbose: false, ascii: false };
        Timeline { explanation: self, look }
    }

    /// The lines of the [timeline](Self::timeline) as [`Display`](fmt::Display) writes them.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.timeline().lines()
    }
}

impl fmt::Display for Timeline<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}

impl fmt::Display for Explanation {
    /// Writes the explanation as a timeline: the answer, what to do, and what else there is to know.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timeline().fmt(out)
    }
}
