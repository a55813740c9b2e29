//! From the question to an answer.

use std::io;

use super::Wording;
use super::layout::fitted;
use super::terminal::{Read, Terminal};
use crate::clock::Clock;
use crate::consent::Answer;
use crate::policy::{ASK_AGAIN, TOO_SOON};

/// What a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Yes,
    No,
    Enter,
    Explain,
    Nothing,
}

/// Asks, until there is an answer or it is clear that there is none.
pub fn ask(terminal: &mut dyn Terminal, clock: &dyn Clock, wording: &Wording) -> Answer {
    // A terminal that fails is no answer.
    asked(terminal, clock, wording).unwrap_or(Answer::Unanswered)
}

fn asked(terminal: &mut dyn Terminal, clock: &dyn Clock, wording: &Wording) -> io::Result<Answer> {
    let columns = terminal.columns();
    let statement = fitted(&wording.statement, columns);
    // An address that is broken cannot be followed: this line is left to the terminal.
    terminal.show(&format!(
        "{statement}\nFor more info: {}\n",
        wording.more_info
    ))?;
    let question = format!("{} ", fitted(&wording.question, columns));
    let mut misses = 0;
    loop {
        terminal.discard_waiting()?;
        terminal.show(&question)?;
        let shown = clock.elapsed();
        let line = match terminal.read_line()? {
            Read::Line(line) => line,
            Read::End | Read::Interrupted => {
                terminal.show("\n")?;
                return Ok(Answer::Unanswered);
            }
        };
        match meaning(&line) {
            Meaning::Yes => return Ok(Answer::Yes),
            Meaning::No => return Ok(Answer::No),
            Meaning::Enter if clock.elapsed().saturating_sub(shown) >= TOO_SOON => {
                return Ok(Answer::Yes);
            }
            Meaning::Enter => {}
            Meaning::Explain => {
                let text = wording
                    .explanation
                    .lines()
                    .map(|line| fitted(line, columns));
                terminal.show(&format!("\n{}\n\n", text.collect::<Vec<_>>().join("\n")))?;
            }
            Meaning::Nothing if misses < ASK_AGAIN => {
                misses = misses.saturating_add(1);
                terminal.show("Please answer yes or no, or ? to see what is collected.\n")?;
            }
            Meaning::Nothing => return Ok(Answer::Unanswered),
        }
    }
}

fn meaning(line: &str) -> Meaning {
    match line.trim().to_ascii_lowercase().as_str() {
        "" => Meaning::Enter,
        "y" | "yes" => Meaning::Yes,
        "n" | "no" => Meaning::No,
        "?" => Meaning::Explain,
        _ => Meaning::Nothing,
    }
}
