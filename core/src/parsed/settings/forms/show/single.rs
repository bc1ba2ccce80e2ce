//! What does `SHOW CLUSTER SETTING name` print, once or several times: the name as the only column, and one value?

use alloc::vec::Vec;

use super::{
    cells::{Cell, inside, lines},
    columns::is_single,
    rows::row,
};
use crate::parsed::settings::{
    error::SettingsError,
    forms::frame::{is_footer, is_rule},
    reading::Reading,
    traced::Traced,
};

pub(super) fn read(reading: &mut Reading<'_>) -> Result<(), SettingsError> {
    let text = reading.document();
    let mut lines = lines(text).peekable();
    while let Some((header, at)) = lines.next() {
        if header.trim().is_empty() || is_rule(header) || is_footer(header) {
            continue;
        }
        let bordered = header.trim_start().starts_with('|');
        let (inner, start) = inside(header, bordered);
        let name = inner.trim().trim_matches('"');
        let at = at + start + inner.find(name).unwrap_or(0);
        if !is_single(header) {
            return Err(SettingsError::misformed(text, at, "expected the name of a setting as the only column"));
        }
        let rule = lines.next_if(|(line, _)| is_rule(line)).map(|(line, _)| inside(line, bordered).0);
        let mut cells = Vec::new();
        while let Some((line, at)) = lines.next_if(|(line, _)| !(is_rule(line) || is_footer(line))) {
            let (text, start) = inside(line, bordered);
            cells.push(Cell { text, at: at + start, broken: false });
            if rule.is_none() {
                // Without a rule there is no padding, and a line alone is the value.
                break;
            }
        }
        let value =
            rule.map_or_else(|| cells.first().copied().map(Cell::traced), |rule| single_value(name, rule, &cells));
        row(reading, name, at, value.unwrap_or_else(|| Traced::empty(at)));
    }
    Ok(())
}

/// The value in the lines under a rule. `cockroach sql` pads by two blanks where `psql` does by one.
fn single_value(name: &str, rule: &str, cells: &[Cell<'_>]) -> Option<Traced> {
    const WIDE_PADDING: usize = 4;
    let widths = cells.iter().map(|cell| cell.text.trim().chars().count()).chain([name.chars().count()]);
    let wide = usize::from(rule.trim().len() >= widths.max().unwrap_or_default() + WIDE_PADDING);
    let mut value: Option<Traced> = None;
    let mut broken = false;
    for cell in cells {
        let cell = cell.unpadded(true);
        let more = cell.text.len() - cell.text.trim_start_matches(' ').len();
        let padding = wide.min(more);
        let cell = Cell { text: cell.text.get(padding..).unwrap_or_default(), at: cell.at + padding, ..cell };
        match &mut value {
            None => value = Some(cell.traced()),
            Some(value) if broken || !cell.text.is_empty() => {
                value.push("\n", cell.at.saturating_sub(1));
                value.push(cell.text, cell.at);
            }
            Some(_) => {}
        }
        broken = cell.broken;
    }
    value
}
