//! Do Python, TypeScript and the schema of the documents list the names that the engine knows? Written from its own tables, so that
//! a reason, a check or an algorithm is added in one place.

use std::{collections::BTreeSet, fmt::Write};

use serde::Serialize;
use sqljwt::{AdviceKind, Algorithm, Check, Decision, FetchFault, Outcome, Profile, ReasonCode};
use sqljwt_conformance::pinned;

/// A type that is a list of names.
struct Names {
    type_name: &'static str,
    about: &'static str,
    /// Around the list in the schema; codes stand there as a pattern.
    in_schema: Option<[&'static str; 2]>,
    names: Vec<String>,
}

fn all() -> [Names; 8] {
    let checks: BTreeSet<_> = ReasonCode::all().iter().map(|code| code.check()).collect();
    [
        Names {
            type_name: "Decision",
            about: "What was decided; only `accept` logs anybody in.",
            in_schema: Some(["\"decision\": { \"enum\": [", "]"]),
            names: written([Decision::Accept, Decision::Reject, Decision::KeysNeeded]),
        },
        Names {
            type_name: "Profile",
            about: "Whose rules decide: the engine's own, or the database's.",
            in_schema: Some(["\"profile\": { \"enum\": [", "]"]),
            names: written([Profile::Hardened.as_str(), Profile::Cockroachdb.as_str()]),
        },
        Names {
            type_name: "Check",
            about: "One step of the decision; a profile puts the steps in order, and the first that fails gives the reason.",
            in_schema: Some(["\"check\": {\n      \"enum\": [", "]"]),
            names: written(checks.into_iter().map(Check::as_str)),
        },
        Names {
            type_name: "Outcome",
            about: "How a check went.",
            in_schema: Some(["\"outcome\": { \"enum\": [", "]"]),
            names: written([Outcome::Pass, Outcome::Fail, Outcome::NotReached]),
        },
        Names {
            type_name: "AdviceKind",
            about: "What kind of thing an advice tells: what would fail next, what nearly fits, what deserves attention.",
            in_schema: Some(["\"kind\": { \"enum\": [", "]"]),
            names: written([AdviceKind::NextFailure, AdviceKind::NearMiss, AdviceKind::Warning]),
        },
        Names {
            type_name: "Algorithm",
            about: "A signature algorithm that the engine accepts; `EdDSA` and `Ed25519` are two names of one.",
            in_schema: Some(["\"algorithm\": { \"enum\": [", "]"]),
            names: written(Algorithm::all().iter().map(|algorithm| algorithm.as_str())),
        },
        Names {
            type_name: "FetchFault",
            about: "Why an issuer's keys could not be had, or are not used.",
            in_schema: None,
            names: written(FetchFault::all()),
        },
        Names {
            type_name: "ReasonCode",
            about: "The machine-readable name of a refusal: it never changes its meaning.",
            in_schema: None,
            names: written(ReasonCode::all().iter().map(|code| code.as_str())),
        },
    ]
}

/// The names as a document has them.
fn written(names: impl IntoIterator<Item = impl Serialize>) -> Vec<String> {
    names.into_iter().map(|name| serde_json::to_string(&name).expect("a name")).collect()
}

#[test]
fn python_lists_the_engines_names() {
    let mut text = String::from(PYTHON);
    for Names { type_name, about, names, .. } in all() {
        let mut list = format!("{type_name} = Literal[{}]", names.join(", "));
        if list.len() > LONGEST_LINE {
            list = format!("{type_name} = Literal[\n    {},\n]", names.join(",\n    "));
        }
        let about = about.replace('`', "``");
        write!(text, "\n{list}\n\"\"\"{about}\"\"\"\n").expect("a string takes everything");
    }
    pinned::holds("python/python/sqljwt/names.py", &text);
}

#[test]
fn typescript_lists_the_engines_names() {
    let mut text = String::from(TYPESCRIPT);
    for Names { type_name, about, names, .. } in all() {
        let mut union = format!("export type {type_name} = {};", names.join(" | "));
        if union.len() > LONGEST_LINE {
            union = format!("export type {type_name} =\n  | {};", names.join("\n  | "));
        }
        write!(text, "\n/** {about} */\n{union}\n").expect("a string takes everything");
    }
    pinned::holds("wasm/js/names.d.ts", &text);
}

#[test]
fn the_schema_lists_the_engines_names() {
    let path = "tests/wire.schema.json";
    let mut text = pinned::read(path);
    for Names { in_schema, names, .. } in all() {
        if let Some(around) = in_schema {
            text = pinned::with(&text, around, &names.join(", "));
        }
    }
    pinned::holds(path, &text);
}

/// A check without a reason would be in no list.
#[test]
fn every_check_that_decides_has_a_reason() {
    for check in [Profile::Hardened, Profile::Cockroachdb].iter().flat_map(|profile| profile.order()) {
        assert!(ReasonCode::all().iter().any(|code| code.check() == *check), "{check}");
    }
}

/// Beyond it, names stand one on a line.
const LONGEST_LINE: usize = 120;

const PYTHON: &str = "\
\"\"\"The names that the engine's documents use, as types.

Written from the engine's own tables by ``cargo xtask update``; ``tests/tests/names.rs`` has the words.
\"\"\"

from typing import Literal
";

const TYPESCRIPT: &str = "\
/**
 * The names that the engine's documents use, as types.
 *
 * Written from the engine's own tables by `cargo xtask update`; `tests/tests/names.rs` has the words.
 */
";
