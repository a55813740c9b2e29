//! The choice on disk.
//!
//! | file | what | who writes it |
//! |---|---|---|
//! | `~/.NAME/analytics.disabled` | empty; its existence is a no | we; nothing of ours deletes it |
//! | `/etc/NAME/analytics.disabled`, `/etc/askfirst/disabled` | a no for the machine | its owner |
//! | `~/.NAME/askfirst.json` | the yes, the keys, the draw, the attempts | we |
//! | `~/.NAME/analytics.json` | the tool's own choice before us | the tool; we write a no into it |
//! | `~/.OTHER/analytics.disabled`, `~/.OTHER/analytics.json` | a no of a tool this one was made from | that tool; we only read |
//! | `~/.NAME/askfirst-forget.json` | what was asked to be erased and is not confirmed yet | we |
//! | `~/.NAME/askfirst-receipts/` | receipts for what was erased | we |
//! | `~/.NAME/askfirst.lock` | empty; see [`State::deliver`] | we |
//!
//! What cannot be understood is [`Trouble`]: off, and left exactly as it is. The bytes are
//! described in `docs/formats/choice.md`.

mod change;
mod disable;
mod draw;
mod forgetting;
mod identity;
mod legacy;
mod places;
mod read;
mod record;
mod write;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::{Disk, LockGuard, LockMode};
use crate::policy::BARRIER;

pub use change::Delivery;
pub use disable::Disabled;
pub use draw::{DrawnNumber, Share};
pub(crate) use forgetting::{Ended, Waiting};
pub use identity::{ForgetKey, InstallId};
pub use places::Places;
pub use read::{No, Stored, Trouble};
pub use record::{Held, Record, Yes};

/// The choice of one user in one host.
#[derive(Debug, Clone)]
pub struct State {
    disk: Arc<dyn Disk>,
    places: Places,
}

/// Why something could not be stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk refused.
    #[error("{}: {source}", .path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A delivery, of this process or another, or somebody who changes the choice has held the
    /// lock all the time that was waited.
    #[error("{} is in use by a delivery or another run", .path.display())]
    Busy {
        /// The lock.
        path: PathBuf,
    },
    /// There is something that must be left as it is.
    #[error("{0}")]
    Trouble(Trouble),
    /// There is a no.
    #[error("analytics are disabled: {} exists", .0.path().display())]
    Disabled(No),
    /// There is no yes, or none for this destination.
    #[error("there is no yes for this")]
    NoYes,
}

impl State {
    /// The choice in these places.
    pub fn new(disk: Arc<dyn Disk>, places: Places) -> State {
        State { disk, places }
    }

    /// Where it is.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Takes the lock for what a person asked for: waits for a delivery (decision D5).
    fn lock_barrier(&self) -> Result<Box<dyn LockGuard>, Error> {
        self.lock(LockMode::Exclusive, BARRIER)
    }

    fn lock(&self, mode: LockMode, wait: std::time::Duration) -> Result<Box<dyn LockGuard>, Error> {
        let path = self.places.lock();
        match self.disk.lock(&path, mode, wait) {
            Ok(Some(guard)) => Ok(guard),
            Ok(None) => Err(Error::Busy { path }),
            Err(source) => Err(Error::Disk { path, source }),
        }
    }
}

#[cfg(test)]
mod tests;
