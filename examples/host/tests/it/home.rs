//! A person's home, and the tool in it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::pty::Terminal;

/// A home of a test's own, where events go to `host` under `key`.
pub(crate) struct Home {
    root: PathBuf,
    _temporary: Option<TempDir>,
    host: String,
    key: String,
}

/// How long somebody who talks waits between words: more of them would fill the spool.
const PAUSE: Duration = Duration::from_millis(20);

/// Words after which nothing is expected to come any more: two minutes' worth.
const WORDS: usize = 6_000;

/// A run of the tool that goes on until it is told to end.
pub(crate) struct Run {
    pub(crate) child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Home {
    /// A home in which a person has said yes, on a terminal.
    pub(crate) fn agreed(host: &str, key: &str) -> Home {
        let folder = TempDir::new().unwrap();
        let mut home = Home::at(folder.path(), host, key);
        home._temporary = Some(folder);
        home.agree();
        home
    }

    /// A home in a folder of somebody else's, where nobody has been asked.
    pub(crate) fn at(root: &Path, host: &str, key: &str) -> Home {
        Home {
            root: root.to_owned(),
            _temporary: None,
            host: host.to_owned(),
            key: key.to_owned(),
        }
    }

    /// A person says yes, on a terminal.
    pub(crate) fn agree(&self) {
        let home = self;
        let mut terminal = Terminal::start(home.command(&["--analytics"]), 80);
        terminal.until("[Yes]: ");
        terminal.types("y");
        terminal.until("> ");
        terminal.types("/exit");
        let (code, screen) = terminal.end();
        assert_eq!(code, 0, "{screen}");
        assert!(screen.contains("Analytics are on."), "{screen}");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Where the choice and what waits lie.
    pub(crate) fn state(&self, name: &str) -> PathBuf {
        self.path(".aider").join(name)
    }

    /// The files of what waits, in a fixed order.
    pub(crate) fn waiting(&self) -> Vec<PathBuf> {
        let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
        let folders = inside(self.state("askfirst-spool"));
        let mut files: Vec<_> = folders
            .flat_map(|it| inside(it.path()))
            .map(|it| it.path())
            .collect();
        files.sort();
        files
    }

    /// The tool, with nothing of this machine's environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_askfirst-host"));
        command
            .args(args)
            .current_dir(&self.root)
            .env_clear()
            .env("HOME", &self.root)
            .env("AIDER_ANALYTICS_POSTHOG_HOST", &self.host)
            .env("AIDER_ANALYTICS_POSTHOG_PROJECT_API_KEY", &self.key);
        command
    }

    /// A whole run, without a terminal, that is typed `input`.
    pub(crate) fn run(&self, args: &[&str], input: &str) -> Output {
        let mut command = self.command(args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }

    /// A run that goes on.
    pub(crate) fn begin(&self, args: &[&str]) -> Run {
        let mut command = self.command(args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        Run {
            stdin: child.stdin.take(),
            stdout: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }
}

impl Run {
    /// Sends a line and waits for the answer: what was recorded by then has been recorded.
    pub(crate) fn says(&mut self, line: &str) -> Option<String> {
        writeln!(self.stdin.as_mut()?, "{line}").ok()?;
        let mut answer = String::new();
        let read = self.stdout.read_line(&mut answer).ok()?;
        (read > 0).then_some(answer)
    }

    /// Sends a line and does not wait.
    pub(crate) fn begins_to_say(&mut self, line: &str) {
        if let Some(stdin) = &mut self.stdin {
            let _ = writeln!(stdin, "{line}");
        }
    }

    /// Talks until `done`: a run that lasts delivers what earlier ones left.
    pub(crate) fn talks_until(&mut self, mut done: impl FnMut() -> bool) {
        let (_never, pause) = std::sync::mpsc::channel::<()>();
        for _ in 0..WORDS {
            if done() {
                return;
            }
            self.says("/tokens").unwrap();
            let _ = pause.recv_timeout(PAUSE);
        }
        panic!("it never came");
    }

    /// Ends it as a person would.
    pub(crate) fn end(mut self) -> i32 {
        drop(self.stdin.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
