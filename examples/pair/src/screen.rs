//! Everything that is shown and read. What `pair` has to say goes to standard output, what
//! went wrong to standard error. A reader who leaves early ends nothing.

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

/// Shows a line.
pub(crate) fn say(text: impl Display) {
    stream(&format!("{text}\n"));
}

/// Shows text as it comes, at once.
pub(crate) fn stream(text: &str) {
    let mut out = io::stdout().lock();
    let shown = out.write_all(printable(text).as_bytes());
    let _ = shown.and_then(|()| out.flush());
}

/// Says what went wrong.
pub(crate) fn warn(text: impl Display) {
    let _ = writeln!(io::stderr(), "{}", printable(&text.to_string()));
}

/// Without control characters: what a model writes must not drive the terminal.
fn printable(text: &str) -> String {
    let shown = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(shown).collect()
}

/// The keyboard.
pub(crate) struct Keyboard {
    /// On a terminal only: it draws. What was typed is remembered in memory alone.
    editor: Option<DefaultEditor>,
    yes_always: bool,
}

impl Keyboard {
    pub(crate) fn new(yes_always: bool) -> Keyboard {
        let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        let editor = terminal.then(|| DefaultEditor::new().ok()).flatten();
        Keyboard { editor, yes_always }
    }

    /// The next line; or Ctrl-C, or the end.
    pub(crate) fn line(&mut self, prompt: &str) -> Result<String, ReadlineError> {
        let Some(editor) = &mut self.editor else {
            let next = io::stdin().lock().lines().next();
            return next.ok_or(ReadlineError::Eof)?.map_err(ReadlineError::Io);
        };
        let line = editor.readline(prompt)?;
        let _ = editor.add_history_entry(line.as_str());
        Ok(line)
    }

    /// Asks. Enter is a yes; what is neither yes nor no, the end included, is none.
    pub(crate) fn confirm(&mut self, question: &str) -> bool {
        let question = format!("{question} [Y/n] ");
        if self.yes_always || self.editor.is_none() {
            say(&question);
        }
        let answer = match self.yes_always {
            true => "yes".to_owned(),
            false => self.line(&question).unwrap_or_else(|_| "no".to_owned()),
        };
        matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
    }
}
