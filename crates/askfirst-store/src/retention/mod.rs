//! Nothing lasts for ever (promise P17).
//!
//! Received rows are counted from the day they happened, by corrected time, imported ones from
//! the day of their import. On the first day after that they are **hidden** from every reader
//! ([`hide`]), also while their file still has them. A file of which every row has expired is
//! **deleted** ([`drop_files`]); one that has had some for a week is written anew without
//! them ([`rewrite`]), by the machinery that merges. What was counted stays: tallies, since when something is
//! recorded, and the keys of imported lines, so that importing a log again does not bring
//! back what expired.

mod drop_files;
pub(crate) mod hide;
mod limit;
mod rewrite;

use crate::project::Retention;
use crate::segment::Origin;

impl Retention {
    /// The first day whose rows are shown on `today`: of corrected time for received ones, of
    /// arrival for imported ones.
    pub(crate) fn first_shown(self, origin: Origin, today: i32) -> i32 {
        let kept = match origin {
            Origin::Received => self.received_days,
            Origin::Imported => self.imported_days,
        };
        today.saturating_sub_unsigned(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p17_hiding_and_expiring_agree_to_the_day() {
        let retention = Retention {
            received_days: 30,
            imported_days: 5,
        };
        for origin in [Origin::Received, Origin::Imported] {
            let expires = retention.expires(origin, (100, 100), (100, 100));
            assert!(retention.first_shown(origin, expires - 1) <= 100);
            assert!(retention.first_shown(origin, expires) > 100);
        }
    }
}
