//! A bar on standard error for work that takes long enough to wonder about.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long nothing is shown: what is done before anybody wonders needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often the bar is drawn at most.
const DRAWN_PER_SECOND: u8 = 8;

/// Progress of long work. Draws nothing unless standard error is a terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    since: Instant,
    shown: bool,
}

impl Progress {
    /// Progress towards `total` bytes; 0 when nobody knows.
    pub(crate) fn of_bytes(total: u64) -> Self {
        let template = if total == 0 {
            "{spinner} {binary_bytes}"
        } else {
            "{wide_bar} {binary_bytes} of {binary_total_bytes}, {eta} left"
        };
        Self::new(total, template)
    }

    /// Progress through so many days.
    pub(crate) fn of_days(total: u64) -> Self {
        Self::new(total, "{wide_bar} day {pos} of {len}, {eta} left")
    }

    fn new(total: u64, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self {
            bar,
            since: Instant::now(),
            shown: false,
        }
    }

    /// Says how far the work is.
    pub(crate) fn at(&mut self, position: u64) {
        if !self.shown {
            if self.since.elapsed() < PATIENCE {
                return;
            }
            self.bar
                .set_draw_target(ProgressDrawTarget::stderr_with_hz(DRAWN_PER_SECOND));
            self.shown = true;
        }
        self.bar.set_position(position);
    }

    /// Takes the bar away.
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
