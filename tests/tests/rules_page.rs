//! `docs/src/lint.md`, for who meets a rule in an answer: the table of all rules in `core/src/asking/lint/rule.rs`.

use std::fmt::Write;

use sqljwt::advisor::{self, Severity};
use sqljwt_conformance::pinned;

const PAGE: &str = "docs/src/lint.md";
const MARK: &str = "<!-- The rest is written from core/src/asking/lint/rule.rs by `cargo xtask update`. -->\n";

#[test]
fn lint_md_lists_every_rule() {
    let page = pinned::read(PAGE);
    let places: Vec<_> = page.match_indices(MARK).map(|(at, mark)| at + mark.len()).collect();
    let [start] = places[..] else { panic!("{PAGE} has to have once: {MARK}") };
    pinned::holds(PAGE, &format!("{}{}", &page[..start], tables()));
}

fn tables() -> String {
    let mut tables = String::new();
    let all = advisor::rules().rules;
    for (severity, heading) in [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Note, "Notes")]
    {
        let rows: Vec<_> = all.iter().filter(|row| row.severity == severity).collect();
        write!(
            tables,
            "\n### {heading}: {}\n\n| rule | what it finds | why that matters |\n|---|---|---|\n",
            rows.len()
        )
        .expect("a string takes everything");
        for row in rows {
            writeln!(tables, "| `{}` | {} | {} |", row.rule.as_str(), cell(row.title), cell(row.why))
                .expect("a string takes everything");
        }
    }
    tables
}

/// The text in a table, where a bar ends a cell also between back-ticks.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
