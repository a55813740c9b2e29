//! A signed receipt, as bytes.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::hex;
use crate::receipt::Receipt;

/// The version of the form this program writes, and the newest it reads.
pub(crate) const VERSION: u32 = 1;

/// Largest receipt that is looked at: ten times what one takes.
const MOST_BYTES: usize = 16 << 10;

/// The public half of a collector's key: what a profile pins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub(crate) [u8; 32]);

impl PublicKey {
    /// The key of 64 hex digits, lower case.
    pub fn parse(text: &str) -> Option<PublicKey> {
        hex::decode(text).map(PublicKey)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// A receipt, and who says so. Its signature has not been checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    receipt: Receipt,
    /// The text of the receipt: what was signed.
    pub(crate) body: String,
    pub(crate) key: PublicKey,
    pub(crate) signature: [u8; 64],
}

/// Why bytes are no receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAReceipt {
    /// Something else.
    #[error("it is not a receipt")]
    Foreign,
    /// It was written by a later version.
    #[error("it is a receipt of version {found}, this program reads version {VERSION}")]
    Newer {
        /// The version it says it has.
        found: u32,
    },
    /// It holds what a receipt holds, but not as one is written.
    #[error("it was changed after it was written")]
    Changed,
}

/// What every version of the file has.
#[derive(Deserialize)]
struct Version {
    askfirst_receipt: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    askfirst_receipt: u32,
    #[serde(borrow)]
    receipt: &'a RawValue,
    key: String,
    signature: String,
}

impl Signed {
    #[cfg(feature = "signatures")]
    pub(crate) fn new(receipt: Receipt, body: String, key: PublicKey, signature: [u8; 64]) -> Self {
        Signed {
            receipt,
            body,
            key,
            signature,
        }
    }

    /// Reads a receipt. Only the very bytes of [`Signed::text`] are one, with a newline or
    /// without.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn parse(bytes: &[u8]) -> Result<Signed, NotAReceipt> {
        let text = str::from_utf8(bytes).map_err(|_| NotAReceipt::Foreign)?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        if text.len() > MOST_BYTES {
            return Err(NotAReceipt::Foreign);
        }
        // Read as bytes, as everything else of the SDK is: a second reader for texts would be
        // 25 kB of every tool.
        let Version { askfirst_receipt } =
            serde_json::from_slice(text.as_bytes()).map_err(|_| NotAReceipt::Foreign)?;
        if askfirst_receipt > VERSION {
            return Err(NotAReceipt::Newer {
                found: askfirst_receipt,
            });
        }
        let written: Written<'_> =
            serde_json::from_slice(text.as_bytes()).map_err(|_| NotAReceipt::Changed)?;
        let signed = written.read().ok_or(NotAReceipt::Changed)?;
        // One receipt is one sequence of bytes: nothing can be added where no signature looks.
        match signed.text() == text && askfirst_receipt == VERSION {
            true => Ok(signed),
            false => Err(NotAReceipt::Changed),
        }
    }

    /// The receipt as it is sent and kept, without a newline.
    pub fn text(&self) -> String {
        format!(
            "{{\"askfirst_receipt\":{VERSION},\"receipt\":{},\"key\":\"{}\",\"signature\":\"{}\"}}",
            self.body,
            self.key,
            hex::encode(&self.signature)
        )
    }

    /// What it says.
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// The key it says it was signed with: worth nothing until it is the one expected.
    pub fn key(&self) -> PublicKey {
        self.key
    }

    /// What is signed: the receipt's text behind a name, so that no signature of anything else
    /// can be taken for one of a receipt.
    #[cfg(feature = "signatures")]
    pub(crate) fn message(body: &str) -> Vec<u8> {
        [b"askfirst receipt 1\n", body.as_bytes()].concat()
    }
}

impl Written<'_> {
    fn read(&self) -> Option<Signed> {
        let body = self.receipt.get();
        Some(Signed {
            receipt: serde_json::from_slice(body.as_bytes()).ok()?,
            body: body.to_owned(),
            key: PublicKey::parse(&self.key)?,
            signature: hex::decode(&self.signature)?,
        })
    }
}
