//! Limits, each with its reason. Nothing else.

/// Longest model name looked up, in bytes: the longest listed one has 76, before a provider.
pub(crate) const MAX_MODEL_NAME: usize = 200;

/// Longest name of an event, property or alias, in bytes: the longest in use has 24, and
/// names become column names and URL parts.
pub(crate) const MAX_NAME: usize = 64;

/// Longest word of a closed list, in bytes: the longest exit reason has 75. A longer one
/// would be prose.
pub(crate) const MAX_WORD: usize = 120;

/// Most words in one closed list: a list nobody can read is no list.
pub(crate) const MAX_WORDS: usize = 1_000;

/// Most events, and most properties, in a catalog: a page of more is not read, and every
/// property is a column.
pub(crate) const MAX_ENTRIES: usize = 1_000;

/// Largest `max` of a count: stored as a signed 64-bit integer, sent as JSON, where 2^53 is
/// the last whole number every reader agrees on.
pub(crate) const MAX_COUNT: u64 = 1 << 53;

/// Largest duration, in milliseconds: a leap year, longer than anyone leaves a tool open.
pub(crate) const MAX_DURATION_MS: u64 = 366 * 24 * 60 * 60 * 1000;

/// Largest amount, in billionths: a million units. No message costs that, and the sum of
/// nine thousand such still fits in 64 bits.
pub(crate) const MAX_AMOUNT_NANO: i64 = 1_000_000 * 1_000_000_000;

/// Most frames kept of an exception: enough to group by, too few to tell a user's program.
pub(crate) const MAX_FRAMES: usize = 8;

/// Largest line number of a frame: the largest module released so far has 3,000 lines.
pub(crate) const MAX_LINE: u64 = 100_000;

/// Most digits of one number of a version: calendar versions and Windows builds have 5 at
/// most. A longer number could be anything.
pub(crate) const MAX_VERSION_DIGITS: usize = 5;

/// Longest raw JSON of an exception that is looked into, in bytes: 50 chained exceptions
/// with source lines in every frame. Longer ones keep their class `other`.
pub(crate) const MAX_EXCEPTION_JSON: usize = 1 << 20;

/// Days raw events are kept where a profile does not say (promise P17).
pub(crate) const DEFAULT_RETENTION_DAYS: u32 = 180;

/// Days an install id lasts before it is replaced (promise P17): "anonymous" is only
/// defensible if it ends.
pub(crate) const INSTALL_ID_DAYS: u32 = 180;
