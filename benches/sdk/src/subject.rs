//! A tool with one of the SDKs in it.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::{ours, peers};

/// The SDKs, as the tables call them; the first is ours.
pub const SDKS: [&str; 4] = ["askfirst", "posthog-rs", "sentry", "glean"];

/// Those this program was built with.
pub fn built() -> &'static [&'static str] {
    if cfg!(feature = "peers") {
        &SDKS
    } else {
        &SDKS[..1]
    }
}

/// What is recorded, each time: a message to a model. The numbers of it vary with `n`.
#[cfg_attr(not(feature = "peers"), expect(dead_code, reason = "ours has types for these"))]
pub mod message {
    /// The event's name.
    pub const NAME: &str = "message_send";
    /// The model.
    pub const MODEL: &str = "gpt-4o";

    /// Events from here on are not counted by the collector.
    pub const UNCOUNTED: u64 = 1 << 40;

    /// The form edits are asked for in: `diff`, and `ask` for what is not counted.
    pub fn format(n: u64) -> &'static str {
        if n < UNCOUNTED { "diff" } else { "ask" }
    }

    /// Tokens of the prompt, of the answer, and of both.
    pub fn tokens(n: u64) -> [u64; 3] {
        let (sent, received) = (8_000 + n % 900, 300 + n % 70);
        [sent, received, sent + received]
    }

    /// Dollars.
    pub fn cost(n: u64) -> f64 {
        0.02 + (n % 90) as f64 / 10_000.0
    }
}

/// What a tool is given.
#[derive(Debug, Clone)]
pub struct Place {
    /// A home of its own.
    pub home: PathBuf,
    /// Where events go.
    pub url: String,
}

/// A running SDK.
pub trait Subject {
    /// Records the `n`th event.
    fn record(&mut self, n: u64);

    /// How many events it takes in one go before its queue is full and it drops some.
    fn burst(&self) -> u64 {
        u64::MAX
    }

    /// Waits until its queue is empty.
    fn settle(&mut self) {}

    /// Leaves, as its documentation says a tool should.
    fn leave(self: Box<Self>);
}

/// Starts an SDK. `askfirst+log` keeps a log besides; `NAME-off` is one that is switched off.
pub fn start(sdk: &str, place: &Place) -> Result<Box<dyn Subject>> {
    if let Some(subject) = ours::start(sdk, place)? {
        return Ok(subject);
    }
    match peers::start(sdk, place)? {
        Some(subject) => Ok(subject),
        None => bail!("there is no SDK `{sdk}` in this build"),
    }
}
