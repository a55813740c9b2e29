//! Signals, as a terminal leaves them to the programs in it.
//!
//! What a process ignores, every program it starts ignores too, and `nohup` or an `&` in a
//! script starts programs that ignore some: there a Ctrl-C at the question would do nothing.
//! What a process handles is the program's own again. So what is ignored here is handled, by
//! doing nothing, which to this process is the same.
//!
//! What is ignored is read from `/proc`; where there is none, programs get what there is.
//! The tests that have terminals share this file.

use std::sync::{Arc, Once};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

/// Those that programs are started without.
const TAKEN: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

/// From now on a program that is started has its signals, whoever started this one.
pub(crate) fn give_back() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = ignored(&status);
        for signal in TAKEN.into_iter().filter(|signal| has(ignored, *signal)) {
            // What cannot be handled stays as it is.
            drop(signal_hook::flag::register(signal, Arc::default()));
        }
    });
}

/// Those a process ignores, a bit for each.
fn ignored(status: &str) -> u64 {
    let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let read = |bits: &str| u64::from_str_radix(bits.trim(), 16).ok();
    bits.and_then(read).unwrap_or_default()
}

fn has(bits: u64, signal: i32) -> bool {
    bits >> (signal - 1) & 1 == 1
}
