//! Writing the files of one commit: a segment and the keys of its rows.

use sha2::{Digest, Sha256};

use super::state::Shared;
use crate::error::Error;
use crate::keys::EventKey;
use crate::keys::run::Run;
use crate::manifest::{Manifest, SegmentFile};
use crate::row::ProjectId;
use crate::segment::gather::Gathered;
use crate::segment::{Origin, write};

impl Shared {
    /// Writes received rows and their keys, and names both in `next`. Gives the key run.
    pub(super) fn write_received(
        &self,
        next: &mut Manifest,
        id: ProjectId,
        rows: &Gathered,
        keys: &mut [EventKey],
    ) -> Result<Run, Error> {
        self.write_segment(next, id, rows, Origin::Received)?;
        self.write_keys(next, id, keys, rows.arrived())
    }

    /// Writes a segment and names it in `next`.
    pub(crate) fn write_segment(
        &self,
        next: &mut Manifest,
        id: ProjectId,
        rows: &Gathered,
        origin: Origin,
    ) -> Result<(), Error> {
        let file = next.take_file();
        let path = self.dir.segment(id, file);
        let order = rows.order();
        let bytes = write::parquet(rows, &order, &path)?;
        self.dir.write(&path, &bytes)?;
        let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
        let (days, arrived) = (rows.days(), rows.arrived());
        let segment = SegmentFile {
            file,
            origin,
            level: 0,
            rows: rows.len() as u64,
            bytes: bytes.len() as u64,
            sha256: Sha256::digest(&bytes).into(),
            days,
            arrived,
            expires: project.retention.expires(origin, days, arrived),
            catalogs: rows.catalogs(),
            events: (rows.event_rows(&order).into_iter())
                .map(|(name, n)| (name.to_string(), n))
                .collect(),
        };
        project.recorded.merge(&rows.recorded());
        project.segments.push(segment);
        Ok(())
    }
}
