//! What is this text, if it is no settings document? Files in which settings stand inside something else.

use crate::{ground::reason::ReasonCode, parsed::settings::error::SettingsError};

/// The error that names a text of another kind, if its first line tells.
pub(crate) fn named(text: &str) -> Option<SettingsError> {
    let mut at = 0;
    let first = text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        let significant = !line.trim().is_empty() && !is_comment(line.trim());
        significant.then(|| (line.trim(), start + line.len() - line.trim_start().len()))
    });
    let (line, at) = first?;
    let what = KINDS.iter().find(|(_, is_kind)| is_kind(line, text)).map(|(what, _)| *what)?;
    let message = alloc::format!("these are {what}, not settings");
    let remedy = "give the SQL alone, without what stands around it, or the settings as one JSON object";
    Some(SettingsError::new(ReasonCode::SettingsInvalid, message).at(text, at).with_remedy(remedy))
}

/// What it is, and whether the first line that says something is one of such a text.
type Kind = (&'static str, fn(&str, &str) -> bool);

const KINDS: [Kind; 6] = [
    ("shell commands", |line, _| is_shell(line)),
    ("lines of XML or HTML", |line, _| line.starts_with("<?") || line.starts_with("<!") || is_tag(line)),
    ("blocks of Terraform (HCL)", |line, _| is_block(line)),
    ("tasks of Ansible (YAML)", |line, text| {
        is_yaml(line) && ["hosts:", "tasks:", "ansible", "cockroachdb_"].iter().any(|word| text.contains(word))
    }),
    ("lines of YAML", |line, _| is_yaml(line)),
    ("lines of an ini or properties file", |line, _| is_section(line) || is_assignment(line)),
];

/// Comments of SQL, shells, YAML and ini files say nothing about what the file is; `#!` does.
fn is_comment(line: &str) -> bool {
    line.starts_with("--") && line != "---" || line.starts_with('#') && !line.starts_with("#!")
}

fn is_shell(line: &str) -> bool {
    let typed = line.strip_prefix("$ ").or_else(|| line.strip_prefix("& ")).unwrap_or(line);
    // `A=b command`: assignments may stand before a command.
    let mut words = typed.split_whitespace();
    let first = words.clone().next().unwrap_or_default();
    let command = words.find(|word| !is_assigned(word)).unwrap_or_default();
    let name = command.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    line.starts_with("#!")
        || line.starts_with("$ ")
        || COMMANDS.contains(&name)
        || first == "set" && typed.contains(" -")
        || first == "export" && typed.split_whitespace().nth(1).is_some_and(is_assigned)
        || ["<<EOF", "<<SQL", "<<'", "<<\"", "<<-", "<< EOF", "<< SQL"].iter().any(|mark| line.contains(mark))
}

/// Commands that people run a SQL shell by, or around one.
const COMMANDS: [&str; 18] = [
    "cockroach",
    "psql",
    "docker",
    "docker-compose",
    "podman",
    "kubectl",
    "oc",
    "sudo",
    "ssh",
    "cat",
    "echo",
    "printf",
    "bash",
    "sh",
    "curl",
    "cd",
    "source",
    "helm",
];

/// `NAME=value`, without a blank.
fn is_assigned(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| is_variable(name))
}

fn is_tag(line: &str) -> bool {
    line.starts_with('<') && line.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// `resource "cockroach_…" "…" {`.
fn is_block(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let kind = words.next().unwrap_or_default();
    ["resource", "provider", "variable", "locals", "module", "data", "terraform", "output"].contains(&kind)
        && line.ends_with('{')
}

/// `---`, `- name: …` or `key: value`.
fn is_yaml(line: &str) -> bool {
    let member = line.strip_prefix("- ").unwrap_or(line).trim_start();
    let key = member.split(':').next().unwrap_or_default().trim_matches(['"', '\'']);
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/'));
    let follows = member.split_once(':').is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with(' '));
    line == "---" || (is_key && follows)
}

fn is_section(line: &str) -> bool {
    let name = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')).unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ' ' | ':'))
}

/// `server.jwt_authentication.claim = email`.
fn is_assignment(line: &str) -> bool {
    let Some((name, _)) = line.split_once('=') else { return false };
    let name = name.trim_end_matches([' ', ':']).trim_matches('"');
    is_variable(&name.replace('.', "_"))
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_kinds_are_named() {
        for (text, what) in [
            ("cockroach sql --insecure -e \"SET CLUSTER SETTING a.b = 'c';\"", "shell commands"),
            ("#!/bin/sh\ncockroach sql", "shell commands"),
            ("# set up\n$ ./cockroach sql <<EOF\nSET CLUSTER SETTING a.b = 'c';\nEOF", "shell commands"),
            ("cat <<'SQL' | cockroach sql\nSET CLUSTER SETTING a.b = 'c';\nSQL", "shell commands"),
            ("export TOKEN=x\n", "shell commands"),
            ("URL=postgres://x psql -f a.sql", "shell commands"),
            ("/usr/local/bin/cockroach sql -f settings.sql", "shell commands"),
            ("psql -c \"SET CLUSTER SETTING a.b = 1\"", "shell commands"),
            ("kubectl exec -it c -- ./cockroach sql", "shell commands"),
            ("---\n- hosts: all\n  tasks: []", "tasks of Ansible"),
            ("- name: x\n  community.cockroachdb_query:\n    query: y", "tasks of Ansible"),
            ("server.jwt_authentication.claim: email\n", "YAML"),
            ("resource \"cockroach_cluster\" \"c\" {\n}", "HCL"),
            ("[settings]\na = b", "ini"),
            ("server.jwt_authentication.claim = email", "ini"),
            ("AUDIENCE=db\nISSUER=x", "ini"),
            ("\"server.jwt_authentication.claim\" = \"email\"", "ini"),
            ("set -euo pipefail\ncockroach sql", "shell commands"),
            ("C:\\cockroach\\cockroach.exe sql -f a.sql", "shell commands"),
            ("<table><tr>", "HTML"),
        ] {
            let error = named(text).unwrap_or_else(|| panic!("{text:?}"));
            assert!(error.message.contains(what), "{text:?}: {error}");
            assert!(error.position.is_some() && error.remedy.contains("SQL alone"), "{text:?}: {error}");
        }
        for text in [
            "",
            "EXPORT INTO CSV 'x' FROM TABLE t;",
            "SET CLUSTER SETTING a.b = 'c';",
            "-- cockroach sql\nSET x",
            "BEGIN;",
            "ALTER TENANT a SET CLUSTER SETTING b.c = 1",
            "variable,value",
            "root@h:1/d> SET a",
            "> SET a",
            "\\set a b",
        ] {
            assert!(named(text).is_none(), "{text:?}: {}", named(text).unwrap());
        }
    }
}
