//! A person's machine for one test: a home, a data directory, and the program.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A home nobody has used before.
pub(crate) struct Home {
    dir: TempDir,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Where the program keeps its data when nothing else is said.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("share/askfirst")
    }

    /// Writes a file into the home and gives its path.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(&path, content).expect("a file");
        path
    }

    /// The program, seeing nothing of the machine the test runs on.
    pub(crate) fn askfirst(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_askfirst"));
        command
            .env_clear()
            .env("HOME", self.dir.path())
            .env("XDG_DATA_HOME", self.path("share"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("LANG", "C.UTF-8")
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs `askfirst LINE`; words are split at spaces.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_args(&line.split_whitespace().collect::<Vec<_>>())
    }

    pub(crate) fn run_args(&self, args: &[&str]) -> Ran {
        Ran::of(
            self.askfirst()
                .args(args)
                .output()
                .expect("the program starts"),
        )
    }

    /// Runs what must succeed and gives its standard output.
    pub(crate) fn ok(&self, line: &str) -> String {
        self.run(line).ok()
    }

    /// Runs what must succeed and parses its standard output.
    pub(crate) fn json(&self, line: &str) -> serde_json::Value {
        let text = self.ok(line);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in:\n{text}"))
    }

    /// Imports an existing file.
    pub(crate) fn import(&self, file: &Path, rest: &str) -> Ran {
        let mut args = vec!["import", file.to_str().expect("a UTF-8 path")];
        args.extend(rest.split_whitespace());
        self.run_args(&args)
    }

    /// Starts the collector on a free port and waits until it listens.
    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&["--listen", "127.0.0.1:0"])
    }

    pub(crate) fn serve_with(&self, args: &[&str]) -> Server {
        let mut child = self
            .askfirst()
            .arg("serve")
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            let read = stdout.read_line(&mut line).expect("a line");
            if read == 0 {
                let ran = Ran::of(child.wait_with_output().expect("ended"));
                panic!("serve ended before it listened: {ran:?} after {said:?}");
            }
            said.push_str(&line);
            if let Some(url) = line
                .split_whitespace()
                .find(|word| word.starts_with("http://"))
            {
                break url.trim_end_matches('/').to_owned();
            }
        };
        Server {
            child: Some(child),
            stdout,
            said,
            began: jiff::Timestamp::now(),
            url,
        }
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The output of what must have succeeded.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }

    /// The complaint of what must have failed with `code`; a complaint has a remedy, stands on
    /// standard error, and is no debug dump.
    pub(crate) fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        assert!(self.stderr.starts_with("error: "), "{self:?}");
        for dump in ["Error {", "Os {", "panicked", "Some(", "stack backtrace"] {
            assert!(!self.stderr.contains(dump), "{self:?}");
        }
        self.stderr
    }
}

/// A running collector; killed when dropped.
pub(crate) struct Server {
    child: Option<Child>,
    stdout: BufReader<std::process::ChildStdout>,
    said: String,
    /// The time of every event sent: a retry repeats it, it is part of an event's identity.
    began: jiff::Timestamp,
    url: String,
}

impl Server {
    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Sends one PostHog event as an SDK does and gives status and body.
    pub(crate) fn send(&self, key: &str, event: &str, uuid: &str) -> (u16, String) {
        let body = serde_json::json!({
            "api_key": key,
            "event": event,
            "uuid": uuid,
            "distinct_id": "4b1b9e5e-3a5e-4c55-9f39-2f1d8e5b7c11",
            "timestamp": self.began.to_string(),
            "properties": { "$lib": "posthog-python" },
        });
        post(self.address(), "/capture/", &body.to_string())
    }

    /// Asks it to stop as a service manager does, and waits until it has.
    pub(crate) fn stop(mut self) -> Ran {
        let mut child = self.child.take().expect("running");
        let status = Command::new("kill")
            .arg("-TERM")
            .arg(child.id().to_string())
            .status();
        assert!(status.expect("kill").success());
        let status = child.wait().expect("ended");
        let mut stdout = self.said.clone();
        std::io::Read::read_to_string(&mut self.stdout, &mut stdout).expect("UTF-8");
        let mut stderr = String::new();
        let mut pipe = child.stderr.take().expect("piped");
        std::io::Read::read_to_string(&mut pipe, &mut stderr).expect("UTF-8");
        Ran {
            code: status.code().unwrap_or(-1),
            stdout,
            stderr,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// One HTTP/1.1 POST of a JSON body.
pub(crate) fn post(address: &str, path: &str, body: &str) -> (u16, String) {
    let mut stream = std::net::TcpStream::connect(address).expect("listens");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).expect("answered");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    (status.expect("a status line"), body.to_owned())
}

/// The published sample of a real log; `None`, with a line saying so, when it is not there.
pub(crate) fn real_log() -> Option<PathBuf> {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/aider-2024.jsonl"
    ));
    if path.is_file() {
        return Some(path.to_owned());
    }
    println!("skipped: {} is not here", path.display());
    None
}

/// Every file under `dir` with its bytes, by path.
pub(crate) fn files(dir: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.append(&mut files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).expect("a file"));
        }
    }
    found
}

/// One line of a log as the tools write it.
pub(crate) fn line(event: &str, time: i64, properties: &serde_json::Value) -> String {
    let user = "52b5cc12-f16d-45f3-b30c-95ab4ae904ee";
    let line = serde_json::json!({
        "event": event, "properties": properties, "user_id": user, "time": time,
    });
    format!("{line}\n")
}
