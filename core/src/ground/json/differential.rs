//! Does the reader take what `serde_json` takes, read it alike, and refuse besides only what it says it refuses: members
//! stated twice, and nesting deeper than the limit? Random texts and their mutations, the same at every run.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

use super::{Document, Duplicates, Kind, Value};
use crate::ground::limits::JSON_DEPTH_MAX;

#[test]
fn the_reader_and_serde_json_agree() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut accepted, mut refused, mut stricter) = (0, 0, 0);
    for _ in 0..6_000 {
        let written = random.written();
        for text in [random.mutated(&written), random.mutated(&written), written] {
            let theirs = serde_json::from_str::<Tree>(&text);
            for duplicates in [Duplicates::Refused, Duplicates::RefusedAtTop, Duplicates::LastWins] {
                let ours = Document::parse(&text, duplicates);
                let expected = theirs
                    .as_ref()
                    .is_ok_and(|tree| tree.depth() <= JSON_DEPTH_MAX && tree.states_once(duplicates, true));
                assert_eq!(ours.is_ok(), expected, "{duplicates:?} {text:?}: {ours:?}, {theirs:?}");
                match (&ours, &theirs) {
                    (Ok(document), Ok(tree)) => {
                        same(document.root(), tree);
                        accepted += 1;
                    }
                    (Err(_), Ok(_)) => stricter += 1,
                    _ => refused += 1,
                }
            }
            prefixes_agree(&text);
        }
    }
    assert!(accepted > 5_000 && refused > 10_000 && stricter > 500, "{accepted} {refused} {stricter}");
}

/// What follows a value changes nothing about where it ends. Numbers and words are left out: `serde_json` wants to see
/// something behind them that ends them.
fn prefixes_agree(text: &str) {
    if !text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with(['{', '[']) {
        return;
    }
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Tree>();
    let theirs = stream.next().and_then(Result::ok).filter(|tree| tree.depth() <= JSON_DEPTH_MAX);
    let ours = Document::parse_prefix(text, Duplicates::LastWins);
    assert_eq!(ours.as_ref().map(|(_, end)| *end).ok(), theirs.map(|_| stream.byte_offset()), "{text:?}");
}

/// Both have read the same value: kinds, texts, members in order, and numbers to the digit.
fn same(root: Value<'_>, tree: &Tree) {
    match (root.kind(), tree) {
        (Kind::Null, Tree::Null) => {}
        (Kind::Bool(one), Tree::Bool(other)) => assert_eq!(one, *other),
        (Kind::Number, Tree::Number(number)) => {
            let written = root.number().unwrap();
            assert_eq!(serde_json::from_str::<f64>(written).unwrap().to_bits(), number.to_bits(), "{written}");
        }
        (Kind::String, Tree::Text(text)) => {
            assert_eq!(root.string().unwrap(), *text);
            assert!(root.is_string(text));
            let mut pieces = String::new();
            root.for_each_piece(|piece, _| pieces += piece);
            assert_eq!(pieces, *text);
        }
        (Kind::Array, Tree::List(trees)) => {
            let elements: Vec<_> = root.elements().collect();
            assert_eq!(elements.len(), trees.len());
            elements.into_iter().zip(trees).for_each(|(element, tree)| same(element, tree));
        }
        (Kind::Object, Tree::Object(members)) => {
            let ours: Vec<_> = root.members().collect();
            assert_eq!(ours.len(), members.len());
            for ((name, value), (text, tree)) in ours.iter().zip(members) {
                assert_eq!(name.string().unwrap(), *text);
                same(*value, tree);
            }
            for (name, _) in members {
                let last = ours.iter().rev().find(|(other, _)| other.is_string(name)).map(|(_, value)| value.span());
                assert_eq!(root.member(name).map(Value::span), last);
            }
        }
        (kind, tree) => panic!("{kind:?} is no {tree:?}"),
    }
}

/// A JSON value as `serde_json` hands it out, with every member that it has read.
#[derive(Debug)]
enum Tree {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    fn depth(&self) -> usize {
        match self {
            Self::List(trees) => 1 + trees.iter().map(Self::depth).max().unwrap_or(0),
            Self::Object(members) => 1 + members.iter().map(|(_, tree)| tree.depth()).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn states_once(&self, duplicates: Duplicates, top: bool) -> bool {
        let asked = match duplicates {
            Duplicates::Refused => true,
            Duplicates::RefusedAtTop => top,
            Duplicates::LastWins => false,
        };
        match self {
            Self::List(trees) => trees.iter().all(|tree| tree.states_once(duplicates, false)),
            Self::Object(members) => {
                let once = |place: usize, name: &str| members.iter().skip(place + 1).all(|(other, _)| other != name);
                (!asked || members.iter().enumerate().all(|(place, (name, _))| once(place, name)))
                    && members.iter().all(|(_, tree)| tree.states_once(duplicates, false))
            }
            _ => true,
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut trees = Vec::new();
        while let Some(tree) = access.next_element()? {
            trees.push(tree);
        }
        Ok(Tree::List(trees))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}

/// A xorshift generator: the same texts in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn one_of(&mut self, choices: &[&str]) -> String {
        choices[self.below(choices.len())].to_string()
    }

    /// A JSON text, some of them on the edges of the grammar and of the limits.
    fn written(&mut self) -> String {
        if self.below(20) == 0 {
            let (open, close) = [("[", "]"), ("{\"a\":", "}")][self.below(2)];
            let depth = 30 + self.below(5);
            return format!("{}{}{}", open.repeat(depth), self.one_of(&["1", "[]", "{}"]), close.repeat(depth));
        }
        self.value(4)
    }

    fn value(&mut self, depth: usize) -> String {
        match self.below(if depth == 0 { 4 } else { 8 }) {
            0 => self.one_of(&["null", "true", "false", "nul", "True", "NaN", "-Infinity", ""]),
            1 => self.number(),
            2 | 3 => self.string(),
            4 | 5 => {
                let elements: Vec<_> = (0..self.below(4)).map(|_| self.value(depth - 1)).collect();
                format!("[{}{}]", self.space(), elements.join(&format!("{},", self.space())))
            }
            _ => {
                // Sometimes more members than the reader compares pair by pair.
                let count = if self.below(10) == 0 { 15 + self.below(5) } else { self.below(4) };
                let members: Vec<_> = (0..count)
                    .map(|place| {
                        let name = match self.below(3) {
                            0 => self.string(),
                            _ => format!(
                                "\"{}\"",
                                ["a", "b", "\\u0061"].get(place).unwrap_or(&"m").to_string() + &place.to_string()
                            ),
                        };
                        let value = if count > 4 { "1".into() } else { self.value(depth - 1) };
                        format!("{name}{}:{}{value}", self.space(), self.space())
                    })
                    .collect();
                format!("{}{{{}}}{}", self.space(), members.join(","), self.space())
            }
        }
    }

    fn space(&mut self) -> String {
        self.one_of(&["", "", "", " ", "\n\t", "\r", "\u{a0}", "\u{c}"])
    }

    fn number(&mut self) -> String {
        let sign = self.one_of(&["", "", "-", "+", "--"]);
        let nines = "9".repeat(290 + self.below(40));
        let whole = self.one_of(&["0", "1", "12", "01", "", "18446744073709551616", "9007199254740993", &nines]);
        let fraction = self.one_of(&["", "", "", ".0", ".5", ".", ".000001", ".e"]);
        let exponent =
            self.one_of(&["", "", "", "e0", "E+5", "e-7", "e", "e+", "e400", "e-400", "e99999999999", "e308"]);
        sign + &whole + &fraction + &exponent
    }

    fn string(&mut self) -> String {
        let pieces: String = (0..self.below(5))
            .map(|_| {
                self.one_of(&[
                    "a",
                    "sub",
                    "é",
                    "\u{1f600}",
                    "\\n",
                    "\\\"",
                    "\\\\",
                    "\\/",
                    "\\u0061",
                    "\\u00E9",
                    "\\ud83d\\ude00",
                    "\\ud83d",
                    "\\ude00",
                    "\\ud83d\\u0041",
                    "\\u12",
                    "\\x",
                    "\\u{61}",
                    "\u{7f}",
                    "\u{2028}",
                    "\u{0}",
                    "\n",
                    "\\u0000",
                    "\\",
                ])
            })
            .collect();
        format!("\"{pieces}\"")
    }

    /// The text with a character or two taken out, doubled, replaced or put in.
    fn mutated(&mut self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(2) {
            let at = self.below(characters.len() + 1);
            let character =
                ['"', '\\', '{', '}', '[', ']', ':', ',', '0', '-', '.', 'e', 'u', ' ', '\u{feff}', '\0', '/']
                    [self.below(17)];
            match self.below(4) {
                0 if at < characters.len() => drop(characters.remove(at)),
                1 if at < characters.len() => characters.insert(at, characters[at]),
                2 if at < characters.len() => characters[at] = character,
                _ => characters.insert(at, character),
            }
        }
        characters.into_iter().collect()
    }
}
