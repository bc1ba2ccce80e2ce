//! What stands in one cell of a table as a terminal shows it?

use crate::parsed::settings::traced::Traced;

/// The lines, without their ends, each with its offset.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut at = 0;
    text.split('\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (line.strip_suffix('\r').unwrap_or(line), start)
    })
}

/// The part of a line between the borders, if there are any, and its offset.
pub(super) fn inside(line: &str, bordered: bool) -> (&str, usize) {
    if !bordered {
        return (line, 0);
    }
    let start = line.find(['|', '+']).map_or(0, |at| at + 1);
    let inner = line.get(start..).unwrap_or_default().trim_end();
    (inner.strip_suffix(['|', '+']).unwrap_or(inner), start)
}

/// One line of a cell.
#[derive(Clone, Copy)]
pub(super) struct Cell<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// The cell's text goes on in the next line, says a mark at its end.
    pub(super) broken: bool,
}

impl Cell<'_> {
    /// Without the mark at the end, if there can be one, and the padding.
    pub(super) fn unpadded(self, may_be_marked: bool) -> Self {
        let unmarked = if may_be_marked { self.text.strip_suffix('+') } else { None };
        let (text, broken) = unmarked.map_or((self.text, false), |text| (text, true));
        let padding = usize::from(text.starts_with(' '));
        let text = text.get(padding..).unwrap_or_default().trim_end_matches(' ');
        Self { text, at: self.at + padding, broken }
    }

    pub(super) fn traced(self) -> Traced {
        Traced::verbatim(self.text, self.at)
    }

    pub(super) fn end(self) -> usize {
        self.at + self.text.len()
    }
}
