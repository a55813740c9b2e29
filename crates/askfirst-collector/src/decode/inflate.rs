//! Decompression that stops at a limit and asks for memory as it goes.

use std::io::Read as _;

use flate2::read::GzDecoder;

use super::room::Room;
use crate::refusal::Refusal;

/// How much is decompressed between two questions for memory.
const STEP: usize = 64 << 10;

/// Decompresses to at most as much as `room` says.
pub(super) fn gunzip(compressed: &[u8], room: &mut Room<'_>) -> Result<Vec<u8>, Refusal> {
    let mut decoder = GzDecoder::new(compressed);
    let mut out = Vec::new();
    loop {
        room.take(STEP)?;
        if out.capacity() - out.len() < STEP {
            // By a quarter, where a vector left to itself would double.
            out.reserve_exact(STEP.max(out.len() / 4));
        }
        let before = out.len();
        let mut step = decoder.by_ref().take(STEP as u64);
        step.read_to_end(&mut out).map_err(|_| Refusal::BadGzip)?;
        if out.len() > room.limit() {
            return Err(Refusal::TooLarge);
        }
        if out.len() - before < STEP {
            return Ok(out);
        }
    }
}
