//! The collector as a child process whose clock is told the time, so that half a year passes in
//! minutes.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use askfirst_catalog::Catalog;
use askfirst_collector::{Config, serve, signals};
use askfirst_store::testing::ManualClock;
use askfirst_store::{NewProject, Options, Retention, Store};

use crate::child::Running;

/// Longer than what is simulated: nothing expires meanwhile.
const RETENTION_DAYS: u32 = 400;

/// What the child does: `askfirst serve`, but for the clock. Listens on a free port with one
/// project, says address and key, then does what it is told on standard input: `clock MS`, or
/// `rest`, which merges until nothing is left to merge. Ends at SIGTERM.
///
/// # Errors
///
/// If the collector cannot start or stop.
pub fn serve_clocked(data: &Path, now_ms: i64) -> Result<()> {
    let clock = Arc::new(ManualClock::new(now_ms));
    let options = Options {
        clock: Arc::clone(&clock) as _,
        ..Options::new(Catalog::builtin())
    };
    let store = Store::open(data, options)?;
    let project = NewProject::new("bench", "aider", Retention::days(RETENTION_DAYS));
    let (_, key) = store.add_project(project)?;
    let told = store.clone();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let ready = move |started: askfirst_collector::Started| {
        say(&format!("{} {key}", started.address));
        std::thread::spawn(move || obey(&told, &clock));
    };
    Ok(serve(store, Config::new(listen, data), ready, signals())?)
}

fn obey(store: &Store, clock: &ManualClock) {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        match line.split_once(' ') {
            Some(("clock", ms)) => {
                clock.set(ms.parse().unwrap_or(0));
                say("ok");
            }
            _ => say(&rest(store).map_or_else(|error| error.to_string(), |()| "ok".to_owned())),
        }
    }
}

fn rest(store: &Store) -> Result<(), askfirst_store::Error> {
    store.seal()?;
    while store.merge_if_due()? {}
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "this is how the child answers its parent"
)]
fn say(line: &str) {
    println!("{line}");
}

/// The child, seen from the parent. Killed when dropped, unless it was stopped.
#[derive(Debug)]
pub struct Clocked {
    child: Running,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
    /// The key of its project.
    pub key: String,
}

impl Clocked {
    /// Starts this program once more, as `serve DATA`.
    ///
    /// # Errors
    ///
    /// If it does not come up.
    pub fn start(data: &Path) -> Result<Clocked> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take().context("no standard input")?;
        let mut answers = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut line = String::new();
        answers.read_line(&mut line)?;
        let (address, key) = line.trim().split_once(' ').context("it did not come up")?;
        Ok(Clocked {
            address: address.parse()?,
            key: key.to_owned(),
            child: Running(child),
            orders,
            answers,
        })
    }

    /// Sets its clock.
    ///
    /// # Errors
    ///
    /// If it has ended.
    pub fn set(&mut self, ms: i64) -> Result<()> {
        self.tell(&format!("clock {ms}"))
    }

    /// Seals and merges until there is nothing left to merge, and gives how long that took.
    ///
    /// # Errors
    ///
    /// If a merge fails.
    pub fn rest(&mut self) -> Result<Duration> {
        let start = Instant::now();
        self.tell("rest")?;
        Ok(start.elapsed())
    }

    fn tell(&mut self, order: &str) -> Result<()> {
        writeln!(self.orders, "{order}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        match line.trim() {
            "ok" => Ok(()),
            other => bail!("`{order}`: {other:?}"),
        }
    }

    /// CPU time used so far and largest resident memory in bytes.
    pub fn usage(&self) -> (Duration, u64) {
        self.child.usage()
    }

    /// Stops it as an operator does, with SIGTERM, and waits until everything is sealed.
    ///
    /// # Errors
    ///
    /// If it does not end well.
    pub fn stop(self) -> Result<()> {
        self.child.stop()
    }
}
