//! Do all ways to write a character in a map say the same about case? For every character that has another case, and
//! every member of its orbit, as the library has them that the tables are held against.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{Dialect, IdentityMap, near_miss::Change};
use crate::ground::{unicode::tests::orbits, work::Work};

/// How a pattern can write a character, and whether that then matches another character, where case does not matter.
struct Atom {
    write: fn(char) -> String,
    matches: fn(Pair) -> bool,
}

/// A character of a pattern and one of a principal.
#[derive(Clone, Copy)]
struct Pair {
    same: bool,
    of_one_orbit: bool,
}

const ATOMS: [Atom; 12] = [
    Atom { write: |c| c.to_string(), matches: |pair| pair.of_one_orbit },
    Atom { write: |c| format!("(?i:{c})"), matches: |pair| pair.of_one_orbit },
    Atom { write: |c| format!("({c})"), matches: |pair| pair.of_one_orbit },
    Atom { write: |c| format!("[{c}]"), matches: |pair| pair.of_one_orbit },
    Atom { write: |c| format!("[{c}-{c}]"), matches: |pair| pair.of_one_orbit },
    Atom { write: |c| format!("[^{c}]"), matches: |pair| !pair.of_one_orbit },
    Atom { write: |c| format!(r"\Q{c}\E"), matches: |pair| pair.of_one_orbit },
    Atom { write: |c| format!(r"\x{{{:x}}}", u32::from(c)), matches: |pair| pair.of_one_orbit },
    Atom { write: |c| format!("(?:{c}|7)"), matches: |pair| pair.of_one_orbit },
    Atom { write: |c| format!("(?-i:{c})"), matches: |pair| pair.same },
    Atom { write: |c| format!("(?-i:[^{c}])"), matches: |pair| !pair.same },
    Atom { write: |c| format!(r"(?-i:\Q{c}\E)"), matches: |pair| pair.same },
];

/// Where the character stands: in the pattern, and in the principal that fits.
const PLACES: [(&str, &str); 6] = [
    ("^@$", "@"),
    ("^@cd$", "@cd"),
    ("^ab@cd$", "ab@cd"),
    ("^ab@$", "ab@"),
    ("^a(?:@){1,3}b$", "a@@b"),
    ("^@*?b+$", "@@bb"),
];

#[test]
fn every_way_to_write_a_character_has_its_orbit() {
    let orbits = orbits();
    assert!(orbits.len() > 2_800, "{}", orbits.len());
    for (index, (&character, orbit)) in orbits.iter().enumerate() {
        // Each character in two of the places, and in each of them in every way.
        let places = [PLACES[0], PLACES[1 + index % (PLACES.len() - 1)]];
        let outsider = if orbit.contains(&'q') { 'z' } else { 'q' };
        let members: Vec<char> = orbit.iter().copied().chain([outsider]).collect();
        compare(character, &places, &members, true);
        compare(character, &places, &members, false);
    }
}

/// Holds a map of all ways to write the character against what they should match.
fn compare(character: char, places: &[(&str, &str)], members: &[char], of_database: bool) {
    let dialect = if of_database { Dialect::COCKROACHDB } else { Dialect::STRICT };
    // In the other dialect case matters until the pattern says otherwise.
    let flag = if of_database { "" } else { "(?i)" };
    let mut lines = String::new();
    for (place, (pattern, principal)) in places.iter().enumerate() {
        for (way, atom) in ATOMS.iter().enumerate() {
            lines += &format!("i /{flag}{} u{place}.{way}\n", pattern.replace('@', &(atom.write)(character)));
        }
        lines += &format!("i {} literal{place}\n", principal.replace('@', &character.to_string()));
    }
    let map = IdentityMap::parse(&lines, dialect).unwrap();
    let rules = map.lines_for("i").unwrap();
    let orbit = members.split_last().unwrap().1;
    for &member in members {
        let pair = Pair { same: member == character, of_one_orbit: orbit.contains(&member) };
        for (place, (_, principal)) in places.iter().enumerate() {
            let principal = principal.replace('@', &member.to_string());
            let users: Vec<String> = rules.users_once(&principal).into_iter().map(|mapped| mapped.user).collect();
            for (way, atom) in ATOMS.iter().enumerate() {
                let matched = users.contains(&format!("u{place}.{way}"));
                assert_eq!(matched, (atom.matches)(pair), "{character:?} {principal:?} way {way}:\n{lines}");
            }
            let matched = users.contains(&format!("literal{place}"));
            assert_eq!(matched, if of_database { pair.of_one_orbit } else { pair.same }, "{principal:?}:\n{lines}");
        }
    }
}

#[test]
fn the_other_case_of_every_character_is_a_near_miss() {
    let dialect = Dialect::STRICT;
    for (character, orbit) in orbits() {
        let map = IdentityMap::parse(&format!("i /^a{character}b$ u\ni a{character}b u"), dialect).unwrap();
        let rules = map.lines_for("i").unwrap();
        for member in orbit.iter().filter(|&&member| member != character) {
            let (principal, work) = (format!("a{member}b"), Work::of(u64::MAX));
            let misses: Vec<_> = rules.near_misses(&principal, &work).map(|miss| miss.change).collect();
            assert_eq!(misses, [Change::Case, Change::Case], "{character:?} {member:?}");
        }
    }
}
