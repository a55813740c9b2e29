//! How a result looks.

use std::fmt::Write as _;

use serde::Serialize;

use crate::verdict::{Line, Score, Verdict};

/// Columns the number and the verdict take.
const HEAD: usize = 20;

/// What was checked and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The tool's name.
    pub tool: String,
    /// The profile it was judged by.
    pub profile: String,
    /// How many of each.
    pub score: Score,
    /// One for each promise and breakage.
    pub lines: Vec<Line>,
}

impl Report {
    /// Of these lines.
    pub fn new(tool: &str, profile: &str, lines: Vec<Line>) -> Report {
        Report {
            tool: tool.to_owned(),
            profile: profile.to_owned(),
            score: Score::of(&lines),
            lines,
        }
    }

    /// For a person: a line each, evidence beneath those that are broken, the reason beside
    /// those that do not apply.
    pub fn text(&self) -> String {
        let mut text = format!("{}, by the page of {}\n\n", self.tool, self.profile);
        for line in &self.lines {
            let verdict = line.verdict.words();
            let _ = write!(
                text,
                "{:<5}{verdict:<width$}{}",
                line.number,
                line.promise,
                width = HEAD - 5
            );
            if let (Verdict::NotApplicable, Some(finding)) = (line.verdict, line.findings.first()) {
                let _ = write!(text, ": {}", finding.evidence);
            }
            text.push('\n');
            let broken = line
                .findings
                .iter()
                .filter(|finding| finding.verdict == Verdict::Broken);
            for finding in broken {
                let _ = writeln!(text, "{:HEAD$}not so: {}", "", finding.what);
                let _ = writeln!(text, "{:HEAD$}seen:   {}", "", finding.evidence);
            }
        }
        let _ = writeln!(text, "\n{}", self.score);
        text
    }
}
