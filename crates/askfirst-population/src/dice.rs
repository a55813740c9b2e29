//! Pseudo-random numbers that are the same on every machine.

/// A small generator (SplitMix64, Steele et al. 2014).
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to below `high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low).unsigned_abs()).cast_signed()
    }

    /// Whether something that happens `chance` times in a hundred happens now.
    pub(crate) fn percent(&mut self, chance: i64) -> bool {
        self.between(0, 100) < chance
    }

    /// One of the entries, each as often as its weight says.
    pub(crate) fn pick<'a, T>(&mut self, entries: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: i64 = entries.iter().map(|entry| i64::from(weight(entry))).sum();
        let mut left = self.between(0, total);
        entries
            .iter()
            .find(|entry| {
                left -= i64::from(weight(entry));
                left < 0
            })
            .unwrap_or(&entries[0])
    }

    /// A UUID v4.
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
