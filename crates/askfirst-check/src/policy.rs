//! Limits, each with its reason. Nothing else.

use std::time::Duration;

/// How long a run may take before it counts as hung. The slowest that was seen to end by
/// itself, a plain aider before a collector that never answers, takes 69 seconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// How long a session goes on for events to arrive. A tool that sends at all while it runs
/// was seen to do so within two seconds; a machine with ten times the work it can do at once
/// was seen to need more than ten.
pub(crate) const ARRIVAL: Duration = Duration::from_secs(30);

/// How long a session goes on where nothing may arrive: longer than any tool here waits
/// before its first request (half a second for posthog, one for our SDK).
pub(crate) const SILENCE: Duration = Duration::from_millis(2_500);

/// How often a session that waits is typed something harmless: some tools only look at what
/// waits when something happens.
pub(crate) const IDLE: Duration = Duration::from_millis(400);

/// How often a process is looked at.
pub(crate) const STEP: Duration = Duration::from_millis(100);

/// How long after the question an answer is typed: an Enter within 300 ms of it is not one.
pub(crate) const READING: Duration = Duration::from_millis(450);

/// How long after a run its processes may still be there: ending takes a moment.
pub(crate) const GRACE: Duration = Duration::from_millis(1_500);

/// What analytics may add to a run before it counts as a wait. Two runs of one tool differ by
/// tenths of a second on a busy machine; the waits that were seen are 6 and 67 seconds.
pub(crate) const WAIT: Duration = Duration::from_secs(1);

/// How often something is timed with analytics and without, in turn, before it counts as a wait:
/// that five are all longer than five others is chance in one of 252.
pub(crate) const TIMED: usize = 5;

/// And how often a short run is at least; the middle one is shown.
pub(crate) const SHORT: usize = 3;

/// How many attempts are made at a check whose tool falls by itself. An aider does in one of some
/// hundred runs, a check has some tens.
pub(crate) const ATTEMPTS: usize = 5;

/// Longest body of a request that is read.
pub(crate) const BODY: u64 = 64 << 20;

/// Largest file that is kept of a home: state files have a few hundred bytes, logs a few
/// thousand.
pub(crate) const FILE: u64 = 4 << 20;

/// How slowly the collector answers where a tool is raced against its own end.
pub(crate) const LATENCY: Duration = Duration::from_millis(300);

/// Runs that end at once, after which everything must arrive.
pub(crate) const SHORT_RUNS: usize = 4;

/// Processes at once, if the drive file does not say.
pub(crate) const PROCESSES: usize = 50;

/// Sessions that are killed, if the drive file does not say.
pub(crate) const KILLS: usize = 10;

/// Fresh homes for the draw, if the drive file does not say.
pub(crate) const HOMES: usize = 40;

/// Starts of one home, which must all draw alike.
pub(crate) const STARTS: usize = 5;
