//! One run of several, and of keys in memory, in bounded memory.

use super::EventKey;
use super::read::Reader;
use super::run::Run;
use super::write::RunWriter;
use crate::error::Error;
use crate::policy::KEY_BLOCK;

/// Keys in order.
pub(crate) enum Source<'r> {
    /// Those of a run.
    Run(&'r Run),
    /// Those in memory.
    Keys(&'r [EventKey]),
}

/// Where a key of a merged run comes from: the source, and the place in it.
pub(crate) type Origin = (usize, u64);

enum Input<'r> {
    Run(Reader<'r>),
    Keys(std::slice::Iter<'r, EventKey>),
}

impl Input<'_> {
    fn next(&mut self) -> Result<Option<EventKey>, Error> {
        match self {
            Input::Run(reader) => reader.next(),
            Input::Keys(keys) => Ok(keys.next().copied()),
        }
    }
}

/// Keys of all sources: what a run of them is announced with.
pub(crate) fn keys_of(sources: &[Source<'_>]) -> u64 {
    let keys = sources.iter().map(|source| match source {
        Source::Run(run) => run.keys(),
        Source::Keys(keys) => keys.len() as u64,
    });
    keys.sum()
}

/// Writes the keys of all sources in order, telling `came` of each where it comes from.
/// Between two blocks it calls `between`, which may do something more urgent.
pub(crate) fn merge(
    sources: &[Source<'_>],
    out: &mut RunWriter<'_>,
    mut came: impl FnMut(Origin),
    mut between: impl FnMut() -> Result<(), Error>,
) -> Result<(), Error> {
    let mut inputs: Vec<Input<'_>> = sources
        .iter()
        .map(|source| match source {
            Source::Run(run) => Input::Run(Reader::new(run)),
            Source::Keys(keys) => Input::Keys(keys.iter()),
        })
        .collect();
    let mut places = vec![0; inputs.len()];
    let mut heads = Vec::with_capacity(inputs.len());
    for input in &mut inputs {
        heads.push(input.next()?);
    }
    for n in 0_usize.. {
        // There are few: the number of runs grows with the logarithm of the keys.
        let least = heads
            .iter()
            .enumerate()
            .filter_map(|(at, it)| Some(((*it)?, at)));
        let Some((key, at)) = least.min() else {
            return Ok(());
        };
        out.push(key)?;
        came((at, places[at]));
        places[at] += 1;
        heads[at] = inputs[at].next()?;
        if n.is_multiple_of(KEY_BLOCK) {
            between()?;
        }
    }
    Ok(())
}
