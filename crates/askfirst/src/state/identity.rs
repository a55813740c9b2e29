//! The forget key and the install id (promise P04).

use std::fmt;
use std::io;

use crate::random::Random;

/// 32 random bytes. Whoever has them can have the events erased, so they are stored in the
/// choice file alone and shown once, when that is deleted.
#[derive(Clone, PartialEq, Eq)]
pub struct ForgetKey(askfirst_receipt::ForgetKey);

/// The anonymous id of an installation at one destination: a UUID of version 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstallId([u8; 16]);

impl ForgetKey {
    /// Draws a key.
    ///
    /// # Errors
    ///
    /// Those of the random source.
    pub fn draw(random: &dyn Random) -> io::Result<ForgetKey> {
        let mut bytes = [0; 32];
        random.fill(&mut bytes)?;
        Ok(ForgetKey(askfirst_receipt::ForgetKey::of(bytes)))
    }

    /// The key of 64 hex digits, lower case: a file is ours or it is not.
    pub fn parse(text: &str) -> Option<ForgetKey> {
        askfirst_receipt::ForgetKey::parse(text).map(ForgetKey)
    }

    /// The key as 64 hex digits: for the choice file, and for the one time it is printed.
    pub fn spelled(&self) -> String {
        self.0.spelled()
    }

    /// The key as collectors know it, for the request that proves the right to erase.
    pub fn shared(&self) -> &askfirst_receipt::ForgetKey {
        &self.0
    }

    /// The id it makes: its SHA-256, cut to a UUID of version 4.
    pub fn install_id(&self) -> InstallId {
        InstallId(askfirst_receipt::install_id(&self.0))
    }
}

/// A key is never printed by accident.
impl fmt::Debug for ForgetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForgetKey(..)")
    }
}

impl InstallId {
    /// Its 16 bytes.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for InstallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}
