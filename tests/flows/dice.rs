//! Pseudo-random numbers that can be rolled again from a printed seed.

use crate::environment::variable;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Dice of a seed that differs from run to run, or of the one in
    /// `ASKFIRST_TEST_SEED`; says which.
    pub(crate) fn seeded(test: &str) -> Self {
        let seed = variable("ASKFIRST_TEST_SEED")
            .unwrap_or_else(|| jiff::Timestamp::now().as_nanosecond() as u64);
        println!("{test}: ASKFIRST_TEST_SEED={seed} rolls this again");
        Self::new(seed)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to below `high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low)
    }

    /// A UUID of version 4.
    pub(crate) fn uuid4(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }
}
