//! What may be collected, and nothing else: the same code in the tool and at the collector.
//!
//! A [`Catalog`] lists events and their properties, each of a closed list of [`Kind`]s.
//! There is no kind for text. A [`Profile`] says which classes of events one tool collects.
//! A [`Gate`] is made of both, and is the only way to an [`Admitted`] event.
//!
//! # The way of one event
//!
//! `message_send` arrives with `main_model`, `cost`, `aider_version` and a `total_cost`.
//!
//! 1. **The name** is looked up among events, their aliases, and spelled names:
//!    `command_ask` is `command` with the word `ask`. Otherwise the event ends here, as
//!    [`Discard::UnknownEvent`]. A spelled word outside its list is `other`, or, where
//!    there is none, [`Discard::NotListed`].
//! 2. **The event** must be collected: not [`Discard::Withdrawn`], of a class the profile
//!    switches on ([`Discard::ClassOff`]), not past its last day ([`Discard::Expired`]).
//!
//! From here on the event is admitted, and only values can be dropped. Each that is, is
//! counted in [`Notes`]; what it was is kept nowhere.
//!
//! 3. **Each property** is looked up among those of this event. `total_cost` is not there:
//!    [`Notes::unknown_property`]. One that is withdrawn, or of a class that is off:
//!    [`Notes::not_collected`].
//! 4. **Each value** must be of its property's kind ([`Notes::wrong_kind`]) and within its
//!    bounds ([`Notes::out_of_range`]). An unlisted word becomes `other`
//!    ([`Notes::not_listed`]), a model that is not public `PROVIDER/REDACTED`
//!    ([`Notes::redacted`]), `0.86.2.dev1+gabc` becomes `0.86.2` and `dev`. A PostHog
//!    exception leaves its class and the frames of the tool's own released modules.
//! 5. **Together**: `cost` stays only if `main_model` is public ([`Notes::money_refused`]),
//!    frames only if the version was released. What our SDK adds to order events and to
//!    show consent moves into [`Common`].
//!
//! ```
//! use askfirst_catalog::{Catalog, Gate, Profile, Raw};
//!
//! let aider = Profile::builtin("aider").expect("a shipped profile");
//! let gate = Gate::new(Catalog::builtin(), aider);
//! let sent = [
//!     ("main_model", Raw::Str("acme/internal-7b")),
//!     ("cost", Raw::Float(0.02)),
//!     ("prompt_tokens", Raw::Int(2_528)),
//! ];
//! let today = 20_454; // days since 1970-01-01
//! let event = gate.admit("message_send", &sent, today).expect("a known event");
//!
//! let model = gate.catalog().find_property("main_model").expect("a known property");
//! assert_eq!(event.value(model).and_then(|value| value.as_text()), Some("REDACTED"));
//! assert_eq!(event.notes().money_refused, 1);
//! ```
//!
//! # The form of a catalog
//!
//! TOML, because its diff is a privacy review. `[catalog]` has `name`, `version` (grows with
//! every published change) and `models` (the list beside the file). `[common.NAME]` may
//! stand on every event, `[property.NAME]` on those that list it:
//!
//! | key | of | meaning |
//! |---|---|---|
//! | `kind` | all | bool, count, amount, duration, enum, version, model, error, frames, constant |
//! | `why` | all | one sentence, printed on the page a user reads |
//! | `since` | all | the catalog version that brought it |
//! | `class` | all | its own class; default: that of the event it stands on |
//! | `alias` | all | other names tools send it under |
//! | `withdrawn` | all | true: refused at the door, its column stays readable |
//! | `max` | count, duration | the largest value; duration in milliseconds |
//! | `precision` | count, amount, duration | `two-digits`, `power-of-two`, or `exact` with `exact_because` |
//! | `unit` | amount | `usd` |
//! | `values` | enum, error | the closed list; `other` is not in it |
//! | `other` | enum | false: an unlisted word is dropped and does not become `other` |
//! | `parts` | version | 3: MAJOR.MINOR.PATCH, 2: MAJOR.MINOR |
//! | `value` | constant | the only value on the wire; never stored |
//!
//! `[event.NAME]` has `class`, `why`, `since`, `alias`, `withdrawn`, and
//!
//! | key | meaning |
//! |---|---|
//! | `reports` | the [`REPORTS`] that use it; an entry no report uses has no place |
//! | `expires` | `"never: REASON"`, or its last day, `"2028-12-31"` |
//! | `properties` | besides the common ones |
//! | `spelled` | `"command_{name}"`: on log and wire the name carries the word of an enum |
//!
//! `session`, `seq`, `since_start`, `catalog` and `agent` are what our SDK adds, and only
//! that. `dev` follows from `version`. A word means one thing on one event.
//!
//! A catalog is known by the first 8 hex digits of the SHA-256 of its
//! [canonical form](Catalog::canonical). What may follow what is checked by
//! [`Catalog::compare`], and told by [`diff()`].

mod canonical;
mod catalog;
mod class;
mod compare;
mod diff;
mod gate;
mod ids;
mod kind;
mod models;
mod page;
mod parse;
mod policy;
mod privacy;
mod problems;
mod profile;
mod samples;
mod spans;
pub mod symbols;
mod value;
mod words;

pub use catalog::{Catalog, Event, Expires, Property, Role, Spelled};
pub use class::{Class, ClassSet};
pub use diff::diff;
pub use gate::{
    Admitted, Common, Discard, Gate, KnownEvent, KnownProperty, KnownText, Notes, Raw, Sent,
};
pub use ids::{EventId, PropertyId};
pub use kind::{Fixed, Kind, Precision, Unit};
pub use models::{ModelName, Models, ShippedName};
pub use page::page;
pub use parse::REPORTS;
pub use privacy::privacy;
pub use problems::{Problem, Problems};
#[doc(hidden)]
pub use profile::prepared;
pub use profile::{Files, Links, Modules, Notice, Profile, Question, YesLasts};
pub use samples::Sample;
pub use value::{Value, Word};
