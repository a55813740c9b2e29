//! Consoles of Windows.

use std::io;

use crossterm_winapi::{Console, Handle};

use super::Read;

/// A console has no background and gives lines to who asks for lines.
pub(super) fn gives_lines() -> bool {
    true
}

pub(super) fn discard_waiting() -> io::Result<()> {
    let console = Console::from(Handle::current_in_handle()?);
    while console.number_of_console_input_events()? > 0 {
        console.read_console_input()?;
    }
    Ok(())
}

/// Ctrl-C ends the process here, unless the host handles it; then the question goes on.
pub(super) fn read_line() -> io::Result<Read> {
    let mut line = String::new();
    match io::stdin().read_line(&mut line)? {
        0 => Ok(Read::End),
        _ => {
            let end = line.trim_end_matches(['\r', '\n']).len();
            line.truncate(end);
            Ok(Read::Line(line))
        }
    }
}
