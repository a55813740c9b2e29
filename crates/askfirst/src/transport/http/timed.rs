//! A socket on which every wait has an end.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};

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

    /// Whether nothing has come that was not read, nor an end. It does not wait.
    pub(super) fn is_quiet(&self) -> bool {
        let look = || {
            self.stream.set_nonblocking(true)?;
            let seen = self.stream.peek(&mut [0]);
            self.stream.set_nonblocking(false)?;
            seen
        };
        look().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Ends the connection, also where a forked child has a copy of it.
    pub(super) fn hang_up(&self) {
        // Who has hung up before needs not be told.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        uninterrupted(|| {
            match self.stream.set_read_timeout(Some(self.until.left()?)) {
                // macOS takes no option for a connection that was reset. What came before can
                // still be read there, and nothing is waited for.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => {}
                set => set?,
            }
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
