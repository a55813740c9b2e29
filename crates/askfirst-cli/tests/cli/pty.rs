//! A terminal with a person in front of it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

#[path = "../../../askfirst-check/src/bench/signals.rs"]
mod signals;

/// How long a test waits for words before it gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program on a terminal of its own. Killed when dropped.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<String>,
    seen: String,
}

#[allow(
    dead_code,
    reason = "two test programs share this file, and neither needs all of it"
)]
impl Terminal {
    /// Starts `command` on a terminal of so many columns.
    pub(crate) fn start(mut command: Command, columns: u16) -> Self {
        signals::give_back();
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let size = Winsize {
            ws_row: 40,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let side = || Stdio::from(File::options().read(true).write(true).open(&name).unwrap());
        let child = command
            .stdin(side())
            .stdout(side())
            .stderr(side())
            .spawn()
            .unwrap();
        // The command holds our copies of the program's side; the screen ends when all are closed.
        drop(command);
        let keyboard = File::from(master);
        let mut reader = keyboard.try_clone().unwrap();
        let (sender, screen) = mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n) = reader.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..n]).into_owned();
                if n == 0 || sender.send(text).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            keyboard,
            screen,
            seen: String::new(),
        }
    }

    /// Waits until the screen shows `words`; gives everything shown so far.
    pub(crate) fn until(&mut self, words: &str) -> &str {
        while !self.seen.contains(words) {
            match self.screen.recv_timeout(PATIENCE) {
                Ok(text) => self.seen.push_str(&text),
                Err(_) => panic!("{words:?} never came; the screen shows:\n{}", self.seen),
            }
        }
        &self.seen
    }

    /// Waits until the screen shows `words` once more.
    pub(crate) fn again(&mut self, words: &str) {
        self.seen.clear();
        self.until(words);
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) {
        writeln!(self.keyboard, "{line}").unwrap();
    }

    /// The program's process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the end; the exit code and the whole screen, lines ended as in a file.
    pub(crate) fn end(mut self) -> (i32, String) {
        while let Ok(text) = self.screen.recv_timeout(PATIENCE) {
            self.seen.push_str(&text);
        }
        let status = self.child.wait().unwrap();
        (status.code().unwrap_or(-1), self.seen.replace("\r\n", "\n"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
