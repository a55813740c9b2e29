//! Random bytes from the system, fetched in blocks: an event needs 16 for its id, and a system
//! call for each would cost more than encoding it.

use std::sync::Arc;

use crate::random::Random;

/// Bytes fetched at once: ids of 64 events.
const BLOCK: usize = 1024;

/// Random bytes for ids and for rounding.
#[derive(Debug)]
pub(crate) struct Pool {
    source: Arc<dyn Random>,
    block: Box<[u8; BLOCK]>,
    used: usize,
    rounding: Option<Rounding>,
}

/// Numbers to round by: SplitMix64 from a secret start. The system's bytes cost more than the
/// rest of an event, and of these numbers nothing leaves but which way something was rounded.
#[derive(Debug)]
struct Rounding(u64);

impl Rounding {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Pool {
    /// Nothing is fetched before the first use.
    pub(crate) fn new(source: Arc<dyn Random>) -> Pool {
        Pool {
            source,
            block: Box::new([0; BLOCK]),
            used: BLOCK,
            rounding: None,
        }
    }

    /// Forgets what was fetched: a forked child must not draw its parent's ids again
    /// (decision D4).
    pub(crate) fn forget(&mut self) {
        self.block.fill(0);
        self.used = BLOCK;
        self.rounding = None;
    }

    /// The next `N` bytes, or `None` if the system has no random source: then nothing that
    /// needs an id is recorded.
    pub(crate) fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        if self.used.checked_add(N)? > BLOCK {
            self.source.fill(self.block.as_mut_slice()).ok()?;
            self.used = 0;
        }
        let end = self.used.checked_add(N)?;
        let taken = self.block.get_mut(self.used..end)?;
        let bytes = <[u8; N]>::try_from(&*taken).ok()?;
        // What became an id is kept nowhere else.
        taken.fill(0);
        self.used = end;
        Some(bytes)
    }

    /// A number that is the session's.
    pub(crate) fn number(&mut self) -> u64 {
        self.bytes().map_or(0, u64::from_le_bytes)
    }

    /// A number to round by. Without a random source it is 0: rounding down tells nothing.
    pub(crate) fn rounding(&mut self) -> u64 {
        if self.rounding.is_none() {
            self.rounding = self.bytes().map(u64::from_le_bytes).map(Rounding);
        }
        self.rounding.as_mut().map_or(0, Rounding::next)
    }

    /// A UUID v4.
    pub(crate) fn uuid4(&mut self) -> Option<[u8; 16]> {
        // As one number: bytes that are changed one by one have to reach memory first.
        let drawn = u128::from_be_bytes(self.bytes()?);
        let version = drawn & !(0xf << 76) | 0x4 << 76;
        let id = version & !(0b11 << 62) | 0b10 << 62;
        Some(id.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Pool {
        Pool::new(Arc::new(crate::random::SystemRandom))
    }

    #[test]
    fn ids_are_uuids_of_version_four_and_differ() {
        let mut random = pool();
        let mut seen = std::collections::HashSet::new();
        for _ in 0..1000 {
            let id = random.uuid4().unwrap();
            assert_eq!((id[6] >> 4, id[8] >> 6), (4, 2));
            assert!(seen.insert(id));
        }
    }

    #[test]
    fn what_was_drawn_or_forgotten_is_not_kept() {
        let mut random = pool();
        random.uuid4().unwrap();
        assert_eq!(random.block[..16], [0; 16]);
        random.forget();
        assert_eq!(random.block[..], [0; BLOCK]);
    }
}
