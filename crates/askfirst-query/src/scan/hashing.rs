//! A hash for numbers and random ids that costs two multiplications. Seeded at random for each map, so that senders
//! cannot choose ids that collide.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes hashers with a seed of their own.
#[derive(Clone, Debug)]
pub(crate) struct Seeded(u64);

impl Default for Seeded {
    fn default() -> Seeded {
        // the standard library's own source of seeds
        Seeded(RandomState::new().hash_one(0u64) | 1)
    }
}

impl BuildHasher for Seeded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding {
            state: self.0,
            seed: self.0,
        }
    }
}

/// Folds the high half of a product onto the low one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folding {
    state: u64,
    seed: u64,
}

impl Folding {
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(0x9E37_79B9_7F4A_7C15 ^ self.seed);
        self.state = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        for word in bytes.chunks(8) {
            let mut padded = [0; 8];
            padded[..word.len()].copy_from_slice(word);
            self.fold(u64::from_le_bytes(padded));
        }
    }

    fn write_u32(&mut self, n: u32) {
        self.fold(n.into());
    }

    fn write_u64(&mut self, n: u64) {
        self.fold(n);
    }

    fn write_u128(&mut self, n: u128) {
        self.fold(n as u64);
        self.fold((n >> 64) as u64);
    }

    fn write_i64(&mut self, n: i64) {
        self.fold(n.cast_unsigned());
    }

    fn write_usize(&mut self, n: usize) {
        self.fold(n as u64);
    }

    fn finish(&self) -> u64 {
        self.state.rotate_left(26) ^ self.state
    }
}
