//! Numbers that look random and are the same everywhere.

/// SplitMix64: one multiplication chain a number, good enough for made-up users.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A stream of its own for every combination of seeds.
    pub fn new(seeds: &[u64]) -> Random {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        for seed in seeds {
            random.0 ^= seed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
            random.next();
        }
        random
    }

    /// 64 bits.
    #[expect(
        clippy::should_implement_trait,
        reason = "a stream without end needs no Option"
    )]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is above 0.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// True in `percent` of 100 draws.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these, the first ones more often.
    pub fn skewed<T: Copy>(&mut self, of: &[T]) -> T {
        let n = of.len() as u64;
        let (a, b) = (self.below(n), self.below(n));
        of[a.min(b) as usize]
    }

    /// Spread over about three powers of ten around `middle`.
    pub fn spread(&mut self, middle: u64) -> u64 {
        let sum: u64 = (0..4).map(|_| self.below(250)).sum();
        let factor = ((sum as f64 - 500.0) / 200.0).exp();
        (middle as f64 * factor) as u64
    }
}
