//! How long a project may keep its events: what its users were told is the limit.

use askfirst_catalog::Profile;

use crate::error::Error;
use crate::project::Retention;

/// The longest anything is kept: a hundred years, so that days can be added without care.
const MOST_DAYS: u32 = 36_500;

impl Retention {
    /// This retention, if a project of `profile` may have it: received events no longer than
    /// its profile tells its users, imported ones as long as one likes, nothing less than a
    /// day.
    ///
    /// # Errors
    ///
    /// [`Error::Retention`], which says why.
    pub fn within(self, profile: &Profile) -> Result<Retention, Error> {
        let limit = profile.retention_days;
        let refuse = |problem: String| Err(Error::Retention { problem });
        let Retention {
            received_days,
            imported_days,
        } = self;
        if received_days > limit {
            return refuse(format!(
                "received events of {host} are kept {limit} days at most, not {received_days}: \
                 that is what its users were told (retention_days of its profile {host})",
                host = profile.id
            ));
        }
        if received_days == 0 || imported_days == 0 {
            return refuse("events are kept one day at least".to_owned());
        }
        if imported_days > MOST_DAYS {
            return refuse(format!(
                "imported events are kept {MOST_DAYS} days at most, not {imported_days}"
            ));
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p17_received_events_are_kept_no_longer_than_the_users_were_told() {
        let aider = Profile::builtin("aider").expect("a profile");
        let of = |received_days, imported_days| {
            let retention = Retention {
                received_days,
                imported_days,
            };
            retention.within(&aider).map_err(|error| error.to_string())
        };
        assert_eq!(
            of(180, 4000),
            Ok(Retention {
                received_days: 180,
                imported_days: 4000
            })
        );
        assert!(of(1, 1).is_ok());
        assert_eq!(
            of(181, 180).unwrap_err(),
            "received events of aider are kept 180 days at most, not 181: that is what its \
             users were told (retention_days of its profile aider)"
        );
        for (received, imported) in [(0, 180), (180, 0), (180, 36_501)] {
            of(received, imported).unwrap_err();
        }
    }
}
