//! Finding the group of a row.

use std::sync::Arc;

use crate::calendar::{Bucket, Day};
use crate::error::Error;
use crate::question::{Ask, Dimension};
use crate::scan::codes::{Codes, NONE};
use crate::scan::columns::{Chunk, Remap, dictionary, each_code, texts};

/// Up to two codes and a day, packed: what the rows of a group have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u128);

impl Key {
    fn with_code(self, place: usize, code: u32) -> Key {
        Key(self.0 | u128::from(code) << (32 * place))
    }

    fn with_day(self, day: Day) -> Key {
        Key(self.0 | u128::from(day.0.cast_unsigned()) << 96)
    }

    pub(crate) fn code(self, place: usize) -> u32 {
        (self.0 >> (32 * place)) as u32
    }

    pub(crate) fn day(self) -> Day {
        Day(((self.0 >> 96) as u32).cast_signed())
    }

    /// Where probing for it starts in a table of `2^bits` places. The top bits of a product depend on all
    /// bits of the key, the lower ones only on those below them.
    fn slot(self, bits: u32) -> usize {
        let folded = (self.0 as u64) ^ ((self.0 >> 64) as u64).rotate_left(17);
        (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
    }
}

/// Texts met in the columns of one ask, in the order of its dimensions.
pub(crate) type Texts = Codes<Arc<str>>;

/// Keys of the groups met so far, in order, with a table to find them again.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    keys: Vec<Key>,
    /// Position of a key plus one, by hash; 0 is free. Its length is a power of two.
    table: Vec<u32>,
    bits: u32,
}

impl Groups {
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The position of a key's group; a new one if it was not met before.
    pub(crate) fn position(&mut self, key: Key) -> u32 {
        if self.keys.len() * 2 >= self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut slot = key.slot(self.bits);
        loop {
            match self.table[slot] {
                0 => {
                    self.keys.push(key);
                    self.table[slot] = self.keys.len() as u32;
                    return self.keys.len() as u32 - 1;
                }
                taken if self.keys[taken as usize - 1] == key => return taken - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        self.bits = (self.bits + 1).max(6);
        let size = 1 << self.bits;
        self.table = vec![0; size];
        for (i, key) in self.keys.iter().enumerate() {
            let mut slot = key.slot(self.bits);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = i as u32 + 1;
        }
    }
}

/// Turns the rows of a chunk into positions of groups.
#[derive(Debug)]
pub(crate) struct Keyer<'a> {
    ask: &'a Ask,
    texts: &'a [Texts],
    remaps: Vec<Remap<u32>>,
    keys: Vec<Key>,
}

impl<'a> Keyer<'a> {
    pub(crate) fn new(ask: &'a Ask, texts: &'a [Texts]) -> Keyer<'a> {
        let remaps = std::iter::repeat_with(Remap::default)
            .take(ask.by.len())
            .collect();
        Keyer {
            ask,
            texts,
            remaps,
            keys: Vec::new(),
        }
    }

    /// The group of every selected row.
    pub(crate) fn positions(
        &mut self,
        chunk: &Chunk<'_>,
        groups: &mut Groups,
    ) -> Result<Vec<u32>, Error> {
        self.keys.clear();
        self.keys.resize(chunk.rows.len(), Key::default());
        for place in 0..self.ask.by.len() {
            match &self.ask.by[place] {
                Dimension::Text(column) => self.by_text(place, column, chunk)?,
                Dimension::Install => {
                    let numbers = &chunk.installs;
                    self.keys
                        .iter_mut()
                        .zip(numbers)
                        .for_each(|(key, &code)| *key = key.with_code(place, code));
                }
            }
        }
        if let Some(bucket) = self.ask.bucket {
            self.by_time(bucket, chunk);
        }
        Ok(positions(&self.keys, groups))
    }

    fn by_text(&mut self, place: usize, column: &str, chunk: &Chunk<'_>) -> Result<(), Error> {
        let Some(codes) = dictionary(chunk.batch, column)? else {
            return Ok(());
        };
        let shared = &self.texts[place];
        let meaning = self.remaps[place].of(codes.values(), |values| {
            Ok(shared.of_all(texts(values, column)?.into_iter(), |text| Arc::from(text)))
        })?;
        let keys = &mut self.keys;
        each_code(codes, &chunk.rows, chunk.whole, |i, code| {
            keys[i] = keys[i].with_code(place, code.map_or(NONE, |code| meaning[code]));
        });
        Ok(())
    }

    fn by_time(&mut self, bucket: Bucket, chunk: &Chunk<'_>) {
        // rows of an install follow each other in time, so most share the day of the row before
        let mut last: Option<(Day, Day)> = None;
        for (key, &time) in self.keys.iter_mut().zip(&chunk.times) {
            let day = Day::of_ms(time);
            let start = match last {
                Some((same, start)) if same == day => start,
                _ => bucket.start(day),
            };
            last = Some((day, start));
            *key = key.with_day(start);
        }
    }
}

fn positions(keys: &[Key], groups: &mut Groups) -> Vec<u32> {
    let mut last: Option<(Key, u32)> = None;
    let position = |&key: &Key| match last {
        Some((same, position)) if same == key => position,
        _ => {
            let position = groups.position(key);
            last = Some((key, position));
            position
        }
    };
    keys.iter().map(position).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_parts() {
        let key = Key::default()
            .with_code(0, 7)
            .with_code(1, u32::MAX)
            .with_day(Day(-3));
        assert_eq!(
            (key.code(0), key.code(1), key.day()),
            (7, u32::MAX, Day(-3))
        );
    }

    #[test]
    fn every_part_of_a_key_spreads_it_over_the_table() {
        let spread = |make: &dyn Fn(u32) -> Key| {
            let mut slots: Vec<usize> = (0..1000).map(|i| make(i).slot(12)).collect();
            slots.sort_unstable();
            slots.dedup();
            slots.len()
        };
        assert!(spread(&|i| Key::default().with_code(0, i)) > 700);
        assert!(spread(&|i| Key::default().with_code(0, 1).with_code(1, i)) > 700);
        assert!(spread(&|i| Key::default().with_day(Day(20_000 + i.cast_signed()))) > 700);
    }

    #[test]
    fn a_key_has_one_position_however_many_there_are() {
        let mut groups = Groups::default();
        let key = |i: u32| Key::default().with_code(0, i % 7).with_code(1, i);
        for i in (0..5_000).chain(0..5_000) {
            assert_eq!(groups.position(key(i)), i);
        }
        assert_eq!(groups.keys().len(), 5_000);
    }
}
