//! A disk that loses, tears and reorders what was not synced, fills up, and fails.

mod fs;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::dice::Dice;
use crate::disk::{Disk, DiskFile, LockGuard};
use fs::{Change, Fs, Inode, Node, Write};

/// How a machine stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// The process is killed: everything it wrote survives, up to the byte.
    Kill,
    /// The power goes: of what was not synced, any part survives, in any order.
    PowerLoss,
}

/// A file system in memory. Clones share it.
#[derive(Debug, Clone)]
pub struct FakeDisk(Arc<Mutex<Fs>>);

impl Default for FakeDisk {
    fn default() -> FakeDisk {
        FakeDisk::new()
    }
}

impl FakeDisk {
    /// An empty disk without limits.
    pub fn new() -> FakeDisk {
        FakeDisk(Arc::default())
    }

    /// What was done so far: one for each call that changes something, and one for each byte.
    pub fn spent(&self) -> u64 {
        self.fs().spent
    }

    /// Lets the machine stop once so much has been done, in the middle of a write if need
    /// be. From then on every call fails.
    pub fn stop_after(&self, spent: u64) {
        self.fs().fuse = Some(spent);
    }

    /// Lets the next `n` syncs fail with EIO; what they should have made durable is lost.
    pub fn fail_syncs(&self, n: u64) {
        self.fs().failing_syncs = n;
    }

    /// Lets the next `n` reads fail with EIO.
    pub fn fail_reads(&self, n: u64) {
        self.fs().failing_reads = n;
    }

    /// Sets how many bytes fit.
    pub fn set_capacity(&self, bytes: u64) {
        self.fs().capacity = Some(bytes);
    }

    /// The disk as the next start finds it.
    #[must_use]
    pub fn crash(&self, how: Crash, dice: &mut Dice) -> FakeDisk {
        let fs = self.fs();
        let (names, contents) = match how {
            Crash::Kill => {
                let contents = fs.inodes.iter().map(|it| it.seen.clone()).collect();
                (fs.seen.clone(), contents)
            }
            Crash::PowerLoss => fs.survivors(dice),
        };
        let inode = |bytes: Vec<u8>| Inode {
            seen: bytes.clone(),
            durable: bytes,
            unsynced: Vec::new(),
        };
        let contents: Vec<Vec<u8>> = contents;
        FakeDisk(Arc::new(Mutex::new(Fs {
            inodes: contents.into_iter().map(inode).collect(),
            seen: names.clone(),
            durable: names,
            capacity: fs.capacity,
            ..Fs::default()
        })))
    }

    /// Every file and its bytes.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let fs = self.fs();
        let file = |(path, node): (&PathBuf, &Node)| match node {
            Node::File(inode) => Some((path.clone(), fs.inodes[*inode].seen.clone())),
            Node::Dir => None,
        };
        fs.seen.iter().filter_map(file).collect()
    }

    /// Replaces the bytes of a file, durably: damage.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    pub fn overwrite(&self, path: &Path, bytes: Vec<u8>) {
        let mut fs = self.fs();
        let inode = fs.file(path).map(|it| &mut fs.inodes[it]);
        match inode {
            Ok(inode) => {
                inode.seen.clone_from(&bytes);
                inode.durable = bytes;
                inode.unsynced.clear();
            }
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }

    fn fs(&self) -> MutexGuard<'_, Fs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk for FakeDisk {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let fs = self.fs();
        fs.alive()?;
        Ok(Box::new(FakeFile {
            disk: self.clone(),
            inode: fs.file(path)?,
        }))
    }

    fn open_write(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.open(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut fs = self.fs();
        fs.spend()?;
        if let Some(dir) = path.parent()
            && fs.seen.get(dir) != Some(&Node::Dir)
        {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inode = match fs.file(path) {
            Ok(inode) => {
                fs.write(inode, Write::Len(0));
                inode
            }
            Err(_) => {
                fs.inodes.push(Inode::default());
                let inode = fs.inodes.len() - 1;
                fs.change(None, Some((path.to_owned(), Node::File(inode))));
                inode
            }
        };
        Ok(Box::new(FakeFile {
            disk: self.clone(),
            inode,
        }))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let mut fs = self.fs();
        fs.spend()?;
        let mut above: Vec<&Path> = path.ancestors().collect();
        above.reverse();
        for dir in above {
            if dir.as_os_str().is_empty() || fs.seen.contains_key(dir) {
                continue;
            }
            fs.change(None, Some((dir.to_owned(), Node::Dir)));
            if dir != path || dir.parent().is_none_or(|it| it.parent().is_none()) {
                // What lies above a data directory is not its business.
                fs.durable.insert(dir.to_owned(), Node::Dir);
            }
        }
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let fs = self.fs();
        fs.alive()?;
        let inside = fs.seen.keys().filter(|it| it.parent() == Some(path));
        let name = |it: &PathBuf| Some(it.file_name()?.to_str()?.to_owned());
        Ok(inside.filter_map(name).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut fs = self.fs();
        fs.spend()?;
        let inode = fs.file(from)?;
        fs.change(
            Some(from.to_owned()),
            Some((to.to_owned(), Node::File(inode))),
        );
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut fs = self.fs();
        fs.spend()?;
        fs.file(path)?;
        fs.change(Some(path.to_owned()), None);
        Ok(())
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        let mut fs = self.fs();
        fs.spend()?;
        match fs.seen.get(path) {
            Some(Node::Dir) => {}
            _ => return Err(io::ErrorKind::NotFound.into()),
        }
        if fs.seen.keys().any(|it| it.parent() == Some(path)) {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        fs.change(Some(path.to_owned()), None);
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut fs = self.fs();
        fs.spend()?;
        if fs.failing_syncs > 0 {
            fs.failing_syncs -= 1;
            return Err(io::Error::from_raw_os_error(5));
        }
        let (synced, rest) = std::mem::take(&mut fs.renames)
            .into_iter()
            .partition(|change| change.dir == path);
        fs.renames = rest;
        let synced: Vec<Change> = synced;
        synced
            .iter()
            .for_each(|change| change.apply(&mut fs.durable));
        Ok(())
    }

    fn free_bytes(&self, _path: &Path) -> io::Result<u64> {
        let fs = self.fs();
        fs.alive()?;
        Ok(fs.free())
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn LockGuard>>> {
        drop(self.create(path)?);
        let taken = self.fs().locks.insert(path.to_owned());
        let guard = || FakeLock {
            disk: self.clone(),
            path: path.to_owned(),
        };
        Ok(taken.then(|| Box::new(guard()) as Box<dyn LockGuard>))
    }
}

#[derive(Debug)]
struct FakeLock {
    disk: FakeDisk,
    path: PathBuf,
}

impl LockGuard for FakeLock {}

impl Drop for FakeLock {
    fn drop(&mut self) {
        self.disk.fs().locks.remove(&self.path);
    }
}

#[derive(Debug)]
struct FakeFile {
    disk: FakeDisk,
    inode: usize,
}

impl DiskFile for FakeFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut fs = self.disk.fs();
        fs.alive()?;
        if fs.failing_reads > 0 {
            fs.failing_reads -= 1;
            return Err(io::Error::from_raw_os_error(5));
        }
        let file = fs.inodes[self.inode].seen.get(offset as usize..);
        let file = file.unwrap_or_default();
        let n = file.len().min(bytes.len());
        bytes[..n].copy_from_slice(&file[..n]);
        Ok(n)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut fs = self.disk.fs();
        fs.alive()?;
        fs.write_bytes(self.inode, bytes, offset as usize)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut fs = self.disk.fs();
        fs.spend()?;
        fs.write(self.inode, Write::Len(len as usize));
        Ok(())
    }

    fn reserve(&self, len: u64) -> io::Result<()> {
        let mut fs = self.disk.fs();
        fs.spend()?;
        if fs.free() < len {
            return Err(io::ErrorKind::StorageFull.into());
        }
        fs.write(self.inode, Write::Len(len as usize));
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut fs = self.disk.fs();
        fs.spend()?;
        let failing = fs.failing_syncs > 0;
        fs.failing_syncs -= u64::from(failing);
        let inode = &mut fs.inodes[self.inode];
        let unsynced = std::mem::take(&mut inode.unsynced);
        if failing {
            return Err(io::Error::from_raw_os_error(5));
        }
        unsynced
            .iter()
            .for_each(|write| write.apply(&mut inode.durable));
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        let fs = self.disk.fs();
        fs.alive()?;
        Ok(fs.inodes[self.inode].seen.len() as u64)
    }
}
