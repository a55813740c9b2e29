//! Finding the group of a row from the codes of what its group has in common.

/// The codes of up to two dimensions and of the bucket; 0 where there is none.
pub(crate) type Key = [u32; 3];

/// A table by codes has at most `2^DENSE_BITS` places (16 MB): above that, keys are hashed.
const DENSE_BITS: u32 = 22;

/// Groups met so far, in order, with a way to find them again.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    keys: Vec<Key>,
    find: Find,
}

/// Finds a position by key. Positions are kept plus one; 0 is free.
#[derive(Debug)]
enum Find {
    /// A place for every combination of codes: no hashing, while there are few.
    Dense { bits: [u32; 3], places: Vec<u32> },
    /// Open addressing in a table of `2^bits` places.
    Hashed { bits: u32, places: Vec<u32> },
}

impl Default for Find {
    fn default() -> Find {
        Find::Dense {
            bits: [0; 3],
            places: vec![0],
        }
    }
}

impl Groups {
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The position of every row's group; codes are given by place. New groups are added.
    pub(crate) fn positions(&mut self, rows: usize, codes: [&[u32]; 3]) -> Vec<u32> {
        self.make_room(codes);
        match &self.find {
            Find::Dense { bits, .. } => self.by_place(*bits, rows, codes),
            Find::Hashed { .. } => self.by_hash(rows, codes),
        }
    }

    /// Widens the table for the largest codes, or gives up on it.
    fn make_room(&mut self, codes: [&[u32]; 3]) {
        let Find::Dense { bits, .. } = &self.find else {
            return;
        };
        // all bits together are as wide as the largest code, and four at once cost no comparison
        let needed = codes.map(|codes| width(codes.iter().fold(0, |bits, code| bits | code)));
        let wider: [u32; 3] = std::array::from_fn(|place| needed[place].max(bits[place]));
        if wider == *bits {
            return;
        }
        if wider.iter().sum::<u32>() > DENSE_BITS {
            self.find = Find::Hashed {
                bits: 0,
                places: Vec::new(),
            };
            self.rehash();
            return;
        }
        let mut places = vec![0; 1 << wider.iter().sum::<u32>()];
        for (key, position) in self.keys.iter().zip(1..) {
            places[place(wider, *key)] = position;
        }
        self.find = Find::Dense {
            bits: wider,
            places,
        };
    }

    fn by_place(&mut self, bits: [u32; 3], rows: usize, codes: [&[u32]; 3]) -> Vec<u32> {
        let mut at = vec![0; rows];
        for (codes, shift) in codes.into_iter().zip([0, bits[0], bits[0] + bits[1]]) {
            at.iter_mut()
                .zip(codes)
                .for_each(|(at, code)| *at |= code << shift);
        }
        let Find::Dense { places, .. } = &mut self.find else {
            return at;
        };
        for (row, at) in at.iter_mut().enumerate() {
            let place = &mut places[*at as usize];
            if *place == 0 {
                self.keys.push(key(codes, row));
                *place = self.keys.len() as u32;
            }
            *at = *place - 1;
        }
        at
    }

    fn by_hash(&mut self, rows: usize, codes: [&[u32]; 3]) -> Vec<u32> {
        // rows of an install stand together, so many have the key of the row before
        let mut last: Option<(Key, u32)> = None;
        let position = |row| {
            let key = key(codes, row);
            match last {
                Some((same, position)) if same == key => position,
                _ => last.insert((key, self.hashed(key))).1,
            }
        };
        (0..rows).map(position).collect()
    }

    fn hashed(&mut self, key: Key) -> u32 {
        if let Find::Hashed { places, .. } = &self.find
            && self.keys.len() * 2 >= places.len()
        {
            self.rehash();
        }
        let Find::Hashed { bits, places } = &mut self.find else {
            return 0;
        };
        let mut slot = slot(key, *bits);
        loop {
            match places[slot] {
                0 => {
                    self.keys.push(key);
                    places[slot] = self.keys.len() as u32;
                    return self.keys.len() as u32 - 1;
                }
                taken if self.keys[taken as usize - 1] == key => return taken - 1,
                _ => slot = (slot + 1) & (places.len() - 1),
            }
        }
    }

    /// A hash table with room for twice the keys there are.
    fn rehash(&mut self) {
        let bits = (width(self.keys.len() as u32) + 2).max(6);
        let mut places = vec![0; 1 << bits];
        for (key, position) in self.keys.iter().zip(1..) {
            let mut slot = slot(*key, bits);
            while places[slot] != 0 {
                slot = (slot + 1) & (places.len() - 1);
            }
            places[slot] = position;
        }
        self.find = Find::Hashed { bits, places };
    }
}

fn key(codes: [&[u32]; 3], row: usize) -> Key {
    codes.map(|codes| codes.get(row).copied().unwrap_or(0))
}

/// Bits of codes up to this one.
fn width(largest: u32) -> u32 {
    u32::BITS - largest.leading_zeros()
}

fn place(bits: [u32; 3], key: Key) -> usize {
    key[0] as usize | (key[1] as usize) << bits[0] | (key[2] as usize) << (bits[0] + bits[1])
}

/// Where probing begins. The top bits of a product depend on all bits of the key, the lower ones only on
/// those below them.
fn slot(key: Key, bits: u32) -> usize {
    let folded = u64::from(key[0]) << 40 ^ u64::from(key[1]) ^ u64::from(key[2]) << 20;
    (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Positions of 10,000 rows, twice, in chunks of different sizes, and how they were found.
    fn positions(code: impl Fn(u32) -> Key) -> (Vec<u32>, Groups) {
        let mut groups = Groups::default();
        let mut all = Vec::new();
        let rows: Vec<Key> = (0..10_000).chain(0..10_000).map(code).collect();
        for chunk in rows.chunks(999) {
            let codes: [Vec<u32>; 3] =
                [0, 1, 2].map(|place| chunk.iter().map(|key| key[place]).collect());
            all.extend(groups.positions(chunk.len(), codes.each_ref().map(Vec::as_slice)));
        }
        assert!(
            all.iter()
                .zip(&rows)
                .all(|(position, key)| groups.keys()[*position as usize] == *key)
        );
        (all, groups)
    }

    #[test]
    fn few_codes_are_found_by_place() {
        let (all, groups) = positions(|i| [i % 7, i % 400, i % 3]);
        assert_eq!(groups.keys().len(), 7 * 400 * 3);
        assert_eq!(all[..10_000], all[10_000..]);
        assert!(matches!(groups.find, Find::Dense { .. }));
    }

    #[test]
    fn many_codes_are_found_by_hash_from_then_on() {
        let (all, groups) = positions(|i| [i % 7, i * 4_001, i % 1_000]);
        assert_eq!(groups.keys().len(), 10_000);
        assert_eq!(all[..10_000], all[10_000..]);
        assert!(matches!(groups.find, Find::Hashed { .. }));
    }

    #[test]
    fn rows_without_anything_in_common_are_one_group() {
        let mut groups = Groups::default();
        assert_eq!(groups.positions(3, [&[], &[], &[]]), [0, 0, 0]);
        assert_eq!(groups.keys(), [[0, 0, 0]]);
    }

    #[test]
    fn every_part_of_a_key_spreads_it_over_the_table() {
        let spread = |make: &dyn Fn(u32) -> Key| {
            let mut slots: Vec<usize> = (0..1000).map(|i| slot(make(i), 12)).collect();
            slots.sort_unstable();
            slots.dedup();
            slots.len()
        };
        assert!(spread(&|i| [i, 0, 0]) > 700);
        assert!(spread(&|i| [1, i, 0]) > 700);
        assert!(spread(&|i| [0, 0, i]) > 700);
    }
}
