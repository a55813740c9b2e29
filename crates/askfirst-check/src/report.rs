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
    /// What was looked at more than once, because a run of it was aborted.
    pub begun_anew: Vec<BegunAnew>,
}

/// A check, a part of one, or what checks share, that was begun anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BegunAnew {
    /// The check's number, or what it is.
    pub what: String,
    /// Attempts that had an aborted run: nothing else that was seen in them counts.
    pub given_up: usize,
}

impl Report {
    /// Of these lines, and what was begun anew for them.
    pub fn new(tool: &str, profile: &str, lines: Vec<Line>, begun_anew: Vec<BegunAnew>) -> Report {
        Report {
            tool: tool.to_owned(),
            profile: profile.to_owned(),
            score: Score::of(&lines),
            lines,
            begun_anew,
        }
    }

    /// For a person: a line each, evidence beneath those that are broken, the reason beside
    /// those that do not apply, what was begun anew, the score.
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
        for begun in &self.begun_anew {
            let (what, given_up) = (&begun.what, begun.given_up);
            let _ = writeln!(
                text,
                "\nbegun anew: {what} (attempts with an aborted run: {given_up})"
            );
        }
        let _ = writeln!(text, "\n{}", self.score);
        text
    }
}
