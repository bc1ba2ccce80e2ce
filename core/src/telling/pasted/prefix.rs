//! What was written before a text that holds no token? `Bearer `, a header's name, an assignment: what comes after may be told.

use alloc::format;

use super::layer::{Layer, Under};
use crate::ground::text::shown;

/// The text without it.
pub(super) fn strip(text: &str) -> Option<Under> {
    for word in ["Bearer ", "Basic ", "Token ", "SSWS ", "JWT "] {
        if let Some((start, rest)) = text.split_at_checked(word.len())
            && start.eq_ignore_ascii_case(word)
        {
            let word = word.trim_end();
            return Some(Under::text(
                Layer::new(format!("`{word}` stands before it"), format!("remove `{word}`")),
                rest.trim(),
            ));
        }
    }
    let start = text
        .strip_prefix("export ")
        .or_else(|| text.strip_prefix("set "))
        .or_else(|| text.strip_prefix("$env:"))
        .unwrap_or(text);
    let at = start.find(['=', ':'])?;
    let (name, rest) = start.split_at_checked(at)?;
    let sign = rest.get(..1)?;
    let value = rest.get(1..)?.trim_matches([' ', '"', '\'']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name = name.trim().trim_matches(['"', '\'']);
    if name.is_empty()
        || name.len() > NAME_BYTES_MAX
        || !name.chars().all(is_name)
        || value.is_empty()
        || value.starts_with("//")
    {
        return None;
    }
    let before = format!("`{}{sign}`", shown(name));
    Some(Under::text(
        Layer::new(format!("{before} stands before it"), format!("send only what stands after {before}")),
        value,
    ))
}

/// The longest name that is shown.
const NAME_BYTES_MAX: usize = 24;
