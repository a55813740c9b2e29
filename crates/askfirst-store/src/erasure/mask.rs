//! Which rows nobody is shown, because their install is erased.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int32Type;
use hmac::Hmac;
use sha2::Sha256;

use super::tombstones::{Erasure, mark};
use crate::error::Error;
use crate::policy;
use crate::retention::hide::Visible;
use crate::segment::sealed::Sealed;
use crate::store::locked;

/// A file, and the first day it is shown from, if that is given.
pub(crate) type Place = (u64, Option<i32>);

/// What is shown of a file; `None` if all of it.
pub(crate) type Part = Option<Arc<Visible>>;

/// The tombstones of a project, ready to be asked. It is made anew when they change.
pub(crate) struct Mask {
    of: Erasure,
    keyed: Hmac<Sha256>,
    marks: HashSet<[u8; 32]>,
    /// Ids that were looked up: an HMAC costs a dozen times what remembering costs.
    known: Mutex<HashMap<[u8; 16], bool>>,
    /// What is shown of files: they never change.
    files: Mutex<HashMap<Place, Part>>,
}

impl Mask {
    /// The mask of a project; none if it has no tombstone.
    pub(crate) fn of(erasure: Option<&Erasure>) -> Option<Arc<Mask>> {
        let erasure = erasure.filter(|it| !it.tombstones.is_empty())?;
        Some(Arc::new(Mask {
            keyed: erasure.keyed(),
            marks: erasure.tombstones.iter().map(|it| it.mark).collect(),
            of: erasure.clone(),
            known: Mutex::default(),
            files: Mutex::default(),
        }))
    }

    /// Whether it is still the mask of these tombstones.
    pub(crate) fn is_of(&self, erasure: Option<&Erasure>) -> bool {
        Some(&self.of) == erasure
    }

    /// How many ids are masked.
    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether rows of this install are hidden. Rows of nobody are not.
    pub(crate) fn hides(&self, install: Option<[u8; 16]>) -> bool {
        let Some(install) = install else {
            return false;
        };
        if let Some(known) = locked(&self.known).get(&install) {
            return *known;
        }
        let hidden = self.marks.contains(&mark(self.keyed.clone(), &install));
        let mut known = locked(&self.known);
        if known.len() < policy::MASK_KNOWN {
            known.insert(install, hidden);
        }
        hidden
    }

    /// What is shown of a file, from the day `first` on if that is given; `None` if all of it.
    pub(crate) fn visible(&self, sealed: &Sealed, first: Option<i32>) -> Result<Part, Error> {
        let key = (sealed.file().file, first);
        if let Some(known) = locked(&self.files).get(&key) {
            return Ok(known.clone());
        }
        let visible = Visible::read(sealed, first, Some(self))?.map(Arc::new);
        locked(&self.files).insert(key, visible.clone());
        Ok(visible)
    }

    /// Forgets what it knows of files that are gone, or are shown from another day on.
    pub(crate) fn keep_files(&self, shown: &HashSet<Place>) {
        locked(&self.files).retain(|key, _| shown.contains(key));
    }

    /// For each row of a batch that has `install_id`: whether it is hidden. Each id of the
    /// batch's dictionary is looked up once, however many rows it has.
    pub(crate) fn hidden(&self, batch: &RecordBatch, mut take: impl FnMut(bool)) {
        let codes = batch
            .column_by_name("install_id")
            .and_then(|column| column.as_dictionary_opt::<Int32Type>());
        let ids = codes.and_then(|it| it.values().as_fixed_size_binary_opt());
        let (Some(codes), Some(ids)) = (codes, ids) else {
            return (0..batch.num_rows()).for_each(|_| take(false));
        };
        let id = |bytes: Option<&[u8]>| bytes.and_then(|bytes| bytes.try_into().ok());
        let hidden: Vec<bool> = ids.iter().map(|bytes| self.hides(id(bytes))).collect();
        for code in codes.keys().iter() {
            let at = code.and_then(|code| usize::try_from(code).ok());
            take(at.is_some_and(|at| hidden.get(at) == Some(&true)));
        }
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mask")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
