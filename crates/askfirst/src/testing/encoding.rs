//! Encoding without a clock, a file or a home.

use std::sync::Arc;

use askfirst_catalog::{Class, ClassSet};

use crate::Event;
use crate::random::SystemRandom;
use crate::record::{About, Encoder, Pool, Session};

/// The id events are encoded under.
const INSTALL: &str = "00000000-0000-4000-8000-000000000000";

/// Encodes events as a session in which everything was agreed to does, and keeps none.
#[derive(Debug)]
pub struct Encoding {
    encoder: Encoder,
}

impl Encoding {
    /// For a tool of this version, with `CATALOG` of the `catalog!` macro.
    pub fn new(version: &str, catalog: &str) -> Encoding {
        let all = Class::ALL
            .into_iter()
            .fold(ClassSet::default(), ClassSet::with);
        let about = About {
            version: Some(version.to_owned()),
            catalog: catalog.to_owned(),
            ..About::default()
        };
        let mut pool = Pool::new(Arc::new(SystemRandom));
        let session = Session::new(&about, all, &mut pool);
        Encoding {
            encoder: Encoder::new(all, session, Some(INSTALL.to_owned()), pool),
        }
    }

    /// The line an event is in the spool, with its newline; empty if it is not collected any
    /// more.
    pub fn line(&mut self, event: &impl Event) -> &[u8] {
        match self.encoder.event(event, 0, 0) {
            true => self.encoder.spool_line().0,
            false => &[],
        }
    }
}
