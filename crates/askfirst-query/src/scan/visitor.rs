//! One thread's groups of one ask.

use crate::error::Error;
use crate::question::Ask;
use crate::scan::columns::Chunk;
use crate::scan::grouped::Merged;
use crate::scan::groups::Groups;
use crate::scan::keyer::{Keyer, Names};
use crate::scan::tally::Tally;

/// Puts rows into groups and measures them.
#[derive(Debug)]
pub(crate) struct GroupVisitor<'a> {
    keyer: Keyer<'a>,
    groups: Groups,
    tallies: Vec<Tally>,
}

impl<'a> GroupVisitor<'a> {
    pub(crate) fn new(ask: &'a Ask, names: &'a Names) -> GroupVisitor<'a> {
        GroupVisitor {
            keyer: Keyer::new(ask, names),
            groups: Groups::default(),
            tallies: ask.measures.iter().map(Tally::new).collect(),
        }
    }

    /// Adds the rows of a chunk.
    pub(crate) fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let positions = self.keyer.positions(chunk, &mut self.groups)?;
        let groups = self.groups.keys().len();
        for tally in &mut self.tallies {
            tally.add(chunk, &positions, groups)?;
        }
        Ok(())
    }

    /// Gives up its groups.
    pub(crate) fn merge_into(self, all: &mut Merged) {
        all.add(&self.groups, &self.tallies);
    }
}
