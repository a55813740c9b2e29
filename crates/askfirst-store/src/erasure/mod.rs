//! Erasing what one install sent (decisions D29 and D30, `docs/decisions/0018-erasure.md`).
//!
//! Files never change, and an active install is in nearly all of them. So a request is
//! [`accept`]ed by one small write, a [tombstone](tombstones), and from that moment
//!
//! 1. rows of the install that arrive are refused, received and imported ones alike;
//! 2. rows of it that are stored are [masked](mask) from every reader, sealed or not, in this
//!    process or another: whoever reads the manifest has the tombstones;
//! 3. a project without tombstones pays nothing: no column more is read, no id looked up.
//!
//! A tombstone [lapses](lapse) once nothing of the install can come any more and no file can
//! hold a row of it.

mod accept;
mod lapse;
pub(crate) mod mask;
pub(crate) mod tombstones;
