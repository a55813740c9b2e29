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

    /// Whether we are in a child of it.
    pub(crate) fn is_parent(&self) -> bool {
        self.was_forked() || self.is_another()
    }

    fn is_another(&self) -> bool {
        std::process::id() != self.id
    }
}

#[cfg(all(test, unix))]
mod tests {
    use fork::Fork;
    use rustix::process::{Signal, WaitOptions, getpid, kill_process, waitpid};

    use super::*;

    /// What a child saw. It ends by a signal that says so: other threads of this test are not
    /// in it, and nothing they hold may be waited for.
    fn say(expected: bool) -> ! {
        let signal = match expected {
            true => Signal::USR1,
            false => Signal::USR2,
        };
        let _ = kill_process(getpid(), signal);
        unreachable!("the signal ends it");
    }

    #[test]
    fn d4_a_child_is_told_and_its_parent_is_not() {
        let began = Process::this();
        assert!(began.told.is_some());
        assert!(!began.was_forked() && !began.is_parent());
        match fork::fork().unwrap() {
            Fork::Child => {
                let told = began.was_forked() && began.is_parent();
                let anew = Process::this();
                say(told && !anew.was_forked() && !anew.is_parent());
            }
            Fork::Parent(child) => {
                let child = rustix::process::Pid::from_raw(child);
                let (_, ended) = waitpid(child, WaitOptions::empty()).unwrap().unwrap();
                assert_eq!(ended.terminating_signal(), Some(Signal::USR1.as_raw()));
                assert!(!began.was_forked() && !began.is_parent());
            }
        }
    }

    #[test]
    fn d4_where_the_library_tells_nothing_the_system_is_asked() {
        let mut began = Process::this();
        began.told = None;
        assert!(!began.was_forked());
        began.id += 1;
        assert!(began.was_forked() && began.is_parent());
    }
}
