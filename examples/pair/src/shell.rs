//! Commands of the user's, in the shell.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::interrupt::Interrupt;
use crate::screen::{say, warn};

/// Runs a command in `dir` and shows what it writes: whether it passed, and its output.
pub(crate) fn run(command: &str, dir: &Path, interrupt: &Interrupt) -> (bool, String) {
    let ran = interrupt.guard(|| shown(command, dir));
    ran.map_err(|error| warn(format_args!("cannot run it: {error}"))).unwrap_or_default()
}

fn shown(command: &str, dir: &Path) -> std::io::Result<(bool, String)> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let (reader, writer) = std::io::pipe()?;
    // The temporary command holds our side of the pipe, which must be gone to see the end.
    let mut child = Command::new(shell)
        .args([flag, command])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .spawn()?;
    let mut output = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        say(&line);
        output = output + &line + "\n";
    }
    Ok((child.wait()?.success(), output))
}
