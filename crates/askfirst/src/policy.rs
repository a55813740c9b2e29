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

/// Longest answer that is read, in bytes: a terminal of Unix gives no longer line. A console
/// has a limit of its own.
#[cfg(unix)]
pub(crate) const MAX_ANSWER: usize = 4096;

/// Longest host and project key, in bytes: a name of DNS has 253.
pub(crate) const MAX_HOST: usize = 253;

/// Longest project key, in bytes: PostHog's have 47.
pub(crate) const MAX_KEY: usize = 200;

/// Columns of a terminal that does not say how many it has.
pub(crate) const COLUMNS: usize = 80;

/// A spool file is closed at this size, so that a long session's events can be delivered
/// while it goes on, and one request stays small: some 200 events (decision D4, changed in
/// decision 0019: closing a file costs as much as fifty events, and is to be rarer than one in
/// a hundred).
pub(crate) const ROTATE_BYTES: u64 = 128 << 10;

/// And at this age.
pub(crate) const ROTATE_MS: u64 = 5 * 60_000;

/// What is read of a spool file at most: one that is longer is not ours.
pub(crate) const SPOOL_FILE_BYTES: u64 = 4 * ROTATE_BYTES;

/// What may wait for one destination: a month without network of a busy user (some 10,000
/// events), and no more of somebody else's disk.
pub(crate) const SPOOL_BYTES: u64 = 4 << 20;

/// What is made free besides, once files have to go: four files' worth, so that a long
/// session without network does not go through the spool at each file it closes.
pub(crate) const SPOOL_SPARE: u64 = 4 * ROTATE_BYTES;

/// How many files may wait. A tool that is started from scripts makes one each time.
pub(crate) const SPOOL_FILES: usize = 1_000;

/// An event waits no longer. The collector accepts 35 days and remembers 35 days; a week
/// between the two is for clocks and retries (decisions D7, D9).
pub(crate) const SPOOL_AGE_MS: i64 = 28 * 86_400_000;

/// The first wait after a failed delivery. Long enough that a collector which restarts is
/// back, and that a fleet of tools does not hammer it.
pub(crate) const BACKOFF_MS: u64 = 30_000;

/// The longest wait: an hour costs nobody anything, the events keep.
pub(crate) const BACKOFF_MOST_MS: u64 = 3_600_000;

/// What a receiver may ask for with `Retry-After`: it must not be able to silence a tool for
/// good.
pub(crate) const RETRY_AFTER_MS: u64 = 6 * 3_600_000;

/// How long events are kept for a receiver that does not know the key (401): a mistyped key
/// must not cost the data, and a wrong one must not fill the disk.
pub(crate) const UNKNOWN_KEY_MS: i64 = 86_400_000;

/// How old a session must be before a thread delivers what earlier ones left: a run that only
/// looks something up ends before, and opens no connection.
pub(crate) const DELIVER_AFTER_MS: u64 = 1_000;

/// This many files are delivered whatever the session's age: where every run is short, none
/// would ever get old enough.
pub(crate) const DELIVER_FILES: usize = 8;

/// How long a request may take in all. The thread is alone with it; nobody waits.
#[cfg(feature = "network")]
pub(crate) const REQUEST_MS: u64 = 30_000;

/// How long making a connection may take.
#[cfg(feature = "network")]
pub(crate) const CONNECT_MS: u64 = 10_000;

/// How long writing a request may take: who refuses it without reading it is heard in the time
/// that is left.
#[cfg(feature = "network")]
pub(crate) const WRITE_MS: u64 = 20_000;

/// What of an answer that nobody reads is taken off the line so that it can be used again: those
/// of PostHog have 15 bytes, a proxy's page of HTML some thousand.
#[cfg(feature = "network")]
pub(crate) const REST_BYTES: usize = 8 << 10;

/// And how long that may take: it comes with the head, or it is not worth waiting for.
#[cfg(feature = "network")]
pub(crate) const REST_MS: u64 = 1_000;

/// Days a request to erase is tried again where nobody could be asked: a month, as what waits to
/// be sent is kept a month; afterwards nothing here is to lead to what was sent.
pub(crate) const FORGET_DAYS: i32 = 30;

/// Requests that ended unseen of which status still tells.
pub(crate) const ENDED: usize = 8;

/// Largest answer to a request to erase that is read: a receipt has some 1,500 bytes.
pub(crate) const RECEIPT_BYTES: u64 = 16 << 10;

/// How long delivery waits for a choice that is being changed.
pub(crate) const BUSY_MS: u64 = 1_000;
