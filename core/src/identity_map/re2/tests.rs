use super::super::program::Program;
use super::*;
use crate::work::Work;

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
