//! Asks questions of the parts of one project. Dense install numbers are shared by all questions of a reader, so
//! that their sets can be compared.

use crate::error::Error;
use crate::question::{Ask, Dimension, Measure, Selection};
use crate::scan::{
    Alike, Chunk, GroupVisitor, Grouped, Installs, Merged, Names, Needs, Visitor, scan,
};
use crate::source::Part;

/// A project's rows, ready to be asked.
pub struct Reader<'a> {
    parts: Vec<&'a dyn Part>,
    installs: Installs,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("parts", &self.parts.len())
            .finish_non_exhaustive()
    }
}

/// What one pass found.
#[derive(Clone, Debug)]
pub struct Found {
    /// One for every ask, in order.
    pub asks: Vec<Grouped>,
    /// For every filter: rows of the period that do not carry its property.
    pub unrecorded: Vec<u64>,
}

impl<'a> Reader<'a> {
    /// Reads these parts.
    pub fn new(parts: Vec<&'a dyn Part>) -> Reader<'a> {
        Reader {
            parts,
            installs: Installs::default(),
        }
    }

    /// Answers all asks about the selected rows in one pass.
    ///
    /// # Errors
    /// A part that cannot be read, or a column of a type no version of the format gives it.
    pub fn ask(&self, selection: &Selection, asks: &[Ask]) -> Result<Found, Error> {
        let (found, _) = self.ask_and(selection, asks, &Needs::default(), || Nobody)?;
        Ok(found)
    }

    /// The same, and shows the rows to a further visitor in the same pass.
    pub(crate) fn ask_and<V: Visitor>(
        &self,
        selection: &Selection,
        asks: &[Ask],
        needs: &Needs<'_>,
        visitor: impl Fn() -> V + Sync,
    ) -> Result<(Found, Vec<V>), Error> {
        let names: Vec<Names> = asks.iter().map(Names::of).collect();
        let needs = Needs {
            columns: needs
                .columns
                .iter()
                .copied()
                .chain(asks.iter().flat_map(columns))
                .collect(),
            install: needs.install || asks.iter().any(of_installs),
            time: needs.time || asks.iter().any(timed),
        };
        let make = || Many {
            alike: Alike::of(asks),
            of_runs: asks.iter().map(Alike::answers).collect(),
            asks: asks
                .iter()
                .zip(&names)
                .map(|(ask, names)| GroupVisitor::new(ask, names))
                .collect(),
            further: visitor(),
        };
        let seen = scan(&self.parts, selection, &needs, &self.installs, make)?;
        let mut merged: Vec<Merged> = asks.iter().map(|_| Merged::default()).collect();
        let mut further = Vec::new();
        for thread in seen.visitors {
            thread
                .asks
                .into_iter()
                .zip(&mut merged)
                .for_each(|(visitor, all)| visitor.merge_into(all));
            further.push(thread.further);
        }
        let named = merged
            .into_iter()
            .zip(asks)
            .zip(&names)
            .map(|((all, ask), names)| all.named(ask, names));
        Ok((
            Found {
                asks: named.collect(),
                unrecorded: seen.unrecorded,
            },
            further,
        ))
    }

    pub(crate) fn parts(&self) -> &[&'a dyn Part] {
        &self.parts
    }

    pub(crate) fn installs(&self) -> &Installs {
        &self.installs
    }
}

/// The visitors of all asks, and one more.
struct Many<'a, V> {
    alike: Option<Alike<'a>>,
    asks: Vec<GroupVisitor<'a>>,
    /// Which of the asks are answered from runs of rows alike.
    of_runs: Vec<bool>,
    further: V,
}

impl<V: Visitor> Visitor for Many<'_, V> {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let runs = match &self.alike {
            Some(alike) => alike.shorten(chunk)?,
            None => None,
        };
        for (visitor, of_runs) in self.asks.iter_mut().zip(&self.of_runs) {
            match &runs {
                Some(runs) if *of_runs => visitor.visit(runs)?,
                _ => visitor.visit(chunk)?,
            }
        }
        self.further.visit(chunk)
    }
}

struct Nobody;

impl Visitor for Nobody {
    fn visit(&mut self, _chunk: &Chunk<'_>) -> Result<(), Error> {
        Ok(())
    }
}

/// Whether an ask needs a row's time.
fn timed(ask: &Ask) -> bool {
    ask.bucket.is_some() || ask.measures.contains(&Measure::Span)
}

/// Whether an ask needs a row's install.
fn of_installs(ask: &Ask) -> bool {
    ask.by.contains(&Dimension::Install) || ask.measures.contains(&Measure::Installs)
}

/// The columns an ask needs, but for time and install.
fn columns(ask: &Ask) -> Vec<&str> {
    let by = ask.by.iter().filter_map(|dimension| match dimension {
        Dimension::Text(column) => Some(column.as_str()),
        Dimension::Install => None,
    });
    let measured = ask.measures.iter().filter_map(|measure| match measure {
        Measure::Sum(column)
        | Measure::Present(column)
        | Measure::Absent(column)
        | Measure::Zero(column)
        | Measure::Quantiles(column) => Some(column.as_str()),
        Measure::Installs | Measure::Events | Measure::Span => None,
    });
    by.chain(measured).collect()
}
