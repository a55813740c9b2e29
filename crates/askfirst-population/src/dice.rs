//! Pseudo-random numbers that are the same on every machine: whole numbers only, no floating
//! point and nothing of the platform's.

/// A small generator (SplitMix64, Steele et al. 2014).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed and path, and another way for any other:
    /// every install and every day of it has its own, so that a day can be simulated without
    /// the days before it.
    pub(crate) fn new(seed: u64, path: &[u64]) -> Self {
        let mut dice = Self(seed);
        for step in path {
            dice.0 = dice.next() ^ step.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        dice
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to below `high`, which must be larger and no more than 32 bits
    /// away.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let range = (high - low).unsigned_abs();
        low + (((self.next() >> 32) * range) >> 32).cast_signed()
    }

    /// As many numbers between 1 and 2 as between 2 and 4 and so on, up to below 2 to the
    /// power of `bits`: a heavy tail without logarithms.
    pub(crate) fn heavy(&mut self, bits: i64) -> i64 {
        let low = 1 << self.between(0, bits);
        self.between(low, low * 2)
    }

    /// Whether something that happens `chance` times in a thousand happens now.
    pub(crate) fn permille(&mut self, chance: i64) -> bool {
        self.between(0, 1000) < chance
    }

    /// One of the entries, each as often as its weight says.
    pub(crate) fn pick<'a, T>(&mut self, entries: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: i64 = entries.iter().map(|entry| i64::from(weight(entry))).sum();
        let mut left = self.between(0, total.max(1));
        entries
            .iter()
            .find(|entry| {
                left -= i64::from(weight(entry));
                left < 0
            })
            .unwrap_or(&entries[0])
    }
}

/// Writes a UUID v4 that stands for `id`, 36 bytes.
pub(crate) fn write_uuid4(id: u64, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut dice = Dice::new(id, &[]);
    let (high, low) = (dice.next(), dice.next());
    let high = (high & !0xf000) | 0x4000;
    let low = (low & !(3 << 62)) | (2 << 62);
    let bits = u128::from(high) << 64 | u128::from(low);
    for place in 0..32 {
        if matches!(place, 8 | 12 | 16 | 20) {
            out.push(b'-');
        }
        out.push(HEX[(bits >> (124 - 4 * place)) as usize & 15]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_one_of_version_4() {
        let mut text = Vec::new();
        write_uuid4(7, &mut text);
        let text = String::from_utf8(text).unwrap();
        let parts: Vec<&str> = text.split('-').collect();
        assert_eq!(
            parts.iter().map(|it| it.len()).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert!(parts[2].starts_with('4'), "{text}");
        assert!(parts[3].starts_with(['8', '9', 'a', 'b']), "{text}");
    }

    #[test]
    fn a_heavy_tail_reaches_from_one_to_its_end() {
        let mut dice = Dice::new(1, &[2]);
        let many: Vec<i64> = (0..10_000).map(|_| dice.heavy(6)).collect();
        assert_eq!(many.iter().min(), Some(&1));
        assert_eq!(many.iter().max(), Some(&63));
        let small = many.iter().filter(|n| **n < 8).count();
        assert!((4_700..5_300).contains(&small), "{small} of 10,000 below 8");
    }
}
