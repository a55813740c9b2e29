//! Limits, each with its reason. Nothing else.

use std::time::Duration;

/// Unanswered questions after which only `--analytics` asks: who let three pass has said
/// something too.
pub(crate) const MAX_ATTEMPTS: u8 = 3;

/// Days after which id and key are replaced (promise P17). The page and the privacy notice
/// say the same number; a test holds them together.
pub(crate) const KEY_DAYS: i32 = 180;

/// How long `--analytics-disable`, a no, reset and forget wait for a delivery that is under
/// way (decision D5): long enough for a request on a slow line, short enough for a person.
pub(crate) const BARRIER: Duration = Duration::from_secs(2);

/// How long a start waits to store a draw, an attempt or a key. Others hold the lock for a
/// few milliseconds; a delivery holds it longer, and then the start does without.
pub(crate) const STORE_WAIT: Duration = Duration::from_millis(250);

/// An Enter sooner than this after the question was shown was meant for something else: a
/// person needs longer to see it.
pub(crate) const TOO_SOON: Duration = Duration::from_millis(300);

/// How often anything that is no answer asks again.
pub(crate) const ASK_AGAIN: u8 = 2;

/// Largest state or configuration file that is read, in bytes: ours have a few hundred, a
/// long configuration a few thousand. Anything larger is not one.
pub(crate) const MAX_FILE: u64 = 1 << 20;

/// Longest answer that is read, in bytes: a terminal gives no longer line.
pub(crate) const MAX_ANSWER: usize = 4096;

/// Longest host and project key, in bytes: a name of DNS has 253.
pub(crate) const MAX_HOST: usize = 253;

/// Longest project key, in bytes: PostHog's have 47.
pub(crate) const MAX_KEY: usize = 200;

/// Columns of a terminal that does not say how many it has.
pub(crate) const COLUMNS: usize = 80;
