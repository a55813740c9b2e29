//! Key runs: checksums, order, how many, and that each key can be found.

use std::path::Path;

use super::{Check, REPORT, RESTORE};
use crate::disk::DiskFile;
use crate::error::Error;
use crate::keys::audit::{Audit, audit};
use crate::keys::run::Run;
use crate::manifest::KeyRun;

pub(super) fn check(
    check: &mut Check<'_>,
    path: &Path,
    file: &dyn DiskFile,
    run: &KeyRun,
) -> Result<(), Error> {
    check.bytes_of(path, file, run.bytes, run.sha256)?;
    match Run::open(check.dir, path, run).and_then(|run| audit(&run)) {
        Ok(audit) => compare(check, path, run, &audit),
        Err(Error::Corrupt {
            offset, problem, ..
        }) => check.problem_at(path, format!("byte {offset}"), problem),
        // It was there a moment ago: the writer merged it away.
        Err(error) if error.is_not_found() => check.done.taken_away += 1,
        Err(error) => return Err(error),
    }
    Ok(())
}

fn compare(check: &mut Check<'_>, path: &Path, run: &KeyRun, audit: &Audit) {
    if audit.keys != run.keys {
        let what = format!("it has {} keys, the manifest says {}", audit.keys, run.keys);
        check.problem(path, what, RESTORE);
    }
    if !audit.ordered {
        check.problem(path, "its keys are not in order", REPORT);
    }
    if audit.hidden > 0 {
        let what = format!("{} of its keys would not be found", audit.hidden);
        check.problem(path, what, REPORT);
    }
    check.done.keys += audit.keys;
}
