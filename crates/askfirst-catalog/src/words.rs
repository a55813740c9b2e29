//! A lookup table from words to small things, for the paths every event takes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map from words that are fixed once it is built.
///
/// It hashes without a secret: what outsiders send is only ever looked up, never inserted,
/// so nobody can make its chains grow.
pub(crate) type Words<T> = HashMap<Box<str>, T, BuildHasherDefault<WordHasher>>;

/// Eight bytes at a time: rotate, xor, multiply.
#[derive(Debug, Default, Clone)]
pub(crate) struct WordHasher(u64);

/// An odd constant with well spread bits (the fraction of the golden ratio).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            let word = u64::from_le_bytes(eight);
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(SPREAD);
        }
    }

    /// The table picks its slot by the low bits, the product is best mixed in the high ones.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::BuildHasher;

    #[test]
    fn similar_words_land_in_different_slots() {
        let hash = BuildHasherDefault::<WordHasher>::default();
        let mut slots: Vec<u64> = (0..4096)
            .map(|n| hash.hash_one(format!("command_{n}").as_str()) % 8192)
            .collect();
        slots.sort_unstable();
        slots.dedup();
        // 4,096 balls thrown at random into 8,192 bins fill about 3,224 of them.
        assert!(slots.len() > 3000, "only {} slots used", slots.len());
    }
}
