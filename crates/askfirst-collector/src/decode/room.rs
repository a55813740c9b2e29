//! The memory one body may take.

use std::fmt;

use crate::refusal::Refusal;

/// The memory one body may take: asked for piece by piece, so that a small body which
/// decompresses to a large one is stopped on the way, not afterwards (decision D22).
pub struct Room<'a> {
    limit: usize,
    share: &'a mut (dyn FnMut(usize) -> bool + 'a),
}

impl<'a> Room<'a> {
    /// Room for a body of at most `limit` bytes once decompressed. `share` is asked for a number
    /// of bytes out of what all bodies share, and says whether they may be used.
    pub fn new(limit: usize, share: &'a mut (dyn FnMut(usize) -> bool + 'a)) -> Room<'a> {
        Room { limit, share }
    }

    /// The most a body may decompress to.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn take(&mut self, bytes: usize) -> Result<(), Refusal> {
        if (self.share)(bytes) {
            Ok(())
        } else {
            Err(Refusal::Busy)
        }
    }
}

impl fmt::Debug for Room<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
