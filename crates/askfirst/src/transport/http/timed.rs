//! A socket on which every wait has an end.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use super::deadline::{Deadline, named};

/// A stream that gives up at its deadline, wherever it is.
pub(super) struct Timed {
    stream: TcpStream,
    until: Deadline,
}

impl Timed {
    pub(super) fn new(stream: TcpStream, until: Deadline) -> Timed {
        Timed { stream, until }
    }

    /// From here on waits end then.
    pub(super) fn until(&mut self, until: Deadline) {
        self.until = until;
    }

    /// Does this without waiting: what would wait says `WouldBlock`.
    pub(super) fn at_once<T>(
        &mut self,
        look: impl FnOnce(&mut TcpStream) -> io::Result<T>,
    ) -> io::Result<T> {
        self.stream.set_nonblocking(true)?;
        let seen = look(&mut self.stream);
        self.stream.set_nonblocking(false)?;
        seen
    }
}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        uninterrupted(|| {
            self.stream.set_read_timeout(Some(self.until.left()?))?;
            self.stream.read(into)
        })
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        uninterrupted(|| {
            self.stream.set_write_timeout(Some(self.until.left()?))?;
            self.stream.write(bytes)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A signal of the host's is no end of a wait: what is left of it goes on.
fn uninterrupted(mut call: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done.map_err(named),
        }
    }
}

/// The error of what ended too early.
pub(super) fn broke_off() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the connection was closed before the answer",
    )
}
