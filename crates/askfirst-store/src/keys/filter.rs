//! Filters: a cache line of 512 bits for every 51 keys, in which each key has eight.
//!
//! A key that is in the filter's blocks is always found in it; one that is not, in one case
//! of a hundred.

use super::splitmix;
use crate::policy::KEY_FILTER_BITS;

const LINE: usize = 64;

/// Bytes of a filter of so many keys.
pub(super) fn bytes_of(keys: usize) -> usize {
    (keys * KEY_FILTER_BITS).div_ceil(LINE * 8) * LINE
}

/// Appends the filter of keys, given [`mixed`](super::mixed).
pub(super) fn put(hashes: &[u64], out: &mut Vec<u8>) {
    let mut lines = vec![[0_u64; 8]; bytes_of(hashes.len()) / LINE];
    for hash in hashes {
        let at = line_of(*hash, lines.len());
        for (word, bit) in lines[at].iter_mut().zip(bits(*hash)) {
            *word |= bit;
        }
    }
    for word in lines.iter().flatten() {
        out.extend_from_slice(&word.to_le_bytes());
    }
}

/// Whether a key may be among those of a filter.
pub(super) fn may_hold(filter: &[u8], hash: u64) -> bool {
    let at = line_of(hash, filter.len() / LINE) * LINE;
    let (words, _) = filter[at..at + LINE].as_chunks::<8>();
    let mut all = words.iter().zip(bits(hash));
    all.all(|(word, bit)| u64::from_le_bytes(*word) & bit != 0)
}

fn line_of(hash: u64, lines: usize) -> usize {
    (((hash >> 32) * lines as u64) >> 32) as usize
}

/// One bit for each word of a line.
fn bits(hash: u64) -> impl Iterator<Item = u64> {
    let places = splitmix(hash);
    (0..8).map(move |word| 1 << (places >> (6 * word) & 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::KEY_FILTER;

    #[test]
    fn a_key_is_always_found_and_another_in_one_case_of_a_hundred() {
        let hashes: Vec<u64> = (0..KEY_FILTER as u64).map(splitmix).collect();
        let mut filter = Vec::new();
        put(&hashes, &mut filter);
        assert_eq!(filter.len(), bytes_of(KEY_FILTER));
        assert!(hashes.iter().all(|hash| may_hold(&filter, *hash)));
        let others = (0..100_000).map(|n| splitmix(n + (1 << 40)));
        let found = others.filter(|hash| may_hold(&filter, *hash)).count();
        assert!((500..1500).contains(&found), "{found} of 100,000");
    }

    #[test]
    fn a_filter_of_one_key_is_a_line() {
        let mut filter = Vec::new();
        put(&[7], &mut filter);
        assert_eq!(filter.len(), LINE);
        assert!(may_hold(&filter, 7) && !may_hold(&filter, splitmix(7)));
    }
}
