//! Whose rules does this document ask for, although it cannot be read?
//!
//! The answer only decides how the fault is told; a document that can be read says it itself.

use crate::ground::profile::Profile;

const NAME: &str = "engine.profile";

/// More mentions are not looked at, nor more characters before each: hostile documents cost no more than others.
const MENTIONS_MAX: usize = 1000;
const LOOKED_BACK: usize = 100;

/// The profile that the last mention of the option states, in whatever form the document has.
pub(crate) fn find(text: &str) -> Profile {
    let mut mentions = text.rmatch_indices(NAME).take(MENTIONS_MAX);
    let stated = mentions.find(|&(at, _)| !is_part_of_a_name(text, at) && !is_commented_out(text, at));
    let stated = stated.and_then(|(at, _)| {
        let (line, after) = (line_before(text, at), text.get(at + NAME.len()..)?);
        if line.to_ascii_uppercase().contains("RESET") { None } else { value(after)?.parse().ok() }
    });
    stated.unwrap_or_default()
}

/// The word after the name: behind quotes, a separator (`:`, `=`, `TO`, `,`, `|`, a tab) and quotes again.
fn value(text: &str) -> Option<&str> {
    const AROUND: [char; 10] = [' ', '\t', '"', '\'', ':', '=', ',', '|', '$', '\\'];
    let text = text.trim_start_matches(AROUND);
    let text = text.strip_prefix("TO ").or_else(|| text.strip_prefix("to ")).unwrap_or(text).trim_start_matches(AROUND);
    let text = text.strip_prefix("e'").or_else(|| text.strip_prefix("E'")).unwrap_or(text);
    text.split(|c: char| !c.is_ascii_lowercase()).next()
}

fn is_part_of_a_name(text: &str, at: usize) -> bool {
    let continues = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    text.get(..at).is_some_and(|before| before.ends_with(continues))
        || text.get(at + NAME.len()..).is_some_and(|after| after.starts_with(continues))
}

/// Whether the name stands in a comment that is none of the engine's.
fn is_commented_out(text: &str, at: usize) -> bool {
    line_before(text, at).rsplit_once("--").is_some_and(|(_, comment)| !comment.trim().starts_with("sqljwt:"))
}

/// The end of what stands before that place in its line.
fn line_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let near = before.char_indices().rev().take(LOOKED_BACK).take_while(|(_, character)| *character != '\n');
    near.last().and_then(|(start, _)| before.get(start..)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_document_states_it() {
        for text in [
            r#"{"engine.profile": "cockroachdb", "#,
            r#"{"engine.profile":"cockroachdb"}"#,
            "SET CLUSTER SETTING engine.profile = 'cockroachdb'",
            "set cluster setting \"engine.profile\" to $$cockroachdb$$;",
            "SET CLUSTER SETTING engine.profile := e'cockroachdb';",
            "x -- sqljwt: engine.profile = \"cockroachdb\"\n",
            "--sqljwt:engine.profile=\"cockroachdb\"",
            "engine.profile\tcockroachdb",
            " engine.profile   | cockroachdb ",
            "\"engine.profile\",\"cockroachdb\"",
        ] {
            assert_eq!(find(text), Profile::Cockroachdb, "{text}");
        }
    }

    #[test]
    fn the_last_word_counts_and_comments_do_not() {
        let set = |value: &str| alloc::format!("SET CLUSTER SETTING engine.profile = '{value}';\n");
        assert_eq!(find(&(set("cockroachdb") + &set("hardened"))), Profile::Hardened);
        assert_eq!(find(&(set("cockroachdb") + "RESET CLUSTER SETTING engine.profile;")), Profile::Hardened);
        assert_eq!(find(&(set("cockroachdb") + "-- engine.profile was 'hardened'")), Profile::Cockroachdb);
        for text in
            ["", "-- engine.profile = cockroachdb", "engine.profiles = cockroachdb", "x.engine.profile = 'cockroachdb'"]
        {
            assert_eq!(find(text), Profile::Hardened, "{text}");
        }
        assert_eq!(find("engine.profile = 'soft'"), Profile::Hardened);
    }
}
