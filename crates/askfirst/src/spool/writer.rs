//! The one writer of a spool file: this process.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Binding, EXTENSION};
use crate::policy;
use crate::record::Pool;

/// Appends events to this process's own file, made at the first one.
#[derive(Debug)]
pub(crate) struct Writer {
    folder: PathBuf,
    binding: Binding,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    /// Locked: nobody else takes it while this process lives.
    file: File,
    path: PathBuf,
    /// Of its first line.
    header: u64,
    bytes: u64,
    /// Monotonic.
    since_ms: u64,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Appended {
    /// It survives `kill -9`.
    Kept,
    /// It does, and its file was closed: others may deliver it, and the spool's bounds are to
    /// be looked at (D4).
    Rotated,
    /// It could not be written; nothing of it is in the file.
    Lost,
    /// It is not kept: the answer is not yes any more.
    Withdrawn,
}

impl Writer {
    /// Nothing is touched before the first event.
    pub(crate) fn new(spool: &Path, binding: Binding) -> Writer {
        Writer {
            folder: binding.folder(spool),
            binding,
            open: None,
        }
    }

    /// What its files are bound to.
    pub(crate) fn binding(&self) -> &Binding {
        &self.binding
    }

    /// The folder files are made in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether this process has a file it is writing.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Takes away what this process has written and nobody has taken, and the folders if
    /// nothing else is in them.
    pub(crate) fn discard(&mut self) {
        if let Some(open) = self.open.take() {
            let _ = std::fs::remove_file(&open.path);
        }
        for folder in self.folder.ancestors().take(2) {
            let _ = std::fs::remove_dir(folder);
        }
    }

    /// Appends one line, with its newline, in one write.
    pub(crate) fn append(&mut self, line: &[u8], monotonic_ms: u64, random: &mut Pool) -> Appended {
        match self.try_append(line, monotonic_ms, random) {
            Ok(appended) => appended,
            Err(_) => {
                // The next event tries a new file, unless nothing can be made at all.
                self.close();
                Appended::Lost
            }
        }
    }

    fn try_append(
        &mut self,
        line: &[u8],
        monotonic_ms: u64,
        random: &mut Pool,
    ) -> io::Result<Appended> {
        let open = match &mut self.open {
            Some(open) => open,
            none => {
                let header = self.binding.header();
                none.insert(create(&self.folder, &header, monotonic_ms, random)?)
            }
        };
        write_whole(&mut open.file, line, open.bytes)?;
        open.bytes = open.bytes.saturating_add(line.len() as u64);
        let age = monotonic_ms.saturating_sub(open.since_ms);
        if open.bytes < policy::ROTATE_BYTES && age < policy::ROTATE_MS {
            return Ok(Appended::Kept);
        }
        self.close();
        Ok(Appended::Rotated)
    }

    /// Closes the file and lets go of it, so that it can be delivered; one without an event
    /// is taken away. Not for a forked child, see [`Writer::leave_to_parent`].
    pub(crate) fn close(&mut self) {
        if let Some(open) = self.open.take() {
            if open.bytes <= open.header {
                let _ = std::fs::remove_file(&open.path);
            }
            // Closing alone leaves the lock to every child that was forked meanwhile and has
            // not closed its copy: for a moment in each program the tool starts, for life in
            // one that goes on as it is.
            let _ = open.file.unlock();
        }
    }

    /// In a forked child: the parent's file stays the parent's (D4). Closing the child's
    /// descriptor does not free the parent's lock; unlocking it would.
    pub(crate) fn leave_to_parent(&mut self) {
        self.open = None;
    }
}

/// A new file, locked and with its header.
fn create(folder: &Path, header: &[u8], monotonic_ms: u64, random: &mut Pool) -> io::Result<Open> {
    match not_through_a_link(folder) {
        // It is there but for the first time, or after a no and another yes.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_folder(folder)?;
            not_through_a_link(folder)?;
        }
        is => is?,
    }
    let name: [u8; 8] = random.bytes().ok_or(io::ErrorKind::Unsupported)?;
    let path = folder.join(format!("{:016x}.{EXTENSION}", u64::from_le_bytes(name)));
    let mut file = private().create_new(true).append(true).open(&path)?;
    // Waits: whoever looks for files to deliver may have this one for the moment it takes to
    // see that nothing is in it. Where locks are not offered (some network homes) nothing is
    // kept, and that is counted.
    let made = file.lock().and_then(|()| write_whole(&mut file, header, 0));
    if let Err(error) = made {
        let _ = std::fs::remove_file(&path);
        return Err(error);
    }
    Ok(Open {
        file,
        path,
        header: header.len() as u64,
        bytes: header.len() as u64,
        since_ms: monotonic_ms,
    })
}

/// A link would lead events to a place where a no does not delete them.
fn not_through_a_link(folder: &Path) -> io::Result<()> {
    for part in [folder.parent(), Some(folder)].into_iter().flatten() {
        if !std::fs::symlink_metadata(part)?.is_dir() {
            return Err(io::Error::other("the spool is no folder of its own"));
        }
    }
    Ok(())
}

/// Writes everything in one call, or cuts the file back to `bytes`.
fn write_whole(file: &mut File, line: &[u8], bytes: u64) -> io::Result<()> {
    match file.write(line) {
        Ok(n) if n == line.len() => return Ok(()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            return write_whole(file, line, bytes);
        }
        Err(error) => return Err(error),
    }
    file.set_len(bytes)?;
    Err(io::ErrorKind::WriteZero.into())
}

#[cfg(unix)]
pub(super) fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Below the user's own profile folder files are private already.
#[cfg(not(unix))]
pub(super) fn private() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::claim;
    use super::*;
    use crate::random::SystemRandom;

    fn writer(spool: &Path) -> Writer {
        let binding = Binding {
            destination: "https://collect.example.org".into(),
            project_key: "phc_key".into(),
            install_id: "11111111-2222-4333-8444-555555555555".into(),
            catalog: "1a2b3c4d".into(),
        };
        let mut writer = Writer::new(spool, binding);
        let appended = writer.append(
            b"{\"event\":\"a\"}\n",
            0,
            &mut Pool::new(Arc::new(SystemRandom)),
        );
        assert_eq!(appended, Appended::Kept);
        writer
    }

    /// What a forked child has: the same open file, lock and all.
    fn copy(writer: &Writer) -> (PathBuf, File) {
        let open = writer.open.as_ref().unwrap();
        (open.path.clone(), open.file.try_clone().unwrap())
    }

    #[test]
    fn d3_a_closed_file_can_be_taken_while_a_child_still_has_it_open() {
        let spool = tempfile::tempdir().unwrap();
        let mut writer = writer(spool.path());
        let (path, in_a_child) = copy(&writer);
        assert!(claim(&path, writer.binding()).unwrap().is_none());
        writer.close();
        assert!(claim(&path, writer.binding()).unwrap().is_some());
        drop(in_a_child);
    }

    #[test]
    fn d4_what_a_child_leaves_to_its_parent_stays_locked() {
        let spool = tempfile::tempdir().unwrap();
        let mut child = writer(spool.path());
        let (path, in_the_parent) = copy(&child);
        child.leave_to_parent();
        child.close();
        assert!(claim(&path, child.binding()).unwrap().is_none());
        drop(in_the_parent);
        assert!(claim(&path, child.binding()).unwrap().is_some());
    }
}
