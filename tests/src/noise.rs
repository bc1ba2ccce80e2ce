//! Numbers without a pattern, the same at every run: for tests that try more than anyone would write down.

/// A xorshift64* generator, seeded with a text.
pub struct Noise(u64);

impl Noise {
    /// Another seed, other numbers.
    #[must_use]
    pub fn new(seed: &str) -> Self {
        let hash = seed
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(hash | 1)
    }

    /// The next 32 bits.
    pub fn bits(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    }

    /// A number below the bound; 0 when the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.bits() as usize % bound.max(1)
    }

    /// One of the choices.
    ///
    /// # Panics
    /// Where there is none.
    pub fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// The bytes with a few of them changed, cut, doubled or swapped.
    #[must_use]
    pub fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            match self.below(6) {
                0 if !bytes.is_empty() => bytes[at] = self.bits() as u8,
                1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                2 => bytes.truncate(at),
                3 => bytes.insert(at, self.one_of(b"\"\\{}[]:,.\0\n' ;$-")),
                4 => bytes.extend_from_within(at..),
                5 if !bytes.is_empty() => {
                    let other = self.below(bytes.len());
                    bytes.swap(at, other);
                }
                _ => {}
            }
        }
        bytes
    }
}
