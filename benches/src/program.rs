//! The release program as a child process.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::child::Running;

/// Builds `askfirst` as it is released.
///
/// # Errors
///
/// If it does not build.
pub fn build() -> Result<Program> {
    let output = Command::new(env!("CARGO"))
        .args([
            "build",
            "--release",
            "--package",
            "askfirst-cli",
            "--message-format=json",
        ])
        .stderr(Stdio::inherit())
        .output()?;
    let built = String::from_utf8_lossy(&output.stdout);
    let path = built
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back();
    Ok(Program {
        path: path.context("cargo built no askfirst")?,
    })
}

/// The program.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
}

impl Program {
    /// Runs a command to its end and gives what it printed.
    ///
    /// # Errors
    ///
    /// If it does not end well; with what it said.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(&self.path)
            .args(arguments)
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            bail!(
                "askfirst {arguments:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Makes a project for aider in `data` and gives its key.
    ///
    /// # Errors
    ///
    /// If the program fails.
    pub fn project(&self, data: &Path) -> Result<String> {
        let data = data.to_str().context("path is not text")?;
        let add = [
            "project", "add", "bench", "--host", "aider", "--format", "json",
        ];
        let printed = self.run(&[&add[..], &["--data", data]].concat())?;
        let answer: Value = serde_json::from_str(&printed)?;
        Ok(answer["key"].as_str().context("no key")?.to_owned())
    }

    /// Starts the collector on a free port, and waits until it has one.
    ///
    /// # Errors
    ///
    /// If it does not come up within 10 seconds.
    pub fn serve(&self, data: &Path) -> Result<Server> {
        let child = Command::new(&self.path)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut server = Server {
            child: Running(child),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            let said = fs::read(data.join("serve.json")).ok();
            let said = said.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
            let address = said.and_then(|said| said["address"].as_str()?.parse().ok());
            if let Some(address) = address {
                server.address = address;
                return Ok(server);
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        bail!("askfirst serve did not come up")
    }
}

/// A running collector; killed when dropped, unless it was stopped.
#[derive(Debug)]
pub struct Server {
    child: Running,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// CPU time used so far and largest resident memory in bytes, as the kernel counts them
    /// (Linux only; zero elsewhere).
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
