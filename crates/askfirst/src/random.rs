//! Randomness is handed in, so that tests can repeat it.

use std::fmt::Debug;
use std::io;

/// A source of random bytes.
pub trait Random: Debug + Send + Sync {
    /// Fills `bytes`.
    ///
    /// # Errors
    ///
    /// Those of the source. Nothing is drawn and no key is made without it.
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()>;
}

/// The system's random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        getrandom::fill(bytes).map_err(io::Error::other)
    }
}
