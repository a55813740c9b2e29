//! The forget key and the install id (promise P04).

use std::fmt;
use std::io;

use sha2::{Digest as _, Sha256};

use crate::random::Random;

/// 32 random bytes. Whoever has them can have the events erased, so they are stored in the
/// choice file alone and shown once, when that is deleted.
#[derive(Clone, PartialEq, Eq)]
pub struct ForgetKey([u8; 32]);

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
        Ok(ForgetKey(bytes))
    }

    /// The key of 64 hex digits.
    pub fn parse(text: &str) -> Option<ForgetKey> {
        let mut bytes = [0; 32];
        let digits = text.as_bytes().chunks_exact(2);
        if text.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits) {
            let [high, low] = pair else { return None };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(ForgetKey(bytes))
    }

    /// The key as 64 hex digits: for the choice file, and for the one time it is printed.
    pub fn spelled(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The bytes, for the request that proves the right to erase.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The id it makes: its SHA-256, cut to a UUID of version 4.
    pub fn install_id(&self) -> InstallId {
        let hash = Sha256::digest(self.0);
        let mut id = [0; 16];
        for (byte, hashed) in id.iter_mut().zip(hash) {
            *byte = hashed;
        }
        let [.., version, _, variant, _, _, _, _, _, _, _] = &mut id;
        *version = *version & 0x0f | 0x40;
        *variant = *variant & 0x3f | 0x80;
        InstallId(id)
    }
}

fn digit(byte: u8) -> Option<u8> {
    // Upper case is not how we write it, and a file is ours or it is not.
    if byte.is_ascii_uppercase() {
        return None;
    }
    char::from(byte)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
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
