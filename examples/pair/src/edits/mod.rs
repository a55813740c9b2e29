//! From an answer to changed files: [`parse()`] finds the edits, [`Edit::apply`] makes one.
//!
//! An edit is made exactly or not at all. What cannot be made is said in words for the model,
//! which is asked once to write it again.

mod parse;
#[cfg(test)]
#[path = "../../tests/unit/edits.rs"]
mod tests;

use std::path::{Component, Path, PathBuf};

pub(crate) use parse::parse;

/// One edit of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// The file, below the root, as the model wrote it.
    pub(crate) path: String,
    pub(crate) change: Change,
}

/// What is done to the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// This is the file now.
    Whole(String),
    /// These lines, which stand in it once, become those.
    Replace { search: String, with: String },
}

impl Edit {
    /// The file's text after the edit. A file that does not exist is an empty one.
    pub(crate) fn apply(&self, text: &str) -> Result<String, String> {
        match &self.change {
            Change::Whole(whole) => Ok(whole.clone()),
            Change::Replace { search, with } => {
                replace(text, search, with).map_err(|why| format!("{}: {why}", self.path))
            }
        }
    }

    /// Where the file lies, if it lies below `root`: neither a path that leads out of it nor a
    /// link that does is followed, and Git's own folder is not touched.
    pub(crate) fn place(&self, root: &Path) -> Result<PathBuf, String> {
        let own = |part| matches!(part, Component::Normal(it) if !it.eq_ignore_ascii_case(".git"));
        let place = root.join(&self.path);
        let there = place.ancestors().find(|it| it.symlink_metadata().is_ok());
        let real = there.and_then(|it| it.canonicalize().ok());
        let real = real.zip(root.canonicalize().ok());
        let inside = real.is_some_and(|(real, root)| real.starts_with(root));
        match inside && !self.path.is_empty() && Path::new(&self.path).components().all(own) {
            true => Ok(place),
            false => Err(format!("{} is no file of the project; name one", self.path)),
        }
    }
}

/// Replaces the one place where the lines of `search` stand, in the file's own line ends.
fn replace(text: &str, search: &str, with: &str) -> Result<String, String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let wanted: Vec<&str> = search.lines().collect();
    if search.trim().is_empty() {
        return match text.trim().is_empty() {
            true => Ok(with.to_owned()),
            false => Err("the SEARCH part is empty, but the file is not; quote lines of it".into()),
        };
    }
    let windows = lines.windows(wanted.len()).enumerate();
    let fitting = windows.filter(|(_, lines)| lines.iter().map(|it| bare(it)).eq(wanted.clone()));
    let starts: Vec<usize> = fitting.map(|(at, _)| at).collect();
    let [at] = starts[..] else {
        return Err(match starts.len() {
            0 => "the SEARCH lines do not stand in it; quote them character for character".into(),
            n => format!("the SEARCH lines stand in it {n} times; quote more lines around them"),
        });
    };
    let (before, rest) = lines.split_at(at);
    let (replaced, after) = rest.split_at(wanted.len());
    let mut with = with.to_owned();
    if replaced.iter().any(|line| line.ends_with("\r\n")) {
        with = with.replace('\n', "\r\n");
    }
    if after.is_empty() && replaced.last().is_some_and(|line| !line.ends_with('\n')) {
        with.truncate(bare(&with).len());
    }
    Ok(before.concat() + &with + &after.concat())
}

/// A line without its end.
fn bare(line: &str) -> &str {
    line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line)
}
