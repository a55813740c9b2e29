//! The one module that prints.
//!
//! Results go to standard output, everything said on the way to standard error. A write to a
//! reader that went away is an error like any other; `main` ends quietly on it.

use std::fmt::Display;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

use crate::args::When;
use crate::failure::Failure;
use crate::settings::Look;

/// Where a command's words go.
#[derive(Debug)]
pub(crate) struct Output {
    look: Look,
    stderr_color: bool,
}

impl Output {
    /// Looks at the terminal once.
    pub(crate) fn new(color: When) -> Self {
        Self {
            look: Look::of_stdout(color),
            stderr_color: Look::colored_stderr(color),
        }
    }

    /// How standard output looks.
    pub(crate) fn look(&self) -> Look {
        self.look
    }

    /// Writes a finished text to standard output and ends its last line.
    pub(crate) fn result(&self, text: &str) -> io::Result<()> {
        let color = if self.look.color {
            ColorChoice::Always
        } else {
            ColorChoice::Never
        };
        let mut stdout = AutoStream::new(io::stdout().lock(), color);
        stdout.write_all(text.as_bytes())?;
        if !text.is_empty() && !text.ends_with('\n') {
            stdout.write_all(b"\n")?;
        }
        stdout.flush()
    }

    /// The text in characters this terminal has.
    pub(crate) fn readable(&self, text: &str) -> String {
        let plain = |c: char| match c {
            c if self.look.unicode || c.is_ascii() => c,
            '–' | '−' => '-',
            '“' | '”' => '"',
            '’' => '\'',
            '\u{a0}' | '\u{202f}' => ' ',
            _ => '?',
        };
        text.chars().map(plain).collect()
    }

    /// Writes a value as indented JSON.
    pub(crate) fn json(&self, value: &impl serde::Serialize) -> anyhow::Result<()> {
        Ok(self.result(&serde_json::to_string_pretty(value)?)?)
    }

    /// Says something on the way, on standard error. That nobody listens is no failure.
    pub(crate) fn note(&self, text: impl Display) {
        let mut stderr = io::stderr().lock();
        // Best effort by purpose: a closed standard error must not stop the work.
        drop(writeln!(stderr, "{text}"));
    }

    /// Says why a command failed and what to do.
    pub(crate) fn failure(&self, error: &anyhow::Error) {
        let bold = if self.stderr_color {
            Style::new().bold().fg_color(Some(AnsiColor::Red.into()))
        } else {
            Style::new()
        };
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        self.note(format_args!(
            "{bold}error{bold:#}: {}",
            without_repeats(&causes).join(": ")
        ));
        let failure = error
            .chain()
            .find_map(|cause| cause.downcast_ref::<Failure>());
        if let Some(remedy) = failure.and_then(Failure::remedy) {
            self.note(format_args!("  to do: {remedy}"));
        }
    }

    /// Prints clap's help, version or complaint where clap would, with clap's own colours.
    pub(crate) fn clap(&self, words: &clap::Error) {
        // Best effort by purpose: `askfirst --help | head -1` is no failure.
        drop(words.print());
    }

    /// Whether a person can be asked: question and answer both need a terminal.
    pub(crate) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks on standard error, returns the trimmed answer; `None` at the end of input.
    pub(crate) fn ask(&self, question: &str) -> io::Result<Option<String>> {
        let mut stderr = io::stderr().lock();
        write!(stderr, "{question} ")?;
        stderr.flush()?;
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            writeln!(stderr)?;
            return Ok(None);
        }
        Ok(Some(answer.trim().to_owned()))
    }
}

/// A cause that its effect already quotes is not said twice.
fn without_repeats(causes: &[String]) -> Vec<&str> {
    let mut said: Vec<&str> = Vec::new();
    for cause in causes {
        if !said.iter().any(|before| before.contains(cause.as_str())) {
            said.push(cause);
        }
    }
    said
}

/// Makes a CSV document: a head, then rows; fields quoted where RFC 4180 asks for it.
pub(crate) fn csv(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    csv_row(&mut text, head.iter().copied());
    for row in rows {
        csv_row(&mut text, row.iter().map(String::as_str));
    }
    text
}

fn csv_row<'a>(text: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push_str("\r\n");
}

/// A head and words behind it, broken at spaces; further lines stand under the first word.
pub(crate) fn wrapped(head: &str, words: &str, width: usize) -> String {
    let indent = head.width();
    let (mut text, mut used) = (head.to_owned(), indent);
    for word in words.split_whitespace() {
        if used > indent && used + 1 + word.width() > width {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            used = indent;
        } else if used > indent {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += word.width();
    }
    text.push('\n');
    text
}

/// Rows under heads, columns aligned and two spaces apart, nothing behind the last one.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|name| name.to_uppercase()).collect();
    let lines = || std::iter::once(&head).chain(rows);
    let width = |column: usize| {
        lines()
            .filter_map(|line| line.get(column))
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut text = String::new();
    for line in lines() {
        let cells = line.iter().zip(&widths).map(|(cell, width)| {
            format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Comma groups, as in `1,327`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three_digits() {
        let cases = [0, 7, 999, 1000, 9660, 18_239_314];
        let texts: Vec<String> = cases.into_iter().map(grouped).collect();
        assert_eq!(texts, ["0", "7", "999", "1,000", "9,660", "18,239,314"]);
    }

    #[test]
    fn csv_quotes_what_would_break_a_row() {
        let rows = [vec![
            "a,b".to_owned(),
            "say \"x\"".to_owned(),
            "plain".to_owned(),
        ]];
        assert_eq!(
            csv(&["p", "q", "r"], &rows),
            "p,q,r\r\n\"a,b\",\"say \"\"x\"\"\",plain\r\n"
        );
    }

    #[test]
    fn a_cause_already_quoted_is_said_once() {
        let causes = ["cannot read x: denied".to_owned(), "denied".to_owned()];
        assert_eq!(without_repeats(&causes), ["cannot read x: denied"]);
    }
}
