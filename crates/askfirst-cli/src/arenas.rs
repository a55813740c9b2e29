//! Keeps a collector small where glibc would not.
//!
//! glibc gives each thread a heap of its own, up to eight for every core, and what one of
//! them once held it keeps. A collector's bodies, seals and merges come and go on different
//! threads, so the same bytes are held several times over: 271 MB at most with glibc's number
//! of heaps, 161 MB with two, in the same run of a million events. One heap holds a little
//! less than two, and took in fewer events a second (`docs/benchmarks.md`).
//!
//! The number can only be said before the process starts, or by a call that is not safe Rust;
//! so the program starts itself once more, in place, with the same process id.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// glibc's own variable. Who sets it decides.
const VARIABLE: &str = "MALLOC_ARENA_MAX";

/// Heaps for all threads: a second one, so that they do not wait for each other.
const HEAPS: &str = "2";

/// Starts this program once more with few heaps, unless that was done or decided before. Goes
/// on as it is where that fails: it only costs memory. To be called before any thread starts.
pub(crate) fn few() {
    #[expect(
        clippy::disallowed_methods,
        reason = "not a setting of ours: it is glibc's, and says whether this was done"
    )]
    let decided = std::env::var_os(VARIABLE).is_some();
    if decided {
        return;
    }
    let (Ok(program), mut arguments) = (std::env::current_exe(), std::env::args_os()) else {
        return;
    };
    let mut command = Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    // Returns only if it failed.
    let _ = command.args(arguments).env(VARIABLE, HEAPS).exec();
}
