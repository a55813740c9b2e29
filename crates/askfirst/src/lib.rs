//! The SDK: opt-in, anonymous analytics inside somebody else's tool.
//!
//! Nothing is collected until a person has answered yes. Unknown or unreadable means off.
//!
//! # The way to a yes
//!
//! 1. **Said.** [`Settings`](settings::Settings) gathers what the command line, the
//!    environment and the configuration in the home say, and what a project says that may
//!    only say off.
//! 2. **Stored.** [`State::read`](state::State::read) reads the choice. A no is a file whose
//!    existence is enough; what cannot be understood is left as it is, and off.
//! 3. **Decided.** [`decide`](consent::decide) is a pure function of both, and names the row of
//!    the table that decided ([`Row`](consent::Row)).
//! 4. **Asked**, if the verdict is to ask: [`ask`](question::ask), after the attempt was
//!    counted on disk.
//! 5. **Granted.** Only a stored yes makes a [`Grant`]: where events
//!    go, under which id, and of which classes. Without one nothing can be kept or sent.
//!
//! [`agree`] is all five. A host starts with [`Host::of_process`], which
//! copies the environment before any `.env` file is loaded.
//!
//! ```no_run
//! use askfirst::{Host, settings::Typed};
//!
//! let profile = askfirst::profile!("aider"); // or the path of the tool's own
//! let mut host = Host::of_process(profile); // first thing in main
//! let typed = Typed::default(); // from AnalyticsArgs
//! let agreement = askfirst::agree(&mut host, &typed); // asks, if it is to ask
//! for line in &agreement.lines {
//!     eprintln!("{line}");
//! }
//! let tool = askfirst::Tool { version: Some("1.2.3".into()), ..Default::default() };
//! let analytics = askfirst::Analytics::start(&host, &agreement, &tool);
//! ```
//!
//! # The way of one event
//!
//! 1. **Recorded.** [`Analytics::record`] takes a type that [`catalog!`] made: there is no way
//!    to hand it anything the catalog does not declare. Classes nobody agreed to stay out.
//! 2. **Encoded** once, every number cut to its precision, every time to its hour.
//! 3. **Logged**, if the user named a log; what cannot be logged is not sent.
//! 4. **Spooled**: one write into a file of this process alone. From here on it survives
//!    `kill -9`. What the spool has no room for is dropped, oldest first, and counted.
//! 5. **Delivered**, by a background thread of a session that lasts, or by the next run; never
//!    at exit. The answer is read again before every batch: a no stops it there.
//!
//! # What does not compile
//!
//! A tool's events are types made of the catalog, and there is no kind for free text:
//!
//! ```
//! askfirst::catalog!("llm-coding");
//! # fn main() {
//! let answered = MessageSend {
//!     main_model: Some(askfirst::Model::named("gpt-4o")),
//!     edit_format: EditFormat::from_word("diff"),
//!     prompt_tokens: Some(8_479),
//!     ..Default::default()
//! };
//! # }
//! ```
//!
//! A text is no word of the catalog:
//!
//! ```compile_fail,E0308
//! askfirst::catalog!("llm-coding");
//! # fn main() {
//! let what_the_user_typed = String::from("/home/me/secret.rs");
//! MessageSend { edit_format: Some(what_the_user_typed), ..Default::default() };
//! # }
//! ```
//!
//! A model's name goes through the public list:
//!
//! ```compile_fail,E0308
//! askfirst::catalog!("llm-coding");
//! # fn main() {
//! MessageSend { main_model: Some("our-own-model"), ..Default::default() };
//! # }
//! ```
//!
//! A property that is not declared is no field:
//!
//! ```compile_fail,E0560
//! askfirst::catalog!("llm-coding");
//! # fn main() {
//! MessageSend { prompt: None::<u64>, ..Default::default() };
//! # }
//! ```
//!
//! An event that is not declared is no type, and a word cannot be made of a text:
//!
//! ```compile_fail,E0422
//! askfirst::catalog!("llm-coding");
//! # fn main() {
//! FileAdded { ..Default::default() };
//! # }
//! ```
//!
//! ```compile_fail,E0308
//! let path = std::env::current_dir().unwrap();
//! askfirst::Word::of_the_catalog(path);
//! ```
#![warn(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

// The `catalog!` macro speaks of this crate by its name.
extern crate self as askfirst;

pub mod agreement;
mod analytics;
#[cfg(feature = "clap")]
mod args;
mod calendar;
pub mod clock;
pub mod consent;
mod delivery;
pub mod disk;
pub mod environment;
mod forget;
mod forks;
mod lines;
mod panics;
mod policy;
pub mod question;
pub mod random;
mod record;
mod recorder;
pub mod settings;
mod show;
mod spool;
mod start;
pub mod state;
mod status;
pub mod testing;
pub mod transport;
mod within;

pub use agreement::{Agreement, Grant, Host};
pub use analytics::Analytics;
#[cfg(feature = "clap")]
pub use args::AnalyticsArgs;
#[doc(hidden)]
pub use askfirst_catalog::prepared;
pub use askfirst_catalog::{Catalog, Class, Precision, Profile};
pub use askfirst_macros::{catalog, profile};
pub use forget::{Forgotten, forget, forget_with};
#[doc(hidden)]
pub use record::Opening;
pub use record::{Billionths, Event, Frames, Key, Model, Properties, Version, Word};
pub use show::{show, waiting};
pub use start::{Tool, agree, reset};
pub use status::{Waiting, status};

/// The code of `docs/embedding.md` compiles.
#[cfg(all(doctest, feature = "clap"))]
#[doc = include_str!("../../../docs/embedding.md")]
struct Embedding;
