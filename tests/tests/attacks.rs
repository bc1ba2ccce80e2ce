//! Is every entry of the catalogue of attacks, `ATTACKS.md`, held by a vector or a test that exists?

use std::{collections::BTreeSet, fs};

use sqljwt_conformance::{folder, signatures, vectors};

/// How many entries the catalogue has. Numbers are never given out again: vectors cite them.
const ENTRIES: u32 = 116;

#[test]
fn every_entry_is_held_by_something_that_exists() {
    let vectors: BTreeSet<String> = vectors()
        .into_iter()
        .map(|vector| vector.row.id)
        .chain(signatures().into_iter().map(|vector| vector.id))
        .collect();
    let entries = entries();
    let numbers: Vec<_> = entries.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=ENTRIES).collect::<Vec<_>>(), "the entries are numbered from 1 in order");
    for (number, holders) in &entries {
        assert!(!holders.is_empty(), "attack {number} is held by nothing");
        for holder in holders {
            assert!(vectors.contains(holder) || is_test(holder), "attack {number}: there is no `{holder}`");
        }
    }
}

#[test]
fn vectors_cite_entries_that_exist() {
    for vector in vectors() {
        for cited in vector.row.cites.iter().filter_map(|case| case.strip_prefix("attack ")) {
            let number = cited.parse::<u32>();
            assert!(number.is_ok_and(|number| (1..=ENTRIES).contains(&number)), "{}: attack {cited}", vector.row.id);
        }
    }
}

/// The number of each entry, and the names in its last column.
fn entries() -> Vec<(u32, Vec<String>)> {
    let text = fs::read_to_string(folder().join("ATTACKS.md")).expect("the catalogue");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.filter_map(|row| {
        let (number, rest) = row.split_once(" | ")?;
        let (_, holders) = rest.rsplit_once(" | ")?;
        let names = holders.split('`').skip(1).step_by(2).map(Into::into).collect();
        Some((number.parse().ok()?, names))
    })
    .collect()
}

/// Whether the name is that of a test, `file::name` with the file's path in the repository.
fn is_test(name: &str) -> bool {
    name.split_once("::").is_some_and(|(file, test)| {
        let text = fs::read_to_string(folder().join("..").join(file)).unwrap_or_default();
        text.contains(&format!("#[test]\nfn {test}()"))
    })
}
