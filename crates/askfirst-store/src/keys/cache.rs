//! What was read last of all runs of a store, in at most so many bytes (decision D22).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A filter or a block: the number of its run's file, and of the piece in it.
pub(crate) type Piece = (u64, u32);

/// Kept for each piece besides its bytes: its entries here, and the allocator's.
const OVERHEAD: usize = 128;

/// Pieces of files, the least used of which give way to others ("clock").
#[derive(Debug)]
pub(crate) struct Cache(Mutex<Clock>);

#[derive(Debug)]
struct Clock {
    limit: usize,
    used: usize,
    places: HashMap<Piece, usize>,
    slots: Vec<Slot>,
    hand: usize,
}

#[derive(Debug)]
struct Slot {
    piece: Piece,
    bytes: Arc<[u8]>,
    /// Asked for since the hand passed.
    again: bool,
}

impl Cache {
    /// Of so many bytes at most.
    pub(crate) fn new(limit: usize) -> Cache {
        Cache(Mutex::new(Clock {
            limit,
            used: 0,
            places: HashMap::new(),
            slots: Vec::new(),
            hand: 0,
        }))
    }

    /// A piece, if it is here; else as `read` reads it, which then stays here. Whoever asks
    /// for a piece that another is reading reads it too: nobody waits for somebody's disk.
    pub(crate) fn get<E>(
        &self,
        piece: Piece,
        read: impl FnOnce() -> Result<Arc<[u8]>, E>,
    ) -> Result<Arc<[u8]>, E> {
        if let Some(bytes) = self.clock().find(piece) {
            return Ok(bytes);
        }
        let bytes = read()?;
        self.clock().insert(piece, Arc::clone(&bytes));
        Ok(bytes)
    }

    /// Sets how many bytes may be used.
    pub(crate) fn set_limit(&self, limit: usize) {
        let mut clock = self.clock();
        clock.limit = limit;
        clock.shrink();
    }

    /// Bytes used.
    #[cfg(test)]
    fn used(&self) -> usize {
        self.clock().used
    }

    fn clock(&self) -> std::sync::MutexGuard<'_, Clock> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock {
    fn find(&mut self, piece: Piece) -> Option<Arc<[u8]>> {
        let slot = &mut self.slots[*self.places.get(&piece)?];
        slot.again = true;
        Some(Arc::clone(&slot.bytes))
    }

    fn insert(&mut self, piece: Piece, bytes: Arc<[u8]>) {
        if self.places.contains_key(&piece) {
            return;
        }
        self.used += bytes.len() + OVERHEAD;
        self.shrink();
        self.places.insert(piece, self.slots.len());
        self.slots.push(Slot {
            piece,
            bytes,
            again: false,
        });
    }

    /// Lets go what nobody asked for since the hand last passed.
    fn shrink(&mut self) {
        while self.used > self.limit && !self.slots.is_empty() {
            if self.hand >= self.slots.len() {
                self.hand = 0;
            }
            let slot = &mut self.slots[self.hand];
            if std::mem::take(&mut slot.again) {
                self.hand += 1;
                continue;
            }
            let gone = self.slots.swap_remove(self.hand);
            self.used -= gone.bytes.len() + OVERHEAD;
            self.places.remove(&gone.piece);
            if let Some(moved) = self.slots.get(self.hand) {
                // The newest took its place: not the next to go.
                self.places.insert(moved.piece, self.hand);
                self.hand += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn ask(cache: &Cache, n: u32) -> bool {
        let mut read = false;
        let bytes = cache.get((1, n), || {
            read = true;
            Ok::<_, Infallible>(Arc::from(vec![n as u8; 1000]))
        });
        assert_eq!(bytes.unwrap()[0], n as u8);
        read
    }

    #[test]
    fn d22_it_never_holds_more_than_its_limit() {
        let cache = Cache::new(10 * (1000 + OVERHEAD));
        for n in 0..1000 {
            ask(&cache, n * 7 % 50);
            assert!(cache.used() <= 10 * (1000 + OVERHEAD));
        }
        cache.set_limit(0);
        assert_eq!(cache.used(), 0);
        assert!(ask(&cache, 1), "larger than the limit, and still given out");
    }

    #[test]
    fn what_is_asked_for_again_and_again_stays() {
        let cache = Cache::new(10 * (1000 + OVERHEAD));
        ask(&cache, 0);
        for n in 1..100 {
            ask(&cache, n);
            assert!(!ask(&cache, 0), "after {n} others");
        }
        assert!(ask(&cache, 1));
    }
}
