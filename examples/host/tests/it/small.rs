//! A small disk of a test's own, which fills up and becomes read-only.
//!
//! It is mounted where nobody else sees it, in the mount namespace of a shell that waits, and
//! is gone with that shell however the test ends. Where the machine does not let us mount (no
//! root, no user namespaces) a test says so and does not run.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// What file system it has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Tmpfs,
    Ext4,
}

/// A mounted disk of 512 KB to 1 MB.
pub(crate) struct SmallDisk {
    shell: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    root: PathBuf,
    _folder: TempDir,
}

impl SmallDisk {
    /// `None` where nothing can be mounted: it says so.
    pub(crate) fn mounted(kind: Kind) -> Option<SmallDisk> {
        let folder = TempDir::new().unwrap();
        let user = !rustix::process::geteuid().is_root();
        let mut command = Command::new("unshare");
        if user {
            command.arg("--map-root-user");
        }
        // Each line is an order; its answer is one line, `done` if it went well.
        let listen =
            "while read -r order; do eval \"$order\" >&2 && echo done || echo failed; done";
        command
            .args(["--mount", "/bin/sh", "-c", listen])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let Ok(mut shell) = command.spawn() else {
            eprintln!("not run: there is no `unshare` here");
            return None;
        };
        let mut disk = SmallDisk {
            orders: shell.stdin.take().unwrap(),
            answers: BufReader::new(shell.stdout.take().unwrap()),
            // The shell's own view of the file system: what is mounted there is seen by this path.
            root: PathBuf::from(format!("/proc/{}/root", shell.id())),
            shell,
            _folder: folder,
        };
        let mount = match kind {
            Kind::Tmpfs => "mkdir disk && mount -t tmpfs -o size=512k tmpfs disk",
            Kind::Ext4 => {
                "mkdir disk && truncate -s 1M image && mkfs.ext4 -q -O ^has_journal -m 0 image \
                 && mount -o loop image disk"
            }
        };
        if !disk.does(mount) {
            eprintln!("not run: a {kind:?} cannot be mounted here");
            return None;
        }
        Some(disk)
    }

    /// A path on the disk, seen from outside.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        let disk = self._folder.path().join("disk").join(name);
        self.root.join(disk.strip_prefix("/").unwrap())
    }

    /// Fills it up but for so many kilobytes.
    pub(crate) fn fill_but(&self, kilobytes: u64) {
        let free = || rustix::fs::statvfs(self.path("")).unwrap();
        let _ = std::fs::remove_file(self.path("filling"));
        let mut filling = std::fs::File::create(self.path("filling")).unwrap();
        let kilobyte = [b'x'; 1024];
        while free().f_bavail * free().f_frsize > kilobytes * 1024 {
            if filling.write_all(&kilobyte).is_err() {
                break;
            }
        }
    }

    /// Makes room again.
    pub(crate) fn empty(&self) {
        std::fs::remove_file(self.path("filling")).unwrap();
    }

    /// Whether it does what it is told, as its own root.
    pub(crate) fn does(&mut self, order: &str) -> bool {
        let mut answer = String::new();
        let told = writeln!(self.orders, "{order}").is_ok();
        told && self.answers.read_line(&mut answer).is_ok() && answer == "done\n"
    }

    /// Lets nothing be changed any more.
    pub(crate) fn make_read_only(&mut self) {
        assert!(self.does("mount -o remount,ro disk"));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// Whether no byte more can be written into a new file of a folder.
pub(crate) fn is_full(folder: &Path) -> bool {
    let probe = folder.join("probe");
    let full = std::fs::write(&probe, [b'x'; 28]).is_err();
    let _ = std::fs::remove_file(probe);
    full
}
