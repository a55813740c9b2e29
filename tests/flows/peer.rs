//! The senders that `cargo xtask setup` installs, pinned in `tests/peers/`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;

use serde_json::Value;

use crate::collector::{lines, wait};
use crate::environment::in_ci;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// A script of `tests/peers/`.
pub(crate) fn script(name: &str) -> PathBuf {
    root().join("tests/peers").join(name)
}

/// An environment below `.cache/peers/`, if it is installed.
///
/// # Panics
///
/// In CI, where it must be.
pub(crate) fn installed(name: &str) -> Option<PathBuf> {
    let folder = root().join(".cache/peers").join(name);
    // Written last by `cargo xtask setup`.
    if folder.join("pins").is_file() {
        return Some(folder);
    }
    let missing = format!("{name} is not installed; `cargo xtask setup` does that");
    assert!(!in_ci(), "{missing}");
    println!("not run: {missing}");
    None
}

/// An SDK that sends the session of `posthog_send.*`.
pub(crate) struct Sdk {
    /// Its environment below `.cache/peers/`.
    pub(crate) environment: &'static str,
    /// The version it must say it is.
    pub(crate) version: &'static str,
    /// Whether it runs on Node instead of Python.
    pub(crate) node: bool,
}

/// An SDK at work.
pub(crate) struct Sending {
    child: Child,
    printed: Receiver<String>,
    version: &'static str,
}

impl Sdk {
    /// Starts sending, if the SDK is installed. The events are queued when this
    /// returns; delivering them is the SDK's business.
    pub(crate) fn send(
        &self,
        host: &str,
        key: &str,
        distinct_id: &str,
        messages: u64,
        more: &[&str],
    ) -> Option<Sending> {
        let folder = installed(self.environment)?;
        let mut command = if self.node {
            let mut node = Command::new("node");
            node.env("NODE_PATH", folder.join("node_modules"))
                .arg(script("posthog_send.cjs"));
            node
        } else {
            let mut python = Command::new(folder.join("bin/python"));
            python.arg(script("posthog_send.py"));
            python
        };
        let mut child = command
            .args([host, key, distinct_id, &messages.to_string()])
            .args(more)
            // Settings for a proxy must not catch what goes to the loopback.
            .env("NO_PROXY", "127.0.0.1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = lines(child.stdout.take().unwrap());
        assert_eq!(
            printed.recv().as_deref(),
            Ok("captured"),
            "what {} said first",
            self.environment
        );
        Some(Sending {
            child,
            printed,
            version: self.version,
        })
    }
}

impl Sending {
    /// Waits until the SDK says everything is delivered, and that it had
    /// nothing to complain about. Gives the number of events.
    pub(crate) fn finish(mut self) -> u64 {
        let (status, lines) = wait(&mut self.child, &self.printed);
        assert!(status.success(), "{} ended with {status}", self.version);
        let said: Value = serde_json::from_str(&lines.concat()).unwrap();
        assert_eq!(said["version"], self.version);
        assert_eq!(
            said["errors"],
            Value::Array(Vec::new()),
            "errors of {}",
            self.version
        );
        said["sent"].as_u64().unwrap()
    }
}
