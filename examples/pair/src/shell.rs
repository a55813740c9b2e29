//! Commands of the user's, in the shell.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::interrupt::Interrupt;
use crate::screen::{say, warn};

/// How much output is kept for the chat, in bytes: about 16,000 tokens.
const KEPT: usize = 64 << 10;

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) passed: bool,
    /// What it wrote to either output, from its end where it is long.
    pub(crate) output: String,
}

/// Runs a command in `dir`, and shows what it writes.
pub(crate) fn run(command: &str, dir: &Path, interrupt: &Interrupt) -> Ran {
    interrupt
        .guard(|| shown(command, dir))
        .unwrap_or_else(|error| {
            warn(format_args!("cannot run it: {error}"));
            Ran {
                passed: false,
                output: String::new(),
            }
        })
}

fn shown(command: &str, dir: &Path) -> std::io::Result<Ran> {
    let (shell, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let (reader, writer) = std::io::pipe()?;
    let mut process = Command::new(shell);
    process
        .args([flag, command])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = process.spawn()?;
    // The command holds our side of the pipe: with it, the output would never end.
    drop(process);
    let mut output = String::new();
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        say(text.trim_end_matches(['\r', '\n']));
        output.push_str(&text);
        line.clear();
    }
    if output.len() > KEPT {
        let start = output.ceil_char_boundary(output.len() - KEPT);
        output.drain(..start);
    }
    let passed = child.wait()?.success();
    Ok(Ran { passed, output })
}

/// A file's name as one word of a command.
pub(crate) fn quoted(file: &str) -> String {
    match cfg!(windows) {
        true => format!("\"{file}\""),
        false => format!("'{}'", file.replace('\'', r"'\''")),
    }
}
