//! Blocks: a few hundred keys in order, read and searched alone.

use super::EventKey;
use crate::codec::{Cursor, Fault, put_u64};

/// All keys have the same time: only their second parts are written.
const ONE_TIME: u8 = 0;
/// Each key's time is written, less the one before.
const TIMES: u8 = 1;

/// Appends a block's bytes, without a checksum.
pub(super) fn put(keys: &[EventKey], out: &mut Vec<u8>) {
    let first = keys.first().map_or(0, |(ts, _)| *ts);
    let last = keys.last().map_or(0, |(ts, _)| *ts);
    if first == last {
        out.push(ONE_TIME);
    } else {
        out.push(TIMES);
        let mut before = first;
        for (ts, _) in keys {
            put_u64(out, ts.wrapping_sub(before) as u64);
            before = *ts;
        }
    }
    for (_, key) in keys {
        out.extend_from_slice(&key.to_le_bytes());
    }
}

/// A block's times, in order, and its second parts.
struct Parts<'a> {
    /// `None` if all have the time of the first.
    times: Option<Cursor<'a>>,
    keys: &'a [[u8; 8]],
}

fn parts(bytes: &[u8], count: usize) -> Result<Parts<'_>, Fault> {
    let (form, rest) = bytes.split_first().ok_or("an empty block")?;
    let at = rest.len().checked_sub(count * 8).ok_or("too short")?;
    let (times, keys) = rest.split_at(at);
    let times = match (*form, times.is_empty()) {
        (ONE_TIME, true) => None,
        (TIMES, _) => Some(Cursor::new(times)),
        _ => return Err("a block of an unknown form"),
    };
    let (keys, _) = keys.as_chunks::<8>();
    Ok(Parts { times, keys })
}

/// The place of a key in a block of `count` keys, if it is there. `first` is the time of its
/// first key.
pub(super) fn find(
    bytes: &[u8],
    first: i64,
    count: usize,
    (ts, key): EventKey,
) -> Result<Option<usize>, Fault> {
    let Parts { times, keys } = parts(bytes, count)?;
    let same = match times {
        None if first == ts => 0..count,
        None => return Ok(None),
        Some(times) => same_time(times, first, count, ts)?,
    };
    let start = same.start;
    let found = keys[same].binary_search_by_key(&key, |it| u64::from_le_bytes(*it));
    Ok(found.ok().map(|at| start + at))
}

/// The places of the keys with a time.
fn same_time(
    mut times: Cursor<'_>,
    first: i64,
    count: usize,
    wanted: i64,
) -> Result<std::ops::Range<usize>, Fault> {
    let mut ts = first;
    let mut start = count;
    for at in 0..count {
        ts = ts.wrapping_add(times.u64()? as i64);
        if ts >= wanted {
            start = start.min(at);
        }
        if ts > wanted {
            return Ok(start..at);
        }
    }
    Ok(start..count)
}

/// Appends all keys of a block.
pub(super) fn all(
    bytes: &[u8],
    first: i64,
    count: usize,
    out: &mut Vec<EventKey>,
) -> Result<(), Fault> {
    let Parts { mut times, keys } = parts(bytes, count)?;
    let mut ts = first;
    for key in keys {
        if let Some(times) = &mut times {
            ts = ts.wrapping_add(times.u64()? as i64);
        }
        out.push((ts, u64::from_le_bytes(*key)));
    }
    match times.is_none_or(|it| it.is_empty()) {
        true => Ok(()),
        false => Err("more times than keys"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_at_its_place_and_no_other() {
        let extreme = [i64::MIN, -1, 0, 0, 0, 5, i64::MAX];
        let blocks: [Vec<EventKey>; 3] = [
            (0..200).map(|n| (7, n * 10)).collect(),
            (0..200).map(|n| (n as i64 / 3, n * 10)).collect(),
            extreme.into_iter().zip([9, 3, 1, 2, 8, 0, 4]).collect(),
        ];
        for mut keys in blocks {
            keys.sort_unstable();
            let (first, count) = (keys[0].0, keys.len());
            let mut bytes = Vec::new();
            put(&keys, &mut bytes);
            let mut back = Vec::new();
            all(&bytes, first, count, &mut back).unwrap();
            assert_eq!(back, keys);
            for (at, key) in keys.iter().enumerate() {
                assert_eq!(find(&bytes, first, count, *key), Ok(Some(at)));
                assert_eq!(
                    find(&bytes, first, count, (key.0, key.1 + 100_000)),
                    Ok(None)
                );
            }
            assert_eq!(find(&bytes, first, count, (6, 0)), Ok(None));
        }
    }

    #[test]
    fn d10_a_key_of_an_hour_costs_eight_bytes_and_one_of_its_own_millisecond_ten() {
        let size = |step: i64| {
            let keys: Vec<EventKey> = (0..512).map(|n| (n * step, n as u64)).collect();
            let mut bytes = Vec::new();
            put(&keys, &mut bytes);
            bytes.len()
        };
        assert_eq!(size(0), 1 + 512 * 8);
        assert_eq!(size(50), 1 + 512 * 9);
        assert!(size(5000) <= 1 + 512 * 10);
    }
}
