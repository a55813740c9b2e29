//! What day it is believed to be (decision D34): one wrong clock must not empty a store.
//!
//! The manifest carries the newest time that was believed. A clock up to two days ahead of it
//! is believed, and moves it. One further ahead is doubted: whatever forgets or deletes goes
//! by the believed day until the clock steps back, or was seen to go on for two days, or the
//! operator says that it is right.

use serde::{Deserialize, Serialize};

use crate::clock::day_of;
use crate::manifest::Manifest;
use crate::policy::{CLOCK_JUMP_MS, CLOCK_SIGHT_MS};

/// The newest time believed, and a doubt about the clock if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Belief {
    pub(crate) believed_ms: i64,
    pub(crate) doubted: Option<Doubted>,
}

/// A clock that was seen too far ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Doubted {
    /// What it showed when it was first seen so.
    pub(crate) since_ms: i64,
    /// What it showed when it was last seen.
    pub(crate) seen_ms: i64,
}

/// Why the clock is not gone by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Doubt {
    /// What the clock shows, in milliseconds UTC.
    pub clock_ms: i64,
    /// The newest time believed.
    pub believed_ms: i64,
    /// The newest time stamped on what arrived: no earlier one is stamped.
    pub stamped_ms: i64,
    /// Files that would be hidden or deleted if the clock were gone by.
    pub held_back: u64,
}

impl Doubt {
    /// The doubt there is when a clock shows `clock_ms`, if there is one.
    pub(crate) fn of(manifest: &Manifest, stamped_ms: i64, clock_ms: i64) -> Option<Doubt> {
        let belief = manifest.clock.look(clock_ms);
        let ahead = stamped_ms.saturating_sub(clock_ms) > CLOCK_JUMP_MS;
        if !ahead && !belief.doubts(clock_ms) {
            return None;
        }
        let day = day_of(clock_ms).max(belief.believed_day());
        let files = manifest.projects.iter().flat_map(|it| &it.segments);
        Some(Doubt {
            clock_ms,
            believed_ms: belief.believed_ms,
            stamped_ms,
            held_back: match belief.doubts(clock_ms) {
                true => files.filter(|it| it.expires <= day).count() as u64,
                false => 0,
            },
        })
    }
}

impl Belief {
    /// Of a directory whose writer was never asked the time.
    pub(crate) const NONE: Belief = Belief {
        believed_ms: 0,
        doubted: None,
    };

    /// A time that is known to be right.
    pub(crate) fn of(now_ms: i64) -> Belief {
        Belief {
            believed_ms: now_ms,
            doubted: None,
        }
    }

    /// What is believed after a look at the clock.
    pub(crate) fn look(self, now_ms: i64) -> Belief {
        if self.believed_ms == 0 {
            return Belief::of(now_ms);
        }
        if !self.doubts(now_ms) {
            return Belief::of(now_ms.max(self.believed_ms));
        }
        if now_ms < self.believed_ms {
            return Belief::of(self.believed_ms);
        }
        // A clock that steps back, or is not seen for long, is doubted from the beginning.
        let known = self.doubted.filter(|it| {
            it.since_ms <= now_ms && now_ms.saturating_sub(it.seen_ms) <= CLOCK_SIGHT_MS
        });
        let since_ms = known.map_or(now_ms, |it| it.since_ms);
        if now_ms.saturating_sub(since_ms) >= CLOCK_JUMP_MS {
            return Belief::of(now_ms);
        }
        Belief {
            believed_ms: self.believed_ms,
            doubted: Some(Doubted {
                since_ms,
                seen_ms: now_ms.max(known.map_or(now_ms, |it| it.seen_ms)),
            }),
        }
    }

    /// Whether a clock that shows this is not to be gone by, being too far ahead or behind.
    pub(crate) fn doubts(&self, now_ms: i64) -> bool {
        self.believed_ms != 0 && now_ms.abs_diff(self.believed_ms) > CLOCK_JUMP_MS.unsigned_abs()
    }

    /// The day to hide by: nothing that was hidden comes back because a clock is doubted.
    pub(crate) fn today(&self, now_ms: i64) -> i32 {
        let most = self.believed_ms.saturating_add(CLOCK_JUMP_MS);
        day_of(match self.believed_ms {
            0 => now_ms,
            believed => now_ms.clamp(believed, most),
        })
    }

    /// The day to forget and delete by.
    pub(crate) fn believed_day(&self) -> i32 {
        day_of(self.believed_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::DAY_MS;

    const THEN: i64 = 20_000 * DAY_MS;
    const AHEAD: i64 = 23_000 * DAY_MS;

    fn looks(clock: &[i64]) -> Belief {
        clock.iter().fold(Belief::of(THEN), |it, now| it.look(*now))
    }

    #[test]
    fn d34_a_clock_up_to_two_days_ahead_is_believed() {
        assert_eq!(
            looks(&[THEN + CLOCK_JUMP_MS]),
            Belief::of(THEN + CLOCK_JUMP_MS)
        );
        assert_eq!(looks(&[THEN + CLOCK_JUMP_MS + 1]).believed_ms, THEN);
        assert_eq!(looks(&[THEN - DAY_MS]), Belief::of(THEN), "a step back");
        assert_eq!(Belief::NONE.look(THEN), Belief::of(THEN), "a new directory");
    }

    #[test]
    fn d34_a_jump_is_not_believed_however_often_it_is_seen() {
        let seen = looks(&[AHEAD; 50]);
        assert_eq!(seen.believed_day(), 20_000);
        assert_eq!(looks(&[AHEAD, AHEAD + CLOCK_JUMP_MS - 1]).believed_ms, THEN);
    }

    #[test]
    fn d34_a_clock_that_goes_on_for_two_days_is_believed_again() {
        let days: Vec<i64> = (0..3).map(|day| AHEAD + day * DAY_MS).collect();
        assert_eq!(looks(&days[..2]).believed_ms, THEN);
        assert_eq!(looks(&days), Belief::of(AHEAD + 2 * DAY_MS));
        let weekly = looks(&[AHEAD, AHEAD + 7 * DAY_MS]);
        assert_eq!(weekly, Belief::of(AHEAD + 7 * DAY_MS));
    }

    #[test]
    fn d34_a_clock_that_steps_back_or_jumps_again_begins_anew() {
        let back = looks(&[AHEAD, THEN + 1]);
        assert_eq!(back, Belief::of(THEN + 1), "it was wrong and was mended");
        let again = looks(&[AHEAD, THEN + 1, AHEAD + 3 * DAY_MS]);
        assert_eq!(again.believed_ms, THEN + 1);
        let random = looks(&[AHEAD, AHEAD + 400 * DAY_MS, AHEAD - 7 * DAY_MS]);
        assert_eq!(random.believed_ms, THEN);
    }

    #[test]
    fn d34_hiding_goes_at_most_two_days_with_a_doubted_clock_and_never_back() {
        let belief = Belief::of(THEN);
        let days = [-900, -1, 0, 1, 2, 3, 3000].map(|day| belief.today(THEN + day * DAY_MS));
        assert_eq!(
            days,
            [20_000, 20_000, 20_000, 20_001, 20_002, 20_002, 20_002]
        );
        assert!(belief.doubts(THEN + 3 * DAY_MS) && belief.doubts(THEN - 3 * DAY_MS));
        assert!(!belief.doubts(THEN + 2 * DAY_MS));
    }
}
