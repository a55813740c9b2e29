//! Finds the edits in an answer.
//!
//! ````text
//! src/main.rs                     src/main.rs
//! ```                             ```
//! <<<<<<< SEARCH                  the whole file
//! lines as they stand             ```
//! =======
//! lines to put there
//! >>>>>>> REPLACE
//! ```
//! ````

use super::{Change, Edit};
use crate::cli::Format;

/// The edits of an answer, in its order, and what of them cannot be read. `files` are those
/// of the chat: only their names may have spaces.
pub(crate) fn parse(format: Format, answer: &str, files: &[String]) -> (Vec<Edit>, Vec<String>) {
    let mut lines = Lines {
        rest: answer.lines(),
        files,
        path: None,
    };
    let (mut edits, mut problems) = (Vec::new(), Vec::new());
    loop {
        let next = match format {
            Format::Diff => lines.block(),
            Format::Whole => lines.whole(),
        };
        match next {
            Some(Ok(edit)) => edits.push(edit),
            Some(Err(problem)) => problems.push(problem),
            None => return (edits, problems),
        }
    }
}

struct Lines<'a> {
    rest: std::str::Lines<'a>,
    files: &'a [String],
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
            if fence(line).is_none() && !line.trim().is_empty() {
                self.path = self.path_in(line).or(self.path.take());
            }
        }
        let Some(path) = self.path.clone() else {
            return Some(Err("a block has no file name above it".to_owned()));
        };
        let broken = |what: &str| Some(Err(format!("{path}: a block has no line `{what}`")));
        let Some(search) = self.until(|line| is_marker(line, '=', "")) else {
            return broken("=======");
        };
        let Some(with) = self.until(|line| is_marker(line, '>', " REPLACE")) else {
            return broken(">>>>>>> REPLACE");
        };
        let change = Change::Replace { search, with };
        Some(Ok(Edit { path, change }))
    }

    /// The next whole file: a fence with a file's name on the line before.
    fn whole(&mut self) -> Option<Result<Edit, String>> {
        let mut before = "";
        loop {
            let line = self.rest.next()?;
            let Some(fence) = fence(line) else {
                before = line;
                continue;
            };
            let named = self.path_in(before);
            let content = self.until(|line| line.trim_end() == fence);
            before = "";
            let Some(path) = named else {
                // A fence without a name is an illustration.
                continue;
            };
            return Some(match content {
                Some(content) => Ok(Edit {
                    path,
                    change: Change::Whole(content),
                }),
                None => Err(format!("{path}: its fence is not closed")),
            });
        }
    }

    /// The lines up to the one that ends them.
    fn until(&mut self, ends: impl Fn(&str) -> bool) -> Option<String> {
        let mut text = String::new();
        for line in self.rest.by_ref() {
            if ends(line) {
                return Some(text);
            }
            text.push_str(line);
            text.push('\n');
        }
        None
    }

    /// The file's name a line consists of: models put it in bold, in code, or before a colon.
    fn path_in(&self, line: &str) -> Option<String> {
        let dressed = |c: char| matches!(c, '#' | '*' | '`' | ':') || c.is_whitespace();
        let name = line.trim_matches(dressed);
        let known = self.files.iter().any(|file| file == name);
        let sentence = name.ends_with(['.', ',', '!', '?']);
        let plausible = !name.is_empty() && !name.contains(char::is_whitespace) && !sentence;
        (known || plausible).then(|| name.to_owned())
    }
}

/// Seven of a character, and a word.
fn is_marker(line: &str, of: char, word: &str) -> bool {
    let line = line.trim_end();
    line.strip_suffix(word)
        .is_some_and(|run| run.len() == 7 && run.chars().all(|c| c == of))
}

/// The run of three or more backticks a line begins with.
fn fence(line: &str) -> Option<&str> {
    let length = line.bytes().take_while(|byte| *byte == b'`').count();
    (length >= 3).then(|| &line[..length])
}
