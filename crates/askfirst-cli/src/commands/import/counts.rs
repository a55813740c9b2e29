//! What an import did, in numbers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use crate::output::{csv, grouped};

/// Lines and what became of them. Names are of reasons and notes, never of what was refused.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Files read.
    pub(super) files: u64,
    /// Lines read: each was stored, there already, or refused.
    pub(super) lines: u64,
    /// Lines stored.
    pub(super) stored: u64,
    /// Lines an earlier import stored.
    pub(super) already_there: u64,
    /// Lines refused, by reason.
    pub(super) refused: BTreeMap<String, u64>,
    /// What was left out of stored lines or corrected in them, by reason.
    pub(super) notes: BTreeMap<String, u64>,
    /// Files that end in half a line.
    pub(super) unfinished: u64,
    /// The project, and whether it was made for this import.
    pub(super) made: Made,
}

/// The project of an import.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Its name.
    pub(super) name: String,
    /// Its host profile.
    pub(super) host: String,
    /// Whether there was none before.
    pub(super) new: bool,
}

impl Counts {
    /// Counts one refused line.
    pub(super) fn refuse(&mut self, reason: &str) {
        *self.refused.entry(reason.to_owned()).or_default() += 1;
    }

    /// Counts what was left out of stored lines or corrected in them.
    pub(super) fn note(&mut self, name: &str, n: u64) {
        match self.notes.get_mut(name) {
            Some(so_far) => *so_far += n,
            None => drop(self.notes.insert(name.to_owned(), n)),
        }
    }

    fn refused_lines(&self) -> u64 {
        self.refused.values().sum()
    }

    /// For people.
    pub(super) fn words(&self) -> String {
        let mut text = format!(
            "{} read, {} stored, ",
            number_of(self.lines, "line", "lines"),
            grouped(self.stored)
        );
        if self.already_there > 0 {
            // Writing to a String cannot fail, here and below.
            let _ = write!(text, "{} already there, ", grouped(self.already_there));
        }
        let _ = writeln!(text, "{} refused", grouped(self.refused_lines()));
        list(
            &mut text,
            "Refused",
            self.refused.iter().map(|(name, n)| (name.as_str(), *n)),
        );
        let notes = self.notes.iter().map(|(name, n)| (name.as_str(), *n));
        list(&mut text, "Left out or corrected in what is stored", notes);
        if self.unfinished > 0 {
            let files = number_of(self.unfinished, "file ends", "files end");
            let _ = writeln!(
                text,
                "\n{files} in half a line; it is left for the next import."
            );
        }
        let Made { name, host, new } = &self.made;
        let how = if *new { "made for it" } else { "as before" };
        let _ = writeln!(
            text,
            "\nProject {name} ({host}), {how}. What is in it: askfirst status"
        );
        let choice = if name == host {
            format!("--host {host}")
        } else {
            format!("--project {name}")
        };
        let _ = writeln!(
            text,
            "Which models: askfirst report models --period all {choice}"
        );
        text
    }

    /// One row for every number.
    pub(super) fn csv(&self) -> String {
        let row = |what: &str, name: &str, n: u64| vec![what.into(), name.into(), n.to_string()];
        let mut rows = vec![
            row("lines", "", self.lines),
            row("stored", "", self.stored),
            row("already_there", "", self.already_there),
            row("unfinished", "", self.unfinished),
        ];
        rows.extend(
            self.refused
                .iter()
                .map(|(name, n)| row("refused", name, *n)),
        );
        rows.extend(self.notes.iter().map(|(name, n)| row("note", name, *n)));
        csv(&["what", "reason", "count"], &rows)
    }

    /// For programs.
    pub(super) fn json(&self) -> serde_json::Value {
        json!({
            "project": self.made.name,
            "host": self.made.host,
            "made": self.made.new,
            "files": self.files,
            "lines": self.lines,
            "stored": self.stored,
            "already_there": self.already_there,
            "refused": self.refused,
            "notes": self.notes,
            "unfinished": self.unfinished,
        })
    }
}

/// A head, and a row for every name with its number; nothing if there is none.
fn list<'n>(text: &mut String, head: &str, counts: impl Iterator<Item = (&'n str, u64)>) {
    let rows: Vec<(String, String)> = counts
        .map(|(name, n)| (name.replace('_', " "), grouped(n)))
        .collect();
    if rows.is_empty() {
        return;
    }
    let names = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let numbers = rows.iter().map(|(_, n)| n.len()).max().unwrap_or(0);
    let _ = writeln!(text, "\n{head}");
    for (name, n) in rows {
        let _ = writeln!(text, "  {name:names$}  {n:>numbers$}");
    }
}

fn number_of(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_accounted_for() {
        let mut counts = Counts {
            lines: 9660,
            stored: 9659,
            unfinished: 1,
            made: Made {
                name: "old".into(),
                host: "aider".into(),
                new: true,
            },
            ..Counts::default()
        };
        counts.refuse("unknown_event");
        counts.notes.insert("money_refused".into(), 1234);
        assert_eq!(
            counts.words(),
            "9,660 lines read, 9,659 stored, 1 refused\n\
             \n\
             Refused\n  unknown event  1\n\
             \n\
             Left out or corrected in what is stored\n  money refused  1,234\n\
             \n\
             1 file ends in half a line; it is left for the next import.\n\
             \n\
             Project old (aider), made for it. What is in it: askfirst status\n\
             Which models: askfirst report models --period all --project old\n"
        );
    }
}
