//! The tables are what `regex-syntax` says; `UPDATE=1 cargo test -p sqljwt unicode` writes them.

extern crate std;

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use std::{fs, path::Path};

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::{ALIASES, GROUPS, PROPERTIES, class, other_cases};

/// General categories by the names under which the tables have them.
const CATEGORIES: &str =
    "any ascii cc cf co ll lm lo lt lu mc me mn nd nl no pc pd pe pf pi po ps sc sk sm so zl zp zs";
const SCRIPTS: &str = "\
    adlam ahom anatolianhieroglyphs arabic armenian avestan balinese bamum bassavah batak bengali bhaiksuki bopomofo \
    brahmi braille buginese buhid canadianaboriginal carian caucasianalbanian chakma cham cherokee chorasmian common \
    coptic cuneiform cypriot cyprominoan cyrillic deseret devanagari divesakuru dogra duployan egyptianhieroglyphs \
    elbasan elymaic ethiopic garay georgian glagolitic gothic grantha greek gujarati gunjalagondi gurmukhi \
    gurungkhema han hangul hanifirohingya hanunoo hatran hebrew hiragana imperialaramaic inherited \
    inscriptionalpahlavi inscriptionalparthian javanese kaithi kannada katakana kawi kayahli kharoshthi \
    khitansmallscript khmer khojki khudawadi kiratrai lao latin lepcha limbu lineara linearb lisu lycian lydian \
    mahajani makasar malayalam mandaic manichaean marchen masaramgondi medefaidrin meeteimayek mendekikakui \
    meroiticcursive meroitichieroglyphs miao modi mongolian mro multani myanmar nabataean nagmundari nandinagari \
    newa newtailue nko nushu nyiakengpuachuehmong ogham olchiki oldhungarian olditalic oldnortharabian oldpermic \
    oldpersian oldsogdian oldsoutharabian oldturkic olduyghur olonal oriya osage osmanya pahawhhmong palmyrene \
    paucinhau phagspa phoenician psalterpahlavi rejang runic samaritan saurashtra sharada shavian siddham \
    signwriting sinhala sogdian sorasompeng soyombo sundanese sunuwar sylotinagri syriac tagalog tagbanwa taile \
    taitham taiviet takri tamil tangsa tangut telugu thaana thai tibetan tifinagh tirhuta todhri toto tulutigalari \
    ugaritic vai vithkuqi wancho warangciti yezidi yi zanabazarsquare";

#[test]
fn properties_are_those_of_the_library() {
    let mut names: Vec<&str> = CATEGORIES.split(' ').chain(SCRIPTS.split(' ')).collect();
    names.sort_unstable();
    let mut text = String::from(PROPERTIES_HEAD);
    for name in names {
        text += &format!("    (\"{name}\", \"{}\"),\n", written(&of_library(name).unwrap()));
    }
    text += "];\n";
    current("properties.rs", &text);
}

#[test]
fn every_name_means_what_it_means_to_the_library() {
    let known = CATEGORIES.split(' ').chain(SCRIPTS.split(' '));
    let others = GROUPS.iter().map(|(name, _)| *name).chain(ALIASES.iter().map(|(alias, _)| *alias));
    let strange = ["", "x", "cs", "surrogate", "unknown", "katakanaorhiragana", "latn", "zyyy", "grek"];
    for name in known.chain(others).chain(strange) {
        assert_eq!(class(name), of_library(name), "{name}");
    }
}

#[test]
fn no_character_has_a_script_that_has_no_line() {
    let mut scripts = ClassUnicode::empty();
    SCRIPTS.split(' ').filter_map(of_library).for_each(|class| scripts.union(&class));
    let mut rest = library(r"[\p{gc=Assigned}--\p{gc=Co}]").unwrap();
    rest.difference(&scripts);
    assert_eq!(rest, ClassUnicode::empty());
}

#[test]
fn cases_are_those_of_the_library() {
    let orbits = orbits();
    let larger: Vec<String> = orbits
        .iter()
        .filter(|(first, orbit)| orbit.len() > 2 && orbit[0] == **first)
        .map(|(_, orbit)| orbit.iter().collect())
        .collect();
    let pairs: BTreeMap<char, char> = orbits
        .iter()
        .filter(|(_, orbit)| orbit.len() == 2)
        .map(|(&one, orbit)| (one, if orbit[0] == one { orbit[1] } else { orbit[0] }))
        .collect();
    let mut text = String::from(CASES_HEAD);
    text += "pub(super) const RUNS: &[(char, u16, i32)] = &[\n";
    for (first, count, distance) in runs(&pairs) {
        text += &format!("    ('\\u{{{:x}}}', {count}, {distance}),\n", u32::from(first));
    }
    text += "];\n\n/// Orbits of more than two.\npub(super) const LARGER_ORBITS: &[&str] = &[\n";
    for orbit in larger {
        text += &format!(
            "    \"{}\",\n",
            orbit.chars().map(|member| format!("\\u{{{:x}}}", u32::from(member))).collect::<String>()
        );
    }
    text += "];\n";
    current("cases.rs", &text);
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
        let mut library = class(name).unwrap();
        let ours = closed(&library);
        library.case_fold_simple();
        assert_eq!(ours, library, "{name}");
    }
    // Ranges that begin and end at every place of the blocks with the most cases.
    for start in '\u{40}'..'\u{250}' {
        for end in start..'\u{250}' {
            let mut library = ClassUnicode::new([ClassUnicodeRange::new(start, end)]);
            let ours = closed(&library);
            library.case_fold_simple();
            assert_eq!(ours, library, "{start:?} to {end:?}");
        }
    }
}

fn closed(class: &ClassUnicode) -> ClassUnicode {
    let mut ranges = class.ranges().to_vec();
    other_cases(class, &mut ranges);
    ClassUnicode::new(ranges)
}

const PROPERTIES_HEAD: &str = "\
//! Which characters have a general category or a script, as `regex-syntax` has it; written by the tests beside it.

/// The properties, in the order of their names, with their ranges.
#[rustfmt::skip]
pub(super) const PROPERTIES: &[(&str, &str)] = &[
";
const CASES_HEAD: &str = "\
//! Which characters simple case folding puts together, as `regex-syntax` has it; written by the tests beside it.

/// Runs of characters that have one other case: the first, how many, and how far on the other one lies; 0 where upper
/// and lower case stand in turn.
";

/// What of a file of these tables should be, written where `UPDATE` asks for it.
fn current(name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/identity_map/unicode").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == wanted,
        "{name} is not what the library says; `UPDATE=1 cargo test -p sqljwt unicode` writes it"
    );
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

/// Characters with a second case, each with its whole orbit in order.
fn orbits() -> BTreeMap<char, Vec<char>> {
    let orbit = |character| {
        let mut class = ClassUnicode::new([ClassUnicodeRange::new(character, character)]);
        class.case_fold_simple();
        class.iter().flat_map(|range| range.start()..=range.end()).collect::<Vec<char>>()
    };
    ('\0'..=char::MAX).map(|character| (character, orbit(character))).filter(|(_, orbit)| orbit.len() > 1).collect()
}

fn runs(pairs: &BTreeMap<char, char>) -> Vec<(char, u16, i32)> {
    let next = |character: char, by: u32| char::from_u32(u32::from(character) + by);
    let distance = |one: char| pairs.get(&one).map(|&other| u32::from(other) as i32 - u32::from(one) as i32);
    let mut runs: Vec<(char, u16, i32)> = Vec::new();
    for &character in pairs.keys() {
        if runs.last().is_some_and(|&(first, count, _)| u32::from(character) < u32::from(first) + u32::from(count)) {
            continue;
        }
        let turn = |at: u32| next(character, at).and_then(distance) == Some(if at.is_multiple_of(2) { 1 } else { -1 });
        let far = distance(character).unwrap();
        let (same, distance) = match far {
            1 => ((0..).take_while(|&at| turn(at)).count() & !1, 0),
            far => ((0..).take_while(|&at| next(character, at).and_then(distance) == Some(far)).count(), far),
        };
        runs.push((character, same.try_into().unwrap(), distance));
    }
    runs
}

fn of_library(name: &str) -> Option<ClassUnicode> {
    library(&format!("\\p{{gc={name}}}"))
        .or_else(|| library(&format!("\\p{{sc={name}}}")).filter(|_| SCRIPTS.split(' ').any(|known| known == name)))
}

fn library(pattern: &str) -> Option<ClassUnicode> {
    match regex_syntax::parse(pattern).ok()?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        // A class of one character is a literal to the library.
        HirKind::Literal(text) => {
            let character = core::str::from_utf8(&text.0).ok()?.chars().next()?;
            Some(ClassUnicode::new([ClassUnicodeRange::new(character, character)]))
        }
        _ => None,
    }
}
