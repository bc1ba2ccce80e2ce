//! Does a table stand below the prompt at which it was asked for? It is named, not read: a place in it has to be one in the
//! document.

use super::read::begins;
use crate::{
    ground::text::shown,
    parsed::settings::{error::SettingsError, forms::sql::session},
};

/// The error that says which lines to leave out.
pub(crate) fn named(text: &str) -> Option<SettingsError> {
    let mut rest = text.trim_start();
    let mut count = text.get(..text.len() - rest.len())?.matches('\n').count();
    let (first, mut at_prompt) = (rest.lines().next()?, false);
    loop {
        let line = rest.lines().next()?;
        let command = session::prompt(line);
        let is_asked = line.trim_start().to_ascii_uppercase().starts_with("SHOW ") && line.trim_end().ends_with(';');
        let goes_on = at_prompt && line.trim_start().starts_with("->");
        if !(command.is_some() || is_asked || goes_on || line.trim().is_empty()) {
            break;
        }
        at_prompt |= command.is_some() || is_asked;
        count += 1;
        rest = rest.split_once('\n')?.1;
    }
    if !at_prompt || !begins(rest.trim_start()) {
        return None;
    }
    let what = if session::prompt(first).is_some() { "a shell's prompt" } else { "a statement" };
    let lines = if count == 1 { "line 1".into() } else { alloc::format!("lines 1 to {count}") };
    let message = alloc::format!("{what}, `{}`, stands above what SHOW CLUSTER SETTINGS prints", shown(first.trim()));
    let error = SettingsError::misformed(text, text.len() - text.trim_start().len(), message);
    Some(error.with_remedy(alloc::format!("leave out {lines}: begin with the header of the table")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_above_a_table_are_named() {
        const TABLE: &str = "variable\tvalue\nserver.jwt_authentication.claim\temail\n";
        for (above, lines) in [
            ("root@localhost:26257/defaultdb> SHOW CLUSTER SETTINGS;\n", "line 1"),
            ("root@localhost:26257/defaultdb> SHOW CLUSTER SETTINGS;\n\n", "lines 1 to 2"),
            ("defaultdb=> SHOW CLUSTER SETTINGS;\n", "line 1"),
            ("> SHOW CLUSTER SETTINGS;\n", "line 1"),
            ("SHOW CLUSTER SETTINGS;\n", "line 1"),
            ("\nroot@[::1]:26257/defaultdb> SHOW ALL CLUSTER SETTINGS;\n", "lines 1 to 2"),
        ] {
            let error = named(&alloc::format!("{above}{TABLE}")).unwrap_or_else(|| panic!("{above}"));
            assert!(error.remedy.contains(lines), "{above}: {}", error.remedy);
        }
        for text in
            [TABLE, "> SET CLUSTER SETTING a.b = 'c';", "SHOW CLUSTER SETTINGS;\nSET CLUSTER SETTING a.b = 'c';", ""]
        {
            assert!(named(text).is_none(), "{text}");
        }
    }
}
