//! Finds the edits in an answer: blocks or whole files, the path alone on the line above.

use std::collections::BTreeSet;

use super::{Change, Edit};
use crate::cli::Format;

/// The edits of an answer in its order, or why one cannot be read. `files` are those of the
/// chat: only their names may have spaces.
pub(crate) fn parse(format: Format, answer: &str, files: &BTreeSet<String>) -> Found {
    let (rest, path) = (answer.lines(), None);
    let mut lines = Lines { rest, files, path };
    std::iter::from_fn(|| match format {
        Format::Diff => lines.block(),
        Format::Whole => lines.whole(),
    })
    .collect()
}

/// Edits, or in words for the model why there is none.
type Found = Vec<Result<Edit, String>>;

struct Lines<'a> {
    rest: std::str::Lines<'a>,
    files: &'a BTreeSet<String>,
    /// The file named last.
    path: Option<String>,
}

impl Lines<'_> {
    /// The next SEARCH/REPLACE block.
    fn block(&mut self) -> Option<Result<Edit, String>> {
        loop {
            let line = self.rest.next()?;
            if is_marker(line, '<', " SEARCH") {
                break;
            }
            self.path = self.path_in(line).or(self.path.take());
        }
        let path = self.path.clone().unwrap_or_default();
        let search = self.until(|line| is_marker(line, '=', ""));
        let with = self.until(|line| is_marker(line, '>', " REPLACE"));
        Some(match search.zip(with) {
            _ if path.is_empty() => Err("a block has no file name above it".to_owned()),
            None => Err(format!("{path}: a block has no end; close it with >>>>>>> REPLACE")),
            Some((search, with)) => Ok(Edit { path, change: Change::Replace { search, with } }),
        })
    }

    /// The next whole file. A fence without a name above it is an illustration.
    fn whole(&mut self) -> Option<Result<Edit, String>> {
        let mut before = "";
        loop {
            let line = self.rest.next()?;
            let Some(fence) = fence(line) else {
                before = line;
                continue;
            };
            let text = self.until(|line| line.trim_end() == fence);
            if let Some(path) = self.path_in(std::mem::take(&mut before)) {
                let unclosed = || format!("{path}: its fence has no end; close it with {fence}");
                let text = text.ok_or_else(unclosed);
                return Some(text.map(|text| Edit { path, change: Change::Whole(text) }));
            }
        }
    }

    /// The lines up to the one that ends them.
    fn until(&mut self, ends: impl Fn(&str) -> bool) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.rest.next()? {
                line if ends(line) => return Some(text),
                line => text = text + line + "\n",
            }
        }
    }

    /// The file's name a line consists of: models put it in bold, in code, or before a colon.
    fn path_in(&self, line: &str) -> Option<String> {
        let dressed = |c: char| matches!(c, '#' | '*' | '`' | ':') || c.is_whitespace();
        let name = line.trim_matches(dressed);
        let sentence = name.contains(char::is_whitespace) || name.ends_with(['.', ',', '!', '?']);
        let known = self.files.contains(name);
        let plausible = !name.is_empty() && !sentence && fence(line).is_none();
        (known || plausible).then(|| name.to_owned())
    }
}

/// Seven of a character, and a word.
fn is_marker(line: &str, of: char, word: &str) -> bool {
    let run = line.trim_end().strip_suffix(word);
    run.is_some_and(|run| run.len() == 7 && run.chars().all(|c| c == of))
}

/// The run of three or more backticks a line begins with.
fn fence(line: &str) -> Option<&str> {
    let length = line.bytes().take_while(|byte| *byte == b'`').count();
    (length >= 3).then(|| &line[..length])
}
