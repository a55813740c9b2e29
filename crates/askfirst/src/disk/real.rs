//! The disk of the machine.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Disk, LockGuard, LockMode};
use crate::within::within;

/// The file system the process runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        // A pipe or device in a file's place could be read for ever.
        let about = file.metadata()?;
        if !about.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        // Room for all of it, so that it is read in one go.
        let room = about.len().min(limit).saturating_add(1);
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        match u64::try_from(bytes.len()) {
            Ok(length) if length <= limit => Ok(bytes),
            _ => Err(io::ErrorKind::FileTooLarge.into()),
        }
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        match std::fs::symlink_metadata(path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    #[cfg(unix)]
    fn is_mine(&self, path: &Path) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt as _;
        let owner = std::fs::metadata(path)?.uid();
        Ok(owner == rustix::process::geteuid().as_raw())
    }

    /// Elsewhere a home directory is kept by access rules, not by an owner: what can be read
    /// there is the user's.
    #[cfg(not(unix))]
    fn is_mine(&self, path: &Path) -> io::Result<bool> {
        std::fs::metadata(path).map(|_| true)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = private(&mut options).open(path)?;
        if bytes.is_empty() {
            return Ok(());
        }
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Asks for the rights alone: making a file and taking it away again is a sixth of what a
    /// start costs.
    #[cfg(unix)]
    fn takes_files(&self, dir: &Path) -> io::Result<bool> {
        use rustix::fs::{Access, AtFlags, CWD, accessat};
        use rustix::io::Errno;
        let rights = Access::WRITE_OK | Access::EXEC_OK;
        match accessat(CWD, dir, rights, AtFlags::EACCESS) {
            Ok(()) => Ok(true),
            // Not `EPERM`: old sandboxes answer that to a call they do not know.
            Err(Errno::ACCESS | Errno::ROFS | Errno::NOTDIR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Elsewhere rights say little, and it has to be tried.
    #[cfg(not(unix))]
    fn takes_files(&self, dir: &Path) -> io::Result<bool> {
        std::fs::metadata(dir)?;
        Err(io::ErrorKind::Unsupported.into())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    #[cfg(unix)]
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    /// Other systems make names durable with the file.
    #[cfg(not(unix))]
    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    fn lock(
        &self,
        path: &Path,
        mode: LockMode,
        wait: Duration,
    ) -> io::Result<Option<Box<dyn LockGuard>>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = private(&mut options).open(path)?;
        let tried = match mode {
            LockMode::Shared => file.try_lock_shared(),
            LockMode::Exclusive => file.try_lock(),
        };
        match tried {
            Ok(()) => Ok(Some(Box::new(RealLock(file)))),
            Err(TryLockError::WouldBlock) => wait_for(file, mode, wait),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Waits for a lock. Whoever stopped waiting leaves a thread behind, which gives the lock back as
/// soon as it has it.
fn wait_for(file: File, mode: LockMode, wait: Duration) -> io::Result<Option<Box<dyn LockGuard>>> {
    let locked = within(wait, "askfirst-lock", move || {
        let locked = match mode {
            LockMode::Shared => file.lock_shared(),
            LockMode::Exclusive => file.lock(),
        };
        locked.map(|()| RealLock(file))
    })?;
    match locked {
        Some(Ok(lock)) => Ok(Some(Box::new(lock))),
        Some(Err(error)) => Err(error),
        None => Ok(None),
    }
}

/// Readable and writable by the owner alone, before the first byte is in it.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Dropping it gives the lock back.
#[derive(Debug)]
struct RealLock(File);

impl LockGuard for RealLock {}

/// By unlocking: closing alone would leave the lock to every child that was forked meanwhile
/// and has not closed its copy of the file.
impl Drop for RealLock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_folder_takes_files_where_its_rights_say_so() {
        let home = tempfile::tempdir().unwrap();
        let takes = |name: &str| RealDisk.takes_files(&home.path().join(name));
        assert!(takes("").unwrap());
        assert_eq!(takes("none").unwrap_err().kind(), io::ErrorKind::NotFound);
        fs::write(home.path().join("file"), "").unwrap();
        assert!(!takes("file").unwrap());
        // To who may do everything rights say nothing.
        let may_everything = rustix::process::geteuid().is_root();
        fs::create_dir(home.path().join("kept")).unwrap();
        fs::set_permissions(home.path().join("kept"), fs::Permissions::from_mode(0o500)).unwrap();
        assert_eq!(takes("kept").unwrap(), may_everything);
    }
}
