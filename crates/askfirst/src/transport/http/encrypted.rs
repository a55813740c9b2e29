//! A connection in TLS.

use std::io::{self, Read, Write};

use rustls::{ClientConnection, Stream};

use super::timed::{Timed, broke_off};

/// A socket, and what was agreed on it.
pub(super) struct Encrypted {
    session: ClientConnection,
    socket: Timed,
}

impl Encrypted {
    /// Agrees on keys with who answers, who must be who was called.
    ///
    /// # Errors
    ///
    /// If nobody answers in time, or who answers cannot show to be who was called.
    pub(super) fn greet(mut session: ClientConnection, mut socket: Timed) -> io::Result<Encrypted> {
        while session.is_handshaking() {
            session.complete_io(&mut socket)?;
        }
        Ok(Encrypted { session, socket })
    }

    pub(super) fn socket(&mut self) -> &mut Timed {
        &mut self.socket
    }

    pub(super) fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut stream = Stream::new(&mut self.session, &mut self.socket);
        stream.write_all(bytes)?;
        stream.flush()
    }

    /// Reads, and only reads: rustls' own stream writes first what could not be written before,
    /// and who refuses a body has hung up by then.
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.session.reader().read(into) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(broke_off());
                }
                read => return read,
            }
            self.session.read_tls(&mut self.socket)?;
            self.decrypt()?;
        }
    }

    /// Whether nothing has come that was not read, nor an end. It does not wait.
    pub(super) fn is_quiet(&mut self) -> bool {
        let read = self.session.reader().read(&mut [0]);
        let decrypted = read.map_err(|error| error.kind());
        // Whatever comes unasked, be it only a part of a record, is no answer to what follows.
        decrypted == Err(io::ErrorKind::WouldBlock) && self.socket.is_quiet()
    }

    fn decrypt(&mut self) -> io::Result<()> {
        let strange = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        self.session.process_new_packets().map_err(strange)?;
        Ok(())
    }
}
