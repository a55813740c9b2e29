//! The terminal a person sits at.

#[cfg_attr(unix, path = "terminal_unix.rs")]
#[cfg_attr(windows, path = "terminal_windows.rs")]
mod system;

use std::fmt::Debug;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

/// What came from a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// A line, without its end.
    Line(String),
    /// The end of input.
    End,
    /// A signal.
    Interrupted,
}

/// A terminal, or what stands in its place in a test.
pub trait Terminal: Debug {
    /// Whether a person can be asked: standard input, output and error are terminals, in the
    /// foreground, and give whole lines.
    fn is_attended(&self) -> bool;

    /// How wide it is, if that is known.
    fn columns(&self) -> Option<usize>;

    /// Discards what was typed and not read.
    ///
    /// # Errors
    ///
    /// Those of the terminal. Then nothing is asked.
    fn discard_waiting(&mut self) -> io::Result<()>;

    /// Shows text, on standard error: standard output belongs to the host.
    ///
    /// # Errors
    ///
    /// Those of the terminal.
    fn show(&mut self, text: &str) -> io::Result<()>;

    /// Waits for a line.
    ///
    /// # Errors
    ///
    /// Those of the terminal.
    fn read_line(&mut self) -> io::Result<Read>;
}

/// Asked in this process: some hosts start twice in one, and one start has one question.
static ASKED: AtomicBool = AtomicBool::new(false);

/// The terminal of the process.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealTerminal;

impl Terminal for RealTerminal {
    fn is_attended(&self) -> bool {
        io::stdin().is_terminal()
            && io::stdout().is_terminal()
            && io::stderr().is_terminal()
            && system::gives_lines()
            && !ASKED.load(Ordering::Relaxed)
    }

    fn columns(&self) -> Option<usize> {
        let (width, _) = terminal_size::terminal_size_of(io::stderr())?;
        Some(usize::from(width.0))
    }

    fn discard_waiting(&mut self) -> io::Result<()> {
        ASKED.store(true, Ordering::Relaxed);
        system::discard_waiting()
    }

    fn show(&mut self, text: &str) -> io::Result<()> {
        let mut stderr = io::stderr().lock();
        stderr.write_all(text.as_bytes())?;
        stderr.flush()
    }

    fn read_line(&mut self) -> io::Result<Read> {
        system::read_line()
    }
}
