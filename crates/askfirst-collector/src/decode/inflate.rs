//! Decompression that stops at a limit and asks for memory as it goes.

use std::fmt;
use std::io::Read as _;

use flate2::read::GzDecoder;

use crate::refusal::Refusal;

/// How much is decompressed between two questions for memory.
const STEP: usize = 64 << 10;

/// The memory a body may take: asked for piece by piece, so that a small body which
/// decompresses to a large one is stopped on the way, not afterwards (decision D22).
pub struct Room<'a>(&'a mut (dyn FnMut(usize) -> bool + Send));

impl<'a> Room<'a> {
    /// Room given out by `take`, which is asked for a number of bytes and says whether they
    /// may be used.
    pub fn new(take: &'a mut (dyn FnMut(usize) -> bool + Send)) -> Room<'a> {
        Room(take)
    }

    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Refusal> {
        if (self.0)(bytes) { Ok(()) } else { Err(Refusal::Busy) }
    }
}

impl fmt::Debug for Room<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Room")
    }
}

/// Decompresses to at most `limit` bytes.
pub(super) fn gunzip(
    compressed: &[u8],
    limit: usize,
    room: &mut Room<'_>,
) -> Result<Vec<u8>, Refusal> {
    let mut decoder = GzDecoder::new(compressed);
    let mut out = Vec::new();
    loop {
        room.take(STEP)?;
        let before = out.len();
        let mut step = decoder.by_ref().take(STEP as u64);
        step.read_to_end(&mut out).map_err(|_| Refusal::BadGzip)?;
        if out.len() > limit {
            return Err(Refusal::TooLarge);
        }
        if out.len() - before < STEP {
            return Ok(out);
        }
    }
}
