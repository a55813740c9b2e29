//! The tool's releases, and who has which.

use crate::dice::Dice;
use crate::plan::Plan;

/// Days between two version lines, and from the newest one to the end.
const LINE_DAYS: i64 = 35;
const NEWEST_LINE_DAYS: i64 = 11;

/// How long before the first day the oldest line came out that anybody still has.
const BEFORE_DAYS: i64 = 75;

/// The tool's number for its oldest simulated line.
const OLDEST_LINE: i64 = 82;

/// A release of the tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// As the tool reports it: `0.86.1`.
    pub version: String,
    /// When it came out, days since 1970-01-01 UTC.
    pub day: i64,
    /// How many lines came after its own.
    pub(crate) behind: i64,
    pub(crate) patch: i64,
    /// What an unreleased build reports that was made from its source.
    pub(crate) unreleased: String,
}

impl Release {
    /// A new line every five weeks, the newest one eleven days before the end, with a fix a
    /// week later and, in every second line, another.
    pub(crate) fn all(plan: &Plan) -> Vec<Release> {
        let lines = (plan.days + BEFORE_DAYS - NEWEST_LINE_DAYS) / LINE_DAYS + 1;
        let mut all = Vec::new();
        for behind in (0..lines.max(3)).rev() {
            let line = OLDEST_LINE + lines.max(3) - 1 - behind;
            let day = plan.end() - NEWEST_LINE_DAYS - LINE_DAYS * behind;
            let fixes: &[i64] = if behind % 2 == 0 { &[7] } else { &[7, 18] };
            for (patch, after) in (0..).zip([0].iter().chain(fixes)) {
                all.push(Release {
                    version: format!("0.{line}.{patch}"),
                    day: day + after,
                    behind,
                    patch,
                    unreleased: format!("0.{line}.{}.dev", patch + 1),
                });
            }
        }
        all
    }

    /// Whether this release is the one given by lines behind the newest and fix, or later.
    pub(crate) fn is_since(&self, (behind, patch): (i64, i64)) -> bool {
        self.behind < behind || (self.behind == behind && self.patch >= patch)
    }
}

/// The newest release that was out on a day; the first one for days before it.
pub(crate) fn newest(releases: &[Release], day: i64) -> &Release {
    let out = releases.iter().rev().find(|release| release.day <= day);
    out.unwrap_or(&releases[0])
}

/// How soon an install has a new release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Updates {
    /// So many days after it came out.
    After(i64),
    /// Never: it stays with the one it came with.
    Never,
}

impl Updates {
    pub(crate) fn new(dice: &mut Dice) -> Updates {
        match dice.between(0, 100) {
            0..45 => Updates::After(dice.between(0, 4)),
            45..75 => Updates::After(dice.between(3, 15)),
            75..91 => Updates::After(dice.between(15, 75)),
            _ => Updates::Never,
        }
    }

    /// What somebody has on `day` who came on the day `since`.
    pub(crate) fn release<'r>(&self, releases: &'r [Release], since: i64, day: i64) -> &'r Release {
        match *self {
            Updates::After(days) => newest(releases, since.max(day - days)),
            Updates::Never => newest(releases, since),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_come_when_the_default_period_can_show_them() {
        let plan = Plan::until(20_000);
        let releases = Release::all(&plan);
        let last: Vec<(&str, i64)> = releases[releases.len() - 5..]
            .iter()
            .map(|it| (it.version.as_str(), plan.end() - it.day))
            .collect();
        assert_eq!(
            last,
            [
                ("0.88.0", 46),
                ("0.88.1", 39),
                ("0.88.2", 28),
                ("0.89.0", 11),
                ("0.89.1", 4)
            ]
        );
        assert!(releases.is_sorted_by_key(|it| it.day));
        assert!(releases[0].day < plan.first_day);
    }

    #[test]
    fn some_follow_every_release_and_some_stay_behind() {
        let plan = Plan::until(20_000);
        let releases = Release::all(&plan);
        let last = plan.end() - 1;
        let version = |updates: Updates| {
            let release = updates.release(&releases, plan.first_day, last);
            release.version.as_str()
        };
        assert_eq!(version(Updates::After(0)), "0.89.1");
        assert_eq!(version(Updates::After(30)), "0.88.1");
        assert_eq!(version(Updates::Never), "0.84.0");
    }
}
