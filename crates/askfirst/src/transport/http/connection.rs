//! A connection, with or without TLS, on which every wait has an end.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::OnceLock;

use rustls::{ClientConnection, StreamOwned};

use super::deadline::{Deadline, named};
use super::dial::dial;
use super::origin::Origin;
use super::tls::Tls;

/// How much is read at a time: a reply has a few hundred bytes.
const CHUNK: usize = 4 << 10;

/// A connection, and what of it was read and not used yet.
pub(super) struct Connection {
    wire: Wire,
    unread: Vec<u8>,
}

enum Wire {
    Plain(Timed),
    Encrypted(Box<StreamOwned<ClientConnection, Timed>>),
}

/// A stream that gives up at its deadline, wherever it is.
struct Timed {
    stream: TcpStream,
    until: Deadline,
}

impl Connection {
    /// Connects, and agrees on keys where the origin speaks TLS.
    ///
    /// # Errors
    ///
    /// If nobody answers in time, or who answers cannot show to be who was called.
    pub(super) fn open(
        origin: &Origin,
        until: Deadline,
        tls: &OnceLock<Tls>,
    ) -> io::Result<Connection> {
        let timed = Timed {
            stream: dial(origin, until)?,
            until,
        };
        let wire = match origin.is_encrypted {
            false => Wire::Plain(timed),
            true => Wire::Encrypted(Box::new(greet(origin, timed, tls)?)),
        };
        Ok(Connection {
            wire,
            unread: Vec::new(),
        })
    }

    /// From here on waits end then.
    pub(super) fn until(&mut self, until: Deadline) {
        match &mut self.wire {
            Wire::Plain(timed) => timed.until = until,
            Wire::Encrypted(stream) => stream.sock.until = until,
        }
    }

    /// Writes all of it.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.wire {
            Wire::Plain(timed) => timed.write_all(bytes),
            Wire::Encrypted(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        }
    }

    /// Whether anything was read that was not used.
    pub(super) fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// What was read and not used yet.
    pub(super) fn unread(&self) -> &[u8] {
        &self.unread
    }

    /// Takes the first bytes of what was read and not used yet.
    pub(super) fn take(&mut self, bytes: usize) -> Vec<u8> {
        let rest = self.unread.split_off(bytes.min(self.unread.len()));
        std::mem::replace(&mut self.unread, rest)
    }

    /// Reads some more. False at the end.
    pub(super) fn read_on(&mut self) -> io::Result<bool> {
        let mut chunk = [0; CHUNK];
        let read = match &mut self.wire {
            Wire::Plain(timed) => timed.read(&mut chunk)?,
            Wire::Encrypted(stream) => stream.read(&mut chunk)?,
        };
        self.unread.extend(chunk.iter().take(read));
        Ok(read > 0)
    }
}

/// Agrees on keys with who answers, who must be who was called.
fn greet(
    origin: &Origin,
    mut timed: Timed,
    tls: &OnceLock<Tls>,
) -> io::Result<StreamOwned<ClientConnection, Timed>> {
    let mut session = tls.get_or_init(Tls::of_mozilla).session(origin.host())?;
    while session.is_handshaking() {
        session.complete_io(&mut timed)?;
    }
    Ok(StreamOwned::new(session, timed))
}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.until.left()?))?;
        self.stream.read(into).map_err(named)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.until.left()?))?;
        self.stream.write(bytes).map_err(named)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
