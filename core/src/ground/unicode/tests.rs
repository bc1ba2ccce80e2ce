//! The tables are what libraries of the same version of Unicode say; `cargo xtask update` writes them.

extern crate std;

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use std::{fs, path::Path};

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};
use regex_syntax_unicode_15 as library;

use super::{
    class,
    classes::{ALIASES, GROUPS},
    holds, is_lowercase_letter, lower, other_cases,
    run::Side,
    short_name,
    tables::{
        cases::{LARGER_ORBITS, RUNS},
        properties::PROPERTIES,
    },
};

/// The version of all tables: the one of the Go release that builds the database.
const VERSION: (u8, u8, u8) = (15, 0, 0);

/// General categories by the names under which the tables have them.
const CATEGORIES: &str =
    "any ascii cc cf co ll lm lo lt lu mc me mn nd nl no pc pd pe pf pi po ps sc sk sm so zl zp zs";
/// Scripts by Unicode's names, as Go has them, but for `Unknown`, which Go has not.
pub(crate) const SCRIPTS: &str = "\
    Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki \
    Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee \
    Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan \
    Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi \
    Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited \
    Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi \
    Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian \
    Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui \
    Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari \
    Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic \
    Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage \
    Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan \
    Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri \
    Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh \
    Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square";

/// Whether Go (1.25 and 1.26) finds a script by its name: it looks for names with one capital and nothing between the
/// letters, and has kept Unicode's own names for keys.
pub(crate) fn is_found_by_go(script: &str) -> bool {
    !script.contains('_') && script.chars().filter(char::is_ascii_uppercase).count() == 1
}

/// The tables of classes by their names in the order of these.
fn known() -> Vec<String> {
    let scripts = SCRIPTS.split_ascii_whitespace().filter(|script| is_found_by_go(script)).map(str::to_ascii_lowercase);
    let mut names: Vec<String> = CATEGORIES.split(' ').map(String::from).chain(scripts).collect();
    names.sort_unstable();
    names
}

#[test]
fn every_library_has_the_tables_of_the_databases_version() {
    let (major, minor, _) = VERSION;
    assert_eq!(unicode_normalization::UNICODE_VERSION, VERSION);
    assert_eq!(unicode_case_mapping::UNICODE_VERSION, (major.into(), minor.into(), 0));
    // This library says it by the ages that it knows.
    let younger_than = |age: &str| {
        let mut assigned = of_pattern(r"\p{gc=Assigned}").unwrap();
        assigned.difference(&of_pattern(&format!(r"\p{{age={age}}}")).unwrap());
        assigned
    };
    assert_eq!(younger_than(&format!("{major}.{minor}")), ClassUnicode::empty());
    assert_ne!(younger_than("14.0"), ClassUnicode::empty());
    for younger in ["15.1", "16.0", "17.0"] {
        assert_eq!(of_pattern(&format!(r"\p{{age={younger}}}")), None, "{younger}");
    }
}

#[test]
fn properties_are_those_of_the_library() {
    let mut text = String::from(PROPERTIES_HEAD);
    for name in known() {
        text += &format!("    (\"{name}\", \"{}\"),\n", written(&of_library(&name).unwrap()));
    }
    text += "];\n";
    current("properties.rs", &text);
}

#[test]
fn every_name_means_what_it_means_to_the_library() {
    let others = GROUPS.iter().map(|(name, _)| *name).chain(ALIASES.iter().map(|(alias, _)| *alias));
    let strange = ["", "x", "cs", "surrogate", "unknown", "katakanaorhiragana", "latn", "zyyy", "grek", "garay"];
    for name in known().iter().map(|name| &**name).chain(others).chain(strange) {
        assert_eq!(class(short_name(name)), of_library(name), "{name}");
    }
}

#[test]
fn no_character_has_a_script_that_is_not_in_the_list() {
    let mut scripts = ClassUnicode::empty();
    for script in SCRIPTS.split_ascii_whitespace() {
        scripts.union(&of_pattern(&format!(r"\p{{sc={script}}}")).expect(script));
    }
    let mut rest = of_pattern(r"\p{gc=Assigned}").unwrap();
    rest.difference(&class("co").unwrap());
    rest.difference(&scripts);
    assert_eq!(rest, ClassUnicode::empty());
}

#[test]
fn cases_are_those_of_the_library() {
    let orbits = orbits();
    let mut text = String::from(CASES_HEAD);
    text += "pub(crate) const RUNS: &[Run] = &[\n";
    for (first, count, side) in runs(&orbits) {
        text += &format!("    Run {{ first: {}, count: {count}, side: {side} }},\n", escaped(&[first], '\''));
    }
    text += LARGER_HEAD;
    for (_, orbit) in orbits.iter().filter(|(first, orbit)| orbit.len() > 2 && orbit[0] == **first) {
        let (capital, mut small): (Vec<char>, Vec<char>) =
            orbit.iter().partition(|&&member| lower_of_library(member) != member);
        small.sort_by_key(|&member| lower_of_library(capital[0]) != member);
        text += &format!("    ({}, {}),\n", escaped(&small, '"'), escaped(&capital, '"'));
    }
    text += "];\n";
    current("cases.rs", &text);
}

#[test]
fn lower_case_letters_are_those_of_the_library() {
    let letters = of_pattern(r"\p{Ll}").unwrap();
    let letters: Vec<char> = letters.iter().flat_map(|range| range.start()..=range.end()).collect();
    let mut text = String::from(LETTERS_HEAD);
    let mut rest = letters.as_slice();
    while let [first, others @ ..] = rest {
        let step = others.first().map_or(1, |&next| u32::from(next) - u32::from(*first));
        // A letter far away begins a run of its own.
        let step = if step <= 2 { step } else { 1 };
        let goes_on = |&(at, letter): &(u32, &char)| u32::from(*letter) == u32::from(*first) + at * step;
        let count = (0..).zip(rest).take_while(goes_on).count();
        text += &format!("    ({}, {count}, {step}),\n", escaped(&[*first], '\''));
        rest = &rest[count..];
    }
    text += "];\n";
    current("letters.rs", &text);
}

#[test]
fn every_character_has_the_lower_case_and_is_the_letter_that_it_is_in_the_library() {
    let letters = of_pattern(r"\p{Ll}").unwrap();
    let is_letter = |character| letters.iter().any(|range| (range.start()..=range.end()).contains(&character));
    for character in '\0'..=char::MAX {
        assert_eq!(lower(character), lower_of_library(character), "{character:?}");
        if character < '\u{30000}' {
            assert_eq!(is_lowercase_letter(character), is_letter(character), "{character:?}");
        }
    }
    assert!(letters.iter().all(|range| range.end() < '\u{30000}'));
}

#[test]
fn no_orbit_has_two_lower_cases() {
    for (small, capital) in LARGER_ORBITS {
        let first = small.chars().next();
        assert!(capital.chars().all(|capital| Some(lower_of_library(capital)) == first), "{small:?} {capital:?}");
    }
    assert!(RUNS.iter().all(|run| !matches!(run.side, Side::InTurn) || run.count % 2 == 0));
}

#[test]
fn later_versions_of_unicode_change_nothing() {
    // Pairs that came with 15.1, 16 and 17: apart here, as in the database.
    for (capital, small) in [('\u{a7cb}', '\u{264}'), ('\u{a7ce}', '\u{a7cf}'), ('\u{1c89}', '\u{1c8a}')] {
        assert_eq!(lower(capital), capital);
        let orbit = closed(&ClassUnicode::new([ClassUnicodeRange::new(small, small)]));
        assert_eq!(orbit.ranges(), [ClassUnicodeRange::new(small, small)]);
    }
    for (one, other) in [('\u{390}', '\u{1fd3}'), ('\u{3b0}', '\u{1fe3}'), ('\u{fb05}', '\u{fb06}')] {
        let orbit = closed(&ClassUnicode::new([ClassUnicodeRange::new(one, one)]));
        assert!(!orbit.ranges().contains(&ClassUnicodeRange::new(other, other)));
    }
    assert!(is_lowercase_letter('\u{295}') && !is_lowercase_letter('\u{1c8a}'));
    let holds =
        |name, character| class(name).unwrap().ranges().iter().any(|r| (r.start()..=r.end()).contains(&character));
    assert!(holds("mn", '\u{1171e}') && !holds("mc", '\u{1171e}'));
}

#[test]
fn white_space_and_control_characters_are_what_the_compiler_says() {
    let (separators, controls) = (class("z").unwrap(), class("cc").unwrap());
    for character in '\0'..=char::MAX {
        let is_blank = holds(&separators, character) || matches!(character, '\t'..='\r' | '\u{85}');
        assert_eq!(character.is_whitespace(), is_blank, "{character:?}");
        assert_eq!(character.is_control(), holds(&controls, character), "{character:?}");
    }
}

#[test]
fn every_character_has_the_other_cases_that_it_has_in_the_library() {
    let orbits = orbits();
    for character in '\0'..=char::MAX {
        let alone = ClassUnicodeRange::new(character, character);
        let orbit = closed(&ClassUnicode::new([alone]));
        let found = orbit.iter().flat_map(|range| range.start()..=range.end()).collect::<Vec<char>>();
        assert_eq!(Some(&found), orbits.get(&character).or(Some(&Vec::from([character]))), "{character:?}");
    }
}

#[test]
fn every_class_has_the_other_cases_that_it_has_in_the_library() {
    let names = PROPERTIES.iter().map(|(name, _)| *name).chain(GROUPS.iter().map(|(name, _)| *name));
    for name in names {
        let class = class(name).unwrap();
        assert_eq!(closed(&class), closed_by_library(&class), "{name}");
    }
    // Ranges that begin and end at every place of the blocks with the most cases.
    for start in '\u{40}'..'\u{250}' {
        for end in start..'\u{250}' {
            let class = ClassUnicode::new([ClassUnicodeRange::new(start, end)]);
            assert_eq!(closed(&class), closed_by_library(&class), "{start:?} to {end:?}");
        }
    }
}

fn closed(class: &ClassUnicode) -> ClassUnicode {
    let mut ranges = class.ranges().to_vec();
    other_cases(class, &mut ranges);
    ClassUnicode::new(ranges)
}

fn closed_by_library(class: &ClassUnicode) -> ClassUnicode {
    let ranges = class.iter().map(|range| library::hir::ClassUnicodeRange::new(range.start(), range.end()));
    let mut class = library::hir::ClassUnicode::new(ranges);
    class.case_fold_simple();
    ours(&class)
}

fn ours(class: &library::hir::ClassUnicode) -> ClassUnicode {
    ClassUnicode::new(class.iter().map(|range| ClassUnicodeRange::new(range.start(), range.end())))
}

const PROPERTIES_HEAD: &str = "\
//! Which characters have a general category or a script, as `regex-syntax` 0.7.5 has it; written by `../tests.rs`.

/// The properties, in the order of their names, with their ranges. Scripts that Go cannot find by their names are not here.
#[rustfmt::skip]
pub(crate) const PROPERTIES: &[(&str, &str)] = &[
";
const CASES_HEAD: &str = "\
//! Which characters simple case folding puts together, as `regex-syntax` 0.7.5 has it, and which of them are capitals, as
//! `unicode-case-mapping` 0.5.0 has it; written by `../tests.rs`.

use super::super::run::{
    Run,
    Side::{Capital, InTurn, Small},
};

/// Characters that have one other case.
";
const LARGER_HEAD: &str = "];

/// Orbits of more than two: the small letters, of which the first is the lower case of all capitals, and the capitals.
pub(crate) const LARGER_ORBITS: &[(&str, &str)] = &[
";
const LETTERS_HEAD: &str = "\
//! Which characters are lower-case letters (general category Ll), as `regex-syntax` 0.7.5 has it; written by
//! `../tests.rs`.

/// Runs of letters: the first, how many, and how far on the next one lies.
pub(crate) const LOWERCASE: &[(char, u16, u8)] = &[
";

/// Holds a file of these tables against what it should be; or, for `cargo xtask update`, puts that into the folder it names.
pub(super) fn current(name: &str, wanted: &str) {
    if let Some(folder) = std::env::var_os("UPDATE_INTO") {
        let file = Path::new(&folder).join("core/src/ground/unicode/tables").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, wanted).unwrap();
        return;
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ground/unicode/tables").join(name);
    let committed = fs::read_to_string(file).unwrap_or_default();
    assert!(committed == wanted, "{name} is not what the library says: run `cargo xtask update`");
}

fn written(class: &ClassUnicode) -> String {
    let mut next = 0;
    let range = |range: &ClassUnicodeRange| {
        let (first, last) = (u32::from(range.start()), u32::from(range.end()));
        let gap = first - next;
        next = last + 1;
        if first == last { format!("{gap:x}") } else { format!("{gap:x}+{:x}", last - first) }
    };
    class.iter().map(range).collect::<Vec<_>>().join(" ")
}

fn escaped(characters: &[char], quote: char) -> String {
    let text: String = characters.iter().map(|character| format!("\\u{{{:x}}}", u32::from(*character))).collect();
    format!("{quote}{text}{quote}")
}

/// Characters with a second case, each with its whole orbit in order, as the library has them.
pub(crate) fn orbits() -> BTreeMap<char, Vec<char>> {
    let orbit = |character| {
        let class = closed_by_library(&ClassUnicode::new([ClassUnicodeRange::new(character, character)]));
        class.iter().flat_map(|range| range.start()..=range.end()).collect::<Vec<char>>()
    };
    ('\0'..=char::MAX).map(|character| (character, orbit(character))).filter(|(_, orbit)| orbit.len() > 1).collect()
}

/// The orbits of two as runs: the first, how many, and the side as it is written in the table.
fn runs(orbits: &BTreeMap<char, Vec<char>>) -> Vec<(char, usize, String)> {
    let pairs: BTreeMap<char, (i32, bool)> = orbits
        .iter()
        .filter(|(_, orbit)| orbit.len() == 2)
        .map(|(&one, orbit)| {
            let other = if orbit[0] == one { orbit[1] } else { orbit[0] };
            (one, (u32::from(other) as i32 - u32::from(one) as i32, lower_of_library(one) == other))
        })
        .collect();
    let of = |first: char, at: u32| char::from_u32(u32::from(first) + at).and_then(|next| pairs.get(&next).copied());
    let mut runs: Vec<(char, usize, String)> = Vec::new();
    for (&first, &(distance, is_capital)) in &pairs {
        if runs.last().is_some_and(|&(before, count, _)| u32::from(first) < u32::from(before) + count as u32) {
            continue;
        }
        let in_turn = |&at: &u32| of(first, at) == Some(if at.is_multiple_of(2) { (1, true) } else { (-1, false) });
        let alike = |&at: &u32| of(first, at) == Some((distance, is_capital));
        runs.push(match (distance, is_capital) {
            (1, true) => (first, (0..).take_while(in_turn).count() & !1, String::from("InTurn")),
            (_, true) => (first, (0..).take_while(alike).count(), format!("Capital({distance})")),
            (_, false) => (first, (0..).take_while(alike).count(), format!("Small({distance})")),
        });
    }
    runs
}

/// Simple lower case; the library writes the whole one, which differs only by the mark that `İ` leaves.
fn lower_of_library(character: char) -> char {
    match unicode_case_mapping::to_lowercase(character) {
        [0, _] => character,
        [lower, 0] => char::from_u32(lower).unwrap(),
        [lower, mark] => {
            assert_eq!((character, mark), ('İ', 0x307));
            char::from_u32(lower).unwrap()
        }
    }
}

fn of_library(name: &str) -> Option<ClassUnicode> {
    let script = || SCRIPTS.split_ascii_whitespace().any(|script| script.eq_ignore_ascii_case(name));
    of_pattern(&format!("\\p{{gc={name}}}")).or_else(|| of_pattern(&format!("\\p{{sc={name}}}")).filter(|_| script()))
}

fn of_pattern(pattern: &str) -> Option<ClassUnicode> {
    use library::hir::{Class, HirKind};
    match library::parse(pattern).ok()?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(ours(&class)),
        // A class of one character is a literal to the library.
        HirKind::Literal(text) => {
            let character = core::str::from_utf8(&text.0).ok()?.chars().next()?;
            Some(ClassUnicode::new([ClassUnicodeRange::new(character, character)]))
        }
        _ => None,
    }
}
