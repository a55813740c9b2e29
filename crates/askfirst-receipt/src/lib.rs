//! Erasing what was sent: what is asked, and the receipt for it.
//!
//! # The way of one request
//!
//! 1. An install id is the [hash of a forget key](install_id). The id is in every log; the key
//!    opens what the id cannot, so whoever shows it may have the events erased.
//! 2. The tool sends a [`Request`]: project key and forget key, once, to `POST /forget`.
//! 3. The collector masks the id and answers with a [`Receipt`]. Which key it is for is in it as
//!    a [commitment], that nobody can join to an id in a published log without
//!    the key.
//! 4. The receipt is signed (feature `signatures`). Whoever has the collector's public key,
//!    which a profile pins, can check it without asking anybody: [`Signed::check`].
//!
//! The bytes are described in `docs/formats/receipt.md`.

mod hex;
mod key;
mod read;
mod receipt;
mod request;
#[cfg(feature = "signatures")]
mod signing;

pub use key::{ForgetKey, commitment, install_id};
pub use read::{NotAReceipt, PublicKey, Signed};
pub use receipt::{Receipt, STATE_ACCEPTED};
pub use request::Request;
#[cfg(feature = "signatures")]
pub use signing::{Forged, SigningKey};
