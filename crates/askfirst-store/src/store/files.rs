//! Writing the files of one commit: a segment and the keys of its rows.

use sha2::{Digest, Sha256};

use super::state::Shared;
use crate::error::Error;
use crate::keys::{self, EventKey};
use crate::manifest::{KeyRun, Manifest, RunKind, SegmentFile};
use crate::row::ProjectId;
use crate::segment::gather::Gathered;
use crate::segment::{Origin, write};

impl Shared {
    /// Writes received rows and their keys, and names both in `next`.
    pub(super) fn write_received(
        &self,
        next: &mut Manifest,
        id: ProjectId,
        rows: &Gathered,
        keys: &mut [EventKey],
    ) -> Result<(), Error> {
        self.write_segment(next, id, rows, Origin::Received)?;
        let bytes = keys::encode_received(keys);
        self.write_keys(
            next,
            id,
            RunKind::Received,
            keys.len(),
            &bytes,
            rows.arrived(),
        )
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

    /// Writes a key run and names it in `next`.
    pub(crate) fn write_keys(
        &self,
        next: &mut Manifest,
        id: ProjectId,
        kind: RunKind,
        keys: usize,
        bytes: &[u8],
        arrived: (i32, i32),
    ) -> Result<(), Error> {
        let file = next.take_file();
        self.dir.write(&self.dir.key_run(id, file), bytes)?;
        let run = KeyRun {
            file,
            kind,
            keys: keys as u64,
            bytes: bytes.len() as u64,
            sha256: Sha256::digest(bytes).into(),
            arrived,
        };
        let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
        project.key_runs.push(run);
        Ok(())
    }
}
