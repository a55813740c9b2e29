//! From bytes to events, without I/O: what the senders of PostHog's protocol wrap around JSON is
//! taken off in the order of `posthog-protocol.md` section 2.2, then the JSON is read without
//! building a tree (decision D24).
//!
//! ```text
//! body or ?data=  ─▶ form ─▶ gzip, base64 ─▶ text ─▶ envelope ─▶ events, one at a time
//!     Empty        NotAForm  BadGzip TooLarge  NotUtf8  NotJson     NoEventName NoEvents
//! ```

mod encoding;
mod envelope;
mod event;
mod inflate;
mod repair;
mod room;
mod scalar;
mod timestamp;

#[cfg(test)]
mod tests;

pub use encoding::Wire;
pub use envelope::Decoded;
pub(crate) use envelope::read_member;
pub(crate) use event::Member;
pub use event::{Incoming, Properties};
pub use room::Room;
pub use scalar::Scalar;
pub use timestamp::{Stamp, parse_timestamp};

pub(crate) use encoding::{is_large, query_value};
