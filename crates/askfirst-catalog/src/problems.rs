//! Everything that is wrong with a file, at once.

use std::fmt;

/// One thing that is wrong in a catalog, list or profile, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file as it was named to the parser.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The entry, as its TOML path: `event.message_send`.
    pub entry: String,
    /// What the entry does that it must not.
    pub rule: String,
    /// What to change.
    pub fix: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem {
            file,
            line,
            entry,
            rule,
            fix,
        } = self;
        write!(f, "{file}:{line}: {entry}: {rule}; {fix}")
    }
}

/// All problems of one file, in the order of its lines. Displays one per line.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// The problems, in the order of the file's lines.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub(crate) fn append(&mut self, other: Problems) {
        self.0.extend(other.0);
    }

    /// `value` if nothing is wrong, else every problem sorted by line.
    pub(crate) fn or<T>(mut self, value: T) -> Result<T, Problems> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by(|a, b| {
            (&a.file, a.line, &a.entry, &a.rule).cmp(&(&b.file, b.line, &b.entry, &b.rule))
        });
        self.0.dedup();
        Err(self)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
