//! The limits of the store, each with its reason. Nothing else lives here.

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// An event whose corrected time lies further back than this is refused as `too_old`.
///
/// A key is remembered for [`REMEMBER_DAYS`] after its *arrival*, and an event cannot arrive
/// before it happened: whatever is forgotten would be refused by then, so forgetting is
/// exact (decision D9). Our SDK keeps its spool 28 days (D7), which leaves a week.
pub const ACCEPT_DAYS: i64 = 35;

/// How long after its arrival an event is recognised when it comes again: one day more than
/// [`ACCEPT_DAYS`], so that the two never meet (D9).
pub const REMEMBER_DAYS: i64 = ACCEPT_DAYS + 1;

/// An event further ahead of its arrival than this has a broken clock and is taken to happen
/// now. PostHog's own rule (D9).
pub const AHEAD_MS: i64 = 23 * 3_600_000;

/// The raw time of an event whose clock is plausible lies between its arrival less
/// [`REMEMBER_DAYS`] and its arrival plus this many days (D25). Outside of it the time still
/// identifies the event, but says nothing about where it belongs.
pub const PLAUSIBLE_AHEAD_DAYS: i64 = 1;

/// Rows that may wait unsealed before they are written to a segment. As many again may arrive
/// while the first are being sealed, then appends are refused as busy: so at most 256 k rows
/// wait, at 60 to 100 bytes in their encoded form about 20 MB, and a seal gathers half of them
/// at 200 bytes (D22).
pub const SEAL_ROWS: u64 = 128 * 1024;

/// The longest a row waits unsealed, in milliseconds: bounds what a start has to replay, and
/// makes files large enough to be worth their footers (a file of 70 events costs 68 bytes an
/// event, one of 2,000 only 10).
pub const SEAL_AFTER_MS: i64 = 60 * 60_000;

/// Rows of a sealed file at most, two row groups: a merge begins another file behind it.
/// So large that a year of a busy project is some dozens of files, so small that several
/// cores share a question about one month, and that writing one anew (a merge, retention,
/// an erasure) takes seconds and some 20 MB of disk.
pub const FILE_ROWS: u64 = 2 * 1024 * 1024;

/// Files of a level and about a size that are merged (D11). Each merge makes one of at least
/// eight, so a row is written once for every factor of eight a project grows by.
pub const MERGE_AT: usize = 8;

/// Files merged at once at most: bounds memory, and how long a merge takes.
pub const MERGE_FILES: usize = 8;

/// Outputs of a merge at most; rows that would go to a further one stay at level 0. More
/// months than that are only in an import.
pub const MERGE_OUTPUTS: usize = 32;

/// Outputs written at the same time: each holds a row group in memory. Rows of a merge are
/// nearly always of today, yesterday and the rest.
pub const MERGE_WRITERS: usize = 4;

/// Bytes of a row group in the making after which an output of a merge ends it, however few
/// rows it has: what a row group usually takes ([`ROW_GROUP_ROWS`]).
pub const MERGE_GROUP_BYTES: usize = 12 << 20;

/// Bytes that all row groups a merge has in the making may take together (D22): beyond it the largest
/// is ended. One of the usual size, and those of days or months beside it that have few rows yet.
pub const MERGE_BYTES: usize = 16 << 20;

/// Rows read from an input of a merge at once. There are many inputs, and rows as they are
/// read take half a kilobyte.
pub const MERGE_BATCH_ROWS: usize = 512;

/// A day gets files of its own once a merge meets this many rows of it (D11): below it, what
/// reading a further file costs is more than what it saves.
pub const DAY_ROWS: u64 = 50_000;

/// Level-0 files of a project at which appends to it are refused as busy (D11): merging is
/// that far behind only when the disk is nearly full.
pub const LEVEL_0_FILES: usize = 256;

/// Free bytes of a disk below which nothing is merged (D21). Not a share of the disk: 5 % of one
/// of 4 TB are 200 GB, and a collector that may not merge takes no more events one day
/// ([`LEVEL_0_FILES`]).
pub const MERGE_FREE_BYTES: u64 = 1 << 30;

/// Rows of one Parquet row group at most (D8): each has its own dictionaries, and with four times
/// the rows a merged file is an eighth smaller. What a writer holds of one is about 12 MB.
pub const ROW_GROUP_ROWS: usize = 1024 * 1024;

/// Rows handed to the Parquet writer at once: small enough that a seal's memory is that of
/// the gathered rows, large enough that the cost per batch does not show.
pub const BATCH_ROWS: usize = 8 * 1024;

/// Rows handed to a reader at once: large enough that what it does per batch, such as
/// looking at the dictionaries, does not show.
pub const SCAN_ROWS: usize = 64 * 1024;

/// Rows of a piece that one thread reads of a file: each reads the dictionaries of its row group
/// anew, so many times a batch; few enough that no thread waits long for another's last piece.
pub const PIECE_ROWS: u64 = 256 * 1024;

/// Encoded bytes that may wait for their `fdatasync` (D22); beyond it appends are refused as
/// busy.
pub const UNSYNCED_BYTES: usize = 16 << 20;

/// Size of a WAL file, allocated and zeroed ahead: a sync then touches no metadata, which is
/// 20-40 % faster (D19).
pub const WAL_FILE_BYTES: u64 = 64 << 20;

/// Size of the first WAL file after a start, so that a small collector stays small (D19).
pub const FIRST_WAL_FILE_BYTES: u64 = 1 << 20;

/// A WAL file is begun only if this many of its size are free, so that sealing, which needs
/// less than the WAL it frees, can always run (D21).
pub const RESERVED_FILES: u64 = 2;

/// Rows of one WAL record at most. A larger batch becomes several records of one group, so
/// that one record can always be held, checked and decoded in memory.
pub const RECORD_ROWS: usize = 4096;

/// Bytes of one WAL record at most. [`RECORD_ROWS`] rows of 64 properties stay far below it;
/// a length field beyond it is damage, not a record.
pub const RECORD_BYTES: usize = 32 << 20;

/// How often a reader starts over because the writer committed in between (D17). A commit
/// comes at most every few seconds and reading the manifest takes milliseconds, so three
/// would do.
pub const READER_ATTEMPTS: u32 = 16;

/// Segment files a snapshot holds open, so that they stay readable even if the writer
/// deletes them; the rest are opened when they are scanned. Half of the 1,024 descriptors
/// that most systems grant a process.
pub const OPEN_SEGMENTS: usize = 512;

/// Keys of one block of a key run: a block is read and checked as a whole, and takes a little
/// more than the 4 kB a disk reads at least. Every block costs 24 bytes of memory in its run's
/// directory: 2.4 MB for 50 million keys.
pub const KEY_BLOCK: usize = 512;

/// Keys of one filter of a key run: four blocks. A new event costs one filter of each run that
/// has its time, so filters are what the cache holds in practice; of 2.6 kB each, those of 18
/// million keys fit in it.
pub const KEY_FILTER: usize = 4 * KEY_BLOCK;

/// Bits of a filter for every key: a key that is not there is taken for one that may be in
/// one case of a hundred, and then costs a block.
pub const KEY_FILTER_BITS: usize = 10;

/// A run knows which stretches of time, of so many milliseconds, it has keys of.
pub const KEY_SLOT_MS: i64 = 15 * 60_000;

/// How many stretches it tells apart: 42 days of them, a week more than events may be old.
/// Later ones are taken for earlier ones.
pub const KEY_SLOTS: usize = 4096;

/// Filters, blocks and directories of all key runs together may take so many bytes of memory
/// (D22).
pub const KEY_CACHE_BYTES: usize = 24 << 20;

/// What remains of [`KEY_CACHE_BYTES`] for filters and blocks if directories take all of it,
/// which those of 400 million keys do.
pub const KEY_CACHE_LEAST_BYTES: usize = 4 << 20;

/// Bytes of a key run that are written at once.
pub const KEY_WRITE_BYTES: usize = 256 << 10;

/// Bytes of a key run after which it is synced while it is being written: at a time so few
/// that the log's own syncs wait for milliseconds.
pub const KEY_SYNC_BYTES: usize = 8 << 20;

/// Blocks of a key run that a merge reads at once, of each run: 130 kB.
pub const KEY_READ_BLOCKS: usize = 32;

/// Days of arrivals whose keys are forgotten together: key runs are only merged with such of
/// the same stretch, and forgotten once their newest is [`REMEMBER_DAYS`] old. Four stretches
/// cover that time, so a random day costs four runs and those not yet merged.
pub const KEY_GENERATION_DAYS: i64 = 12;

/// Key runs of fewer keys than this are merged whenever there are two: it costs a millisecond,
/// and keeps the files of a project few whose events are.
pub const KEY_RUN_SMALL: u64 = 16 * 1024;

/// Keys taken out of memory at once after a seal: a tenth of a millisecond in which appends
/// wait.
pub const LEAVE_KEYS: usize = 4096;

/// Lines that a file has more than once, whose number an import keeps at hand; of others it is
/// found again among the keys, in some twenty looks for a line that occurs a million times.
pub const LINE_REPEATS: usize = 64 * 1024;

/// A clock this far from the newest time believed is doubted: nothing is forgotten or deleted
/// by it (D34).
pub const CLOCK_JUMP_MS: i64 = 2 * DAY_MS;

/// A doubted clock that was not seen for this long is doubted from the beginning: it has to go
/// on for two days within it, so that a store that is opened once a month comes to believe a
/// clock that is right (D34).
pub const CLOCK_SIGHT_MS: i64 = 35 * DAY_MS;

/// A file that has had expired rows for so many days is written anew without them (D11): once
/// a week at most, because after that none of its rows can have expired for as long.
pub const REWRITE_DAYS: i32 = 7;

/// How long an erased id is remembered at least, in days (decision D30): events of it that a tool
/// still has are refused so long. [`ACCEPT_DAYS`], and the 28 that a tool keeps them (D7).
pub const TOMBSTONE_DAYS: i32 = ACCEPT_DAYS as i32 + 28;

/// Requests to erase that a project takes in an hour. Each writes the manifest anew, 1 MB at
/// worst, and leaves a tombstone, whether its key is one or was drawn by a stranger: nobody may
/// learn which. A project with a million installs, a tenth of whom leave in a year, has a dozen
/// an hour. Whoever is refused tries again for 30 days.
pub const FORGETS_AN_HOUR: u32 = 240;

/// Tombstones of a project at most: 1 MB of the manifest, which is written at every seal, and
/// 1 MB of memory.
pub const TOMBSTONES: usize = 10_000;

/// Ids of which a mask remembers whether they are erased: 2 MB. Those beyond cost an HMAC each
/// time they are met.
pub const MASK_KNOWN: usize = 64 * 1024;

/// The longest name of a project, in bytes. It stands in a path-free place, but also in
/// terminals and headings.
pub const PROJECT_NAME_BYTES: usize = 64;

/// How often the sealing thread looks at the clock, in milliseconds of real time. Only
/// bounds how late a seal by age can be.
pub const SEAL_POLL_MS: u64 = 5_000;

/// Niceness of the threads that seal and merge (D23). With it, at full load and a load average
/// of 25 on two cores, no append was refused because sealing was behind.
pub const SEAL_NICE: i32 = 10;
