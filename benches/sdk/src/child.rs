//! A run of a tool: this program, started again with what it is to do.
//!
//! `child SDK HOME URL TASK [NUMBER]`; the answer is words on standard output.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use rustix::time::{ClockId, clock_gettime};

use crate::spread::part;
use crate::subject::{self, Place};

/// Calls before those that are measured.
const WARM: u64 = 500;

/// Does what the words say.
pub fn run(words: &[String]) -> Result<()> {
    let started = Instant::now();
    let [sdk, home, url, task, number @ ..] = words else {
        bail!("child SDK HOME URL TASK [NUMBER]");
    };
    let place = Place {
        home: home.into(),
        url: url.clone(),
    };
    let number = number.first().map_or(Ok(0), |it| it.parse())?;
    match task.as_str() {
        "calls" => calls(sdk, &place, number),
        "off" => off(sdk, &place, number),
        "start" => start(sdk, &place, started),
        "run" => short_run(sdk, &place, number),
        "stay" => stay(sdk, &place, number),
        _ => bail!("there is no task `{task}`"),
    }
}

/// Times each of so many calls: p50, p99 and mean in nanoseconds, and the processor's time of
/// an event in the whole process.
fn calls(sdk: &str, place: &Place, number: u64) -> Result<()> {
    let mut subject = subject::start(sdk, place)?;
    let burst = subject.burst();
    let mut nanos = Vec::new();
    let mut before = cpu();
    for n in 0..WARM + number {
        if n == WARM {
            subject.settle();
            before = cpu();
        }
        let start = Instant::now();
        subject.record(n);
        let took = start.elapsed();
        if n >= WARM {
            nanos.push(took.as_nanos() as f64);
        }
        if n % burst == burst - 1 {
            subject.settle();
        }
    }
    subject.settle();
    let used = (cpu() - before) / number as f64;
    let mean = nanos.iter().sum::<f64>() / nanos.len() as f64;
    nanos.sort_by(f64::total_cmp);
    println!("{} {} {mean} {used}", part(&nanos, 0.5), part(&nanos, 0.99));
    // What is left in queues is nobody's business here.
    std::process::exit(0);
}

/// The mean of so many calls of an SDK that is switched off, in nanoseconds of the processor's
/// time, without a clock between them.
fn off(sdk: &str, place: &Place, number: u64) -> Result<()> {
    let mut subject = subject::start(&format!("{sdk}-off"), place)?;
    let before = cpu();
    if sdk == subject::SDKS[0] {
        crate::ours::switched_off(number);
    } else {
        for n in 0..number {
            subject.record(std::hint::black_box(n));
        }
    }
    println!("{}", (cpu() - before) * 1e9 / number as f64);
    Ok(())
}

/// From the first line of `main` until the SDK is started, in microseconds, and the threads
/// there are then.
fn start(sdk: &str, place: &Place, started: Instant) -> Result<()> {
    let subject = subject::start(sdk, place)?;
    let took = started.elapsed();
    let threads = std::fs::read_dir("/proc/self/task")?.count();
    println!("{} {threads}", took.as_nanos() as f64 / 1e3);
    drop(subject);
    std::process::exit(0);
}

/// Records so many events and leaves; says when it began to.
fn short_run(sdk: &str, place: &Place, number: u64) -> Result<()> {
    let mut subject = subject::start(sdk, place)?;
    for n in 0..number {
        subject.record(n);
    }
    println!("{}", moment());
    subject.leave();
    Ok(())
}

/// Records so many events, says so, and stays until its input ends.
fn stay(sdk: &str, place: &Place, number: u64) -> Result<()> {
    let mut subject = subject::start(sdk, place)?;
    for n in 0..number {
        subject.record(n);
    }
    println!("recorded");
    std::io::stdout().flush()?;
    let mut more = BufReader::new(std::io::stdin()).lines();
    // A session that goes on: each line is another event.
    let mut n = subject::message::UNCOUNTED;
    while let Some(Ok(_)) = more.next() {
        subject.record(n);
        n += 1;
    }
    subject.leave();
    Ok(())
}

/// Seconds the processor has worked for this process, all threads.
pub fn cpu() -> f64 {
    seconds(clock_gettime(ClockId::ProcessCPUTime))
}

/// The moment, on the clock all processes share.
pub fn moment() -> f64 {
    seconds(clock_gettime(ClockId::Monotonic))
}

fn seconds(time: rustix::time::Timespec) -> f64 {
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// A child that was started.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

/// Starts a run. Nothing of the bench's environment is in it.
pub fn spawn(sdk: &str, place: &Place, task: &str, number: u64) -> Result<Running> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["child", sdk])
        .arg(&place.home)
        .args([&place.url, task, &number.to_string()])
        .current_dir(&place.home)
        .env_clear()
        .env("HOME", &place.home)
        .envs(crate::ours::variables(place))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(Running {
        stdin: child.stdin.take(),
        stdout: BufReader::new(child.stdout.take().context("no output")?),
        child,
    })
}

impl Running {
    /// Its next line.
    pub fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        Ok(line)
    }

    /// Types a line.
    pub fn types(&mut self) -> Result<()> {
        let stdin = self.stdin.as_mut().context("its input has ended")?;
        Ok(stdin.write_all(b"\n")?)
    }

    /// Ends its input.
    pub fn ends_input(&mut self) {
        self.stdin = None;
    }

    /// Kills it.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until it has ended, at most so many seconds; gives the moment, or `None` if it
    /// had to be killed.
    pub fn ended(mut self, seconds: f64) -> Result<Option<f64>> {
        // Nobody waits for a process with a limit but by asking again: the first waits are
        // short, because they are part of what is measured.
        let limit = moment() + seconds;
        let (_never, pause) = std::sync::mpsc::channel::<()>();
        while moment() < limit {
            if self.child.try_wait()?.is_some() {
                return Ok(Some(moment()));
            }
            let _ = pause.recv_timeout(std::time::Duration::from_micros(20));
        }
        self.kill()?;
        Ok(None)
    }

    /// Waits for its end and gives the numbers it printed.
    pub fn numbers(mut self) -> Result<Vec<f64>> {
        self.ends_input();
        let mut said = String::new();
        self.stdout.read_to_string(&mut said)?;
        self.child.wait()?;
        let numbers: Result<Vec<f64>, _> = said.split_whitespace().map(str::parse).collect();
        numbers.with_context(|| format!("a child said {said:?}"))
    }
}

/// A home of its own, whose owner has said yes to askfirst.
pub fn place(folder: &Path, url: &str) -> Result<Place> {
    let place = Place {
        home: folder.to_owned(),
        url: url.to_owned(),
    };
    std::fs::create_dir_all(&place.home)?;
    crate::ours::agree(&place)?;
    Ok(place)
}
