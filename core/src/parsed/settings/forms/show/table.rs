//! What are the rows of this table as a terminal shows it?
//!
//! `psql` and `cockroach sql` pad every cell to its column and rule off the header; `psql` marks a line break inside a
//! cell by `+` at the cell's end, `cockroach sql` leaves the other cells of the next line empty. Unaligned output of
//! `psql` has neither rule nor padding. A cell that holds `|` itself is found by the columns of the rule.

use alloc::vec::Vec;

use super::{
    cells::{Cell, inside, lines},
    columns::Columns,
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
    let mut lines = lines(text).filter(|(line, _)| !line.trim().is_empty()).peekable();
    while lines.next_if(|(line, _)| is_rule(line)).is_some() {}
    let Some((header, at)) = lines.next() else { return Ok(()) };
    let bordered = header.trim_start().starts_with('|');
    let names: Vec<&str> = inside(header, bordered).0.split('|').collect();
    let columns = Columns::of(&names, text, at)?;
    let rule = lines.next_if(|(line, _)| is_rule(line)).map(|(line, _)| line);
    let shape = Shape { columns, bordered, rule };
    let mut row: Option<Row<'_>> = None;
    for (line, at) in lines {
        if is_rule(line) || is_footer(line) {
            continue;
        }
        let Some(cells) = shape.cells(line, at) else {
            let found = inside(line, bordered).0.split('|').count();
            let message = alloc::format!("expected {} columns, found {found}", columns.count);
            let remedy = "print the settings with --format=csv (psql: --csv), which carries every text";
            return Err(SettingsError::misformed(text, at, message).with_remedy(remedy));
        };
        let [name, value] = [columns.variable, columns.value]
            .map(|index| cells.get(index).copied().unwrap_or(Cell { text: "", at, broken: false }));
        let marked = cells.iter().any(|cell| cell.broken);
        match &mut row {
            Some(row) if name.text.trim().is_empty() && shape.rule.is_some() => row.go_on(value, marked),
            _ => {
                if let Some(row) = row.replace(Row::begin(name, value, marked)) {
                    row.finish(reading)?;
                }
            }
        }
    }
    row.map_or(Ok(()), |row| row.finish(reading))
}

struct Shape<'t> {
    columns: Columns,
    bordered: bool,
    rule: Option<&'t str>,
}

impl<'t> Shape<'t> {
    /// The cells of a line; nothing if they cannot be told apart.
    fn cells(&self, line: &'t str, at: usize) -> Option<Vec<Cell<'t>>> {
        let (inner, start) = inside(line, self.bordered);
        let rule = self.rule.map(|rule| inside(rule, self.bordered).0);
        let mut cells = Vec::with_capacity(self.columns.count);
        let mut place = at + start;
        if inner.bytes().filter(|&byte| byte == b'|').count() + 1 == self.columns.count {
            for text in inner.split('|') {
                cells.push(Cell { text, at: place, broken: false });
                place += text.len() + 1;
            }
        } else {
            // Each stretch of the rule is as many characters wide as its column.
            let mut rest = inner;
            let mut widths = rule?.split('+').map(str::len).peekable();
            while let Some(width) = widths.next() {
                let end = rest.char_indices().nth(width).map_or(rest.len(), |(end, _)| end);
                let end = if widths.peek().is_none() { rest.len() } else { end };
                let (text, after) = rest.split_at_checked(end)?;
                cells.push(Cell { text, at: place, broken: false });
                place += text.len() + 1;
                rest = if widths.peek().is_some() { after.strip_prefix('|')? } else { after };
            }
        }
        if let Some(rule) = rule {
            // The last column has no separator after it: there the mark stands at the very end of the rule.
            let full = inner.chars().count() == rule.len();
            let last = cells.len().saturating_sub(1);
            for (index, cell) in cells.iter_mut().enumerate() {
                *cell = cell.unpadded(index < last || self.bordered || full);
            }
        }
        (cells.len() == self.columns.count).then_some(cells)
    }
}

/// One row, as far as its lines have been read.
struct Row<'t> {
    name: Cell<'t>,
    value: Traced,
    /// The value's last line so far.
    last: Cell<'t>,
    /// The lines of this row mark where their cells are broken.
    marked: bool,
    /// Empty lines since the last one with text, where no mark tells whether they belong to the value.
    empty_lines: usize,
}

impl<'t> Row<'t> {
    fn begin(name: Cell<'t>, value: Cell<'t>, marked: bool) -> Self {
        Self { name, value: Traced::verbatim(value.text, value.at), last: value, marked, empty_lines: 0 }
    }

    /// Another line of the same row.
    fn go_on(&mut self, value: Cell<'t>, marked: bool) {
        if self.marked && !self.last.broken {
            // Another cell goes on; the value has ended.
        } else if !self.marked && value.text.is_empty() {
            self.empty_lines += 1;
        } else {
            for _ in 0..=self.empty_lines {
                self.value.push("\n", self.last.end());
            }
            self.empty_lines = 0;
            self.value.push(value.text, value.at);
            self.last = value;
        }
        self.marked |= marked;
    }

    fn finish(self, reading: &mut Reading<'_>) -> Result<(), SettingsError> {
        let name = self.name.text.trim();
        let at = self.name.at + (self.name.text.len() - self.name.text.trim_start().len());
        if name.is_empty() {
            let message = "expected the name of a setting in the first line of the row";
            return Err(SettingsError::misformed(reading.document(), at, message));
        }
        row(reading, name, at, self.value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::parsed::settings::Settings;

    fn value<'s>(settings: &'s Settings, name: &str) -> &'s str {
        settings.value(name).unwrap()
    }

    #[test]
    fn the_aligned_table_of_psql_is_read() {
        let text = r"
                    variable                     |           value           | setting_type | description 
--------------------------------------------------+---------------------------+--------------+-------------
 server.jwt_authentication.enabled                | true                      | b            | enables
 server.identity_map.configuration                | # map                    +| s            | map        +
                                                  | https://a /^(x|y)$ \1    +|              | of users
                                                  |                          +|              | 
                                                  | https://a root_x x        |              | 
 server.jwt_authentication.issuers.configuration  | https://a                 | s            | issuers
 sql.notices.enabled                              | true                      | b            | 
(4 rows)";
        let settings = Settings::from_show(text).unwrap();
        assert_eq!(value(&settings, "server.jwt_authentication.enabled"), "true");
        let map = "# map\nhttps://a /^(x|y)$ \\1\n\nhttps://a root_x x";
        assert_eq!(value(&settings, "server.identity_map.configuration"), map);
        assert_eq!(value(&settings, "server.jwt_authentication.issuers"), "https://a");
        assert_eq!(settings.ignored(), ["sql.notices.enabled"]);
        assert_eq!(Settings::from_text(text).unwrap(), settings);
    }

    #[test]
    fn the_table_of_cockroach_sql_is_read() {
        let text = r#"
               variable               |         value         | setting_type |     description     | default_value |  origin
--------------------------------------+-----------------------+--------------+---------------------+---------------+-----------
  server.identity_map.configuration   | https://a x y         | s            | system-identity map |               | override
                                      |                       |              |                     |               |
                                      | https://a /^(.*)$ \1  |              |                     |               |
  server.jwt_authentication.audience  | ["a","b"]             | s            | sets accepted       |               | override
  server.jwt_authentication.claim     |                       | s            | sets the claim      |               | default
(3 rows)

Time: 12ms total (execution 11ms / network 1ms)
"#;
        let settings = Settings::from_show(text).unwrap();
        assert_eq!(value(&settings, "server.identity_map.configuration"), "https://a x y\n\nhttps://a /^(.*)$ \\1");
        assert_eq!(value(&settings, "server.jwt_authentication.audience"), "[\"a\",\"b\"]");
        assert_eq!(value(&settings, "server.jwt_authentication.claim"), "");
    }

    #[test]
    fn a_border_and_a_value_in_the_last_column_are_read() {
        let text = r"
+-----------------------------------+-------+
|             variable              | value |
+-----------------------------------+-------+
| server.identity_map.configuration | a b c+|
|                                   | d|e f |
| server.jwt_authentication.claim   | a+    |
+-----------------------------------+-------+
(2 rows)";
        let settings = Settings::from_text(text).unwrap();
        assert_eq!(value(&settings, "server.identity_map.configuration"), "a b c\nd|e f");
        assert_eq!(value(&settings, "server.jwt_authentication.claim"), "a+");
        let text = r"
             variable              | value 
-----------------------------------+-------
 server.identity_map.configuration | a b c+
                                   | d e f
 server.jwt_authentication.claim   | a+";
        let settings = Settings::from_show(text).unwrap();
        assert_eq!(value(&settings, "server.identity_map.configuration"), "a b c\nd e f");
        assert_eq!(value(&settings, "server.jwt_authentication.claim"), "a+");
    }

    #[test]
    fn unaligned_output_is_read_as_it_is() {
        let text = "variable|value|setting_type\nserver.jwt_authentication.claim| e |s\n(1 row)\n";
        assert_eq!(value(&Settings::from_show(text).unwrap(), "server.jwt_authentication.claim"), " e ");
        let error = Settings::from_show("variable|value\nserver.identity_map.configuration|a /(x|y) z\n").unwrap_err();
        assert!(error.message.contains("expected 2 columns, found 3"), "{error}");
        assert!(error.remedy.contains("csv"), "{}", error.remedy);
    }

    #[test]
    fn a_fault_in_a_later_line_of_a_cell_is_found_there() {
        use crate::parsed::settings::SettingName;
        let text = r"
 variable | value
----------+--------
 server.identity_map.configuration | ab  +
                                   | cd";
        let text = text.replace("----------+--------", "-----------------------------------+------");
        let settings = Settings::from_show(&text).unwrap();
        assert_eq!(value(&settings, "server.identity_map.configuration"), "ab\ncd");
        let position = crate::parsed::settings::Places::of(&settings).position(SettingName::IdentityMap, 4).unwrap();
        assert_eq!((position.line, position.column), (5, 39));
    }
}
