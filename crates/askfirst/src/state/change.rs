//! The changes a start makes: the draw, the attempt, the yes, the key, and reset.

use askfirst_catalog::Profile;

use super::draw::DrawnNumber;
use super::identity::ForgetKey;
use super::read::recipient;
use super::record::{Held, Record, Yes};
use super::{Error, State, Stored};
use crate::disk::{LockGuard, LockMode};
use crate::policy::{BARRIER, STORE_WAIT};
use crate::random::Random;
use crate::settings::Destination;

impl State {
    /// Draws once for this home, and stores the number before it is used.
    ///
    /// # Errors
    ///
    /// Why it could not be stored: then it is no draw.
    pub fn draw(&self, random: &dyn Random) -> Result<DrawnNumber, Error> {
        let (_lock, stored) = self.begin(STORE_WAIT)?;
        if let Some(number) = stored.drawn() {
            return Ok(number);
        }
        let number = DrawnNumber::draw(random).map_err(|source| self.failed(source))?;
        self.write(&Record {
            draw: Some(number),
            ..stored.record().clone()
        })?;
        Ok(number)
    }

    /// Counts a question before it is shown.
    ///
    /// # Errors
    ///
    /// Why it could not be counted: then it is not asked.
    pub fn count_attempt(&self) -> Result<(), Error> {
        let (_lock, stored) = self.begin(STORE_WAIT)?;
        let mut record = stored.record().clone();
        record.attempts = record.attempts.saturating_add(1);
        self.write(&record)
    }

    /// Stores a person's yes to the question of today, with a key for the destination.
    ///
    /// # Errors
    ///
    /// Why it could not be stored: then it is off.
    pub fn agree(
        &self,
        profile: &Profile,
        destination: &Destination,
        today: i32,
        random: &dyn Random,
    ) -> Result<Held, Error> {
        // A person waits for this, so it waits longer.
        let (_lock, stored) = self.begin(BARRIER)?;
        let mut record = Record {
            // An answer deletes the draw and what was counted.
            draw: None,
            attempts: 0,
            yes: Some(Yes {
                consented_on: today,
                question_version: profile.question.version,
                recipient: recipient(profile),
                classes: profile.classes,
            }),
            keys: stored.record().keys.clone(),
        };
        let held = self.hold(&mut record, destination, today, random)?;
        self.write(&record)?;
        Ok(held)
    }

    /// The key for a destination: the stored one, or a new one where there is none or its time
    /// is over (promise P17).
    ///
    /// # Errors
    ///
    /// Why a new one could not be stored.
    pub fn key(
        &self,
        destination: &Destination,
        today: i32,
        random: &dyn Random,
    ) -> Result<Held, Error> {
        self.key_in(&self.read(), destination, today, random)
    }

    /// [`State::key`] where everything was read a moment ago. Nothing is written on the strength
    /// of that: who has to change something reads again, under the lock.
    pub(crate) fn key_in(
        &self,
        stored: &Stored,
        destination: &Destination,
        today: i32,
        random: &dyn Random,
    ) -> Result<Held, Error> {
        let none_over = stored.record().keys.iter().all(|held| !held.is_over(today));
        if let (Some(held), true) = (stored.record().key_for(destination), none_over) {
            return Ok(held.clone());
        }
        let (_lock, stored) = self.begin(STORE_WAIT)?;
        if stored.yes().is_none() {
            return Err(Error::NoYes);
        }
        let mut record = stored.record().clone();
        let held = self.hold(&mut record, destination, today, random)?;
        self.write(&record)?;
        Ok(held)
    }

    /// `--analytics-reset`: the choice stays, id, key and what waits are deleted. The next
    /// session that is on draws a new key. `delete_waiting` is called behind the barrier.
    ///
    /// # Errors
    ///
    /// Why it could not be done.
    pub fn reset(&self, delete_waiting: &dyn Fn()) -> Result<(), Error> {
        if !self.disk.exists(&self.places.dir).unwrap_or(true) {
            return Ok(());
        }
        let (_lock, stored) = self.begin(BARRIER)?;
        delete_waiting();
        if stored.record().keys.is_empty() {
            return Ok(());
        }
        self.write(&Record {
            keys: Vec::new(),
            ..stored.record().clone()
        })
    }

    /// Begins a delivery (decision D5): while the guard is held no choice is changed, except
    /// by who has waited long enough. The yes is read after the lock was taken, so it holds
    /// for what is read from the spool now; ask again with every batch. Where a no could not be
    /// stored nothing is sent (promise P05).
    ///
    /// # Errors
    ///
    /// Why nothing may be sent.
    pub fn deliver(&self) -> Result<Delivery, Error> {
        let lock = self.lock(LockMode::Shared, STORE_WAIT)?;
        let stored = self.read();
        match (stored.no(), stored.trouble()) {
            (Some(no), _) => return Err(Error::Disabled(no.clone())),
            (None, Some(trouble)) => return Err(Error::Trouble(trouble.clone())),
            (None, None) if stored.yes().is_none() => return Err(Error::NoYes),
            (None, None) => {}
        }
        // Last: where it says no already, no file is made.
        self.try_a_no()?;
        Ok(Delivery {
            state: self.clone(),
            _lock: lock,
        })
    }

    /// Takes the lock and reads what is stored then. There must be no no, and nothing that
    /// has to be left as it is.
    fn begin(&self, wait: std::time::Duration) -> Result<(Box<dyn LockGuard>, Stored), Error> {
        self.make_dir()?;
        let lock = self.lock(LockMode::Exclusive, wait)?;
        let stored = self.read();
        match (stored.no(), stored.trouble()) {
            (Some(no), _) => Err(Error::Disabled(no.clone())),
            (None, Some(trouble)) => Err(Error::Trouble(trouble.clone())),
            (None, None) => Ok((lock, stored)),
        }
    }

    /// The key for a destination in a record that is about to be written: keys whose time is
    /// over leave it.
    fn hold(
        &self,
        record: &mut Record,
        destination: &Destination,
        today: i32,
        random: &dyn Random,
    ) -> Result<Held, Error> {
        record.keys.retain(|held| !held.is_over(today));
        if let Some(held) = record.key_for(destination) {
            return Ok(held.clone());
        }
        let held = Held {
            host: destination.host.as_str().to_owned(),
            project_key: destination.project_key.as_str().to_owned(),
            forget_key: ForgetKey::draw(random).map_err(|source| self.failed(source))?,
            since: today,
        };
        record.keys.push(held.clone());
        Ok(held)
    }

    fn failed(&self, source: std::io::Error) -> Error {
        Error::Disk {
            path: self.places.choice(),
            source,
        }
    }
}

/// A delivery under way. Others who disable wait for it, two seconds at most.
#[derive(Debug)]
pub struct Delivery {
    state: State,
    _lock: Box<dyn LockGuard>,
}

impl Delivery {
    /// Whether the yes still holds, read right before sending: a marker needs no lock, so it
    /// may have come meanwhile.
    pub fn still_holds(&self) -> bool {
        let stored = self.state.read();
        stored.no().is_none() && stored.trouble().is_none() && stored.yes().is_some()
    }
}
