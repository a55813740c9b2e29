//! A tool that falls by itself, now and then.

use std::sync::{Mutex, PoisonError};

use super::process::Run;
use crate::error::Error;
use crate::policy::ATTEMPTS;
use crate::report::BegunAnew;

/// What was begun anew, for the report.
#[derive(Debug, Default)]
pub(crate) struct Anew(Mutex<Vec<BegunAnew>>);

/// What came of attempts that began anew.
#[derive(Debug)]
pub(crate) struct Stood<T> {
    /// Of the attempt in which nothing fell.
    pub of: T,
    /// How many were given up before it.
    pub given_up: usize,
}

impl Anew {
    /// Makes attempts at `what` until one ends without a run that
    /// [fell by itself](Error::Aborted), and notes how many did not, whatever came of it.
    ///
    /// # Errors
    ///
    /// Those of an attempt; [`Error::NeverStood`] once [`ATTEMPTS`] were given up.
    pub(crate) fn until_it_stands<T>(
        &self,
        what: &str,
        attempt: impl Fn() -> Result<T, Error>,
    ) -> Result<Stood<T>, Error> {
        let mut given_up = 0;
        let end = loop {
            match attempt() {
                Err(Error::Aborted { typed }) => {
                    given_up += 1;
                    if given_up == ATTEMPTS {
                        break Err(Error::NeverStood { typed });
                    }
                }
                end => break end,
            }
        };
        if given_up > 0 {
            self.note(what, given_up);
        }
        Ok(Stood { of: end?, given_up })
    }

    fn note(&self, what: &str, given_up: usize) {
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        begun.push(BegunAnew {
            what: what.to_owned(),
            given_up,
        });
    }

    /// All of it, by what it was.
    pub(crate) fn list(&self) -> Vec<BegunAnew> {
        let begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list = begun.clone();
        list.sort_by(|one, other| one.what.cmp(&other.what));
        list
    }
}

/// The run, unless the tool `aborts_by_itself` and this is such a run: aborted, with nothing
/// said of why, as a runtime is that cannot end its threads. A panic or an exception is none.
pub(super) fn stood(run: Run, aborts_by_itself: bool) -> Result<Run, Error> {
    match aborts_by_itself && run.was_aborted() && crate::judge::fell(&run).is_none() {
        true => Err(Error::Aborted { typed: run.typed }),
        false => Ok(run),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn ended(signal: Option<i32>, stderr: &str) -> Run {
        Run {
            code: signal.is_none().then_some(0),
            signal,
            stderr: stderr.to_owned(),
            ..Run::default()
        }
    }

    /// Attempts of which so many fall before one ends as it does.
    fn falls(
        anew: &Anew,
        times: usize,
        ends: impl Fn() -> Result<(), Error>,
    ) -> Result<Stood<()>, Error> {
        let left = Cell::new(times);
        let attempt = || match left.replace(left.get().saturating_sub(1)) {
            0 => ends(),
            _ => Err(Error::Aborted {
                typed: String::new(),
            }),
        };
        anew.until_it_stands("some runs", attempt)
    }

    #[test]
    fn only_an_abort_that_says_nothing_is_the_tools_own_and_only_where_it_is_said_to_be() {
        let (abort, kill) = (Some(6), Some(9));
        assert!(stood(ended(abort, "FATAL: exception not rethrown"), true).is_err());
        assert!(stood(ended(abort, ""), true).is_err());
        for (signal, said, aborts_by_itself) in [
            (abort, "", false),
            (abort, "thread 'askfirst' panicked at src/lib.rs", true),
            (abort, "Traceback (most recent call last):", true),
            (kill, "", true),
            (None, "", true),
        ] {
            assert!(stood(ended(signal, said), aborts_by_itself).is_ok());
        }
    }

    #[test]
    fn an_attempt_counts_when_nothing_fell_and_not_every_one_may_fall() {
        let stands = |times| falls(&Anew::default(), times, || Ok(()));
        for given_up in [0, 2, ATTEMPTS - 1] {
            assert_eq!(stands(given_up).map(|it| it.given_up).ok(), Some(given_up));
        }
        assert!(matches!(stands(ATTEMPTS), Err(Error::NeverStood { .. })));
    }

    #[test]
    fn what_was_given_up_is_noted_whatever_came_of_it() {
        let anew = Anew::default();
        assert!(falls(&anew, 1, || Ok(())).is_ok());
        let why = "another reason";
        for fallen in [0, 2] {
            let end = falls(&anew, fallen, || Err(Error::not_applicable(why)));
            assert_eq!(
                end.unwrap_err().to_string(),
                why,
                "and is attempted no more"
            );
        }
        assert!(falls(&anew, ATTEMPTS, || Ok(())).is_err());
        let noted: Vec<_> = anew.list().iter().map(|it| it.given_up).collect();
        assert_eq!(noted, [1, 2, ATTEMPTS]);
    }
}
