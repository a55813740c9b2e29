//! Reading what is stored, without touching it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use askfirst_catalog::Profile;

use super::draw::{DrawnNumber, Share};
use super::legacy::{self, Legacy};
use super::places::{legacy_in, marker_in};
use super::record::{NotOurs, Record, Yes};
use super::{Places, State};
use crate::consent::{Choice, Draw};
use crate::policy::MAX_FILE;
use crate::settings::Destination;

/// Everything that is stored, read in one go.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    no: Option<No>,
    trouble: Option<Trouble>,
    record: Record,
    legacy: Legacy,
}

/// A no, and the file that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum No {
    /// The user's own marker.
    User(PathBuf),
    /// The machine's marker.
    Machine(PathBuf),
    /// The choice of the tool before us.
    Legacy(PathBuf),
    /// What the tool the host was made from keeps in its own folder: its marker, or its choice.
    Forerunner(PathBuf),
}

impl No {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            No::User(path) | No::Machine(path) | No::Legacy(path) | No::Forerunner(path) => path,
        }
    }
}

/// Something that cannot be understood. It is off, and left exactly as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: &'static str,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path.display(), self.why)
    }
}

impl Stored {
    /// The no, if there is one.
    pub fn no(&self) -> Option<&No> {
        self.no.as_ref()
    }

    /// What cannot be understood, if there is anything.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// Our own choice.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Our yes, if there is one.
    pub fn yes(&self) -> Option<&Yes> {
        self.record.yes.as_ref()
    }

    /// What it is for the decision, in this host and for this destination.
    pub fn choice(&self, profile: &Profile, destination: Option<&Destination>) -> Choice {
        match (&self.no, &self.trouble, &self.record.yes) {
            (Some(No::Machine(_)), _, _) => Choice::DisabledForMachine,
            (Some(_), _, _) => Choice::Disabled,
            (None, Some(_), _) => Choice::Unreadable,
            (None, None, Some(yes)) => covered(yes, profile, destination),
            (None, None, None) if self.legacy.yes => Choice::LegacyYes,
            (None, None, None) => Choice::NeverAsked,
        }
    }

    /// The number drawn, by us or by the tool before us.
    pub fn drawn(&self) -> Option<DrawnNumber> {
        self.record.draw.or(self.legacy.draw)
    }

    /// What the draw means; nobody is drawn who has no number yet.
    pub fn draw(&self, share: Share) -> Draw {
        match (share.is_nobody(), self.drawn()) {
            (true, _) => Draw::NoShare,
            (false, Some(number)) => share.holds(number),
            (false, None) => Draw::Outside,
        }
    }
}

/// What a yes is worth today (promise P16).
fn covered(yes: &Yes, profile: &Profile, destination: Option<&Destination>) -> Choice {
    let by_profile = destination.is_none_or(Destination::is_the_profiles_host);
    if by_profile && yes.recipient != recipient(profile) {
        return Choice::YesToAnother;
    }
    match profile
        .classes
        .iter()
        .all(|class| yes.classes.contains(class))
    {
        true => Choice::Yes,
        false => Choice::YesToFewer,
    }
}

/// Who the profile says receives what is sent: whom, and where.
pub(crate) fn recipient(profile: &Profile) -> String {
    let who = profile
        .notice
        .recipient
        .as_deref()
        .unwrap_or("nobody named");
    match profile.host.as_ref().or(profile.default_host.as_ref()) {
        Some(host) => format!("{who} ({host})"),
        None => who.to_owned(),
    }
}

impl State {
    /// Reads everything. Nothing is made, changed or locked: each file is replaced as a whole.
    pub fn read(&self) -> Stored {
        let mut stored = Stored::default();
        self.markers(&mut stored);
        if let Some(bytes) = self.own_file(&self.places.legacy(), &mut stored) {
            match legacy::read(&bytes) {
                Some(legacy) => stored.legacy = legacy,
                None => stored.note(self.places.legacy(), "cannot be understood"),
            }
        }
        if stored.legacy.no && stored.no.is_none() {
            stored.no = Some(No::Legacy(self.places.legacy()));
        }
        for dir in &self.places.forerunners {
            self.forerunner(dir, &mut stored);
        }
        if let Some(bytes) = self.own_file(&self.places.choice(), &mut stored) {
            match Record::parse(&bytes) {
                Ok(record) => stored.record = record,
                Err(why) => stored.note(self.places.choice(), why.words()),
            }
        }
        stored
    }

    /// Markers need no parsing: that they are there is enough.
    fn markers(&self, stored: &mut Stored) {
        let machine = self.places.machine.iter();
        for path in machine {
            match self.disk.exists(path) {
                Ok(true) => stored.no = stored.no.take().or(Some(No::Machine(path.clone()))),
                Ok(false) => {}
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
                Err(_) => stored.note(path.clone(), "cannot be looked at"),
            }
        }
        let path = self.places.marker();
        match self.disk.exists(&path) {
            // The user's own is what status names first: that one they can delete.
            Ok(true) => stored.no = Some(No::User(path)),
            Ok(false) => {}
            Err(_) => stored.note(path, "cannot be looked at"),
        }
        let (folder, mine) = self.folder_is_mine();
        match mine {
            Ok(true) => {}
            Ok(false) => stored.note(folder.clone(), "belongs to another user"),
            Err(_) => stored.note(folder.clone(), "cannot be looked at"),
        }
    }

    /// Whether the folder of the choice is the user's own; of the home directory where there is
    /// none yet.
    fn folder_is_mine(&self) -> (&PathBuf, io::Result<bool>) {
        let Places { dir, home, .. } = &self.places;
        match self.disk.is_mine(dir) {
            // A link that leads nowhere is there.
            Err(_) if !self.disk.exists(dir).unwrap_or(false) => (home, self.disk.is_mine(home)),
            // Or was made in between, by another start.
            Err(_) => (dir, self.disk.is_mine(dir)),
            mine => (dir, mine),
        }
    }

    /// The no of a tool the host was made from. Nothing else of it counts here: neither its yes,
    /// nor its id, nor its draw.
    fn forerunner(&self, dir: &Path, stored: &mut Stored) {
        let (marker, choice) = (marker_in(dir), legacy_in(dir));
        match self.disk.exists(&marker) {
            Ok(true) => stored.refuse(No::Forerunner(marker)),
            Ok(false) => {}
            // There is no such tool here.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return,
            Err(_) => stored.note(marker, "cannot be looked at"),
        }
        let Some(bytes) = self.own_file(&choice, stored) else {
            return;
        };
        match legacy::read(&bytes) {
            Some(legacy) if legacy.no => stored.refuse(No::Forerunner(choice)),
            Some(_) => {}
            // It may be a no.
            None => stored.note(choice, "cannot be understood"),
        }
    }

    /// The bytes of a file that is there, the user's own, and not too large.
    fn own_file(&self, path: &Path, stored: &mut Stored) -> Option<Vec<u8>> {
        let there = || self.disk.exists(path).unwrap_or(true);
        let is_none = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let bytes = match self.disk.read(path, MAX_FILE) {
            Err(error) if is_none(&error) && !there() => return None,
            // Another start may have made it in between.
            Err(error) if is_none(&error) => self.disk.read(path, MAX_FILE),
            read => read,
        };
        let bytes = match bytes {
            // A link that leads nowhere today may lead to a no tomorrow.
            Err(error) if is_none(&error) => {
                stored.note(path.to_owned(), "leads nowhere");
                return None;
            }
            Err(_) => {
                stored.note(path.to_owned(), "cannot be read");
                return None;
            }
            Ok(bytes) => bytes,
        };
        match self.disk.is_mine(path) {
            Ok(true) => Some(bytes),
            _ => {
                stored.note(path.to_owned(), "belongs to another user");
                None
            }
        }
    }
}

impl Stored {
    /// The first no is the one that is told.
    fn refuse(&mut self, no: No) {
        self.no.get_or_insert(no);
    }

    /// The first trouble is the one that is told.
    fn note(&mut self, path: PathBuf, why: &'static str) {
        self.trouble.get_or_insert(Trouble { path, why });
    }
}

impl NotOurs {
    fn words(self) -> &'static str {
        match self {
            NotOurs::Torn => "is torn: it is no whole JSON",
            NotOurs::Foreign => "was not written by this program",
            NotOurs::Newer => "was written by a newer version",
        }
    }
}
