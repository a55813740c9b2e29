//! The file system in memory: what is seen, what is durable, and what lies between.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::testing::Dice;

/// Sectors are written whole or not at all.
const SECTOR: usize = 512;

#[derive(Debug, Default)]
pub(super) struct Fs {
    pub(super) inodes: Vec<Inode>,
    pub(super) seen: BTreeMap<PathBuf, Node>,
    pub(super) durable: BTreeMap<PathBuf, Node>,
    /// Changes of names that no sync of their directory has made durable.
    pub(super) renames: Vec<Change>,
    pub(super) locks: BTreeSet<PathBuf>,
    /// Bytes and calls so far, and after how many the machine stops.
    pub(super) spent: u64,
    pub(super) fuse: Option<u64>,
    pub(super) stopped: bool,
    pub(super) failing_syncs: u64,
    pub(super) failing_reads: u64,
    pub(super) capacity: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Dir,
    File(usize),
}

/// A change of a directory, made durable by syncing it.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) dir: PathBuf,
    pub(super) gone: Option<PathBuf>,
    pub(super) there: Option<(PathBuf, Node)>,
}

#[derive(Debug, Default)]
pub(super) struct Inode {
    pub(super) seen: Vec<u8>,
    pub(super) durable: Vec<u8>,
    pub(super) unsynced: Vec<Write>,
}

#[derive(Debug, Clone)]
pub(super) enum Write {
    Bytes(usize, Vec<u8>),
    Len(usize),
}

impl Write {
    pub(super) fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Write::Bytes(at, bytes) => {
                let end = at + bytes.len();
                file.resize(file.len().max(end), 0);
                file[*at..end].copy_from_slice(bytes);
            }
            Write::Len(len) => file.resize(*len, 0),
        }
    }
}

impl Fs {
    /// Fails if the machine has stopped, or stops now.
    pub(super) fn spend(&mut self) -> io::Result<()> {
        match self.spend_bytes(1) {
            1 => Ok(()),
            _ => Err(io::Error::other("the machine has stopped")),
        }
    }

    /// How many of so many bytes can still be written.
    pub(super) fn spend_bytes(&mut self, bytes: usize) -> usize {
        if self.stopped {
            return 0;
        }
        let left = self
            .fuse
            .map_or(u64::MAX, |fuse| fuse.saturating_sub(self.spent));
        let spent = left.min(bytes as u64);
        self.spent += spent;
        self.stopped = spent < bytes as u64;
        spent as usize
    }

    pub(super) fn alive(&self) -> io::Result<()> {
        match self.stopped {
            true => Err(io::Error::other("the machine has stopped")),
            false => Ok(()),
        }
    }

    pub(super) fn file(&self, path: &Path) -> io::Result<usize> {
        match self.seen.get(path) {
            Some(Node::File(inode)) => Ok(*inode),
            Some(Node::Dir) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    pub(super) fn used(&self) -> u64 {
        let nodes = self.seen.values().collect::<Vec<_>>();
        let bytes = nodes.iter().map(|node| match node {
            Node::File(inode) => self.inodes[*inode].seen.len() as u64,
            Node::Dir => 0,
        });
        bytes.sum()
    }

    pub(super) fn free(&self) -> u64 {
        let capacity = self.capacity.unwrap_or(u64::MAX);
        capacity.saturating_sub(self.used())
    }

    pub(super) fn change(&mut self, gone: Option<PathBuf>, there: Option<(PathBuf, Node)>) {
        let named = there.as_ref().map(|(path, _)| path).or(gone.as_ref());
        let dir = named.and_then(|path| path.parent()).map(Path::to_owned);
        let change = Change {
            dir: dir.unwrap_or_default(),
            gone,
            there,
        };
        change.apply(&mut self.seen);
        self.renames.push(change);
    }

    pub(super) fn write(&mut self, inode: usize, write: Write) {
        let inode = &mut self.inodes[inode];
        write.apply(&mut inode.seen);
        inode.unsynced.push(write);
    }

    /// Writes as much as fits.
    pub(super) fn write_bytes(
        &mut self,
        inode: usize,
        bytes: &[u8],
        offset: usize,
    ) -> io::Result<()> {
        let grows = (offset + bytes.len()).saturating_sub(self.inodes[inode].seen.len());
        let short = (grows as u64).saturating_sub(self.free()) as usize;
        let fits = bytes.len().saturating_sub(short);
        let written = self.spend_bytes(fits);
        if written > 0 {
            self.write(inode, Write::Bytes(offset, bytes[..written].to_vec()));
        }
        self.alive()?;
        match short {
            0 => Ok(()),
            _ => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    /// What a power loss leaves.
    pub(super) fn survivors(&self, dice: &mut Dice) -> (BTreeMap<PathBuf, Node>, Vec<Vec<u8>>) {
        let mut names = self.durable.clone();
        let how = dice.below(3);
        for change in &self.renames {
            if survives(how, dice) {
                change.apply(&mut names);
            }
        }
        let dirs = names.clone();
        let root = |path: &Path| path.parent().is_none_or(|it| it.as_os_str().is_empty());
        names.retain(|path, _| {
            let mut above = path.ancestors().skip(1);
            above.all(|dir| root(dir) || dirs.get(dir) == Some(&Node::Dir))
        });
        let contents = self.inodes.iter().map(|inode| inode.survivor(dice));
        (names, contents.collect())
    }
}

/// Whether a change survives: of all of a disk's, none, all, or any.
fn survives(how: u64, dice: &mut Dice) -> bool {
    match how {
        0 => false,
        1 => true,
        _ => dice.one_in(2),
    }
}

impl Change {
    pub(super) fn apply(&self, names: &mut BTreeMap<PathBuf, Node>) {
        if let Some(gone) = &self.gone {
            names.remove(gone);
        }
        if let Some((path, node)) = &self.there {
            names.insert(path.clone(), *node);
        }
    }
}

impl Inode {
    pub(super) fn survivor(&self, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let how = dice.below(3);
        for write in &self.unsynced {
            match write {
                Write::Len(_) if survives(how, dice) => write.apply(&mut bytes),
                Write::Len(_) => {}
                Write::Bytes(at, written) => {
                    let mut at = *at;
                    let mut rest = written.as_slice();
                    while !rest.is_empty() {
                        let n = (SECTOR - at % SECTOR).min(rest.len());
                        let (sector, more) = rest.split_at(n);
                        if survives(how, dice) {
                            Write::Bytes(at, sector.to_vec()).apply(&mut bytes);
                        }
                        (at, rest) = (at + n, more);
                    }
                }
            }
        }
        bytes
    }
}
