//! What a process has used.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// CPU time a process has used so far and its largest resident memory in bytes, as the kernel counts
/// them (Linux only; zero elsewhere).
pub fn usage(process: u32) -> (Duration, u64) {
    let proc = PathBuf::from(format!("/proc/{process}"));
    let stat = fs::read_to_string(proc.join("stat")).unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |index: usize| fields.get(index).and_then(|f| f.parse::<u64>().ok());
    // utime and stime are the 14th and 15th field, counted in hundredths of a second.
    let cpu = ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0);
    let status = fs::read_to_string(proc.join("status")).unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| {
            line.strip_prefix("VmHWM:")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or(0_u64);
    (Duration::from_millis(cpu * 10), peak * 1024)
}
