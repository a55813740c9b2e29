//! The end of a run: where its blocks are, and which times it has at all.

use super::{EventKey, MAGIC, VERSION, blocks_at, blocks_of, filters_of, kind_code};
use crate::codec::{Cursor, Fault};
use crate::manifest::RunKind;
use crate::policy::{KEY_SLOT_MS, KEY_SLOTS};

/// Bytes of an entry: the first key of a block, and where the block begins.
const ENTRY: u64 = 24;
const SLOTS: usize = KEY_SLOTS / 64;
/// Bytes of everything else: the slots, and a checksum.
const REST: u64 = SLOTS as u64 * 8 + 4;

/// Where the keys of a run are. What a run costs in memory: 24 bytes for every block.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) keys: u64,
    /// The first key of each block.
    pub(super) first: Vec<EventKey>,
    /// Where each block begins, and where the last ends.
    pub(super) at: Vec<u64>,
    slots: [u64; SLOTS],
}

impl Directory {
    pub(super) fn new(keys: u64) -> Directory {
        Directory {
            keys,
            first: Vec::with_capacity(blocks_of(keys) as usize),
            at: Vec::with_capacity(blocks_of(keys) as usize + 1),
            slots: [0; SLOTS],
        }
    }

    /// Notes that a key of this time is there.
    pub(super) fn add_time(&mut self, ts: i64) {
        let slot = slot_of(ts);
        self.slots[slot / 64] |= 1 << (slot % 64);
    }

    /// Whether a key of this time may be there.
    pub(super) fn has_time(&self, ts: i64) -> bool {
        let slot = slot_of(ts);
        self.slots[slot / 64] & 1 << (slot % 64) != 0
    }

    /// The only block a key can be in.
    pub(super) fn block_of(&self, key: EventKey) -> Option<usize> {
        self.first
            .partition_point(|first| *first <= key)
            .checked_sub(1)
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        self.first.len() * ENTRY as usize + REST as usize
    }

    /// Bytes it takes in a file of so many keys.
    pub(super) fn bytes_of(keys: u64) -> u64 {
        blocks_of(keys) * ENTRY + REST
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Directory::bytes_of(self.keys) as usize);
        for ((ts, key), at) in self.first.iter().zip(&self.at) {
            out.extend_from_slice(&ts.to_le_bytes());
            out.extend_from_slice(&key.to_le_bytes());
            out.extend_from_slice(&at.to_le_bytes());
        }
        for word in self.slots {
            out.extend_from_slice(&word.to_le_bytes());
        }
        let crc = crc32c::crc32c(&out);
        out.extend_from_slice(&crc.to_le_bytes());
        out
    }

    /// Reads it back. `at` is where it begins in the file.
    pub(super) fn decode(bytes: &[u8], keys: u64, at: u64) -> Result<Directory, Fault> {
        let (body, crc) = bytes.split_last_chunk::<4>().ok_or("too short")?;
        if crc32c::crc32c(body).to_le_bytes() != *crc {
            return Err("the directory's checksum is wrong");
        }
        let mut directory = Directory::new(keys);
        let mut cursor = Cursor::new(body);
        for _ in 0..blocks_of(keys) {
            let ts = i64::from_le_bytes(cursor.array()?);
            let key = u64::from_le_bytes(cursor.array()?);
            directory.first.push((ts, key));
            directory.at.push(u64::from_le_bytes(cursor.array()?));
        }
        directory.at.push(at);
        for word in &mut directory.slots {
            *word = u64::from_le_bytes(cursor.array()?);
        }
        let begins = directory.at.first() == Some(&blocks_at(keys));
        match begins && directory.at.is_sorted() && directory.first.is_sorted() {
            true => Ok(directory),
            false => Err("a block out of place"),
        }
    }
}

/// Times lie in slots, and slots beyond the last are the first again: a time that is far away
/// costs a look at a filter, no memory.
fn slot_of(ts: i64) -> usize {
    ts.div_euclid(KEY_SLOT_MS).rem_euclid(KEY_SLOTS as i64) as usize
}

/// The first bytes of a run.
pub(super) fn header(kind: RunKind, keys: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(super::HEADER);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&[kind_code(kind), 0, 0, 0]);
    out.extend_from_slice(&keys.to_le_bytes());
    out.extend_from_slice(&(filters_of(keys) as u32).to_le_bytes());
    let crc = crc32c::crc32c(&out);
    out.extend_from_slice(&crc.to_le_bytes());
    out
}

/// Checks the first bytes of a run of so many keys.
pub(super) fn check_header(bytes: &[u8], kind: RunKind, keys: u64) -> Result<(), Fault> {
    let expected = header(kind, keys);
    if bytes.get(..8) != Some(MAGIC) {
        return Err("not a key run");
    }
    if bytes.get(8..16) != expected.get(8..16) {
        return Err("not a key run of this version and kind");
    }
    match bytes == expected {
        true => Ok(()),
        false => Err("the header is not that of a run of its length"),
    }
}
