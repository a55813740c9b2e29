//! Events that were dropped, told.

use std::borrow::Cow;

use askfirst_catalog::Class::{self, Platform};
use askfirst_catalog::Precision;

use crate::delivery::Loss;
use crate::record::{Event, Key, Properties};

/// What was dropped and is not told yet: one number for each reason.
#[derive(Debug, Default)]
pub(super) struct Untold(Vec<(Loss, u64)>);

impl Untold {
    /// So many more.
    pub(super) fn add(&mut self, loss: Loss, events: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == loss) {
            Some((_, sum)) => *sum = sum.saturating_add(events),
            None if events > 0 => self.0.push((loss, events)),
            None => {}
        }
    }

    /// Leaves nothing.
    pub(super) fn take(&mut self) -> Vec<(Loss, u64)> {
        std::mem::take(&mut self.0)
    }
}

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
