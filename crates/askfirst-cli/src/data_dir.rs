//! Where everything is kept.

use std::path::PathBuf;

use directories::ProjectDirs;

use crate::args::Globals;
use crate::failure::Failure;

/// The data directory: as set, else the platform's place for a program's data.
pub(crate) fn path(globals: &Globals) -> anyhow::Result<PathBuf> {
    if let Some(set) = &globals.data {
        return Ok(set.clone());
    }
    match ProjectDirs::from("", "", "askfirst") {
        Some(platform) => Ok(platform.data_dir().to_owned()),
        None => Err(Failure::wrong_use(
            "this system names no place for a program's data",
            "name a directory with --data DIR or ASKFIRST_DATA",
        )
        .into()),
    }
}
