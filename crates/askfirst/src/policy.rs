//! Limits, each with its reason. Nothing else.

/// Unanswered questions after which only `--analytics` asks: who let three pass has said
/// something too.
pub(crate) const MAX_ATTEMPTS: u8 = 3;
