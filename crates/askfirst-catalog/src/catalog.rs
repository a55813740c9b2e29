//! The catalog: what may be collected, and nothing else.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::class::Class;
use crate::ids::{EventId, PropertyId};
use crate::kind::Kind;
use crate::models::Models;
use crate::problems::Problems;

/// One property: a name that has one meaning and one kind for all events and all time
/// (decision D27).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Property {
    /// The canonical name.
    pub name: Arc<str>,
    /// The name of its column in stored files: `p_` and the name without `$`.
    pub column: String,
    /// What values it has.
    pub kind: Kind,
    /// Its own class; without one it has the class of the event it stands on.
    pub class: Option<Class>,
    /// Other names under which tools send it.
    pub aliases: Vec<String>,
    /// Why it is collected: one sentence, printed on the page a user reads.
    pub why: String,
    /// The catalog version that brought it.
    pub since: u32,
    /// Why its exact value identifies nobody, if it is not cut.
    pub exact_because: Option<String>,
    /// Refused at the door; its column stays readable.
    pub withdrawn: bool,
    /// May stand on every event (a `[common]` entry).
    pub common: bool,
    /// What becomes of it: a column, part of [`Common`](crate::Common), or nothing.
    pub role: Role,
}

impl Property {
    /// Whether admitted values of it are stored in its own column.
    pub fn is_column(&self) -> bool {
        matches!(self.role, Role::Column | Role::Agent)
    }
}

/// Where the value of a property goes once it is admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// Into its own column.
    Column,
    /// Into [`Common::session`](crate::Common::session).
    Session,
    /// Into [`Common::seq`](crate::Common::seq).
    Seq,
    /// Into [`Common::since_start_ms`](crate::Common::since_start_ms).
    SinceStart,
    /// Into [`Common::catalog`](crate::Common::catalog).
    Catalog,
    /// Into [`Common::agent`](crate::Common::agent) and into its own column.
    Agent,
    /// Nowhere: a constant, checked and left.
    Nowhere,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The name, as the tools put it on the wire: `cli session`.
    pub name: Arc<str>,
    /// What a user agreed to when this is collected.
    pub class: Class,
    /// Why it is collected: one sentence, printed on the page a user reads.
    pub why: String,
    /// The reports that use it. Never empty.
    pub reports: Vec<String>,
    /// The catalog version that brought it.
    pub since: u32,
    /// The end of its collection.
    pub expires: Expires,
    /// Other names under which tools send it.
    pub aliases: Vec<String>,
    /// Its properties, besides the common ones, in the order of the catalog's file.
    pub properties: Vec<PropertyId>,
    /// How one of its properties is written into its name on log and wire.
    pub spelled: Option<Spelled>,
    /// Refused at the door; what is stored stays readable.
    pub withdrawn: bool,
}

/// When client and collector begin to refuse an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expires {
    /// Never, and why.
    Never(String),
    /// After this day (days since 1970-01-01); the day itself still counts.
    After(i32),
}

/// An event whose name carries the word of an enum: `command_{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled {
    /// What stands before the word: `command_`.
    pub prefix: String,
    /// The enum the word is of.
    pub property: PropertyId,
}

/// A valid catalog. Made by [`Catalog::parse`], so whatever holds one needs no checks.
pub struct Catalog {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) models_file: String,
    pub(crate) models: Arc<Models>,
    pub(crate) events: Vec<Event>,
    pub(crate) properties: Vec<Property>,
    pub(crate) event_ids: HashMap<Arc<str>, EventId>,
    pub(crate) property_ids: HashMap<Arc<str>, PropertyId>,
    pub(crate) lines: Lines,
    pub(crate) canonical: String,
    pub(crate) sha256: [u8; 32],
}

/// Where in the file entries stand, for problems found when catalogs are compared.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) version: u32,
    pub(crate) events: Vec<u32>,
    pub(crate) properties: Vec<u32>,
}

impl Catalog {
    /// Reads and checks a catalog. `file` is what problems call it; the model list is
    /// handed in, because the catalog only names it.
    ///
    /// # Errors
    ///
    /// Every problem of the file at once, with line, entry, rule and fix.
    pub fn parse(file: &str, text: &str, models: Arc<Models>) -> Result<Catalog, Problems> {
        crate::parse::catalog(file, text, models)
    }

    /// The `llm-coding` catalog this program was built with.
    #[expect(
        clippy::expect_used,
        reason = "the text is part of the program, and a test parses it"
    )]
    pub fn builtin() -> Arc<Catalog> {
        static BUILTIN: OnceLock<Arc<Catalog>> = OnceLock::new();
        let parse = || {
            let text = include_str!("../../../catalogs/llm-coding.toml");
            Catalog::parse("catalogs/llm-coding.toml", text, Models::builtin())
                .map(Arc::new)
                .map_err(|problems| problems.to_string())
                .expect("the built-in catalog is valid")
        };
        Arc::clone(BUILTIN.get_or_init(parse))
    }

    /// The catalog's name: `llm-coding`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version, a number that grows with every published change.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The model list it was parsed with.
    pub fn models(&self) -> &Arc<Models> {
        &self.models
    }

    /// SHA-256 of [`Catalog::canonical`].
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// The first 4 bytes of [`Catalog::sha256`]: the property `catalog` of an event.
    pub fn short(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.sha256;
        [a, b, c, d]
    }

    /// [`Catalog::short`] as 8 hex digits, the form on log and wire.
    pub fn short_hex(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.short()))
    }

    /// The catalog in its one canonical spelling: sorted, without comments, every default
    /// written out. [`Catalog::parse`] reads it back to the same hash.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// All events, sorted by name; [`EventId`] is the index.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The event of an id.
    ///
    /// # Panics
    ///
    /// If the id is of another catalog and too large for this one.
    pub fn event(&self, id: EventId) -> &Event {
        &self.events[id.index()]
    }

    /// All properties, common ones included, sorted by name; [`PropertyId`] is the index.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// The property of an id.
    ///
    /// # Panics
    ///
    /// If the id is of another catalog and too large for this one.
    pub fn property(&self, id: PropertyId) -> &Property {
        &self.properties[id.index()]
    }

    /// The event with this canonical name.
    pub fn find_event(&self, name: &str) -> Option<EventId> {
        self.event_ids.get(name).copied()
    }

    /// The property with this canonical name.
    pub fn find_property(&self, name: &str) -> Option<PropertyId> {
        self.property_ids.get(name).copied()
    }

    /// The event's name as log and wire write it: `command_ask` for `command` whose `name`
    /// is `ask`. `value_of` gives the text of a property of the event at hand.
    pub fn spelled_name<'v>(
        &self,
        id: EventId,
        value_of: impl Fn(PropertyId) -> Option<&'v str>,
    ) -> Cow<'_, str> {
        let event = self.event(id);
        let word = event.spelled.as_ref().and_then(|spelled| {
            let word = value_of(spelled.property)?;
            Some(Cow::Owned(format!("{}{word}", spelled.prefix)))
        });
        word.unwrap_or(Cow::Borrowed(&event.name))
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalog")
            .field("file", &self.file)
            .field("name", &self.name)
            .field("version", &self.version)
            .field("hash", &self.short_hex())
            .finish_non_exhaustive()
    }
}
