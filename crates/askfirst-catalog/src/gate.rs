//! The gate: an event comes in, and either an [`Admitted`] comes out or a reason why not.
//!
//! Everything that can be decided once is decided when the gate is made ([`table`]): which
//! events are off, what each word means on each event, and the texts that can come out. An
//! event then costs one lookup for its name and one for each property. What is refused is
//! counted in [`Notes`], and copied nowhere.

mod admitted;
mod exception;
mod known;
mod number;
mod read;
mod table;
mod version;

use std::sync::Arc;

pub use admitted::{Admitted, Common, Discard, Notes, Raw};
pub use known::{KnownEvent, KnownProperty, KnownText, Sent};

use crate::catalog::Catalog;
use crate::ids::PropertyId;
use crate::profile::Profile;
use crate::value::Value;
use exception::Exception;
use read::Reading;
use table::{EventRules, Slot, Table};

/// The one way in: a catalog and the profile of the tool whose events come.
#[derive(Debug)]
pub struct Gate {
    catalog: Arc<Catalog>,
    profile: Arc<Profile>,
    table: Table,
}

impl Gate {
    /// A gate for events of `profile`'s tool under `catalog`.
    pub fn new(catalog: Arc<Catalog>, profile: Arc<Profile>) -> Gate {
        Gate {
            table: Table::new(&catalog, &profile),
            catalog,
            profile,
        }
    }

    /// The catalog events are admitted by.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The profile events are admitted for.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// Admits an event, or says why not. `today` is in days since 1970-01-01.
    ///
    /// Where a property comes twice, under one name or two, the first admissible value
    /// counts.
    ///
    /// # Errors
    ///
    /// The reason the event as a whole is refused. It holds nothing of what was refused.
    pub fn admit(
        &self,
        event: &str,
        properties: &[(&str, Raw<'_>)],
        today: i32,
    ) -> Result<Admitted, Discard> {
        let (rules, word) = self.table.find(event).ok_or(Discard::UnknownEvent)?;
        rules.may_enter(today)?;
        let mut draft = Draft::new(self, rules, Vec::new(), properties.len());
        if let Some(word) = word {
            draft.spell(word)?;
        }
        for (name, raw) in properties {
            draft.offer(rules.slot(name).copied(), raw);
        }
        Ok(draft.finish())
    }
}

/// An event on its way through the gate.
struct Draft<'g> {
    gate: &'g Gate,
    rules: &'g EventRules,
    /// Sorted by property, each once.
    values: Vec<(PropertyId, Value)>,
    common: Common,
    notes: Notes,
    /// Whether the model a price would be of is public.
    public_model: Option<bool>,
    /// What follows MAJOR.MINOR.PATCH says that this is not a release.
    unreleased: Option<bool>,
    exception: Exception,
}

impl<'g> Draft<'g> {
    /// An event of which nothing was looked at, how many properties there are of it, and room
    /// for them.
    fn new(
        gate: &'g Gate,
        rules: &'g EventRules,
        mut room: Vec<(PropertyId, Value)>,
        properties: usize,
    ) -> Draft<'g> {
        room.clear();
        room.reserve(properties.min(rules.slots()));
        Draft {
            gate,
            rules,
            values: room,
            common: Common::default(),
            notes: Notes::default(),
            public_model: None,
            unreleased: None,
            exception: Exception::default(),
        }
    }

    /// The word in the event's own name, `ask` of `command_ask`.
    fn spell(&mut self, word: &str) -> Result<(), Discard> {
        let Some(property) = self.rules.spelled else {
            return Ok(());
        };
        match self.gate.table.read(property, &Raw::Str(word)) {
            Reading::Value(value) => self.keep(property, value),
            Reading::Other(value) => {
                self.notes.not_listed += 1;
                self.keep(property, value);
            }
            _ => return Err(Discard::NotListed),
        }
        Ok(())
    }

    /// One property as it was sent, under a name that means `slot` here.
    fn offer(&mut self, slot: Option<Slot>, raw: &Raw<'_>) {
        if *raw == Raw::Null {
            return;
        }
        match slot {
            None => self.notes.unknown_property += 1,
            Some(Slot::NotCollected) => self.notes.not_collected += 1,
            Some(Slot::ExceptionList) => self.exception.read_list(raw, &self.gate.profile),
            Some(Slot::StackTrace) => self.exception.read_trace(raw, &self.gate.profile),
            Some(Slot::Property(property)) => self.take(property, raw),
        }
    }

    fn take(&mut self, property: PropertyId, raw: &Raw<'_>) {
        match self.gate.table.read(property, raw) {
            Reading::Value(value) => self.keep(property, value),
            Reading::Other(value) => {
                self.notes.not_listed += 1;
                self.keep(property, value);
            }
            Reading::Model(model) => {
                self.notes.redacted += u32::from(model.redacted);
                self.price(property, !model.redacted);
                self.keep(property, read::kept(model.text));
            }
            Reading::Version { text, unreleased } => {
                if self.rules.version == Some(property) {
                    self.unreleased.get_or_insert(unreleased);
                }
                self.keep(property, read::kept(Arc::from(text)));
            }
            Reading::Frames(text) => match exception::own_frames(text, &self.gate.profile) {
                Some(frames) => self.keep(property, read::kept(frames)),
                None => self.notes.not_listed += 1,
            },
            Reading::Common(set) => set.into(&mut self.common),
            Reading::Nothing => {}
            Reading::NotListed => self.notes.not_listed += 1,
            Reading::OutOfRange => self.notes.out_of_range += 1,
            Reading::WrongKind => self.notes.wrong_kind += 1,
        }
    }

    /// A text that [`Gate::text_known`] took.
    fn take_known(&mut self, text: &KnownText) {
        if text.public_model {
            self.price(text.property, true);
        }
        self.keep(text.property, text.value.clone());
    }

    /// Money is the price of one model, of which the first one counts.
    fn price(&mut self, property: PropertyId, public: bool) {
        if self.rules.priced_by == Some(property) {
            self.public_model.get_or_insert(public);
        }
    }

    fn keep(&mut self, property: PropertyId, value: Value) {
        // After all others, as the catalog has them in the order of their names.
        if self.values.last().is_none_or(|(last, _)| *last < property) {
            self.values.push((property, value));
        } else if let Err(at) = self.place(property) {
            self.values.insert(at, (property, value));
        }
    }

    /// Where a property's value is, or would be.
    fn place(&self, property: PropertyId) -> Result<usize, usize> {
        self.values.binary_search_by_key(&property, |(id, _)| *id)
    }

    fn yes_or_no(&self, property: PropertyId) -> Option<bool> {
        let at = self.place(property).ok()?;
        match self.values[at].1 {
            Value::Bool(yes) => Some(yes),
            _ => None,
        }
    }

    /// What can only be decided when everything was seen.
    fn finish(mut self) -> Admitted {
        self.add_exception();
        self.add_dev();
        self.common.agent = self.rules.agent.and_then(|agent| self.yes_or_no(agent));
        self.refuse_frames_of_what_was_not_released();
        self.refuse_money_without_a_public_model();
        if self
            .common
            .catalog
            .is_some_and(|sent| sent != self.gate.catalog.short())
        {
            self.notes.catalog_newer += 1;
        }
        Admitted::new(self.rules.event, self.values, self.common, self.notes)
    }

    /// Class and frames of a PostHog exception, where the sender did not say them plainly.
    fn add_exception(&mut self) {
        if let Some(property) = self.rules.error
            && let Some(class) = self.exception.class()
            && self.place(property).is_err()
        {
            let value = self.gate.table.error(property, class);
            if matches!(value, Reading::Other(_)) {
                self.notes.not_listed += 1;
            }
            if let Reading::Value(value) | Reading::Other(value) = value {
                self.keep(property, value);
            }
        }
        if let Some(property) = self.rules.frames
            && let Some(frames) = self.exception.frames()
        {
            self.keep(property, read::kept(frames));
        }
    }

    /// `dev` is true if the sender says so, or if its version was more than a release's.
    fn add_dev(&mut self) {
        let (Some(dev), Some(unreleased)) = (self.rules.dev, self.unreleased) else {
            return;
        };
        match self.place(dev) {
            Ok(at) if unreleased => self.values[at].1 = Value::Bool(true),
            Ok(_) => {}
            Err(at) => self.values.insert(at, (dev, Value::Bool(unreleased))),
        }
    }

    /// Lines of a version nobody else has say nothing, or tell who changed it.
    fn refuse_frames_of_what_was_not_released(&mut self) {
        let (Some(dev), Some(frames)) = (self.rules.dev, self.rules.frames) else {
            return;
        };
        if self.yes_or_no(dev) == Some(true) {
            let before = self.values.len();
            self.values.retain(|(id, _)| *id != frames);
            self.notes.not_collected += u32::from(self.values.len() < before);
        }
    }

    /// A price tells the model (breakage B19).
    fn refuse_money_without_a_public_model(&mut self) {
        if self.public_model == Some(true) {
            return;
        }
        let money_refused = &mut self.notes.money_refused;
        self.values.retain(|(_, value)| {
            let money = matches!(value, Value::Amount(_));
            *money_refused += u32::from(money);
            !money
        });
    }
}

#[cfg(test)]
mod tests;
