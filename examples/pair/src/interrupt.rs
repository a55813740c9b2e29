//! Ctrl-C: it ends the answer that is coming, or the command that is running, and only where
//! there is neither, `pair`. At the prompt the line editor takes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// Whether Ctrl-C was pressed.
pub(crate) struct Interrupt {
    pub(crate) pressed: Arc<AtomicBool>,
    /// Nothing is under way: Ctrl-C does what it always does.
    idle: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on.
    pub(crate) fn listen() -> std::io::Result<Interrupt> {
        let (pressed, idle) = (Arc::default(), Arc::new(AtomicBool::new(true)));
        flag::register_conditional_default(SIGINT, Arc::clone(&idle))?;
        flag::register(SIGINT, Arc::clone(&pressed))?;
        Ok(Interrupt { pressed, idle })
    }

    /// Does something that Ctrl-C ends without ending `pair`.
    pub(crate) fn guard<T>(&self, work: impl FnOnce() -> T) -> T {
        self.pressed.store(false, Ordering::SeqCst);
        self.idle.store(false, Ordering::SeqCst);
        let done = work();
        self.idle.store(true, Ordering::SeqCst);
        done
    }
}
