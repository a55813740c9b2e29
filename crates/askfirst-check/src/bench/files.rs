//! A home as it was at one moment, and what changed since.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Named as _};
use crate::policy::FILE;

/// Every file below a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub BTreeMap<PathBuf, Entry>);

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its permissions.
    pub mode: u32,
    /// What is in it; of a link, where it leads.
    pub bytes: Vec<u8>,
    /// Whether it is a link.
    pub link: bool,
}

impl Files {
    /// Looks at everything below `root`.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn of(root: &Path) -> Result<Files, Error> {
        let mut files = Files::default();
        let mut dirs = vec![root.to_owned()];
        while let Some(dir) = dirs.pop() {
            // One that went away meanwhile was the tool's to take away.
            for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
                let path = entry.path();
                let Ok(data) = fs::symlink_metadata(&path) else {
                    continue;
                };
                if data.is_dir() {
                    dirs.push(path);
                    continue;
                }
                let bytes = match data.is_symlink() {
                    true => link(&path),
                    false if !data.is_file() || data.len() > FILE => Vec::new(),
                    false => fs::read(&path).unwrap_or_default(),
                };
                let name = path.strip_prefix(root).unwrap_or(&path).to_owned();
                let entry = Entry {
                    mode: data.permissions().mode() & 0o7777,
                    bytes,
                    link: data.is_symlink(),
                };
                files.0.insert(name, entry);
            }
        }
        Ok(files)
    }

    /// The names that are new, gone or different in `later`.
    pub fn changed(&self, later: &Files) -> Vec<PathBuf> {
        let names = self.0.keys().chain(later.0.keys());
        let mut changed: Vec<PathBuf> = names
            .filter(|name| self.0.get(*name) != later.0.get(*name))
            .cloned()
            .collect();
        changed.sort();
        changed.dedup();
        changed
    }
}

fn link(path: &Path) -> Vec<u8> {
    let target = fs::read_link(path).unwrap_or_default();
    target.to_string_lossy().into_owned().into_bytes()
}

/// Copies everything below one folder into another.
///
/// # Errors
///
/// If something cannot be read or written.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).at(to)?;
    for entry in fs::read_dir(from).at(from)? {
        let entry = entry.at(from)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let data = fs::symlink_metadata(&source).at(&source)?;
        if data.is_dir() {
            copy(&source, &target)?;
            fs::set_permissions(&target, data.permissions()).at(&target)?;
        } else if data.is_symlink() {
            let leads = fs::read_link(&source).at(&source)?;
            std::os::unix::fs::symlink(leads, &target).at(&target)?;
        } else {
            fs::copy(&source, &target).at(&source)?;
        }
    }
    Ok(())
}

/// Writes a file, and the folders above it.
///
/// # Errors
///
/// If it cannot be written.
pub(crate) fn put(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).at(parent)?;
    }
    fs::write(path, bytes).at(path)
}
