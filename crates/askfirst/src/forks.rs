//! Whether this process is a forked child of the one it began in (decision D4): a child must
//! not draw its parent's ids again, nor write into its file.
//!
//! It is asked at every call, and a system call would be a tenth of one. So the C library tells
//! of every `fork`, and a call compares a counter. A child that was made past the C library,
//! which leaves it in no state to go on in, is found only where the system is asked.

/// The process something belongs to.
#[derive(Debug)]
pub(crate) struct Process {
    id: u32,
    /// Where the C library tells; nothing is forked where there is no such thing.
    #[cfg(unix)]
    told: Option<forkguard::atfork::Guard>,
}

impl Process {
    /// This one.
    pub(crate) fn this() -> Process {
        Process {
            id: std::process::id(),
            #[cfg(unix)]
            told: forkguard::atfork::Guard::try_new().ok(),
        }
    }

    /// Whether we are in a child of it, as far as can be told without asking the system.
    pub(crate) fn was_forked(&self) -> bool {
        #[cfg(unix)]
        if let Some(told) = &self.told {
            return told.clone().detected_fork();
        }
        self.is_another()
    }

    /// Whether we are in a child of it; asks the system where nothing was told.
    pub(crate) fn we_are_its_child(&self) -> bool {
        self.was_forked() || self.is_another()
    }

    fn is_another(&self) -> bool {
        std::process::id() != self.id
    }
}

#[cfg(test)]
#[cfg(unix)]
pub(crate) mod tests {
    use fork::Fork;
    use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};

    use super::*;

    /// Whether it was so in a forked child. That ends by a signal, which says it: other threads
    /// of this test are not in it, and nothing they hold may be waited for.
    pub(crate) fn in_a_child(saw: impl FnOnce() -> bool) -> bool {
        match fork::fork().unwrap() {
            Fork::Child => {
                let signal = match saw() {
                    true => Signal::USR1,
                    false => Signal::USR2,
                };
                let _ = kill_process(getpid(), signal);
                unreachable!("the signal ends it");
            }
            Fork::Parent(child) => {
                let (_, ended) = waitpid(Pid::from_raw(child), WaitOptions::empty())
                    .unwrap()
                    .unwrap();
                ended.terminating_signal() == Some(Signal::USR1.as_raw())
            }
        }
    }

    #[test]
    fn d4_a_child_is_told_and_its_parent_is_not() {
        let began = Process::this();
        assert!(began.told.is_some());
        assert!(!began.was_forked() && !began.we_are_its_child());
        assert!(in_a_child(|| {
            let told = began.was_forked() && began.we_are_its_child();
            let anew = Process::this();
            told && !anew.was_forked() && !anew.we_are_its_child()
        }));
        assert!(!began.was_forked() && !began.we_are_its_child());
    }

    #[test]
    fn d4_where_the_library_tells_nothing_the_system_is_asked() {
        let mut began = Process::this();
        began.told = None;
        assert!(!began.was_forked());
        began.id += 1;
        assert!(began.was_forked() && began.we_are_its_child());
    }
}
