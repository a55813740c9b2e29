//! A no: `--analytics-disable`, the answer no, and forget.

use super::forgetting::Waiting;
use super::identity::ForgetKey;
use super::legacy;
use super::record::{Held, Record};
use super::{Error, State};
use crate::policy::MAX_FILE;

/// What came of a no.
#[derive(Debug)]
pub struct Disabled {
    /// Whether the marker is there now, and durable.
    pub stored: Result<(), Error>,
    /// The keys that were deleted, with where they are for: printed once, so that what was
    /// sent can still be erased.
    pub deleted: Vec<Held>,
    /// Those that were there, deleted or not.
    pub(crate) found: Vec<Held>,
}

impl Disabled {
    /// The keys that were deleted.
    pub fn keys(&self) -> impl Iterator<Item = &ForgetKey> {
        self.deleted.iter().map(|held| &held.forget_key)
    }
}

impl State {
    /// Says no for good (promise P05) and deletes id, key and what waits.
    ///
    /// First the marker, which needs neither parsing nor lock, so that it is there whatever
    /// happens next. Then the barrier of decision D5: a delivery that is under way ends or has
    /// seen the marker. Then `delete_waiting` is called, and the key goes. If the marker cannot be made,
    /// the yes is deleted all the same, as far as the disk lets us.
    pub fn disable(&self, delete_waiting: &dyn Fn()) -> Disabled {
        self.disable_and_wait(delete_waiting, &|_| Vec::new()).0
    }

    /// The same, and writes down what is to be erased, made of the keys there are, before they
    /// are deleted: whoever is killed in between has asked.
    pub(crate) fn disable_and_wait(
        &self,
        delete_waiting: &dyn Fn(),
        requests: &dyn Fn(&[Held]) -> Vec<Waiting>,
    ) -> (Disabled, Result<(), Error>) {
        let stored = self.mark();
        // Who cannot have the lock goes on: the marker is there.
        let _lock = self.lock_barrier();
        let found = self.held();
        let requests = requests(&found);
        let written = match requests.is_empty() {
            true => Ok(()),
            false => self.wait_to_forget(&requests),
        };
        delete_waiting();
        // Nothing more can be done where this fails; the marker stands above what is left. A
        // key that is still there has not been deleted.
        let deleted = match self.delete_record() {
            Ok(()) => found.clone(),
            Err(_) => Vec::new(),
        };
        self.tell_legacy();
        let disabled = Disabled {
            stored,
            deleted,
            found,
        };
        (disabled, written)
    }

    fn mark(&self) -> Result<(), Error> {
        self.make_dir()?;
        let path = self.places.marker();
        let made = match self.disk.write_new(&path, &[]) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(()),
            made => made,
        };
        let made = made.and_then(|()| self.sync_around(&path));
        made.map_err(|source| Error::Disk { path, source })
    }

    /// The keys of our choice, whatever else is so.
    fn held(&self) -> Vec<Held> {
        let bytes = self.disk.read(&self.places.choice(), MAX_FILE);
        let record = bytes.ok().and_then(|bytes| Record::parse(&bytes).ok());
        record.map(|record| record.keys).unwrap_or_default()
    }

    /// Deletes our choice, also one that cannot be read: a key may be in it.
    fn delete_record(&self) -> std::io::Result<()> {
        let path = self.places.choice();
        self.absent(&path).and_then(|()| self.sync_around(&path))
    }

    /// Writes the no into the file of the tool before us, if it can be understood.
    fn tell_legacy(&self) {
        let path = self.places.legacy();
        let mine = self.disk.is_mine(&path).unwrap_or(false);
        let Ok(bytes) = self.disk.read(&path, MAX_FILE) else {
            return;
        };
        if let (true, Some(bytes)) = (mine, legacy::with_no(&bytes)) {
            // Ours counts for us; that theirs could not be written changes nothing of it.
            drop(self.replace(&path, &bytes));
        }
    }
}
