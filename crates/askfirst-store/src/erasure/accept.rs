//! Taking a request to erase.

use std::sync::atomic::Ordering;

use crate::clock::day_of;
use crate::error::Error;
use crate::policy;
use crate::project::random;
use crate::row::ProjectId;
use crate::store::Shared;

use super::tombstones::Erasure;

const HOUR_MS: i64 = 3_600_000;

impl Shared {
    /// Masks everything of an install, now and whenever it comes. Once this returns, the
    /// tombstone is on disk. An id that was never seen, one that was, and one that is erased
    /// already are the same work, so that nobody learns which it is. Returns the day.
    pub(crate) fn forget(&self, id: ProjectId, install: [u8; 16]) -> Result<i32, Error> {
        self.take_turn(id)?;
        // Drawn each time, used the first: what is done does not depend on what there is.
        let secret = random()?;
        let day = self.change(|next| {
            let day = day_of(next.stamp_ms);
            let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
            let erasure = project.erasure.get_or_insert(Erasure::new(secret));
            erasure.add(&install, day)?;
            Ok(day)
        })?;
        self.erasures.fetch_add(1, Ordering::Release);
        Ok(day)
    }

    /// Counts a request, if this hour may have another.
    fn take_turn(&self, id: ProjectId) -> Result<(), Error> {
        let hour = self.stamp() / HOUR_MS;
        let mut state = self.state();
        state.check()?;
        let project = state.projects.get_mut(&id).filter(|it| !it.removing);
        let project = project.ok_or(Error::UnknownProject(id))?;
        let (of, asked) = &mut project.forgets;
        if *of != hour {
            (*of, *asked) = (hour, 0);
        }
        if *asked >= policy::FORGETS_AN_HOUR {
            return Err(Error::ForgetLater);
        }
        *asked += 1;
        Ok(())
    }
}
