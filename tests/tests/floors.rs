//! The engine's files stand on floors, and nothing looks up: no file imports from a floor above its own, and no files import
//! each other in a ring, neither in the engine nor in what embeds it.

use std::{collections::BTreeSet, path::Path};

use sqljwt_conformance::{folder, imports::Imports};

/// The folders of `core/src` from the ground up; CONTRIBUTING.md says what lives on each.
const FLOORS: [&str; 8] = ["ground", "parsed", "answers", "rules", "judging", "telling", "asking", "doors"];

/// Every crate whose files are held to it.
const CRATES: [&str; 4] = ["core/src", "ffi/src", "python/src", "wasm/src"];

#[test]
fn no_file_imports_from_a_floor_above_its_own() {
    let imports = imports("core/src");
    let upward: Vec<_> = imports
        .all
        .iter()
        .filter(|((from, to), _)| from != "lib.rs" && floor(to) > floor(from))
        .map(|((from, to), line)| format!("core/src/{from}:{line}: the floor {} looks up to {to}", name(from)))
        .collect();
    assert!(upward.is_empty(), "{} imports run up:\n{}", upward.len(), upward.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_ring() {
    for source in CRATES {
        let imports = imports(source);
        let circles: Vec<_> = imports
            .circles()
            .iter()
            .map(|circle| format!("{} files:\n{}", circle.len(), ring(&imports, circle)))
            .collect();
        assert!(circles.is_empty(), "{source} has {} rings\n{}", circles.len(), circles.join("\n"));
    }
}

#[test]
fn a_mod_rs_is_a_table_of_contents() {
    let busy: Vec<_> = imports("core/src").busy.iter().map(|(file, line)| format!("core/src/{file}:{line}")).collect();
    assert!(busy.is_empty(), "these define something instead of naming the files that do:\n{}", busy.join("\n"));
}

#[test]
fn contributing_shows_the_floors_from_the_top() {
    let text = std::fs::read_to_string(folder().join("../CONTRIBUTING.md")).expect("it is there");
    let rows = text.lines().skip_while(|line| *line != "| floor | what lives there |").skip(2);
    let shown: Vec<_> = rows.map_while(|row| row.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(shown, FLOORS.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn whoever_wants_to_change_something_is_sent_to_files_that_exist() {
    let text = std::fs::read_to_string(folder().join("../CONTRIBUTING.md")).expect("it is there");
    let table =
        text.split("### To change X, open Y").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a table");
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    let mut sent = 0;
    for row in rows {
        let paths = row.split('`').skip(1).step_by(2).filter(|name| name.contains('/') && !name.contains(' '));
        for path in paths.filter(|path| !matches!(*path, "grammar/" | "backend/")) {
            assert!(folder().join("..").join(path).exists(), "{path}: {row}");
            sent += 1;
        }
    }
    assert!(sent >= 20, "{sent} files are named");
}

#[test]
fn every_file_stands_on_a_floor() {
    let folder = folder().join("../core/src");
    let names = std::fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("it can be read").file_name());
    let strangers: Vec<_> =
        names.filter(|name| name != "lib.rs" && !FLOORS.iter().any(|floor| name == floor)).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

fn imports(source: &str) -> Imports {
    Imports::of(&folder().join("..").join(source))
}

/// The floor of a file; the crate's root is the roof.
fn floor(file: &str) -> usize {
    FLOORS.iter().position(|floor| Path::new(file).starts_with(floor)).unwrap_or(FLOORS.len())
}

fn name(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

/// The imports inside a ring, one on a line.
fn ring(imports: &Imports, circle: &BTreeSet<&str>) -> String {
    let inside = |(from, to): &(String, String)| circle.contains(from.as_str()) && circle.contains(to.as_str());
    let lines = imports.all.iter().filter(|(pair, _)| inside(pair));
    lines.map(|((from, to), line)| format!("  {from}:{line} imports {to}\n")).collect()
}
