//! Git, by the program `git`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

/// A work tree.
pub(crate) struct Git {
    pub(crate) root: PathBuf,
}

impl Git {
    /// The work tree `dir` lies in.
    pub(crate) fn find(dir: &Path) -> Option<Git> {
        let here = Git { root: dir.to_owned() };
        Some(Git { root: here.run(&["rev-parse", "--show-toplevel"]).ok()?.into() })
    }

    /// How many files it has.
    pub(crate) fn files(&self) -> u64 {
        self.run(&["ls-files"]).map_or(0, |list| list.lines().count() as u64)
    }

    /// The commit that is checked out; `None` before the first one.
    pub(crate) fn head(&self) -> Option<String> {
        self.run(&["rev-parse", "--verify", "-q", "HEAD"]).ok()
    }

    /// Whether a file differs from its last commit, or was never committed.
    pub(crate) fn is_dirty(&self, file: &str) -> bool {
        self.run(&["status", "--porcelain", "--", file]).is_ok_and(|status| !status.is_empty())
    }

    /// What changed since `commit`, in the work tree.
    pub(crate) fn diff(&self, commit: &str) -> anyhow::Result<String> {
        self.run(&["diff", "--no-color", commit])
    }

    /// Commits these files and nothing else; `None` if they have not changed.
    pub(crate) fn commit(&self, files: &[&str], message: &str) -> anyhow::Result<Option<String>> {
        let on_files = |command: &[&str]| self.run(&[command, &["--"], files].concat());
        on_files(&["add"])?;
        if on_files(&["diff", "--cached", "--quiet"]).is_ok() {
            return Ok(None);
        }
        on_files(&["commit", "--quiet", "--only", "-m", message])?;
        Ok(self.head())
    }

    /// Takes the last commit back, which must be `commit`. What the user has changed
    /// elsewhere stays; if it is in the commit's files, nothing happens.
    pub(crate) fn take_back(&self, commit: &str) -> anyhow::Result<()> {
        let last = self.head().is_some_and(|head| head == commit);
        ensure!(last, "another commit came after it; undo that one first");
        let pushed = !self.run(&["branch", "-r", "--contains", commit])?.is_empty();
        ensure!(!pushed, "it was pushed already; `git revert HEAD` would undo it for everybody");
        self.run(&["rev-parse", "--verify", "-q", "HEAD~1"])
            .context("it is the first commit; `git update-ref -d HEAD` would undo it")?;
        let taken = self.run(&["reset", "--quiet", "--keep", "HEAD~1"]);
        taken.map(drop).context("its files were changed since; commit or stash that first")
    }

    fn run(&self, args: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("git")
            .args(["--literal-pathspecs", "-c", "core.quotePath=false"])
            .args(args)
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .output()
            .context("cannot run git; install it, or use --no-git")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "git: {}", said.trim());
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }
}
