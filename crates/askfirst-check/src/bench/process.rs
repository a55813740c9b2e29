//! One process of the tool: started, read, and ended by its id.

use std::fs::File;
use std::io::{Read, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::collector::pause;
use super::signals;
use crate::error::{Error, Named as _};
use crate::policy::{GRACE, STEP};

/// The variable that marks every process of a run, and those it leaves behind.
pub(crate) const MARK: &str = "ASKFIRST_CHECK_RUN";

/// What a run was, once it is over.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// What was typed behind the command's name.
    pub typed: String,
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// What it wrote to standard output, or to the terminal.
    pub stdout: String,
    /// What it wrote to standard error, where that is no terminal.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
    /// Whether it had to be ended.
    pub hung: bool,
    /// How often the question stood on the screen.
    pub asked: usize,
    /// Processes that were still there after it, and long enough to see.
    pub left_behind: Vec<String>,
}

impl Run {
    /// Everything it wrote.
    pub fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// How it ended, in words.
    pub fn end(&self) -> String {
        match (self.hung, self.code, self.signal) {
            (true, ..) => format!("had to be ended after {:.0} s", self.took.as_secs_f64()),
            (false, Some(code), _) => format!("exit code {code}"),
            (false, None, Some(signal)) => format!("ended by signal {signal}"),
            (false, None, None) => "ended nobody knows how".to_owned(),
        }
    }

    /// Whether it was aborted: by itself, as nothing here sends that signal.
    pub(crate) fn was_aborted(&self) -> bool {
        self.signal == Some(Signal::ABORT.as_raw())
    }
}

/// A process that runs. Dropped, it is killed with everything it started.
pub(crate) struct Running {
    typed: String,
    pid: Pid,
    mark: String,
    since: Instant,
    ended: Receiver<(ExitStatus, Instant)>,
    status: Option<(ExitStatus, Instant)>,
    stdout: Stream,
    stderr: Option<Stream>,
    keyboard: Option<File>,
    hung: bool,
}

/// What a process writes, as it comes.
#[derive(Clone)]
struct Stream {
    shared: Arc<(Mutex<Written>, Condvar)>,
}

#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    ended: bool,
}

impl Stream {
    fn read(mut source: impl Read + Send + 'static) -> Stream {
        let stream = Stream {
            shared: Arc::default(),
        };
        let shared = Arc::clone(&stream.shared);
        std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            loop {
                let read = source.read(&mut bytes).unwrap_or(0);
                let mut state = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
                state.bytes.extend_from_slice(&bytes[..read]);
                state.ended = read == 0;
                shared.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        stream
    }

    fn text(&self) -> String {
        let state = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&state.bytes).replace("\r\n", "\n")
    }

    /// Waits for more than `seen` bytes, or its end; so long at most.
    fn wait(&self, seen: usize, most: Duration) {
        let state = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = |state: &mut Written| state.bytes.len() <= seen && !state.ended;
        drop(self.shared.1.wait_timeout_while(state, most, enough));
    }

    fn len(&self) -> usize {
        let state = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.bytes.len()
    }

    fn wait_for_end(&self, most: Duration) {
        self.wait(usize::MAX, most);
    }
}

/// What a process has before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Nothing: standard input is empty.
    Nothing,
    /// A pipe that something can be written to.
    Pipe,
    /// A terminal of so many columns.
    Terminal(u16),
}

impl Running {
    /// Starts it, in a process group of its own, with its signals as a terminal leaves them.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or there is no terminal to be had.
    pub(crate) fn start(
        mut command: Command,
        input: Input,
        mark: &str,
        typed: String,
    ) -> Result<Running, Error> {
        signals::give_back();
        command.env(MARK, mark).process_group(0);
        let master = match input {
            Input::Terminal(columns) => Some(terminal(&mut command, columns)?),
            Input::Pipe | Input::Nothing => {
                let stdin = match input {
                    Input::Pipe => Stdio::piped(),
                    _ => Stdio::null(),
                };
                command
                    .stdin(stdin)
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped());
                None
            }
        };
        let since = Instant::now();
        let mut child = command.spawn().map_err(|source| Error::Start {
            command: command.get_program().to_string_lossy().into_owned(),
            source,
        })?;
        // Holds our copies of the terminal's other side, which ends when all are closed.
        drop(command);
        let pid = Pid::from_child(&child);
        let (stdout, stderr, keyboard) = match master {
            Some(master) => {
                let screen = master.try_clone().to("read a terminal")?;
                (Stream::read(screen), None, Some(master))
            }
            None => streams(&mut child),
        };
        Ok(Running {
            typed,
            pid,
            mark: mark.to_owned(),
            since,
            ended: waited_for(child),
            status: None,
            stdout,
            stderr,
            keyboard,
            hung: false,
        })
    }

    /// Types bytes. That nobody reads them any more is no failure.
    pub(crate) fn types(&mut self, text: &str) {
        if let Some(keyboard) = &mut self.keyboard {
            let _ = keyboard.write_all(text.as_bytes());
            let _ = keyboard.flush();
        }
    }

    /// Ends its input.
    pub(crate) fn end_input(&mut self) {
        self.keyboard = None;
    }

    /// What stands on standard output, or the screen, by now.
    pub(crate) fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// Waits until more stands there than `seen` bytes, or a moment.
    pub(crate) fn wait_for_more(&self) {
        self.stdout.wait(self.stdout.len(), STEP);
    }

    /// Whether it has ended, waiting so long at most.
    pub(crate) fn over(&mut self, most: Duration) -> bool {
        if self.status.is_none() {
            self.status = self.ended.recv_timeout(most).ok();
        }
        self.status.is_some()
    }

    /// How long it has been running.
    pub(crate) fn age(&self) -> Duration {
        self.since.elapsed()
    }

    /// Kills it, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        let _ = kill_process(self.pid, Signal::KILL);
    }

    /// Waits for its end, so long at most since its start, and says what it was.
    pub(crate) fn finish(mut self, most: Duration) -> Run {
        let left = most.saturating_sub(self.age());
        if !self.over(left) {
            self.hung = true;
            self.kill();
            self.over(GRACE);
        }
        let took = match self.status {
            Some((_, at)) => at.duration_since(self.since),
            None => self.age(),
        };
        let left_behind = self.left_behind();
        self.end_all();
        // What it wrote is there once nobody holds the other side any more.
        self.stdout.wait_for_end(GRACE);
        if let Some(stderr) = &self.stderr {
            stderr.wait_for_end(GRACE);
        }
        Run {
            typed: self.typed.clone(),
            code: self.status.and_then(|(status, _)| status.code()),
            signal: self.status.and_then(|(status, _)| status.signal()),
            stdout: self.stdout.text(),
            stderr: self.stderr.as_ref().map_or_else(String::new, Stream::text),
            took,
            hung: self.hung,
            asked: 0,
            left_behind,
        }
    }

    /// The marked processes that outlast a moment's grace.
    fn left_behind(&self) -> Vec<String> {
        let since = Instant::now();
        loop {
            let left = marked(&self.mark);
            if left.is_empty() || since.elapsed() > GRACE {
                return left.into_iter().map(|(_, name)| name).collect();
            }
            pause(STEP);
        }
    }

    /// Ends what the run started and did not end: its group, and what left the group.
    fn end_all(&self) {
        let _ = kill_process_group(self.pid, Signal::KILL);
        for (pid, _) in marked(&self.mark) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.status.is_none() {
            self.kill();
        }
        self.end_all();
    }
}

/// Waits for the child on a thread, so that a wait can be given up.
fn waited_for(mut child: Child) -> Receiver<(ExitStatus, Instant)> {
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || {
        if let Ok(status) = child.wait() {
            debug_assert!(status.code().is_some() || status.signal().is_some());
            let _ = sender.send((status, Instant::now()));
        }
    });
    ended
}

fn streams(child: &mut Child) -> (Stream, Option<Stream>, Option<File>) {
    let stdout = child.stdout.take().map(Stream::read);
    let stderr = child.stderr.take().map(Stream::read);
    let keyboard = child
        .stdin
        .take()
        .map(|stdin| File::from(std::os::fd::OwnedFd::from(stdin)));
    let empty = || Stream::read(std::io::empty());
    (stdout.unwrap_or_else(empty), stderr, keyboard)
}

/// A terminal for the command; our side of it.
fn terminal(command: &mut Command, columns: u16) -> Result<File, Error> {
    const WHAT: &str = "open a pseudo-terminal";
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).to(WHAT)?;
    grantpt(&master).to(WHAT)?;
    unlockpt(&master).to(WHAT)?;
    let size = Winsize {
        ws_row: 50,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&master, size).to(WHAT)?;
    let name = ptsname(&master, Vec::new()).to(WHAT)?;
    let name = name.to_string_lossy().into_owned();
    let side = || File::options().read(true).write(true).open(&name).to(WHAT);
    command
        .stdin(Stdio::from(side()?))
        .stdout(Stdio::from(side()?))
        .stderr(Stdio::from(side()?));
    Ok(File::from(master))
}

/// Processes that carry a run's mark, with their command lines. Where there is no `/proc`,
/// none is seen.
fn marked(mark: &str) -> Vec<(Pid, String)> {
    let mut found = Vec::new();
    let wanted = format!("{MARK}={mark}");
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        let is_marked = environment
            .split(|byte| *byte == 0)
            .any(|variable| variable == wanted.as_bytes());
        if let (true, Some(pid)) = (is_marked, Pid::from_raw(pid)) {
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            found.push((pid, line.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
#[path = "process_tests.rs"]
mod tests;
