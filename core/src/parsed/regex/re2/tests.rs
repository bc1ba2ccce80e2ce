use alloc::{format, string::String, vec::Vec};

use regex_syntax::hir::{Class, HirKind};
use regex_syntax_unicode_15 as library;

use super::{Reading, parse};
use crate::{
    ground::{
        limits::REGEX_DEPTH_MAX,
        unicode::tests::{SCRIPTS, is_found_by_go},
        work::Work,
    },
    parsed::regex::Program,
};

fn find<'t>(pattern: &str, text: &'t str) -> Option<Option<&'t str>> {
    let regex = parse(pattern, Reading::default()).unwrap_or_else(|error| panic!("{pattern}: {}", error.describe()));
    Program::compile(&regex.tree).unwrap().find(text, &Work::of(u64::MAX)).unwrap()
}

fn refusal(pattern: &str) -> String {
    parse(pattern, Reading::default()).expect_err(pattern).describe()
}

#[test]
fn patterns_match_what_they_match_in_go() {
    for (pattern, yes, no) in [
        ("", &["", "a"][..], &[][..]),
        ("^a.c$", &["abc", "aéc", "a\rc"], &["a\nc", "abbc", "abc\n"]),
        ("(?s)^a.c$", &["a\nc"], &[]),
        ("(?m)^a$", &["b\na\nc"], &["ba"]),
        (r"(?m)\Aa\z", &["a"], &["b\na"]),
        (r"^\d+$", &["0123"], &["٣"]),
        (r"^\w+$", &["aZ_9"], &["é", "\u{17f}", "-"]),
        (r"^(?i)\w+$", &["a\u{17f}\u{212a}"], &["é"]),
        (r"^(?i)\W$", &["é"], &["k", "\u{212a}", "\u{17f}"]),
        (r"^\s$", &[" ", "\t", "\r", "\n", "\x0c"], &["\x0b", "\u{a0}"]),
        (r"^[[:space:]]$", &["\x0b", " "], &["\u{a0}"]),
        (r"^\S\D\W$", &["aa-"], &["a1-"]),
        (r"\bfoo\b", &["a foo b", "éfoo"], &["afoo", "foo1"]),
        (r"\B", &["é", "ab", ""], &["aéa", "a"]),
        (r"^[a&&b]+$", &["a&b"], &["c"]),
        (r"^[+--b]+$", &["+,-b"], &["."]),
        (r"^[a~~b[]+$", &["a~b["], &["c"]),
        (r"^[]a]+$", &["]a"], &["["]),
        (r"^[^]a]$", &["b", "\n"], &["]", "a"]),
        (r"^[a-]+$", &["a-"], &["b"]),
        (r"^[-a]+$", &["a-"], &["b"]),
        (r"^[a-c-e]+$", &["abc-e"], &["d"]),
        (r"^[\d\-x]+$", &["1-x"], &["y"]),
        (r"^[[:^alpha:]]$", &["1", "é"], &["a"]),
        (r"^[[:word:][:punct:]]+$", &["a_!~"], &[" "]),
        (r"^[[:foo]$", &["[", ":", "f", "o"], &["x"]),
        (r"^\Qa.b\E+$", &["a.b", "a.bb"], &["axb"]),
        (r"^\Qa.b", &["a.b"], &["axb"]),
        (r"^\101\x42\x{212a}\0$", &["AB\u{212a}\0"], &[]),
        (r"^\a\f\t\n\r\v\.\-\_$", &["\x07\x0c\t\n\r\x0b.-_"], &[]),
        (r"^\pN+$", &["1٣Ⅷ"], &["a"]),
        (r"^\p{Greek}$", &["α"], &["a"]),
        (r"^\p{^Greek}\P{greek}$", &["ab"], &["αb"]),
        (r"^\p{Lu}\p{Uppercase_Letter}$", &["AÉ"], &["aA"]),
        (r"^(?i)\p{Lu}$", &["a", "A"], &["1", "ª"]),
        (r"^(?i)\P{Lu}$", &["1"], &["a", "A"]),
        (r"^\p{Any}\p{ascii}$", &["éa"], &["aé"]),
        (r"^[\p{L}\d]+$", &["é1"], &["-"]),
        (r"^\p{Miao}\p{Modi}\p{Newa}$", &["\u{16f00}\u{11600}\u{11400}"], &["abc"]),
        ("^a{2}$", &["aa"], &["a", "aaa"]),
        ("^a{2,}$", &["aa", "aaaa"], &["a"]),
        ("^a{1,2}$", &["a", "aa"], &["", "aaa"]),
        ("^a{,2}$", &["a{,2}"], &["aa"]),
        ("^a{$", &["a{"], &[]),
        ("^a{01}$", &["a{01}"], &["a"]),
        ("^a{1x}$", &["a{1x}"], &[]),
        ("^{1}$", &[""], &["a"]),
        ("^a}]$", &["a}]"], &[]),
        ("a||b", &["", "x"], &[]),
        ("^(?:a|)$", &["", "a"], &["b"]),
        ("^(?:)*$", &[""], &["a"]),
        ("^(?i)straße$", &["STRAẞE"], &["STRASSE"]),
        ("^(?i)k$", &["K", "\u{212a}"], &["x"]),
        ("^(?i)[k-l]$", &["K", "\u{212a}", "L"], &["m"]),
        ("^(?i)[^k]$", &["l"], &["K", "\u{212a}", "k"]),
        ("^(?i:a)b$", &["Ab"], &["AB"]),
        ("^((?i)a|b)c$", &["Bc"], &["BC"]),
        ("^(?i)a(?-i)b$", &["Ab"], &["AB"]),
        ("^(?is-mU:a.)$", &["A\n"], &[]),
        ("^a*(?i)*$", &["aaa"], &["b"]),
        ("(?i)İ", &["İ"], &["i", "I", "ı"]),
    ] {
        for text in yes {
            assert!(find(pattern, text).is_some(), "{pattern} {text:?}");
        }
        for text in no {
            assert!(find(pattern, text).is_none(), "{pattern} {text:?}");
        }
    }
}

#[test]
fn the_first_group_holds_what_it_holds_in_go() {
    for (pattern, text, expected) in [
        ("(a+)", "baaac", Some("aaa")),
        ("(a+?)", "baaac", Some("a")),
        ("(?U)(a+)", "baaac", Some("a")),
        ("(?U)(a+?)", "baaac", Some("aaa")),
        ("(a|ab)(c|bcd)?", "abcd", Some("a")),
        ("(ab|a)(c|bcd)?", "abcd", Some("ab")),
        ("(a)|b", "b", None),
        ("(?:(a)|b)*", "ab", Some("a")),
        ("(a|b)*", "ab", Some("b")),
        ("(|a)*", "aa", Some("")),
        ("(|a)+", "aa", Some("")),
        ("(a*)*", "b", Some("")),
        ("(a*)+", "b", Some("")),
        ("(?:x(y))?z", "xyz", Some("y")),
        ("(?P<n>a)(b)", "ab", Some("a")),
        ("(?<n>a)(?<m>b)", "ab", Some("a")),
        ("((a)b)", "ab", Some("ab")),
        ("(a){0}b", "ab", None),
        ("(a){2}", "aaa", Some("a")),
        ("^(.*)@(.*)$", "a@b@c", Some("a@b")),
        ("^(.*?)@(.*)$", "a@b@c", Some("a")),
    ] {
        assert_eq!(find(pattern, text), Some(expected), "{pattern} {text:?}");
    }
}

#[test]
fn what_go_refuses_is_refused_in_its_words() {
    for (pattern, message) in [
        ("(", "missing closing ): `(`"),
        ("(a", "missing closing ): `(a`"),
        ("x(?i:a", "missing closing ): `x(?i:a`"),
        ("a)", "unexpected ): `a)`"),
        ("[a", "missing closing ]: `[a`"),
        ("x[]a", "missing closing ]: `[]a`"),
        ("[", "missing closing ]: `[`"),
        ("[a--b]", "invalid character class range: `a--`"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        (r"[a-\d]", r"invalid escape sequence: `\d`"),
        (r"\pX", r"invalid character class range: `\pX`"),
        (r"\p{Nope}", r"invalid character class range: `\p{Nope}`"),
        (r"\p{Greek", r"invalid character class range: `\p{Greek`"),
        (r"\p{Alphabetic}", r"invalid character class range: `\p{Alphabetic}`"),
        (r"\p{Grek}", r"invalid character class range: `\p{Grek}`"),
        (r"\p{IsGreek}", r"invalid character class range: `\p{IsGreek}`"),
        (r"\p{sc=Greek}", r"invalid character class range: `\p{sc=Greek}`"),
        (r"\p{Cn}", r"invalid character class range: `\p{Cn}`"),
        (r"\p", r"invalid character class range: `\p`"),
        (r"\1", r"invalid escape sequence: `\1`"),
        (r"(a)\8", r"invalid escape sequence: `\8`"),
        (r"\Z", r"invalid escape sequence: `\Z`"),
        (r"\C", r"invalid escape sequence: `\C`"),
        (r"\E", r"invalid escape sequence: `\E`"),
        (r"\q", r"invalid escape sequence: `\q`"),
        (r"\é", r"invalid escape sequence: `\é`"),
        (r"[\b]", r"invalid escape sequence: `\b`"),
        (r"\x4", r"invalid escape sequence: `\x4`"),
        (r"\x{}", r"invalid escape sequence: `\x{}`"),
        (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
        (r"\x{d800}", r"invalid escape sequence: `\x{d800}`"),
        (r"a\", "trailing backslash at end of expression: ``"),
        ("*", "missing argument to repetition operator: `*`"),
        ("a|+?b", "missing argument to repetition operator: `+?`"),
        ("(?i)?", "missing argument to repetition operator: `?`"),
        ("({2})", "missing argument to repetition operator: `{2}`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a*+", "invalid nested repetition operator: `*+`"),
        ("a???", "invalid nested repetition operator: `???`"),
        ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{1001,}", "invalid repeat count: `{1001,}`"),
        ("a{2,1}", "invalid repeat count: `{2,1}`"),
        ("a{99999999999}", "invalid repeat count: `{99999999999}`"),
        ("(a{32}){32}", "invalid repeat count: `{32}`"),
        ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
        ("(?i", "invalid or unsupported Perl syntax: `(?i`"),
        ("(?-)a", "invalid or unsupported Perl syntax: `(?-)`"),
        ("(?i-)a", "invalid or unsupported Perl syntax: `(?i-)`"),
        ("(?i--s)a", "invalid or unsupported Perl syntax: `(?i--`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?!a)", "invalid or unsupported Perl syntax: `(?!`"),
        ("(?>a)", "invalid or unsupported Perl syntax: `(?>`"),
        ("(?#a)", "invalid or unsupported Perl syntax: `(?#`"),
        ("(?P=n)", "invalid or unsupported Perl syntax: `(?P`"),
        ("(?P<", "invalid or unsupported Perl syntax: `(?P`"),
        ("(?P<n", "invalid named capture: `(?P<n`"),
        ("(?<=a)b", "invalid named capture: `(?<=a)b`"),
        ("(?<n m>a)", "invalid named capture: `(?<n m>`"),
        ("(?P<>a)", "invalid named capture: `(?P<>`"),
        ("(?<n>a)(?P<n>b)", "duplicate capture name: `(?P<n>`"),
    ] {
        assert_eq!(refusal(pattern), message, "{pattern}");
    }
}

#[test]
fn nested_counts_multiply_up_to_the_limit() {
    for pattern in ["(a{10}){100}", "((a{10}){10}){10}", "(a{0}){1000}", "(a{31}){32}", "(a{0,}){1000}", "(a{1000})*"] {
        assert!(parse(pattern, Reading::default()).is_ok(), "{pattern}");
    }
    for pattern in ["((a{10}){10}){11}", "(a{2,}b){501}", "(a{0,501}){2}", "((a{1000})?){2}"] {
        assert!(refusal(pattern).starts_with("invalid repeat count"), "{pattern}");
    }
}

#[test]
fn nesting_is_bounded_without_exhausting_the_stack() {
    let nested = |depth: usize| "(".repeat(depth) + "a" + &")".repeat(depth);
    assert_eq!(find(&nested(REGEX_DEPTH_MAX - 1), "a"), Some(Some("a")));
    assert!(refusal(&nested(REGEX_DEPTH_MAX + 1)).starts_with("expression nests too deeply"));
    assert!(refusal(&nested(30_000)).starts_with("expression nests too deeply"));
    assert!(refusal(&"(".repeat(60_000)).starts_with("missing closing )"));
    assert!(refusal(&(String::from("a") + &"*(?i)".repeat(300))).starts_with("expression nests"));
}

#[test]
fn size_is_bounded() {
    assert!(refusal(&r"\pL".repeat(2_000)).starts_with("expression too large"));
    let large = parse("(?:ab|cd|ef|gh|ij|kl|mn){1000}", Reading::default()).unwrap();
    assert!(Program::compile(&large.tree).is_err());
    let long = parse("(?:ab|c){1000}", Reading::default()).unwrap();
    assert!(Program::compile(&long.tree).is_ok());
}

#[test]
fn errors_say_where_in_the_pattern() {
    for (pattern, offset) in [(r"ab\q", 2), ("a(b", 0), ("a[b", 1), ("ab{1001}", 2), ("é**", 2), ("ab)", 2)] {
        assert_eq!(parse(pattern, Reading::default()).unwrap_err().offset, offset, "{pattern}");
    }
}

#[test]
fn anchors_can_be_read_away() {
    let reading = Reading { ignore_anchors: true, ..Reading::default() };
    let regex = parse(r"^\Aa(?m:$)\z$\b", reading).unwrap();
    let program = Program::compile(&regex.tree).unwrap();
    let finds = |text| program.find(text, &Work::of(u64::MAX)).unwrap().is_some();
    assert!(finds("x a x") && !finds("xax"));
}

/// General categories that Go has by name, and the other names that it knows for each. Those of unassigned characters are
/// left out (`C`, `Cn`, `Cs`).
const CATEGORIES: [(&str, &str); 37] = [
    ("Cc", "Control cntrl"),
    ("Cf", "Format"),
    ("Co", "Private_Use"),
    ("L", "Letter"),
    ("LC", "Cased_Letter"),
    ("Ll", "Lowercase_Letter"),
    ("Lm", "Modifier_Letter"),
    ("Lo", "Other_Letter"),
    ("Lt", "Titlecase_Letter"),
    ("Lu", "Uppercase_Letter"),
    ("M", "Mark Combining_Mark"),
    ("Mc", "Spacing_Mark"),
    ("Me", "Enclosing_Mark"),
    ("Mn", "Nonspacing_Mark"),
    ("N", "Number"),
    ("Nd", "Decimal_Number digit"),
    ("Nl", "Letter_Number"),
    ("No", "Other_Number"),
    ("P", "Punctuation punct"),
    ("Pc", "Connector_Punctuation"),
    ("Pd", "Dash_Punctuation"),
    ("Pe", "Close_Punctuation"),
    ("Pf", "Final_Punctuation"),
    ("Pi", "Initial_Punctuation"),
    ("Po", "Other_Punctuation"),
    ("Ps", "Open_Punctuation"),
    ("S", "Symbol"),
    ("Sc", "Currency_Symbol"),
    ("Sk", "Modifier_Symbol"),
    ("Sm", "Math_Symbol"),
    ("So", "Other_Symbol"),
    ("Z", "Separator"),
    ("Zl", "Line_Separator"),
    ("Zp", "Paragraph_Separator"),
    ("Zs", "Space_Separator"),
    ("Any", ""),
    ("ASCII", ""),
];

/// The class that a pattern is, `None` where it is refused.
fn class_of_pattern(pattern: &str, ignore_case: bool) -> Option<Vec<(char, char)>> {
    let regex = parse(pattern, Reading { ignore_case, ..Reading::default() }).ok()?;
    match regex.tree.kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class.iter().map(|range| (range.start(), range.end())).collect()),
        HirKind::Literal(literal) => {
            let character = core::str::from_utf8(&literal.0).unwrap().chars().next().unwrap();
            Some(Vec::from([(character, character)]))
        }
        other => panic!("{pattern}: {other:?}"),
    }
}

/// What Go's class of this name holds: the property, with what folding adds to it where Go has a table for that, and then
/// negated.
fn class_in_go(property: &str, ignore_case: bool, negated: bool) -> Vec<(char, char)> {
    let mut class = match library::parse(&format!(r"\p{{{property}}}")).unwrap().into_kind() {
        library::hir::HirKind::Class(library::hir::Class::Unicode(class)) => class,
        library::hir::HirKind::Literal(text) => {
            let character = core::str::from_utf8(&text.0).unwrap().chars().next().unwrap();
            library::hir::ClassUnicode::new([library::hir::ClassUnicodeRange::new(character, character)])
        }
        other => panic!("{property}: {other:?}"),
    };
    // `unicode.FoldCategory` and `unicode.FoldScript`: of every other class folding gives members only, but for `LC`, for
    // which Go has made no table. `Any` and `ASCII` are the regex package's own.
    const FOLDED: [&str; 10] = ["L", "Ll", "Lt", "Lu", "M", "Mn", "Common", "Greek", "Inherited", "ASCII"];
    if ignore_case && FOLDED.contains(&property) {
        class.case_fold_simple();
    }
    if negated {
        class.negate();
    }
    class.iter().map(|range| (range.start(), range.end())).collect()
}

/// One name as people write it, each of which Go reads alike.
fn spellings(name: &str) -> [String; 7] {
    let separated = |by: char| name.chars().flat_map(|character| [by, character]).collect();
    [
        name.into(),
        name.to_ascii_lowercase(),
        name.to_ascii_uppercase(),
        name.replace('_', " "),
        name.replace('_', ""),
        separated('-'),
        separated(' ') + "_",
    ]
}

#[test]
fn every_name_of_a_class_is_read_as_in_go() {
    let scripts = SCRIPTS.split_ascii_whitespace().filter(|script| is_found_by_go(script)).map(|script| (script, ""));
    for (name, others) in CATEGORIES.into_iter().chain(scripts) {
        for spelling in [name].into_iter().chain(others.split_ascii_whitespace()).flat_map(spellings) {
            for ignore_case in [false, true] {
                for (negated, pattern) in [
                    (false, format!(r"\p{{{spelling}}}")),
                    (true, format!(r"\P{{{spelling}}}")),
                    (true, format!(r"\p{{^{spelling}}}")),
                    (false, format!(r"\P{{^{spelling}}}")),
                ] {
                    if name == "Any" && negated {
                        continue; // A class of nothing, which is another kind of tree.
                    }
                    let found = class_of_pattern(&pattern, ignore_case);
                    assert_eq!(found, Some(class_in_go(name, ignore_case, negated)), "{pattern} {ignore_case}");
                }
            }
        }
        if name.len() == 1 {
            assert_eq!(class_of_pattern(&format!(r"\p{name}"), false), Some(class_in_go(name, false, false)));
            assert_eq!(class_of_pattern(&format!(r"\P{name}"), true), Some(class_in_go(name, true, true)));
        }
    }
}

#[test]
fn a_name_that_go_does_not_find_is_refused_however_it_is_written() {
    let scripts: Vec<&str> = SCRIPTS.split_ascii_whitespace().filter(|script| !is_found_by_go(script)).collect();
    assert_eq!(scripts.len(), 46);
    // Scripts that came after the database's version of Unicode.
    let later =
        "Garay Gurung_Khema Kirat_Rai Ol_Onal Sunuwar Todhri Tulu_Tigalari Sidetic Tolong_Siki Beria_Erfe Tai_Yo";
    // Go compiles these. What is no character is in some of them, and what has not been assigned yet in others; that has
    // changed from one release of Go to the next.
    let unassigned = "C Other Cn Unassigned Cs Surrogate Assigned";
    let never = "Grek Latn Zyyy Unknown Katakana_Or_Hiragana Alphabetic Lowercase IsGreek gc=L sc=Greek L& L* x";
    let others = [later, unassigned, never].into_iter().flat_map(str::split_ascii_whitespace);
    for name in scripts.into_iter().chain(others).chain([""]) {
        for spelling in spellings(name) {
            for pattern in
                [format!(r"\p{{{spelling}}}"), format!(r"\P{{{spelling}}}"), format!(r"[\p{{^{spelling}}}x]")]
            {
                assert!(refusal(&pattern).starts_with("invalid character class range: "), "{pattern}");
            }
        }
    }
    assert_eq!(refusal(r"\p{Old_Italic}"), r"invalid character class range: `\p{Old_Italic}`");
    assert!(refusal(r"\pC").starts_with("invalid") && refusal(r"\p^").starts_with("invalid"));
}
