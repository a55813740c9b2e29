//! Key runs: files of what tells an event that comes again from a new one. The bytes are
//! described in `docs/formats/keys.md`.

use std::path::Path;

use crate::codec::{Cursor, Fault, put_u64};
use crate::error::Error;
use crate::manifest::RunKind;
use crate::policy::KEY_BLOCK;

const MAGIC: &[u8; 8] = b"askfkey\0";
const VERSION: u32 = 1;
const HEADER: usize = 32;

/// What tells a received event from others of its project: its raw time and its key.
pub(crate) type EventKey = (i64, u64);

/// The bytes of a run of received events. Sorts them.
pub(crate) fn encode_received(keys: &mut [EventKey]) -> Vec<u8> {
    keys.sort_unstable();
    encode(RunKind::Received, keys, |out, block| {
        let smallest = block.first().map_or(0, |(ts, _)| *ts);
        let mut before = smallest;
        for (ts, key) in block {
            put_u64(out, ts.wrapping_sub(before) as u64);
            out.extend_from_slice(&key.to_le_bytes());
            before = *ts;
        }
        smallest as u64
    })
}

/// The bytes of a run of lines. Sorts them.
pub(crate) fn encode_lines(keys: &mut [u64]) -> Vec<u8> {
    keys.sort_unstable();
    encode(RunKind::Lines, keys, |out, block| {
        for key in block {
            out.extend_from_slice(&key.to_le_bytes());
        }
        block.first().copied().unwrap_or(0)
    })
}

/// Writes a run whose blocks `fill` writes, returning the first part of their smallest key.
fn encode<K>(kind: RunKind, keys: &[K], fill: impl Fn(&mut Vec<u8>, &[K]) -> u64) -> Vec<u8> {
    let blocks = keys.chunks(KEY_BLOCK);
    let mut out = header(kind, keys.len() as u64, blocks.len() as u32);
    let mut directory = Vec::new();
    for block in blocks {
        let at = out.len();
        out.extend_from_slice(&[0; 4]);
        let smallest = fill(&mut out, block);
        let crc = crc32c::crc32c(&out[at + 4..]);
        out[at..at + 4].copy_from_slice(&crc.to_le_bytes());
        directory.extend_from_slice(&smallest.to_le_bytes());
        directory.extend_from_slice(&(at as u64).to_le_bytes());
    }
    let crc = crc32c::crc32c(&directory);
    out.extend_from_slice(&directory);
    out.extend_from_slice(&crc.to_le_bytes());
    out
}

fn header(kind: RunKind, keys: u64, blocks: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER + keys as usize * 10);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&[kind_code(kind), 0, 0, 0]);
    out.extend_from_slice(&keys.to_le_bytes());
    out.extend_from_slice(&blocks.to_le_bytes());
    let crc = crc32c::crc32c(&out);
    out.extend_from_slice(&crc.to_le_bytes());
    out
}

fn kind_code(kind: RunKind) -> u8 {
    match kind {
        RunKind::Received => 1,
        RunKind::Lines => 2,
    }
}

/// Every key of a run of received events, in order.
pub(crate) fn decode_received(bytes: &[u8], path: &Path) -> Result<Vec<EventKey>, Error> {
    decode(bytes, RunKind::Received, |cursor, smallest| {
        let mut ts = smallest as i64;
        let mut keys = Vec::new();
        while !cursor.is_empty() {
            ts = ts.wrapping_add(cursor.u64()? as i64);
            keys.push((ts, u64::from_le_bytes(cursor.array()?)));
        }
        Ok(keys)
    })
    .map_err(|fault| corrupt(path, fault))
}

/// Every key of a run of lines, in order.
pub(crate) fn decode_lines(bytes: &[u8], path: &Path) -> Result<Vec<u64>, Error> {
    decode(bytes, RunKind::Lines, |cursor, _| {
        let mut keys = Vec::new();
        while !cursor.is_empty() {
            keys.push(u64::from_le_bytes(cursor.array()?));
        }
        Ok(keys)
    })
    .map_err(|fault| corrupt(path, fault))
}

fn decode<K>(
    bytes: &[u8],
    kind: RunKind,
    read: impl Fn(&mut Cursor<'_>, u64) -> Result<Vec<K>, Fault>,
) -> Result<Vec<K>, Fault> {
    let (head, _) = bytes.split_at_checked(HEADER).ok_or("no whole header")?;
    let mut cursor = Cursor::new(head);
    if &cursor.array()? != MAGIC {
        return Err("not a key run");
    }
    let version = u32::from_le_bytes(cursor.array()?);
    if version != VERSION || cursor.array()? != [kind_code(kind), 0, 0, 0] {
        return Err("not a key run of this version and kind");
    }
    let keys = u64::from_le_bytes(cursor.array()?);
    let blocks = u32::from_le_bytes(cursor.array()?) as usize;
    if u32::from_le_bytes(cursor.array()?) != crc32c::crc32c(&head[..HEADER - 4]) {
        return Err("the header's checksum is wrong");
    }
    let directory_bytes = blocks.saturating_mul(16).saturating_add(4);
    let end = bytes
        .len()
        .checked_sub(directory_bytes)
        .ok_or("too short")?;
    let (directory, crc) = bytes[end..].split_at(directory_bytes - 4);
    if crc != crc32c::crc32c(directory).to_le_bytes() {
        return Err("the directory's checksum is wrong");
    }
    let mut entries = Vec::with_capacity(blocks);
    let mut cursor = Cursor::new(directory);
    while !cursor.is_empty() {
        let smallest = u64::from_le_bytes(cursor.array()?);
        entries.push((smallest, u64::from_le_bytes(cursor.array()?) as usize));
    }
    let mut all = Vec::new();
    for (at, (smallest, start)) in entries.iter().enumerate() {
        let stop = entries.get(at + 1).map_or(end, |(_, next)| *next);
        let block = bytes.get(*start..stop).ok_or("a block out of place")?;
        let (crc, block) = block.split_at_checked(4).ok_or("too short")?;
        if crc != crc32c::crc32c(block).to_le_bytes() {
            return Err("a block's checksum is wrong");
        }
        all.append(&mut read(&mut Cursor::new(block), *smallest)?);
    }
    match all.len() as u64 == keys {
        true => Ok(all),
        false => Err("not as many keys as it says"),
    }
}

fn corrupt(path: &Path, fault: Fault) -> Error {
    Error::Corrupt {
        path: path.to_owned(),
        offset: 0,
        problem: fault.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed(n: u64) -> u64 {
        n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17)
    }

    #[test]
    fn keys_come_back_in_order() {
        for n in [0, 1, KEY_BLOCK, KEY_BLOCK + 1, 3 * KEY_BLOCK] {
            let key = |i| (mixed(i) as i64 >> (i % 40), mixed(i + 7));
            let mut events: Vec<EventKey> = (0..n as u64).map(key).collect();
            let bytes = encode_received(&mut events);
            assert_eq!(decode_received(&bytes, Path::new("x")).unwrap(), events);
            let mut lines: Vec<u64> = (0..n as u64).map(mixed).collect();
            let bytes = encode_lines(&mut lines);
            assert_eq!(decode_lines(&bytes, Path::new("x")).unwrap(), lines);
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_shows() {
        let mut keys: Vec<EventKey> = (0..20).map(|i| (i * 1000, mixed(i as u64))).collect();
        let whole = encode_received(&mut keys);
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            decode_received(&damaged, Path::new("x")).expect_err("a flipped bit");
        }
        for end in 0..whole.len() {
            decode_received(&whole[..end], Path::new("x")).expect_err("a cut file");
        }
    }

    #[test]
    fn d10_a_key_of_a_busy_hour_costs_nine_bytes() {
        let mut keys: Vec<EventKey> = (0..10_000).map(|i| (i * 50, mixed(i as u64))).collect();
        assert!(encode_received(&mut keys).len() < 91_000);
    }
}
