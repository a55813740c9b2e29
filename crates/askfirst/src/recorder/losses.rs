//! Events that were dropped, told.

use std::borrow::Cow;

use askfirst_catalog::Class::{self, Platform};
use askfirst_catalog::Precision;

use crate::delivery::Loss;
use crate::record::{Event, Key, Properties};

/// The catalog's event `losses`.
pub(super) struct Losses {
    /// Why they were dropped.
    pub(super) loss: Loss,
    /// How many.
    pub(super) events: u64,
}

impl Event for Losses {
    fn name(&self) -> Cow<'static, str> {
        "losses".into()
    }

    fn class(&self) -> Class {
        Platform
    }

    fn write(&self, out: &mut Properties<'_>) {
        const LOSS: Key = Key::new("\"loss\":", Platform);
        const LOST: Key = Key::new("\"lost\":", Platform);
        out.word(LOSS, self.loss.word());
        out.count(LOST, self.events, 1_000_000_000, Precision::TwoDigits);
    }
}
