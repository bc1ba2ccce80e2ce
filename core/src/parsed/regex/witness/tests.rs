use alloc::{format, string::String, vec, vec::Vec};

use super::{Searched, Target, Wanted, shortest};
use crate::{
    ground::work::Work,
    parsed::regex::{Program, Reading, parse},
};

fn program(pattern: &str) -> Program {
    Program::compile(&parse(pattern, Reading::default()).unwrap().tree).unwrap()
}

fn matches(program: &Program, text: &str) -> bool {
    program.find(text, &Work::of(u64::MAX)).unwrap().is_some()
}

fn group<'t>(program: &Program, text: &'t str) -> Option<&'t str> {
    program.find(text, &Work::of(u64::MAX)).unwrap().map(Option::unwrap_or_default)
}

fn found(wanted: &[Wanted<'_>]) -> Searched<String> {
    shortest(wanted, &Work::of(50_000_000), |text| Some(text.into()))
}

#[test]
fn the_shortest_text_that_one_matches_and_the_other_does_not() {
    let (loose, meant) = (program(r"@example\.com"), program(r"^[a-z]+@example\.com$"));
    let text = found(&[Wanted::matching(&loose), Wanted::missing(&meant)]).found().unwrap();
    assert_eq!(text, "@example.com");
    let (dot, meant) = (program("^a@b.c$"), program(r"^a@b\.c$"));
    assert_eq!(found(&[Wanted::matching(&dot), Wanted::missing(&meant)]), Searched::Found("a@bxc".into()));
    let (one, other) = (program("^a|b$"), program("^(?:a|b)$"));
    assert_eq!(found(&[Wanted::matching(&one), Wanted::missing(&other)]), Searched::Found("xb".into()));
}

#[test]
fn that_there_is_none_is_known() {
    for (one, other) in [("^a+$", "a"), ("^[a-f]+@x$", "^[a-z]+@x$"), (r"^\d{3}$", r"^[0-9]+$"), (r"\bx\b", "x")] {
        let (one, other) = (program(one), program(other));
        assert_eq!(found(&[Wanted::matching(&one), Wanted::missing(&other)]), Searched::Nothing);
        assert!(found(&[Wanted::matching(&other), Wanted::missing(&one)]).found().is_some());
    }
    assert_eq!(found(&[Wanted::matching(&program("a$b"))]), Searched::Nothing);
}

#[test]
fn a_group_holds_what_is_wanted() {
    let root = Target::exact("root");
    for (pattern, text) in [
        (r"^(.*)@example\.com$", Some("root@example.com")),
        (r"^([a-q]+)@example\.com$", None),
        (r"^(?:dev|(\w+))/x$", Some("root/x")),
        ("^(?:([a-z]+),)*$", Some("root,")),
    ] {
        let program = program(pattern);
        let check = |text: &str| (group(&program, text) == Some("root")).then(|| String::from(text));
        let searched = shortest(&[Wanted::holding(&program, &root)], &Work::of(50_000_000), check);
        assert_eq!(searched, text.map_or(Searched::Nothing, |text| Searched::Found(text.into())), "{pattern}");
    }
    let program = program("^([a-z]*)@x$");
    assert_eq!(found(&[Wanted::holding(&program, &Target::EMPTY)]), Searched::Found("@x".into()));
    let more = Target::exact("pg_").and_more_of(&[('\0', char::MAX)]);
    assert_eq!(found(&[Wanted::holding(&super::tests::program("^(.+)@x$"), &more)]), Searched::Found("pg_@x".into()));
}

#[test]
fn a_name_is_reached_in_every_case() {
    let any = program("^(.*)$");
    let root = Target::lowered("k");
    let kelvin = program("\u{212a}");
    assert_eq!(found(&[Wanted::holding(&any, &root)]), Searched::Found("k".into()));
    assert_eq!(found(&[Wanted::holding(&any, &root), Wanted::matching(&kelvin)]), Searched::Found("\u{212a}".into()));
}

#[test]
fn too_many_states_are_no_answer() {
    let (one, other) = (program("(?:a|b)*a(?:a|b){200}c"), program("(?:a|b)*b(?:a|b){300}d"));
    let searched = shortest(&[Wanted::matching(&one), Wanted::matching(&other)], &Work::of(2_000_000), |_| Some(()));
    assert_eq!(searched, Searched::Unknown);
    let searched = shortest(&[Wanted::matching(&program("^a{5}$"))], &Work::of(10), |_| Some(()));
    assert_eq!(searched, Searched::Unknown);
    // A check that takes nothing is no proof.
    assert_eq!(shortest(&[Wanted::matching(&program("a"))], &Work::of(50_000_000), |_| None::<()>), Searched::Unknown);
}

/// A few patterns of a small grammar, the same at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn pattern(&mut self, depth: u64) -> String {
        if depth == 0 {
            return ["a", "b", "@", ".", "[ab]", "[^a]", "^", "$", r"\b", "(?i:A)"][self.below(10) as usize].into();
        }
        let one = self.pattern(depth - 1);
        match self.below(7) {
            0 => format!("(?:{one}|{})", self.pattern(depth - 1)),
            1 if !one.starts_with(['^', '$', '\\']) => format!("(?:{one})*"),
            2 if !one.starts_with(['^', '$', '\\']) => format!("(?:{one}){{0,2}}"),
            3 => format!("({one})"),
            _ => format!("{one}{}", self.pattern(depth - 1)),
        }
    }
}

#[test]
fn for_random_pairs_brute_force_agrees() {
    let mut texts = vec![String::new()];
    let mut last = texts.clone();
    for _ in 0..6 {
        last = last.iter().flat_map(|text| ["a", "b", "@"].map(|next| format!("{text}{next}"))).collect();
        texts.extend(last.iter().cloned());
    }
    let mut random = Random(0x5eed);
    let (mut some, mut none) = (0, 0);
    for _ in 0..400 {
        let patterns = [random.pattern(3), random.pattern(2)];
        let [one, other] = [program(&patterns[0]), program(&patterns[1])];
        for matched in [true, false] {
            let second = if matched { Wanted::matching(&other) } else { Wanted::missing(&other) };
            let by_force: Option<&String> =
                texts.iter().find(|text| matches(&one, text) && matches(&other, text) == matched);
            match found(&[Wanted::matching(&one), second]) {
                Searched::Found(text) => {
                    some += 1;
                    assert!(matches(&one, &text) && matches(&other, &text) == matched, "{patterns:?} {text}");
                    if let Some(shortest) = by_force {
                        assert!(text.chars().count() <= shortest.len(), "{patterns:?} {text} {shortest}");
                    }
                }
                Searched::Nothing => {
                    none += 1;
                    assert_eq!(by_force, None, "{patterns:?}");
                }
                Searched::Unknown => panic!("{patterns:?} are walked"),
            }
        }
    }
    assert!(some > 200 && none > 50, "{some} {none}");
}

#[test]
fn for_random_patterns_groups_agree_with_brute_force() {
    let mut texts: Vec<String> = vec![String::new()];
    let mut last = texts.clone();
    for _ in 0..5 {
        last = last.iter().flat_map(|text| ["a", "b", "@"].map(|next| format!("{text}{next}"))).collect();
        texts.extend(last.iter().cloned());
    }
    let mut random = Random(0xfeed);
    for _ in 0..300 {
        let pattern = format!("{}({}){}", random.pattern(1), random.pattern(2), random.pattern(1));
        let program = program(&pattern);
        for wanted in ["", "a", "ab", "b@"] {
            let target = Target::exact(wanted);
            let check = |text: &str| (group(&program, text) == Some(wanted)).then(|| String::from(text));
            let by_force = texts.iter().find(|text| group(&program, text) == Some(wanted));
            match shortest(&[Wanted::holding(&program, &target)], &Work::of(50_000_000), check) {
                Searched::Found(text) => assert_eq!(group(&program, &text), Some(wanted), "{pattern}"),
                Searched::Nothing => assert_eq!(by_force, None, "{pattern} {wanted}"),
                Searched::Unknown => {}
            }
        }
    }
}
