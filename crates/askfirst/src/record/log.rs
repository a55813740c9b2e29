//! The log a user asked for with `--analytics-log FILE` (promise P11).
//!
//! Third parties parse its lines, and two sessions may append to it, so there is no framing
//! and no lock: it heals itself (decision D2). Where an earlier line was torn, the next one
//! starts on a line of its own.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Appends events to the user's log.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    file: Option<File>,
    /// The last byte may not be a newline: look before the next line.
    torn: bool,
}

impl Log {
    /// Nothing is touched before the first event.
    pub(crate) fn new(path: PathBuf) -> Log {
        Log {
            path,
            file: None,
            torn: true,
        }
    }

    /// Appends one line, with its newline, in one write.
    ///
    /// # Errors
    ///
    /// The line may then be in the file in part; the next one is not glued to it.
    pub(crate) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let written = self.try_append(line);
        if written.is_err() {
            self.file = None;
            self.torn = true;
        }
        written
    }

    fn try_append(&mut self, line: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(open(&self.path)?),
        };
        if self.torn && !ends_with_newline(file)? {
            file.write_all(b"\n")?;
        }
        self.torn = false;
        file.write_all(line)
    }
}

/// The last byte is a newline, or there is none.
fn ends_with_newline(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == [b'\n'])
}

/// Opens a log for appending, a new one for its owner alone; never through a symbolic link,
/// which could lead to a file of somebody else's.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let no_link = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or(0);
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    options.mode(0o600).custom_flags(no_link).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if std::fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink()) {
        return Err(io::Error::other("it is a symbolic link"));
    }
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)
}

/// The Git work tree a log lies in without being ignored there, if any: it could be
/// published with the next commit. Asks no program: it looks for `.git`, and for a line in
/// the work tree's ignore files that is the log's name or its extension.
pub(crate) fn unignored_in(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let name = path.file_name()?.to_str()?;
    let tree = path
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(".git").exists())?;
    let extension = path
        .extension()
        .and_then(|it| it.to_str())
        .map(|it| format!("*.{it}"));
    let ignores = |line: &str| {
        let line = line.trim().trim_start_matches('/');
        line == name || Some(line) == extension.as_deref()
    };
    let folders = path
        .ancestors()
        .skip(1)
        .take_while(|it| it.starts_with(tree));
    let mut files: Vec<PathBuf> = folders.map(|it| it.join(".gitignore")).collect();
    files.push(tree.join(".git/info/exclude"));
    let ignored = files
        .iter()
        .any(|file| std::fs::read_to_string(file).is_ok_and(|text| text.lines().any(ignores)));
    (!ignored).then(|| tree.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn b06_a_torn_line_is_not_glued_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, "{\"event\":\"lau").unwrap();
        let mut log = Log::new(path.clone());
        log.append(b"{\"event\":\"exit\"}\n").unwrap();
        log.append(b"{}\n").unwrap();
        assert_eq!(
            fs::read_to_string(path).unwrap(),
            "{\"event\":\"lau\n{\"event\":\"exit\"}\n{}\n"
        );
    }

    #[cfg(unix)]
    #[test]
    fn p11_a_new_log_is_its_owners_alone_and_a_link_is_not_followed() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        Log::new(path.clone()).append(b"{}\n").unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        Log::new(link).append(b"{}\n").unwrap_err();
        assert_eq!(fs::read(path).unwrap(), b"{}\n");
    }

    #[test]
    fn p11_a_log_in_a_work_tree_is_noticed_unless_it_is_ignored() {
        let tree = tempfile::tempdir().unwrap();
        let log = tree.path().join("sub/analytics.jsonl");
        fs::create_dir_all(tree.path().join("sub")).unwrap();
        assert_eq!(unignored_in(&log), None);
        fs::create_dir(tree.path().join(".git")).unwrap();
        assert!(unignored_in(&log).is_some());
        fs::write(tree.path().join(".gitignore"), "target\n*.jsonl\n").unwrap();
        assert_eq!(unignored_in(&log), None);
    }
}
