//! A connection, with or without TLS, and what of it was read.

use std::io::{self, Read, Write};
use std::sync::OnceLock;

use super::deadline::Deadline;
use super::dial::dial;
use super::encrypted::Encrypted;
use super::origin::Origin;
use super::timed::Timed;
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
    Encrypted(Box<Encrypted>),
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
        let socket = Timed::new(dial(origin, until)?, until);
        let wire = match origin.is_encrypted {
            false => Wire::Plain(socket),
            true => {
                let session = tls.get_or_init(Tls::of_mozilla).session(origin.host())?;
                Wire::Encrypted(Box::new(Encrypted::greet(session, socket)?))
            }
        };
        Ok(Connection {
            wire,
            unread: Vec::new(),
        })
    }

    /// From here on waits end then.
    pub(super) fn until(&mut self, until: Deadline) {
        match &mut self.wire {
            Wire::Plain(socket) => socket.until(until),
            Wire::Encrypted(stream) => stream.socket().until(until),
        }
    }

    /// Writes all of it.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.wire {
            Wire::Plain(socket) => socket.write_all(bytes),
            Wire::Encrypted(stream) => stream.write_all(bytes),
        }
    }

    /// Whether nothing was said that was not used, and nobody has hung up. It does not wait.
    pub(super) fn is_quiet(&mut self) -> bool {
        let quiet = match &mut self.wire {
            Wire::Plain(socket) => socket.is_quiet(),
            Wire::Encrypted(stream) => stream.is_quiet(),
        };
        quiet && self.unread.is_empty()
    }

    /// Ends it.
    pub(super) fn hang_up(mut self) {
        match &mut self.wire {
            Wire::Plain(socket) => socket.hang_up(),
            Wire::Encrypted(stream) => stream.socket().hang_up(),
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
            Wire::Plain(socket) => socket.read(&mut chunk)?,
            Wire::Encrypted(stream) => stream.read(&mut chunk)?,
        };
        self.unread.extend(chunk.iter().take(read));
        Ok(read > 0)
    }
}
