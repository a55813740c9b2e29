//! The program itself: `askfirst serve` as a process, other commands beside it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// How long a start or a graceful stop may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `askfirst serve`. Dropped, it is killed.
pub(crate) struct Collector {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
    /// What it has printed since it said its address; ends when it does.
    printed: Receiver<String>,
}

impl Collector {
    /// Starts on a free port of the loopback interface.
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_at(data, SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// Starts on a known address, as after a crash.
    pub(crate) fn start_at(data: &Path, address: SocketAddr) -> Self {
        let log = data.with_extension("serve.log");
        let stderr = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        let mut child = askfirst(data)
            .args(["serve", "--listen", &address.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let printed = lines(child.stdout.take().unwrap());
        let address = loop {
            match printed.recv_timeout(PATIENCE) {
                Ok(line) => {
                    if let Some(address) = address_in(&line) {
                        break address;
                    }
                }
                Err(_) => {
                    child.kill().unwrap();
                    let said = std::fs::read_to_string(&log).unwrap();
                    panic!("`askfirst serve` did not say its address; it said:\n{said}");
                }
            }
        };
        Self {
            child,
            address,
            log,
            printed,
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as SDKs take it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The most memory it has had at any time, in megabytes, as the kernel counts it.
    #[cfg(target_os = "linux")]
    pub(crate) fn memory_mb(&self) -> f64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|it| it.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap() * 1024.0 / 1e6
    }

    /// kill -9: nothing in the process gets to do anything more.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and kills it if it is not gone by then.
    pub(crate) fn kill_while_stopping(mut self, after: Duration) {
        self.terminate();
        // Its output ends when it does; until then this waits.
        while self.printed.recv_timeout(after).is_ok() {}
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as systemd and Ctrl-C do, and waits: everything is
    /// sealed. Gives what it printed, on both streams.
    pub(crate) fn stop(mut self) -> String {
        self.terminate();
        let mut printed = String::new();
        while let Ok(line) = self.printed.recv_timeout(PATIENCE) {
            printed.push_str(&line);
            printed.push('\n');
        }
        let status = self
            .child
            .try_wait()
            .unwrap()
            .unwrap_or_else(|| self.child.wait().unwrap());
        printed.push_str(&std::fs::read_to_string(&self.log).unwrap());
        assert!(
            status.success(),
            "a graceful stop ended with {status}:\n{printed}"
        );
        printed
    }

    fn terminate(&self) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).unwrap();
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, with this data directory and nothing from the surroundings.
pub(crate) fn askfirst(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_askfirst"));
    command
        .env_clear()
        .env("HOME", data.parent().unwrap())
        .env("NO_COLOR", "1")
        .env("ASKFIRST_DATA", data);
    command
}

/// Runs a command of the program to its end and gives its standard output.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> String {
    let output = askfirst(data)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "askfirst {} ended with {}:\n{out}{err}",
        arguments.join(" "),
        output.status
    );
    out
}

/// Runs a command with `--format json` and gives what it printed.
pub(crate) fn json(data: &Path, arguments: &[&str]) -> Value {
    let printed = run(data, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}:\n{printed}"))
}

/// Makes a project for aider and gives its key.
pub(crate) fn add_project(data: &Path) -> String {
    let answer = json(data, &["project", "add", "flow", "--host", "aider"]);
    answer["key"].as_str().unwrap().to_owned()
}

/// The report models over everything stored, also by senders whose consent is unknown.
pub(crate) fn models(data: &Path) -> Value {
    json(
        data,
        &["report", "models", "--host", "aider", "--period", "all"],
    )
}

/// Waits for a program that is about to end by itself.
pub(crate) fn wait(child: &mut Child, printed: &Receiver<String>) -> (ExitStatus, Vec<String>) {
    let mut lines = Vec::new();
    loop {
        match printed.recv_timeout(PATIENCE * 2) {
            Ok(line) => lines.push(line),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                panic!(
                    "still running after {} s; it printed {lines:?}",
                    2 * PATIENCE.as_secs()
                );
            }
        }
    }
    (child.wait().unwrap(), lines)
}

/// Reads a program's output on a thread, so that it never blocks on a full pipe.
pub(crate) fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The address in a line like `listening on http://127.0.0.1:43211`.
fn address_in(line: &str) -> Option<SocketAddr> {
    let rest = line.split("http://").nth(1)?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'));
    rest[..end.unwrap_or(rest.len())].parse().ok()
}
