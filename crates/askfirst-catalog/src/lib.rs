//! What may be collected, and nothing else.

mod canonical;
mod catalog;
mod class;
mod gate;
mod ids;
mod kind;
mod models;
mod parse;
mod policy;
mod problems;
mod profile;
mod spans;
mod value;
mod words;

pub use catalog::{Catalog, Event, Expires, Property, Role, Spelled};
pub use class::{Class, ClassSet};
pub use gate::{Admitted, Common, Discard, Gate, Notes, Raw};
pub use ids::{EventId, PropertyId};
pub use kind::{Fixed, Kind, Precision, Unit};
pub use models::{ModelName, Models};
pub use problems::{Problem, Problems};
pub use profile::Profile;
pub use value::{Value, Word};
