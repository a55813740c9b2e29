//! The numbers of installs one thread has met, in the order of their ids.
//!
//! A segment is sorted by event and install, so the ids of a dictionary come in ascending runs, and those of
//! the next event are nearly the same again. Walking along a sorted list finds them in a few nanoseconds each;
//! a hash table shared by all threads costs a cache miss or two for every one.

use crate::scan::installs::{Id, Installs};

/// Ids and numbers.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// By id.
    sorted: Vec<(Id, u32)>,
    /// Met since the list was last sorted, in any order.
    fresh: Vec<(Id, u32)>,
}

impl Known {
    /// The numbers of these ids, in order. Those not known yet are asked for.
    pub(crate) fn of_all(&mut self, ids: &[Id], installs: &Installs) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(ids.len());
        let mut unknown = Vec::new();
        let mut at = 0;
        for (i, &id) in ids.iter().enumerate() {
            at = self.seek(at, id);
            match self.sorted.get(at) {
                Some(&(known, number)) if known == id => numbers.push(number),
                _ => {
                    numbers.push(0);
                    unknown.push(i);
                }
            }
        }
        let found = installs.of_all(unknown.iter().map(|&i| ids[i]));
        for (i, number) in unknown.into_iter().zip(found) {
            numbers[i] = number;
            self.fresh.push((ids[i], number));
        }
        // sorting costs about as much as looking the fresh ones up once more
        if self.fresh.len() * 4 > self.sorted.len() {
            self.sorted.append(&mut self.fresh);
            // stable, because it finds the sorted run and merges the rest into it
            self.sorted.sort_by_key(|(id, _)| *id);
            self.sorted.dedup();
        }
        numbers
    }

    /// The first position from which on no id is smaller: near the last one, if ids ascend.
    fn seek(&self, at: usize, id: Id) -> usize {
        let behind = at > 0 && self.sorted[at - 1].0 >= id;
        let from = if behind { 0 } else { at };
        let rest = &self.sorted[from..];
        let mut step = 1;
        while rest.get(step - 1).is_some_and(|(known, _)| *known < id) {
            step *= 2;
        }
        let (low, high) = (step / 2, (step - 1).min(rest.len()));
        from + low + rest[low..high].partition_point(|(known, _)| *known < id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thread_finds_the_same_numbers_in_whatever_order_ids_come() {
        let installs = Installs::default();
        let (mut one, mut other) = (Known::default(), Known::default());
        let id = |i: u32| Id::from(i.wrapping_mul(2_654_435_761)) << 90 | Id::from(i);
        let mut truth = std::collections::HashMap::new();
        for round in 0..50_u32 {
            // an ascending run of some ids, another one, and a few in no order
            let mut ids: Vec<Id> = (0..300 + round).map(|i| id(i * (1 + round % 5))).collect();
            ids.sort_unstable();
            ids.extend((0..20).map(|i| id(i * 31 + round)));
            for known in [&mut one, &mut other] {
                for (id, number) in ids.iter().zip(known.of_all(&ids, &installs)) {
                    assert_eq!(*truth.entry(*id).or_insert(number), number);
                    assert_ne!(number, 0);
                }
            }
        }
        let mut numbers: Vec<u32> = truth.values().copied().collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=truth.len() as u32).collect::<Vec<_>>());
    }

    #[test]
    fn the_place_of_an_id_is_found_from_anywhere() {
        let known = Known {
            sorted: (0..100).map(|i| (i * 3, i as u32)).collect(),
            fresh: Vec::new(),
        };
        for from in 0..=100 {
            for id in 0..310 {
                assert_eq!(known.seek(from, id), (id as usize).div_ceil(3).min(100));
            }
        }
    }
}
