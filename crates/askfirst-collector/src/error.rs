//! Why the collector does not start, or does not stop as it should.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// An error of the collector as a whole. What goes wrong with one request is a
/// [`Refusal`](crate::Refusal), what goes wrong with one event an outcome.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another program listens there.
    #[error("{address} is in use by another program")]
    PortInUse {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The system does not let this user listen there.
    #[error("not allowed to listen on {address}")]
    PortForbidden {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The address is not one of this machine.
    #[error("{address} is not an address of this machine")]
    NotOurAddress {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The key that signs receipts can be neither read nor written.
    #[error("the key that signs receipts, {}: {source}", .path.display())]
    ReceiptKey {
        /// The file.
        path: PathBuf,
        /// The system's error, or what is wrong with it.
        source: io::Error,
    },
    /// Anything else that kept it from listening.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The operator's token or the address file cannot be written.
    #[error("cannot write {}: {source}", .path.display())]
    OperatorFile {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The system gave no threads or no event queue.
    #[error("cannot start: {0}")]
    Runtime(#[source] io::Error),
    /// The system's random source failed.
    #[error("no random numbers from the system: {0}")]
    Random(String),
    /// The store stopped after an error of the disk (decision D20).
    #[error("the store stopped: {0}")]
    Stopped(String),
    /// The store could not be sealed and closed. What was acknowledged is in its log on disk.
    #[error("the store was not closed as it should be: {0}")]
    Close(#[source] askfirst_store::Error),
}

impl Error {
    /// What an operator can do, where there is something: a sentence for the terminal.
    pub fn remedy(&self) -> Option<&'static str> {
        Some(match self {
            Error::PortInUse { .. } => {
                "Choose another port (--listen 127.0.0.1:0 takes any free one), or stop what listens there."
            }
            Error::PortForbidden { .. } => {
                "Ports below 1024 are for the system's own services: choose a higher one (--listen 127.0.0.1:8787)."
            }
            Error::NotOurAddress { .. } => {
                "Choose an address this machine has, 127.0.0.1 for this machine alone, or 0.0.0.0 for every one it has."
            }
            Error::OperatorFile { .. } => {
                "Make the data directory writable for this user, or choose another (--data)."
            }
            Error::ReceiptKey { source, .. } if source.kind() == io::ErrorKind::InvalidData => {
                "Restore it from a backup. Without one take it away: the next start makes another, \
                 which profiles have to pin (`askfirst status` shows it)."
            }
            Error::ReceiptKey { .. } => {
                "Make the data directory readable and writable for this user, or choose another (--data)."
            }
            Error::Stopped(_) => {
                "Look at the disk (dmesg), then start again: what was acknowledged is on it."
            }
            Error::Close(_) => "Start again: what was acknowledged is recovered from disk.",
            _ => return None,
        })
    }

    pub(crate) fn listen(address: SocketAddr, source: io::Error) -> Error {
        match source.kind() {
            io::ErrorKind::AddrInUse => Error::PortInUse { address },
            io::ErrorKind::PermissionDenied => Error::PortForbidden { address },
            io::ErrorKind::AddrNotAvailable => Error::NotOurAddress { address },
            _ => Error::Listen { address, source },
        }
    }
}
