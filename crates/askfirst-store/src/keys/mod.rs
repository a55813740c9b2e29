//! Key runs: files of what tells an event that comes again from a new one, sorted, in blocks
//! that are read alone. The bytes are described in `docs/formats/keys.md`.
//!
//! [`write`] makes a run of keys in order, [`run`] finds keys in one, [`merge`] makes one of
//! several, and [`cache`] keeps what was read last.

pub(crate) mod audit;
mod block;
pub(crate) mod cache;
mod directory;
mod filter;
pub(crate) mod merge;
mod read;
pub(crate) mod run;
pub(crate) mod write;

use crate::manifest::RunKind;
use crate::policy::{KEY_BLOCK, KEY_FILTER};

const MAGIC: &[u8; 8] = b"askfkey\0";
const VERSION: u32 = 1;
/// Bytes of a run before its filters.
const HEADER: usize = 32;
/// Bytes of a CRC-32C.
const CRC: usize = 4;

/// What tells a received event from others of its project: its raw time and its key. A line
/// of a log has no time, here 0, and its key is mixed from its hash and its occurrence.
pub(crate) type EventKey = (i64, u64);

/// 64 bits of a key, evenly spread. Part of the format: filters are made of it.
pub(crate) fn mixed((ts, key): EventKey) -> u64 {
    splitmix(key ^ splitmix(ts as u64))
}

/// The finalizer of splitmix64. Part of the format.
pub(crate) fn splitmix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn kind_code(kind: RunKind) -> u8 {
    match kind {
        RunKind::Received => 1,
        RunKind::Lines => 2,
    }
}

fn blocks_of(keys: u64) -> u64 {
    keys.div_ceil(KEY_BLOCK as u64)
}

fn filters_of(keys: u64) -> u64 {
    keys.div_ceil(KEY_FILTER as u64)
}

/// Where the blocks begin: behind the filters, all of whole size but the last.
fn blocks_at(keys: u64) -> u64 {
    let whole = keys / KEY_FILTER as u64;
    let rest = (keys % KEY_FILTER as u64) as usize;
    let last = match rest {
        0 => 0,
        rest => filter::bytes_of(rest) + CRC,
    };
    HEADER as u64 + whole * (filter::bytes_of(KEY_FILTER) + CRC) as u64 + last as u64
}

/// How many of `keys` are in the part numbered `at` of parts of `size` each.
fn keys_in(keys: u64, at: u64, size: usize) -> usize {
    (keys - at * size as u64).min(size as u64) as usize
}

/// The bytes without the CRC-32C before them, if it is theirs.
fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (crc, rest) = bytes.split_first_chunk::<CRC>()?;
    (crc32c::crc32c(rest).to_le_bytes() == *crc).then_some(rest)
}

#[cfg(test)]
mod figures;
#[cfg(test)]
mod tests;
