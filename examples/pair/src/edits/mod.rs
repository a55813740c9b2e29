//! From an answer to changed files: [`parse`] finds the edits, [`Edit::apply`] makes one.
//!
//! An edit is made exactly or not at all. What cannot be made is said in words for the model,
//! which is asked once to write it again.

mod parse;
#[cfg(test)]
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
    /// The file's text after the edit; `None` stands for a file that does not exist.
    pub(crate) fn apply(&self, text: Option<&str>) -> Result<String, String> {
        match &self.change {
            Change::Whole(whole) => Ok(whole.clone()),
            Change::Replace { search, with } => replace(text.unwrap_or_default(), search, with)
                .map_err(|why| format!("{}: {why}", self.path)),
        }
    }

    /// Where the file lies, if it lies below `root`: neither a path that leads out of it nor a
    /// link that does is followed, and Git's own folder is not touched.
    pub(crate) fn place(&self, root: &Path) -> Result<PathBuf, String> {
        let refused = |why: &str| Err(format!("{}: {why}; name a file of the project", self.path));
        let path = Path::new(&self.path);
        let mut parts = path.components();
        if self.path.is_empty() || !parts.all(|part| matches!(part, Component::Normal(_))) {
            return refused("is no path below the project's folder");
        }
        let git = |part: Component<'_>| part.as_os_str().eq_ignore_ascii_case(".git");
        if path.components().any(git) {
            return refused("belongs to Git");
        }
        let place = root.join(path);
        let there = place.ancestors().find(|it| it.symlink_metadata().is_ok());
        let real = there.and_then(|it| it.canonicalize().ok());
        match (real, root.canonicalize()) {
            (Some(real), Ok(root)) if real.starts_with(&root) => Ok(place),
            _ => refused("leads out of the project's folder"),
        }
    }
}

/// Replaces the one place where the lines of `search` stand.
fn replace(text: &str, search: &str, with: &str) -> Result<String, String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let wanted: Vec<&str> = search.lines().collect();
    if search.trim().is_empty() {
        return match text.trim().is_empty() {
            true => Ok(with.to_owned()),
            false => Err("the SEARCH part is empty, but the file is not; quote lines of it".into()),
        };
    }
    let starts: Vec<usize> = lines
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| window.iter().zip(&wanted).all(|(a, b)| bare(a) == *b))
        .map(|(at, _)| at)
        .collect();
    match starts[..] {
        [at] => Ok(spliced(&lines, at, wanted.len(), with)),
        [] => Err(not_found(&lines, &wanted)),
        _ => {
            let at: Vec<String> = starts.iter().map(|at| (at + 1).to_string()).collect();
            Err(format!(
                "the SEARCH lines stand in it {} times (at lines {}); quote more lines around them",
                at.len(),
                at.join(", ")
            ))
        }
    }
}

/// The lines before, `with` in the file's own line ends, and the lines after.
fn spliced(lines: &[&str], at: usize, count: usize, with: &str) -> String {
    let (before, rest) = lines.split_at(at);
    let (replaced, after) = rest.split_at(count);
    let mut with = with.to_owned();
    if replaced.iter().any(|line| line.ends_with("\r\n")) {
        with = with.replace('\n', "\r\n");
    }
    if after.is_empty() && replaced.last().is_some_and(|line| !line.ends_with('\n')) {
        with.truncate(bare(&with).len());
    }
    before.concat() + &with + &after.concat()
}

/// A line without its end.
fn bare(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

/// Says that the lines are not there, and shows those that come closest.
fn not_found(lines: &[&str], wanted: &[&str]) -> String {
    let alike = |window: &[&str]| {
        let same = |(a, b): &(&&str, &&str)| !b.trim().is_empty() && a.trim() == b.trim();
        window.iter().zip(wanted).filter(same).count()
    };
    let said = "the SEARCH lines do not stand in it exactly";
    let size = wanted.len().min(lines.len()).max(1);
    let best = lines
        .windows(size)
        .enumerate()
        .map(|(at, window)| (alike(window), at))
        .max_by_key(|(alike, at)| (*alike, usize::MAX - at))
        .filter(|(alike, _)| *alike > 0);
    match best {
        Some((_, at)) => format!(
            "{said}. The closest lines are {} to {}:\n{}",
            at + 1,
            at + size,
            lines
                .iter()
                .skip(at)
                .take(size)
                .copied()
                .collect::<String>()
        ),
        None => format!("{said}, nor anything like them"),
    }
}
