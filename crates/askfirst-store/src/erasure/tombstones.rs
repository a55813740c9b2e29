//! What stays of an id that is erased: its HMAC under a secret of the project (decision D29).
//!
//! The id itself would outlive what it stood for. Who has the manifest can tell whether an id
//! they know of is among the tombstones, because the secret lies beside them; ids are random,
//! so nobody finds one that way.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::Error;
use crate::hex;
use crate::policy;

/// What a project was asked to erase. A project that never was has none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Erasure {
    /// Drawn with the first request. It stays when the last tombstone goes: the counts of a
    /// project that once erased have a reason that earlier programs do not know.
    #[serde(with = "hex::bytes32")]
    secret: [u8; 32],
    /// The oldest first.
    pub(crate) tombstones: Vec<Tombstone>,
}

/// An id that is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tombstone {
    /// HMAC-SHA-256 of the id.
    #[serde(with = "hex::bytes32")]
    pub(crate) mark: [u8; 32],
    /// The day of the request, in days since 1970, by the time stamped on what arrives.
    pub(crate) day: i32,
}

impl Erasure {
    pub(crate) fn new(secret: [u8; 32]) -> Erasure {
        Erasure {
            secret,
            tombstones: Vec::new(),
        }
    }

    /// An HMAC that has seen the secret and no id yet.
    pub(crate) fn keyed(&self) -> Hmac<Sha256> {
        // HMAC itself fills a key up to the hash's block of 64 bytes with zeros.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&self.secret);
        Hmac::new(&key.into())
    }

    /// Adds an id, or dates it anew: asking twice is the same work as asking for two.
    ///
    /// # Errors
    ///
    /// [`Error::TombstonesFull`].
    pub(crate) fn add(&mut self, install: &[u8; 16], day: i32) -> Result<(), Error> {
        let mark = mark(self.keyed(), install);
        self.tombstones.retain(|it| it.mark != mark);
        if self.tombstones.len() >= policy::TOMBSTONES {
            return Err(Error::TombstonesFull);
        }
        self.tombstones.push(Tombstone { mark, day });
        Ok(())
    }
}

/// What stands for an id.
pub(super) fn mark(mut keyed: Hmac<Sha256>, install: &[u8; 16]) -> [u8; 32] {
    keyed.update(install);
    keyed.finalize().into_bytes().into()
}

impl fmt::Debug for Erasure {
    /// Leaves the secret out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Erasure")
            .field("tombstones", &self.tombstones.len())
            .finish_non_exhaustive()
    }
}
