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
//! [`reach`](agreement::reach) is all five. A host starts with [`Host::of_process`], which
//! copies the environment before any `.env` file is loaded.
//!
//! ```no_run
//! use askfirst::{Host, agreement, settings::Typed};
//! use askfirst_catalog::Profile;
//!
//! let profile = Profile::builtin("aider").expect("a shipped profile");
//! let mut host = Host::of_process(profile); // first thing in main
//! let typed = Typed::default(); // from AnalyticsArgs
//! let agreement = agreement::reach(&mut host, &typed, &|| {});
//! for line in &agreement.lines {
//!     host.terminal.show(&format!("{line}\n")).ok();
//! }
//! ```
#![warn(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

pub mod agreement;
#[cfg(feature = "clap")]
mod args;
pub mod clock;
pub mod consent;
pub mod disk;
pub mod environment;
mod lines;
mod policy;
pub mod question;
pub mod random;
pub mod settings;
pub mod state;
mod status;
pub mod testing;

pub use agreement::{Agreement, Grant, Host};
#[cfg(feature = "clap")]
pub use args::AnalyticsArgs;
pub use status::{Waiting, status};
