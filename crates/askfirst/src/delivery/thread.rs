//! The thread that delivers while a session goes on. It is never waited for.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::round::{Ended, Round};

/// Wakes a running delivery, or ends it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bell {
    shared: Arc<(Mutex<Signal>, Condvar)>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Signal {
    #[default]
    None,
    /// A file was closed.
    Look,
    /// The handle is gone, or the answer is no.
    End,
}

impl Bell {
    /// There is something to deliver.
    pub(crate) fn ring(&self) {
        self.set(Signal::Look);
    }

    /// Nothing more is to be sent. Does not wait: a request on its way is on its way.
    pub(crate) fn end(&self) {
        self.set(Signal::End);
    }

    fn set(&self, signal: Signal) {
        let mut at = self.lock();
        // Who has been told already is not woken again.
        if *at != Signal::End && *at != signal {
            *at = signal;
            self.shared.1.notify_all();
        }
    }

    /// Waits for a signal, at most `ms` if given. False when it is the end.
    fn wait(&self, ms: Option<u64>) -> bool {
        let mut at = self.lock();
        if *at == Signal::None {
            at = match ms {
                None => self
                    .shared
                    .1
                    .wait_while(at, |it| *it == Signal::None)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(ms) => {
                    let ms = Duration::from_millis(ms);
                    let waited = self
                        .shared
                        .1
                        .wait_timeout_while(at, ms, |it| *it != Signal::End);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        let go_on = *at != Signal::End;
        if go_on {
            *at = Signal::None;
        }
        go_on
    }

    fn lock(&self) -> MutexGuard<'_, Signal> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts delivering; `withdrawn` is called if the answer is not yes any more. Returns whether a thread could be started; without one everything
/// waits for the next run.
pub(crate) fn start(round: Round, bell: Bell, withdrawn: impl FnOnce() + Send + 'static) -> bool {
    let named = std::thread::Builder::new().name("askfirst".to_owned());
    let run = move || {
        if run(round, &bell) == Ended::Withdrawn {
            withdrawn();
        }
    };
    named.spawn(run).is_ok()
}

/// Delivers until there is no more to be done, and says why.
fn run(mut round: Round, bell: &Bell) -> Ended {
    loop {
        let wait = match round.run() {
            Ended::Empty => None,
            Ended::Later(ms) => Some(ms),
            over => return over,
        };
        if !bell.wait(wait) {
            return Ended::Over;
        }
    }
}
