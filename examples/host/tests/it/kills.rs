//! `kill -9`.

use crate::collector::Collector;
use crate::home::Home;

/// Tools that are killed in the normal run; ten times as many in the long one.
const TOOLS: usize = 20;

/// Starts tools that record at once, kills each at another moment, and lets one more run
/// deliver. Gives what was answered and what is stored.
fn killed(tools: usize) -> (u64, u64) {
    let collector = Collector::start();
    let home = Home::agreed(&collector.url, &collector.key);
    let mut answered = 0;
    for round in 0..tools.div_ceil(TOOLS) {
        let mut runs: Vec<_> = (0..TOOLS).map(|_| home.begin(&[])).collect();
        for (at, run) in runs.iter_mut().enumerate() {
            for _ in 0..(at * 7 + round) % 23 {
                answered += u64::from(run.says("hello").is_some());
            }
        }
        for run in &mut runs {
            run.child.kill().unwrap();
        }
    }
    let mut last = home.begin(&[]);
    last.talks_until(|| collector.count("message_send") >= answered);
    assert_eq!(last.end(), 0);
    (answered, collector.count("message_send"))
}

#[test]
fn b13_what_was_recorded_before_a_kill_is_stored_exactly_once() {
    let (answered, stored) = killed(TOOLS);
    assert_eq!(stored, answered);
}

#[test]
#[ignore = "the long run: ten times as many"]
fn long_b13_what_was_recorded_before_200_kills_is_stored_exactly_once() {
    let (answered, stored) = killed(10 * TOOLS);
    assert_eq!(stored, answered);
}
