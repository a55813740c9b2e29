//! Runs, followed from their start to their last exit.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::Array;

use crate::calendar::{Day, Period};
use crate::error::Error;
use crate::question::Selection;
use crate::reader::Reader;
use crate::scan::{
    Chunk, NONE, Needs, Remap, Texts, Visitor, dictionary, numbers, scan, shared_out, texts,
};

/// How runs that began in a period ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// Runs by the reason of their last exit; `None` for an exit that gives no reason.
    pub ended: HashMap<Option<Arc<str>>, u64>,
    /// Runs without an exit event.
    pub no_exit: u64,
    /// Of those, runs of events without an install id, which cannot be joined to their exit.
    pub without_install: u64,
}

impl Runs {
    /// All runs.
    pub fn total(&self) -> u64 {
        self.ended.values().sum::<u64>() + self.no_exit
    }

    fn add(&mut self, others: Runs) {
        for (reason, count) in others.ended {
            *self.ended.entry(reason).or_default() += count;
        }
        self.no_exit += others.no_exit;
        self.without_install += others.without_install;
    }
}

/// Follows every run that began in the period to its end, which may lie after it. `reason` is the column of the exit's
/// reason.
///
/// # Errors
/// See [`Reader::ask`].
pub fn runs(
    reader: &Reader<'_>,
    selection: &Selection,
    period: Period,
    reason: &str,
) -> Result<Runs, Error> {
    let selection = Selection {
        events: vec!["launched".into(), "exit".into()],
        period: Some(Period {
            from: period.from,
            to: Day(i32::MAX / 2),
        }),
        filters: selection.filters.clone(),
    };
    let reasons = Texts::new();
    let make = || Follower {
        reasons: &reasons,
        reason,
        remap: Remap::default(),
        shares: std::array::from_fn(|_| Vec::new()),
    };
    let needs = Needs {
        columns: vec!["session", "seq", reason],
        install: true,
        time: true,
    };
    let seen = scan(reader.parts(), &selection, &needs, reader.installs(), make)?;
    let mut shares: Vec<Vec<Vec<Step>>> = vec![Vec::new(); SHARES];
    for visitor in seen.visitors {
        let own = shares.iter_mut().zip(visitor.shares);
        own.for_each(|(all, one)| all.push(one));
    }
    let reasons = reasons.values();
    let name = |code: u32| {
        (code != NONE)
            .then(|| reasons.get(code as usize - 1).cloned())
            .flatten()
    };
    let end = period.ms().1;
    let followed = shared_out(&shares, |parts| {
        let mut steps = parts.concat();
        steps.sort_unstable();
        follow(&steps, end, name)
    });
    let mut all = Runs::default();
    followed.into_iter().for_each(|runs| all.add(runs));
    Ok(all)
}

/// Into how many shares steps are parted by install, so that a share is sorted within a processor's
/// cache: those of a million runs are 1 MB each.
const SHARES: usize = 64;

/// A `launched` or `exit` event. Sorts by install, session, time, `seq`; a start before an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    install: u32,
    session: Option<i64>,
    time: i64,
    seq: Option<i64>,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Launched,
    Exit(u32),
}

fn follow(steps: &[Step], end: i64, name: impl Fn(u32) -> Option<Arc<str>>) -> Runs {
    let mut runs = Runs::default();
    let mut at = 0;
    while at < steps.len() {
        let first = steps[at];
        // without install and session number nothing says which events belong together
        let loose = first.install == NONE && first.session.is_none();
        let same = |step: &&Step| {
            !loose
                && step.what != What::Launched
                && (step.install, step.session) == (first.install, first.session)
        };
        let exits: Vec<&Step> = steps[at + 1..].iter().take_while(same).collect();
        at += 1 + exits.len();
        if first.what != What::Launched || first.time >= end {
            continue;
        }
        match exits.last().map(|step| step.what) {
            Some(What::Exit(code)) => *runs.ended.entry(name(code)).or_default() += 1,
            _ => {
                runs.no_exit += 1;
                runs.without_install += u64::from(loose);
            }
        }
    }
    runs
}

struct Follower<'a> {
    reasons: &'a Texts,
    reason: &'a str,
    remap: Remap<u32>,
    shares: [Vec<Step>; SHARES],
}

impl Visitor for Follower<'_> {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let sessions = numbers(chunk.batch, "session")?;
        let seqs = numbers(chunk.batch, "seq")?;
        let codes = dictionary(chunk.batch, self.reason)?;
        let shared = self.reasons;
        let meaning = match codes {
            Some(codes) => self.remap.of(codes.values(), |values| {
                Ok(
                    shared.of_all(texts(values, self.reason)?.into_iter(), |text| {
                        Arc::from(text)
                    }),
                )
            })?,
            None => &mut [],
        };
        let reason = |row: u32| match codes.map(|codes| codes.keys()) {
            Some(keys) if keys.is_valid(row as usize) => meaning[keys.value(row as usize) as usize],
            _ => NONE,
        };
        let launched = chunk.event == 0;
        let step = |((&row, &time), &install): ((&u32, &i64), &u32)| Step {
            install,
            session: sessions.get(row),
            time,
            seq: seqs.get(row),
            what: if launched {
                What::Launched
            } else {
                What::Exit(reason(row))
            },
        };
        let rows = chunk.rows.iter().zip(&chunk.times).zip(&chunk.installs);
        for step in rows.map(step) {
            self.shares[step.install as usize % SHARES].push(step);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launched(install: u32, session: Option<i64>, time: i64) -> Step {
        Step {
            install,
            session,
            time,
            seq: None,
            what: What::Launched,
        }
    }

    fn exit(install: u32, session: Option<i64>, time: i64, reason: u32) -> Step {
        Step {
            install,
            session,
            time,
            seq: None,
            what: What::Exit(reason),
        }
    }

    fn runs(mut steps: Vec<Step>) -> String {
        steps.sort_unstable();
        let runs = follow(&steps, 100, |code| Some(Arc::from(code.to_string())));
        let mut ended: Vec<_> = runs
            .ended
            .iter()
            .map(|(reason, n)| format!("{}:{n}", reason.as_deref().unwrap()))
            .collect();
        ended.sort();
        format!(
            "{} none:{} loose:{}",
            ended.join(" "),
            runs.no_exit,
            runs.without_install
        )
    }

    #[test]
    fn a_run_ends_with_the_last_exit_before_the_next_start() {
        let steps = vec![
            launched(1, None, 1),
            exit(1, None, 2, 7),
            exit(1, None, 3, 8),
            launched(1, None, 4),
        ];
        assert_eq!(runs(steps), "8:1 none:1 loose:0");
    }

    #[test]
    fn an_exit_of_another_install_ends_nothing() {
        assert_eq!(
            runs(vec![launched(1, None, 1), exit(2, None, 2, 7)]),
            " none:1 loose:0"
        );
    }

    #[test]
    fn events_without_install_begin_runs_that_cannot_be_followed() {
        assert_eq!(
            runs(vec![launched(0, None, 1), exit(0, None, 2, 7)]),
            " none:1 loose:1"
        );
        assert_eq!(
            runs(vec![launched(0, Some(9), 1), exit(0, Some(9), 2, 7)]),
            "7:1 none:0 loose:0"
        );
    }

    #[test]
    fn two_runs_in_one_hour_are_told_apart_by_their_session() {
        let steps = vec![
            launched(1, Some(5), 10),
            launched(1, Some(6), 10),
            exit(1, Some(6), 10, 7),
            exit(1, Some(5), 20, 8),
        ];
        assert_eq!(runs(steps), "7:1 8:1 none:0 loose:0");
    }

    #[test]
    fn a_run_belongs_to_the_period_it_began_in_and_may_end_later() {
        let steps = vec![
            launched(1, None, 99),
            exit(1, None, 150, 7),
            launched(1, None, 160),
        ];
        assert_eq!(runs(steps), "7:1 none:0 loose:0");
        assert_eq!(runs(vec![exit(1, None, 5, 7)]), " none:0 loose:0");
    }
}
