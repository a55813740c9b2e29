//! `kill -9`.

use askfirst::testing::Dice;

use crate::collector::Collector;
use crate::home::{Home, Run};

/// Tools that record at once in the normal run; ten times as many in the long one.
const TOOLS: usize = 20;

/// Messages of a tool that is killed as late as any.
const MESSAGES: u64 = 40;

/// What came of it.
struct Killed {
    /// Messages that were answered: recorded before the kill.
    answered: u64,
    /// Messages that were on their way when the kill came: recorded or not.
    on_their_way: u64,
    stored: u64,
}

/// Lets tools record at once, kills each at a moment of its own, in the middle of a message,
/// and lets one more run deliver.
fn killed(tools: usize, seed: u64) -> Killed {
    let collector = Collector::start();
    let home = Home::agreed(&collector.url, &collector.key);
    let dice = Dice::new(seed);
    let runs: Vec<_> = (0..tools)
        .map(|_| (home.begin(&[]), dice.roll() % MESSAGES))
        .collect();
    let talking: Vec<_> = runs
        .into_iter()
        .map(|(run, messages)| std::thread::spawn(move || talk_and_be_killed(run, messages)))
        .collect();
    let answered = talking.into_iter().map(|it| it.join().unwrap()).sum();
    let mut last = home.begin(&[]);
    last.talks_until(|| home.waiting().len() <= 1 && collector.count("message_send") >= answered);
    assert_eq!(last.end(), 0);
    Killed {
        answered,
        on_their_way: tools as u64,
        stored: collector.count("message_send"),
    }
}

fn talk_and_be_killed(mut run: Run, messages: u64) -> u64 {
    let answered = (0..messages).filter(|_| run.says("hello").is_some());
    let answered = answered.count() as u64;
    run.begins_to_say("hello");
    run.child.kill().unwrap();
    run.child.wait().unwrap();
    answered
}

fn assert_once(killed: &Killed) {
    let Killed {
        answered,
        on_their_way,
        stored,
    } = *killed;
    assert!(
        answered <= stored && stored <= answered + on_their_way,
        "{answered} answered, {on_their_way} on their way, {stored} stored"
    );
}

#[test]
fn b13_what_was_recorded_before_a_kill_is_stored_exactly_once() {
    assert_once(&killed(TOOLS, 1));
}

#[test]
#[ignore = "the long run: 200 at once, five times"]
fn long_b13_what_200_tools_recorded_before_a_kill_is_stored_exactly_once() {
    for seed in 1..=5 {
        let killed = killed(10 * TOOLS, seed);
        eprintln!(
            "seed {seed}: 200 killed, {} answered, {} on their way, {} stored",
            killed.answered, killed.on_their_way, killed.stored
        );
        assert_once(&killed);
    }
}
