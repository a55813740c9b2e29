//! Where a demo keeps its data: a directory that goes away with it, or one that was named.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::args::Globals;
use crate::failure::Failure;

/// A demo's data directory.
#[derive(Debug)]
pub(super) enum Place {
    /// Removed at the end.
    Temporary(TempDir),
    /// Kept.
    Named(PathBuf),
}

impl Place {
    /// The directory typed after `--data`, else a temporary one. A directory from the
    /// environment or the configuration file is somebody's real one, and is left alone.
    pub(super) fn of(globals: &Globals) -> Result<Place, Failure> {
        let named = globals.data.as_ref().filter(|_| globals.data_typed);
        match named {
            Some(dir) => named_place(dir),
            None => temporary(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Place::Temporary(dir) => dir.path(),
            Place::Named(dir) => dir,
        }
    }

    /// The directory, if it stays.
    pub(super) fn kept(&self) -> Option<&Path> {
        match self {
            Place::Temporary(_) => None,
            Place::Named(dir) => Some(dir),
        }
    }

    /// Takes the temporary directory away, and says if that cannot be done.
    pub(super) fn remove(self) -> anyhow::Result<()> {
        if let Place::Temporary(dir) = self {
            let path = dir.path().to_owned();
            dir.close().map_err(|error| {
                Failure::failed(
                    format!("cannot remove {}: {error}", path.display()),
                    "remove it by hand; it holds simulated data only",
                )
            })?;
        }
        Ok(())
    }
}

fn named_place(dir: &Path) -> Result<Place, Failure> {
    let taken = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => dir.exists(), // A file, or not to be read. If it is not there, it is made.
    };
    if taken {
        return Err(Failure::wrong_use(
            format!("{} is not a new or empty directory", dir.display()),
            "name one that is, so that simulated and real data never meet, or leave --data out",
        ));
    }
    Ok(Place::Named(dir.to_owned()))
}

fn temporary() -> Result<Place, Failure> {
    let made = tempfile::Builder::new().prefix("askfirst-demo-").tempdir();
    made.map(Place::Temporary).map_err(|error| {
        Failure::failed(
            format!(
                "cannot make a directory in {}: {error}",
                std::env::temp_dir().display()
            ),
            "name a directory that can be made: askfirst demo --data ./demo",
        )
    })
}
