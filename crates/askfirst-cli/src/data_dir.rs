//! Where everything is kept, and the two ways to it: as its one writer, or through the server
//! that is it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::Catalog;
use askfirst_store::{Error, Limits, Options, RealDisk, Snapshot, Store, SystemClock};
use directories::ProjectDirs;

use crate::args::Globals;
use crate::failure::Failure;
use crate::operator::Operator;

/// What the only writer of a data directory is to a command.
///
/// A command lets its store go without closing it: what it changed is committed when the call
/// returns, and closing would commit a generation that says nothing new (an import that found
/// nothing new changes no byte, decision D18).
#[derive(Debug)]
pub(crate) enum Writer {
    /// This process, from now on.
    Own(Store),
    /// A running `askfirst serve`.
    Server(Operator),
}

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

/// Opens the directory for writing, making it if there is none.
pub(crate) fn open(dir: &Path, limits: Limits) -> Result<Store, Failure> {
    is_no_file(dir)?;
    Ok(try_open(dir, limits)?)
}

fn try_open(dir: &Path, limits: Limits) -> Result<Store, Error> {
    let mut options = Options::new(Catalog::builtin());
    options.limits = limits;
    Store::open(dir, options)
}

/// A data directory that is a file is a mistake every command says in the same words.
pub(crate) fn is_no_file(dir: &Path) -> Result<(), Failure> {
    if dir.exists() && !dir.is_dir() {
        return Err(Failure::failed(
            format!("the data directory {} is a file", dir.display()),
            "name a directory (--data DIR or ASKFIRST_DATA)",
        ));
    }
    Ok(())
}

/// The directory's writer: this process, or the server that holds the directory.
pub(crate) fn writer(dir: &Path) -> anyhow::Result<Writer> {
    is_no_file(dir)?;
    match try_open(dir, Limits::default()) {
        Ok(store) => Ok(Writer::Own(store)),
        Err(Error::InUse { path }) => match Operator::of(dir)? {
            Some(server) => Ok(Writer::Server(server)),
            None => Err(Failure::failed(
                Error::InUse { path }.to_string(),
                "wait until the other askfirst is done (an import, say), then try again",
            )
            .into()),
        },
        Err(error) => Err(Failure::from(error).into()),
    }
}

/// Everything stored, beside whoever writes.
pub(crate) fn read(dir: &Path) -> Result<Snapshot, Failure> {
    is_no_file(dir)?;
    Snapshot::open(dir, Arc::new(RealDisk), &SystemClock).map_err(unreadable)
}

/// Why a directory cannot be read, and what to do.
pub(crate) fn unreadable(error: Error) -> Failure {
    match error {
        Error::NoData { .. } => Failure::failed(
            error.to_string(),
            "bring in a log (askfirst import FILE --host PROFILE), begin to collect \
             (askfirst serve), or name another directory (--data)",
        ),
        other => Failure::from(other),
    }
}
