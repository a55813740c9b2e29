//! Terminals of Unix.
//!
//! Read past the standard library's buffer: a line that is kept there could not be discarded.
//! And waited for with `poll`, which a signal always ends, whatever its handler says about
//! calls to be started again: Ctrl-C does what it does in the host, and the question is over.

use std::io;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use rustix::termios::{self, LocalModes, QueueSelector};

use super::Read;
use crate::policy::MAX_ANSWER;

/// Whether it is in the foreground, so that asking does not stop the process, and in the mode
/// that gives lines: in any other it belongs to a program that draws its own screen.
pub(super) fn gives_lines() -> bool {
    let foreground = match termios::tcgetpgrp(stdin()) {
        Ok(group) => group == rustix::process::getpgrp(),
        // Not the terminal this process is controlled by: it cannot stop it.
        Err(_) => true,
    };
    let modes = termios::tcgetattr(stdin());
    foreground && modes.is_ok_and(|modes| modes.local_modes.contains(LocalModes::ICANON))
}

pub(super) fn discard_waiting() -> io::Result<()> {
    Ok(termios::tcflush(stdin(), QueueSelector::IFlush)?)
}

pub(super) fn read_line() -> io::Result<Read> {
    let mut line = Vec::new();
    let mut some = [0; 512];
    loop {
        match poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], None) {
            Err(Errno::INTR) => return Ok(Read::Interrupted),
            polled => polled?,
        };
        let read = match rustix::io::read(stdin(), &mut some) {
            Err(Errno::INTR) => return Ok(Read::Interrupted),
            // The terminal was hung up.
            Err(Errno::IO) | Ok(0) => return Ok(Read::End),
            read => read?,
        };
        line.extend_from_slice(some.get(..read).unwrap_or_default());
        let end = line.iter().position(|byte| *byte == b'\n');
        if let Some(end) = end.or((line.len() > MAX_ANSWER).then_some(MAX_ANSWER)) {
            line.truncate(end);
            return Ok(Read::Line(String::from_utf8_lossy(&line).into_owned()));
        }
    }
}
