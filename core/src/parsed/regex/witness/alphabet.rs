//! Which characters do these regexes tell apart? Those that all of them take alike are one symbol, with the plainest of
//! them to stand for it.

use alloc::{vec, vec::Vec};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// The set of characters that a place of a regex takes, by its number.
pub(super) type Predicate = u32;

/// What stands before or after a place, as far as a regex can look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Around {
    /// An end of the text.
    Edge,
    Word,
    Other,
    LineFeed,
}

impl Around {
    /// What a character can be, what people expect first.
    pub(super) const OF_CHARACTERS: [Self; 3] = [Self::Word, Self::Other, Self::LineFeed];

    fn of(character: char) -> Self {
        match character {
            '\n' => Self::LineFeed,
            '_' => Self::Word,
            _ if character.is_ascii_alphanumeric() => Self::Word,
            _ => Self::Other,
        }
    }
}

/// The sets of characters that are told apart.
#[derive(Default)]
pub(super) struct Predicates {
    sets: Vec<Vec<(char, char)>>,
    known: HashMap<Vec<(char, char)>, Predicate, FixedState>,
}

impl Predicates {
    /// The number of a set of sorted ranges.
    pub(super) fn add(&mut self, ranges: &[(char, char)]) -> Predicate {
        if let Some(&known) = self.known.get(ranges) {
            return known;
        }
        // OK because there are no more sets than steps of regexes, which a u32 counts.
        let number = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(ranges.to_vec());
        self.known.insert(ranges.to_vec(), number);
        number
    }
}

/// Characters that are one to all regexes.
pub(super) struct Symbol {
    pub(super) character: char,
    pub(super) around: Around,
    /// One bit for each predicate.
    bits: Vec<u64>,
}

impl Symbol {
    pub(super) fn is(&self, predicate: Predicate) -> bool {
        let (word, bit) = (predicate as usize / 64, predicate % 64);
        self.bits.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }
}

/// The symbols, the plainest first; `None` where there are too many to be walked.
pub(super) fn symbols(mut predicates: Predicates, looks: bool) -> Option<Vec<Symbol>> {
    if looks {
        predicates.add(&[('\n', '\n')]);
        predicates.add(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);
    }
    let sets = &predicates.sets;
    // Where a predicate begins to hold, and where it has ended.
    let mut edges: Vec<(u32, Predicate)> = Vec::new();
    for (number, ranges) in (0..).zip(sets) {
        for &(start, end) in ranges {
            edges.extend([(u32::from(start), number), (u32::from(end).saturating_add(1), number)]);
        }
    }
    edges.sort_unstable();
    if edges.len().saturating_mul(sets.len().div_ceil(64)) > EDGES_MAX {
        return None;
    }
    let mut bits = vec![0_u64; sets.len().div_ceil(64)];
    let mut found: HashMap<Vec<u64>, char, FixedState> = HashMap::default();
    let mut at = 0;
    let mut edges = edges.into_iter().peekable();
    loop {
        while let Some((_, number)) = edges.next_if(|&(edge, _)| edge <= at) {
            if let Some(word) = bits.get_mut(number as usize / 64) {
                *word ^= 1 << (number % 64);
            }
        }
        let next = edges.peek().map_or(LAST.saturating_add(1), |&(edge, _)| edge);
        if let Some(plainest) = plainest(at, next.saturating_sub(1)) {
            let known = found.entry(bits.clone()).or_insert(plainest);
            if rank(plainest) < rank(*known) {
                *known = plainest;
            }
        }
        if next > LAST {
            break;
        }
        at = next;
    }
    let symbol = |(bits, character)| Symbol { character, around: Around::of(character), bits };
    let mut symbols: Vec<Symbol> = found.into_iter().map(symbol).collect();
    symbols.sort_unstable_by_key(|symbol| rank(symbol.character));
    (symbols.len() <= SYMBOLS_MAX).then_some(symbols)
}

/// The plainest of the characters from the first to the last of these.
fn plainest(first: u32, last: u32) -> Option<char> {
    let among = |characters: &str| characters.chars().find(|&plain| (first..=last).contains(&u32::from(plain)));
    among(PLAIN).or_else(|| (first..=last.min(first.saturating_add(SURROGATES))).find_map(char::from_u32))
}

/// The plainest character of these ranges.
pub(super) fn plainest_in(ranges: impl Iterator<Item = (char, char)>) -> Option<char> {
    ranges.filter_map(|(first, last)| plainest(u32::from(first), u32::from(last))).min_by_key(|&found| rank(found))
}

/// How plain a character is: the less the plainer.
fn rank(character: char) -> (usize, char) {
    (PLAIN.chars().position(|plain| plain == character).unwrap_or(usize::MAX), character)
}

impl Symbol {
    /// Whether a person sees it as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.character.is_ascii_graphic()
    }
}

/// The characters that people expect, those first that names are made of.
const PLAIN: &str =
    "xabcdefghijklmnopqrstuvwyz0123456789.-_@:/|+XABCDEFGHIJKLMNOPQRSTUVWYZ#=~!$%&'*?^,;()[]{}<>`\"\\ éÉ";

/// The last character, and how many numbers in a row are none.
const LAST: u32 = 0x10_ffff;
const SURROGATES: u32 = 0x800;

/// The most that is told apart: ends of ranges times words of predicates, and symbols.
const EDGES_MAX: usize = 200_000;
const SYMBOLS_MAX: usize = 512;
