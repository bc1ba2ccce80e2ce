//! What does a status mean? Static text for every one of them.

use std::ffi::{CStr, c_char};

use crate::status::{ALL, COUNT, Row, Status};

/// The name of a status as every document writes it, such as `token_expired`. `unknown_status` for a number that is none.
///
/// Like every text of the catalogue it is static, ends with a NUL and is never NULL.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sqljwt_reason_name(status: Status) -> *const c_char {
    text(status, Column::Name)
}

/// The check that gives this reason, such as `time`; empty for SQLJWT_OK and for a number that is no status.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sqljwt_reason_check(status: Status) -> *const c_char {
    text(status, Column::Check)
}

/// What a status means, in one line for the administrator.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sqljwt_reason_summary(status: Status) -> *const c_char {
    text(status, Column::Summary)
}

/// What mends it in general; `sqljwt_refusal_remedy` says it for the login at hand.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sqljwt_reason_remedy(status: Status) -> *const c_char {
    text(status, Column::Remedy)
}

/// The section of the standard, or the setting of the database, that the rule comes from.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn sqljwt_reason_reference(status: Status) -> *const c_char {
    text(status, Column::Reference)
}

/// The name of a status as C text.
pub(crate) fn name(status: Status) -> &'static CStr {
    find(status, Column::Name)
}

#[derive(Clone, Copy)]
enum Column {
    Name,
    Check,
    Summary,
    Remedy,
    Reference,
}

const COLUMNS: usize = 5;

fn text(status: Status, column: Column) -> *const c_char {
    find(status, column).as_ptr()
}

fn find(status: Status, column: Column) -> &'static CStr {
    let known = ALL.binary_search_by_key(&status, |row| row.status).ok();
    let start = known.and_then(|row| STARTS.get(row)?.get(column as usize).copied());
    let rest = start.and_then(|start| TEXTS.get(start..));
    rest.and_then(|rest| CStr::from_bytes_until_nul(rest).ok()).unwrap_or(match column {
        Column::Name => c"unknown_status",
        Column::Summary => c"no status of this library has this number",
        Column::Check | Column::Remedy | Column::Reference => c"",
    })
}

const fn columns(row: &Row) -> [&'static str; COLUMNS] {
    [row.name, row.check, row.summary, row.remedy, row.reference]
}

/// Every text of the catalogue with a NUL behind it: Rust's own texts have none, and C needs static ones.
static TEXTS: [u8; LENGTH] = LAID_OUT.0;
/// Where in [`TEXTS`] each text starts.
static STARTS: [[usize; COLUMNS]; COUNT] = LAID_OUT.1;

const LENGTH: usize = {
    let (mut length, mut index) = (0, 0);
    while index < COUNT * COLUMNS {
        length += columns(&ALL[index / COLUMNS])[index % COLUMNS].len() + 1;
        index += 1;
    }
    length
};

const LAID_OUT: ([u8; LENGTH], [[usize; COLUMNS]; COUNT]) = {
    let (mut texts, mut starts) = ([0; LENGTH], [[0; COLUMNS]; COUNT]);
    let (mut end, mut index) = (0, 0);
    while index < COUNT * COLUMNS {
        let text = columns(&ALL[index / COLUMNS])[index % COLUMNS].as_bytes();
        starts[index / COLUMNS][index % COLUMNS] = end;
        let (_, rest) = texts.split_at_mut(end);
        let (place, _) = rest.split_at_mut(text.len());
        place.copy_from_slice(text);
        end += text.len() + 1;
        index += 1;
    }
    (texts, starts)
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_says_what_the_table_says() {
        for row in ALL {
            let told = [Column::Name, Column::Check, Column::Summary, Column::Remedy, Column::Reference]
                .map(|column| find(row.status, column).to_str().unwrap());
            assert_eq!(told, columns(&row), "{}", row.status);
        }
    }

    #[test]
    fn a_number_that_is_no_status_has_texts_too() {
        for number in [-1, 1, 999, 1000, 99_999, Status::MIN, Status::MAX] {
            assert_eq!(name(number), c"unknown_status");
            assert_eq!(find(number, Column::Remedy), c"");
        }
    }
}
