//! Git, by the program `git`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// A work tree.
#[derive(Debug)]
pub(crate) struct Git {
    root: PathBuf,
}

impl Git {
    /// The work tree `dir` lies in.
    pub(crate) fn find(dir: &Path) -> Option<Git> {
        let here = Git {
            root: dir.to_owned(),
        };
        let root = here.run(&["rev-parse", "--show-toplevel"]).ok()?;
        Some(Git {
            root: PathBuf::from(root.trim_end()),
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// How many files it has.
    pub(crate) fn files(&self) -> u64 {
        self.run(&["ls-files", "-z"])
            .map_or(0, |list| list.matches('\0').count() as u64)
    }

    /// The commit that is checked out; `None` before the first one.
    pub(crate) fn head(&self) -> Option<String> {
        let head = self.run(&["rev-parse", "--verify", "-q", "HEAD"]).ok()?;
        Some(head.trim_end().to_owned())
    }

    /// Whether a file differs from its last commit, or was never committed.
    pub(crate) fn is_dirty(&self, file: &str) -> bool {
        self.run(&["status", "--porcelain", "--", file])
            .is_ok_and(|status| !status.is_empty())
    }

    /// What changed since `commit`, in the work tree.
    pub(crate) fn diff(&self, commit: &str) -> anyhow::Result<String> {
        self.run(&["diff", "--no-color", commit])
    }

    /// Commits these files and nothing else; `None` if they have not changed.
    pub(crate) fn commit(&self, files: &[String], message: &str) -> anyhow::Result<Option<String>> {
        let with = |command: &[&str]| {
            let files = files.iter().map(String::as_str);
            let all: Vec<&str> = command.iter().copied().chain(["--"]).chain(files).collect();
            self.run(&all)
        };
        with(&["add"])?;
        if with(&["diff", "--cached", "--quiet"]).is_ok() {
            return Ok(None);
        }
        with(&["commit", "--quiet", "--only", "-m", message])?;
        Ok(self.head())
    }

    /// Takes the last commit back, which must be `commit`. What the user has changed
    /// elsewhere stays; if it is in the commit's files, nothing happens.
    pub(crate) fn take_back(&self, commit: &str) -> anyhow::Result<()> {
        if self.head().as_deref() != Some(commit) {
            bail!("another commit came after pair's; undo that one first");
        }
        if self
            .run(&["rev-parse", "--verify", "-q", "HEAD~1"])
            .is_err()
        {
            bail!("it is the repository's first commit; `git update-ref -d HEAD` would undo it");
        }
        if !self
            .run(&["branch", "-r", "--contains", commit])?
            .is_empty()
        {
            bail!("it was pushed already; `git revert HEAD` would undo it for everybody");
        }
        self.run(&["reset", "--quiet", "--keep", "HEAD~1"])
            .context("its files were changed since; commit or stash that first")?;
        Ok(())
    }

    fn run(&self, args: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("git")
            .args(["--literal-pathspecs", "-c", "core.quotePath=false"])
            .args(args)
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .output()
            .context("cannot run git; install it, or use --no-git")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("git {}: {}", args.first().unwrap_or(&""), said.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
