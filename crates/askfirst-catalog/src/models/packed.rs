//! The list of model names as it lies in every tool: packed, and unpacked where somebody looks.
//!
//! The sorted lines of `catalogs/models.tsv` stand in blocks of 32. Of each name there are the
//! number of bytes it shares with the one before it in its block, the number of the others, the
//! others, and the number of its set of providers. A number below 128 is one byte; of a larger one
//! the first has the top bit set and counts 128 each.
//!
//! A block that somebody looked into stays unpacked: a tool looks for a name or two.

use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/models.rs"));

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/models.packed"));

static UNPACKED: [OnceLock<Box<str>>; BLOCKS] = [const { OnceLock::new() }; BLOCKS];

/// Lines `NAME<TAB>PROVIDERS` of the list, in its order, among them that of `name` if there is one.
pub(super) fn lines_around(name: &str) -> &'static str {
    let after = STARTS.partition_point(|start| first_name(*start) <= name.as_bytes());
    // What is before every name is in no block.
    after.checked_sub(1).and_then(unpacked).unwrap_or_default()
}

/// The name a block begins with, which shares nothing.
fn first_name(start: u32) -> &'static [u8] {
    let first = || {
        let (_, rest) = number(from(start))?;
        let (bytes, rest) = number(rest)?;
        rest.get(..bytes)
    };
    first().unwrap_or_default()
}

/// The packed bytes from a place on.
fn from(start: u32) -> &'static [u8] {
    let start = usize::try_from(start).ok();
    start.and_then(|at| PACKED.get(at..)).unwrap_or_default()
}

fn unpacked(block: usize) -> Option<&'static str> {
    let place = UNPACKED.get(block)?;
    if place.get().is_none() {
        let start = from(*STARTS.get(block)?);
        let end = STARTS
            .get(block.saturating_add(1))
            .map(|end| from(*end).len());
        let bytes = start.get(..start.len().saturating_sub(end.unwrap_or(0)))?;
        // Whoever was faster unpacked the same.
        drop(place.set(unpack(bytes).into_boxed_str()));
    }
    place.get().map(|lines| &**lines)
}

/// The lines of a block.
fn unpack(mut block: &[u8]) -> String {
    let (mut lines, mut name) = (String::new(), Vec::new());
    while let Some((rest, set)) = next(block, &mut name) {
        block = rest;
        lines.extend([&*String::from_utf8_lossy(&name), "\t", set, "\n"]);
    }
    lines
}

/// Makes of the name before the next one; what follows it, and its set of providers.
fn next<'p>(block: &'p [u8], name: &mut Vec<u8>) -> Option<(&'p [u8], &'static str)> {
    let (shared, rest) = number(block)?;
    let (bytes, rest) = number(rest)?;
    let (own, rest) = rest.split_at_checked(bytes)?;
    let (set, rest) = number(rest)?;
    name.truncate(shared);
    name.extend_from_slice(own);
    Some((rest, SETS.lines().nth(set)?))
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let Some(high) = first.checked_sub(128) else {
        return Some((usize::from(*first), rest));
    };
    let (low, rest) = rest.split_first()?;
    let high = usize::from(high).saturating_mul(128);
    Some((high.saturating_add(usize::from(*low)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::shipped::NAMES;

    #[test]
    fn b08_what_is_unpacked_is_the_list_line_by_line() {
        let blocks: Vec<_> = (0..BLOCKS).map(|block| unpacked(block).unwrap()).collect();
        let lines = NAMES.lines().filter(|line| !line.starts_with('#'));
        assert!(blocks.concat().lines().eq(lines));
        assert_eq!(unpacked(BLOCKS), None);
        let (packed, list) = (PACKED.len(), NAMES.len());
        assert!(
            packed * 2 < list,
            "packed the list is to take less than half its room in a tool: {packed} of {list} bytes"
        );
    }

    #[test]
    fn b08_a_name_is_looked_for_where_it_would_stand() {
        for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
            let (name, _) = line.split_once('\t').unwrap();
            let around = lines_around(name);
            assert!(around.lines().any(|it| it == line), "{name}");
        }
        assert_eq!(lines_around(""), "");
        let last = NAMES.lines().last().unwrap();
        assert_eq!(lines_around("\u{10ffff}").lines().last(), Some(last));
    }

    #[test]
    fn numbers_are_one_byte_or_two() {
        assert_eq!(number(&[0x7f, 9]), Some((127, &[9][..])));
        assert_eq!(number(&[0x81, 0x00]), Some((128, &[][..])));
        assert_eq!(number(&[0xff, 0x7f]), Some((127 * 128 + 127, &[][..])));
        assert_eq!((number(&[]), number(&[0x81])), (None, None));
    }
}
