//! Every limit of the collector, each with its reason. Nothing else lives here.

use std::time::Duration;

/// Largest body on the wire. Decision D22: 8 MiB, not the 20 MiB of PostHog's server, which a
/// process of 200 MB cannot hold; posthog-python closes a batch at 5 MiB.
pub const BODY_WIRE_BYTES: usize = 8 << 20;

/// Largest body once decompressed. Decision D22; a batch of the SDKs is at most 5 MiB.
pub const BODY_BYTES: usize = 32 << 20;

/// Bytes of bodies in flight, decompressed, over all requests (decision D22).
pub const BODIES_IN_FLIGHT: usize = 48 << 20;

/// How long a body waits for its share of [`BODIES_IN_FLIGHT`] before it is answered 503:
/// shorter than the shortest client timeout (posthog-node, 10 s) by enough to be read.
pub const BODY_SHARE_WAIT: Duration = Duration::from_secs(2);

/// What is read and thrown away of a body that was refused, so that a client which writes
/// everything before it reads gets to see the status; beyond that the connection is closed.
pub const DRAIN_BYTES: usize = 64 << 20;

/// Most events in one body. SDKs close a batch at 100; larger ones get 413, on which
/// posthog-node halves its batch. Bounds the rows one request can hold in memory.
pub const EVENTS_PER_BODY: usize = 10_000;

/// Most properties of one event. posthog-js sends about 45 of its own and adds what a page
/// registers; an event with more is refused as a whole, because which of them would be lost
/// depends on their order.
pub const PROPERTIES_PER_EVENT: usize = 512;

/// Characters a `distinct_id` is cut to before it is used: PostHog's server cuts there, so a
/// sender that relies on it keeps its installs apart in the same way.
pub const DISTINCT_ID_CHARS: usize = 200;

/// Longest project key. PostHog's rule for tokens.
pub const KEY_BYTES: usize = 64;

/// Longest line of an analytics log that is looked at. The longest line seen in a published
/// log holds a whole chat (breakage B01) in 110 kB; nothing of such a text is admitted anyway.
pub const LINE_BYTES: usize = 8 << 20;

/// Bodies with more text than this are decoded on a blocking thread: 1 MB takes 2 to 3 ms,
/// which the two workers can give to one request without the others noticing.
pub const DECODE_IN_PLACE_BYTES: usize = 1_000_000;

/// Largest body of `POST /forget`: ten times what one takes.
pub const FORGET_BODY_BYTES: usize = 2 << 10;

/// Requests to erase carried out at a time: each writes the manifest, one after the other.
pub const FORGETTING: usize = 4;

/// What a sender is told to wait, in seconds, when there were too many requests to erase: the
/// count begins anew each hour.
pub const FORGET_AFTER_SECONDS: &str = "3600";

/// Connections at a time (decision D22). More wait in the kernel's queue.
pub const CONNECTIONS: usize = 10_000;

/// How long the head of a request may take (decision D22).
pub const HEAD_TIME: Duration = Duration::from_secs(10);

/// Largest head of a request, and of what is read ahead of a body: every connection may hold
/// this much. `GET ?data=` carries events in it, which no current SDK does.
pub const HEAD_BYTES: usize = 64 << 10;

/// How long a body may take (decision D22).
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// How long requests may take to finish once the server was told to stop. Longer than a
/// group commit on any disk that works, shorter than the 10 s service managers wait by default.
pub const STOP_TIME: Duration = Duration::from_secs(5);

/// Seconds a client is told to wait after 503. posthog-python obeys this unclamped on a thread
/// it joins at exit, so it must stay small (`posthog-protocol.md`, rule 9).
pub const RETRY_AFTER_SECONDS: &str = "1";

/// How long to wait after the system refused a connection for want of descriptors or memory,
/// instead of asking it again at once.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Workers of the asynchronous runtime (decision D23).
pub const WORKERS: usize = 2;

/// Questions waiting for a thread beside those being counted (decision D23): a page asks one, so this is sixteen
/// impatient people. Who comes later is told when to come back.
pub const QUERY_QUEUE: usize = 16;

/// How long a page waits for its answer (decision D23). The count goes on beyond it.
pub const QUERY_WAIT: Duration = Duration::from_secs(5);

/// How long counting may take (decision D23): a question of a year over a hundred million events is answered
/// within it, one that is not would keep a thread from everybody else.
pub const QUERY_DEADLINE: Duration = Duration::from_secs(30);

/// How long one snapshot, and one answer, is good for everybody who asks: a reload right after an event was sent
/// shows it, a page that asks for its own files does not count again.
pub const SNAPSHOT_SHARED: Duration = Duration::from_secs(1);

/// How long an answer is remembered, to be used again if nothing has changed. Milliseconds.
pub const ANSWER_KEPT_MS: i64 = 10 * 60_000;

/// Answers remembered at a time: everything a person looks at in ten minutes.
pub const ANSWERS_KEPT: usize = 64;

/// Seconds a browser is told to wait after 503.
pub const PAGE_RETRY_SECONDS: &str = "5";

/// Pages up to this size are not compressed: they fit into one packet either way.
pub const PAGE_PLAIN_BYTES: usize = 1_200;

/// Threads for large bodies and operator requests; each holds at most one body.
pub const BLOCKING_THREADS: usize = 4;

/// Oldest event that is taken, by corrected time (decision D9): what is older may have been
/// forgotten by the index that knows duplicates.
pub const OLDEST_MS: i64 = 35 * DAY_MS;

/// How far in the future an event may lie before its time becomes the time of receipt.
/// PostHog's rule, generous enough for every time zone mistaken for UTC.
pub const FUTURE_MS: i64 = 23 * HOUR_MS;

/// Differences between the sender's clock and ours up to this are travel time and rounding,
/// not a wrong clock (decision D25).
pub const SKEW_IGNORED_MS: i64 = 60_000;

/// Latest raw time that is kept as the sender wrote it: 2060-01-01. A broken clock beyond is
/// cut to it, so that the difference to now fits the `skew_s` column until then.
pub const RAW_TIME_MAX_MS: i64 = 2_840_140_800_000;

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;

/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// Bytes of the operator's token before it is written as hex: 256 bits cannot be guessed.
pub const OPERATOR_TOKEN_BYTES: usize = 32;

/// After how long an import run that was not heard of gives way to a new one: its client has
/// died. Longer than the commit of a full run takes on a slow disk.
pub const IMPORT_SILENCE_MS: i64 = 60_000;
