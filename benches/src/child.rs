//! A collector in a process of its own.

use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::usage::usage;

/// The process; killed when dropped, unless it was stopped.
#[derive(Debug)]
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// CPU time used so far and largest resident memory in bytes, as the kernel counts them
    /// (Linux only; zero elsewhere).
    pub(crate) fn usage(&self) -> (Duration, u64) {
        usage(self.0.id())
    }

    /// Stops it as an operator does, with SIGTERM, and waits until everything is sealed.
    pub(crate) fn stop(mut self) -> Result<()> {
        let kill = Command::new("kill").arg(self.0.id().to_string()).status()?;
        let ended = self.0.wait()?;
        if !kill.success() || !ended.success() {
            bail!("the collector ended with {ended}");
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
