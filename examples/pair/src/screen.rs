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
    let _ = out
        .write_all(printable(text).as_bytes())
        .and_then(|()| out.flush());
}

/// Says what went wrong.
pub(crate) fn warn(text: impl Display) {
    let _ = writeln!(io::stderr(), "{}", printable(&text.to_string()));
}

/// Without control characters: what a model writes must not drive the terminal.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

/// What was typed.
pub(crate) enum Line {
    Text(String),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D, or the end of what was piped in.
    End,
}

/// The keyboard.
pub(crate) struct Keyboard {
    /// On a terminal only: it draws. What is typed is remembered for the session, in memory.
    editor: Option<DefaultEditor>,
    yes_always: bool,
}

impl Keyboard {
    pub(crate) fn new(yes_always: bool) -> Keyboard {
        let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        let editor = terminal.then(|| DefaultEditor::new().ok()).flatten();
        Keyboard { editor, yes_always }
    }

    /// The next line.
    pub(crate) fn line(&mut self, prompt: &str) -> Line {
        let Some(editor) = &mut self.editor else {
            return piped();
        };
        match editor.readline(prompt) {
            Ok(text) => {
                let _ = editor.add_history_entry(text.as_str());
                Line::Text(text)
            }
            Err(ReadlineError::Interrupted) => Line::Interrupted,
            Err(_) => Line::End,
        }
    }

    /// Asks. Enter is a yes; the end of the input is none.
    pub(crate) fn confirm(&mut self, question: &str) -> bool {
        let prompt = format!("{question} (Y)es/(N)o [Yes]: ");
        if self.yes_always {
            say(format_args!("{prompt}yes"));
            return true;
        }
        loop {
            if self.editor.is_none() {
                stream(&prompt);
            }
            let answer = self.line(&prompt);
            if self.editor.is_none() {
                say("");
            }
            match answer {
                Line::Text(text) => match text.trim().to_lowercase().as_str() {
                    "" | "y" | "yes" => return true,
                    "n" | "no" => return false,
                    _ => say("Please answer with y or n."),
                },
                Line::Interrupted | Line::End => return false,
            }
        }
    }
}

fn piped() -> Line {
    let mut text = String::new();
    match io::stdin().lock().read_line(&mut text) {
        Ok(0) | Err(_) => Line::End,
        Ok(_) => Line::Text(text.trim_end_matches(['\r', '\n']).to_owned()),
    }
}
