//! kill -9 of the collector at random moments, under load, with clients that
//! retry: nothing acknowledged is lost, nothing is stored twice, and no report changes
//! when the last files are merged.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use askfirst_catalog::Catalog;
use askfirst_store::{Options, Store};
use tempfile::tempdir;

use crate::collector::{Collector, add_project, json, models};
use crate::dice::Dice;
use crate::environment::variable;
use crate::http;
use crate::stored;

/// Kills in an ordinary run; `ASKFIRST_TEST_KILLS` asks for more.
const KILLS: u64 = 20;
/// Kills before a new data directory is begun, so that many kills take as long
/// as many times a few.
const KILLS_A_DIRECTORY: usize = 20;
const CLIENTS: u64 = 4;
/// Events in a file as it is sealed, and of a day that gets files of its own.
const SEAL_ROWS: u64 = 100;
const DAY_ROWS: u64 = 500;
const REPORTS: [&str; 5] = ["activity", "models", "edits", "commands", "exits"];
/// How often a client sends one batch before the test calls it hopeless.
const ATTEMPTS: usize = 4_000;
/// How long a client waits before it tries again, unless the collector is back
/// earlier.
const PAUSE: Duration = Duration::from_millis(20);
/// How long the test waits for a collector that acknowledges nothing.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn kill_9_under_load_loses_nothing_acknowledged_and_stores_nothing_twice() {
    let kills = variable("ASKFIRST_TEST_KILLS").unwrap_or(KILLS);
    let mut dice = Dice::seeded("kill -9");
    for before in (0..kills).step_by(KILLS_A_DIRECTORY) {
        life_of_a_directory(KILLS_A_DIRECTORY.min((kills - before) as usize), &mut dice);
    }
}

/// Seen in a long run: a graceful stop takes two files away, and kill -9 can
/// come between.
#[test]
fn what_a_stopping_server_left_behind_does_not_stop_the_other_commands() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    add_project(&data);
    let left = r#"{"address":"127.0.0.1:9","operator":"127.0.0.1:9","pid":1}"#;
    std::fs::write(data.join("serve.json"), left).unwrap();
    assert_eq!(events(&data), 0);
    Collector::start(&data).stop();
}

/// Loads one data directory, kills its collector so many times, and counts.
fn life_of_a_directory(kills: usize, dice: &mut Dice) {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    // Small files, so that there is much to merge; also after every restart.
    let settings = format!("seal-rows = {SEAL_ROWS}\nday-rows = {DAY_ROWS}\n");
    std::fs::write(data.join("askfirst.toml"), settings).unwrap();
    let mut collector = Collector::start(&data);
    let mut merged = 0;
    let address = collector.address();
    let load = Load::new(address, key);

    let (collector, sent) = thread::scope(|scope| {
        let load = &load;
        for _ in 0..CLIENTS {
            let seed = dice.next();
            scope.spawn(move || load.send_until_stopped(&mut Dice::new(seed)));
        }
        let _guard = AbandonOnFailure(load);
        for kill in 1..=kills {
            load.wait_for_acknowledgements(dice.between(1, 60));
            load.pause(Duration::from_micros(dice.between(0, 5_000)));
            if dice.between(0, 4) == 0 {
                collector.kill_while_stopping(Duration::from_micros(dice.between(0, 100_000)));
            } else {
                collector.kill();
            }
            // Nobody can add to the store now: what was acknowledged must be there.
            let (acknowledged, found) = (load.acknowledged(), events(&data));
            assert!(
                found >= acknowledged,
                "kill {kill}: {acknowledged} acknowledged, {found} found"
            );
            merged = merged.max(merged_rows(&data));
            collector = Collector::start_at(&data, address);
            load.collector_is_back();
        }
        load.wait_for_acknowledgements(CLIENTS);
        (collector, load.stop())
    });
    assert_eq!(
        load.acknowledged(),
        sent,
        "every client ends with an acknowledgement"
    );

    let report = models(&data);
    assert_eq!(report["total"]["messages"], sent);
    assert_eq!(report["total"]["tokens_in"], sent * (sent + 1) / 2);
    assert_eq!(events(&data), sent);
    let outcomes = &json(&data, &["status"])["projects"][0]["outcomes"];
    collector.stop();
    stored::assert_numbered(&data, sent, 1);
    assert!(merged > 0, "nothing was merged between the kills");
    let before = reports(&data);
    let merges = merge_the_rest(&data);
    for (name, (old, new)) in REPORTS.iter().zip(before.iter().zip(reports(&data))) {
        assert_eq!(*old, new, "report {name} after the last merge");
    }
    stored::assert_numbered(&data, sent, 1);
    println!(
        "kill -9: {kills} kills, {sent} events sent and acknowledged, {merged} merged by the \
         last kill, {merges} merges at the end, known as duplicates: {}",
        outcomes["duplicate"]
    );
}

/// Rows in files that are merged to days, as the manifest on disk says.
fn merged_rows(data: &Path) -> u64 {
    let manifest = std::fs::read_to_string(data.join("MANIFEST")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let segments = manifest["body"]["projects"][0]["segments"].as_array();
    let merged = |file: &&serde_json::Value| file["level"] != 0;
    let files = segments.unwrap().iter().filter(merged);
    files.map(|file| file["rows"].as_u64().unwrap()).sum()
}

/// Merges what is left, with no collector around; two files are enough for it.
fn merge_the_rest(data: &Path) -> u64 {
    let mut options = Options::new(Catalog::builtin());
    options.background = false;
    options.limits.merge_at = 2;
    let store = Store::open(data, options).unwrap();
    let mut merges = 0;
    while store.merge_if_due().unwrap() {
        merges += 1;
    }
    store.close().unwrap();
    merges
}

fn reports(data: &Path) -> Vec<serde_json::Value> {
    let report = |name: &&str| {
        json(
            data,
            &["report", name, "--host", "aider", "--period", "all"],
        )
    };
    REPORTS.iter().map(report).collect()
}

/// What `askfirst status` says is stored, with and without a running `serve`.
fn events(data: &Path) -> u64 {
    let status = json(data, &["status"]);
    status["projects"][0]["events"]
        .as_u64()
        .unwrap_or_else(|| panic!("{status:#}"))
}

/// What the clients and the killer share.
struct Load {
    address: SocketAddr,
    key: String,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Events given a number so far; the numbers are 1 to this.
    sent: u64,
    acknowledged: u64,
    batches_acknowledged: u64,
    /// Grows with every restart.
    starts: u64,
    stopped: bool,
    abandoned: bool,
}

/// When the test fails, ends the clients, who would go on without a collector.
struct AbandonOnFailure<'a>(&'a Load);

impl Drop for AbandonOnFailure<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
            self.0.state.lock().unwrap().abandoned = true;
        }
    }
}

impl Load {
    fn new(address: SocketAddr, key: String) -> Self {
        Self {
            address,
            key,
            state: Mutex::new(State::default()),
            changed: Condvar::new(),
        }
    }

    /// One client: batch after batch, each until it is acknowledged.
    fn send_until_stopped(&self, dice: &mut Dice) {
        loop {
            let count = dice.between(1, 50);
            let first = {
                let mut state = self.state.lock().unwrap();
                if state.stopped {
                    return;
                }
                state.sent += count;
                state.sent - count + 1
            };
            let body = batch(&self.key, first, count, dice);
            self.deliver(&body);
            let mut state = self.state.lock().unwrap();
            state.acknowledged += count;
            state.batches_acknowledged += 1;
            self.changed.notify_all();
        }
    }

    /// Sends the same bytes until the answer is 200.
    fn deliver(&self, body: &str) {
        for _ in 0..ATTEMPTS {
            let starts = self.state.lock().unwrap().starts;
            match http::post(
                self.address,
                "/batch/",
                &["Content-Type: application/json"],
                body.as_bytes(),
            ) {
                Ok(reply) if reply.status == 200 => return,
                Ok(reply) if reply.status != 503 => {
                    panic!("{}", String::from_utf8_lossy(&reply.bytes))
                }
                // Not there, gone half-way, or stopping.
                Ok(_) | Err(_) => {}
            }
            let state = self.state.lock().unwrap();
            if state.abandoned {
                return;
            }
            let back = |state: &mut State| state.starts == starts;
            drop(self.changed.wait_timeout_while(state, PAUSE, back).unwrap());
        }
        panic!("not acknowledged in {ATTEMPTS} attempts");
    }

    fn wait_for_acknowledgements(&self, batches: u64) {
        let state = self.state.lock().unwrap();
        let goal = state.batches_acknowledged + batches;
        let short = |state: &mut State| state.batches_acknowledged < goal;
        let (_state, waited) = self
            .changed
            .wait_timeout_while(state, PATIENCE, short)
            .unwrap();
        assert!(!waited.timed_out(), "the collector acknowledges nothing");
    }

    /// A moment that ends by itself, however the clients fare.
    fn pause(&self, moment: Duration) {
        let state = self.state.lock().unwrap();
        drop(
            self.changed
                .wait_timeout_while(state, moment, |_| true)
                .unwrap(),
        );
    }

    fn acknowledged(&self) -> u64 {
        self.state.lock().unwrap().acknowledged
    }

    fn collector_is_back(&self) {
        self.state.lock().unwrap().starts += 1;
        self.changed.notify_all();
    }

    /// No further batch is begun. Gives the number of events begun.
    fn stop(&self) -> u64 {
        let mut state = self.state.lock().unwrap();
        state.stopped = true;
        state.sent
    }
}

/// A batch as posthog-python sends it. Every second one is as version 3 sends
/// it, without event ids: then the content is the identity.
fn batch(key: &str, first: u64, count: u64, dice: &mut Dice) -> String {
    let now = jiff::Timestamp::now();
    let with_ids = dice.between(0, 2) == 0;
    let mut events = String::new();
    for number in first..first + count {
        if !events.is_empty() {
            events.push(',');
        }
        let person = dice.between(0, 40);
        let total = number + 7;
        write!(
            events,
            r#"{{"event":"message_send","distinct_id":"7f3c1c50-1c1e-4c0a-9f1e-{person:012x}","timestamp":"{now}","#
        )
        .unwrap();
        if with_ids {
            write!(events, r#""uuid":"{}","#, dice.uuid4()).unwrap();
        }
        write!(
            events,
            r#""properties":{{"main_model":"gpt-4o","edit_format":"diff","prompt_tokens":{number},"completion_tokens":7,"total_tokens":{total},"cost":0.25}}}}"#
        )
        .unwrap();
    }
    format!(r#"{{"batch":[{events}],"historical_migration":false,"api_key":"{key}"}}"#)
}
