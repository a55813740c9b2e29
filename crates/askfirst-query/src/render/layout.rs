//! Which columns of a table fit, and how wide the name may be.
//!
//! When a table is too wide its columns leave in the order spark, bar, share, tokens, other numbers, change; the
//! name and the main numbers never do. Names are shortened to what a dated model name needs before a
//! column leaves, and below that only when nothing is left that could.

use unicode_width::UnicodeWidthStr;

use crate::answer::{Column, Role, Shown, Unit};
use crate::policy;

/// A column that stayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Its position in the table.
    pub(crate) index: usize,
    /// Cells it takes, without the gap before it.
    pub(crate) width: usize,
    /// Drawn as a bar before its number.
    pub(crate) bar: bool,
    /// Cells between it and the column before.
    pub(crate) gap: usize,
}

/// What was measured of a column: the widest of its texts, and of its head.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) text: usize,
    pub(crate) head: usize,
}

impl Measured {
    pub(crate) fn of<'a>(head: &str, texts: impl Iterator<Item = &'a str>) -> Measured {
        Measured {
            text: texts.map(UnicodeWidthStr::width).max().unwrap_or(0),
            head: head.width(),
        }
    }
}

/// Room of a percentage: `<0.1%`, `99.9%`.
const PERCENT_CELLS: usize = 5;

/// The columns that fit into `width`, the name first. `None` when not even name and main numbers do.
pub(crate) fn fit(
    columns: &[Column],
    measured: &[Measured],
    width: usize,
    sparks: bool,
) -> Option<Vec<Placed>> {
    let mut kept: Vec<usize> = (0..columns.len())
        .filter(|&i| for_people(&columns[i], sparks))
        .collect();
    let mut bars = true;
    loop {
        let mut placed = place(columns, measured, &kept, bars);
        if narrow_name(&mut placed, width, policy::NAME_WANTED) {
            return Some(placed);
        }
        let wide = kept.iter().rposition(|&i| columns[i].shown == Shown::Wide);
        let leaver = wide.or_else(|| first_to_leave(columns, &kept));
        match leaver {
            Some(at) if bars && columns[kept[at]].role == Role::Share && wide.is_none() => {
                bars = false
            }
            Some(at) => drop(kept.remove(at)),
            None => {
                return narrow_name(&mut placed, width, policy::NAME_AT_LEAST).then_some(placed);
            }
        }
    }
}

fn for_people(column: &Column, sparks: bool) -> bool {
    column.shown != Shown::Exports && (sparks || column.unit != Unit::Series)
}

/// The kept column whose role leaves first; the last of several.
fn first_to_leave(columns: &[Column], kept: &[usize]) -> Option<usize> {
    let leaving = kept
        .iter()
        .enumerate()
        .skip(1)
        .filter(|&(_, &i)| columns[i].role != Role::Main);
    leaving
        .min_by_key(|&(at, &i)| (columns[i].role, std::cmp::Reverse(at)))
        .map(|(at, _)| at)
}

fn place(columns: &[Column], measured: &[Measured], kept: &[usize], bars: bool) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::with_capacity(kept.len());
    for &index in kept {
        let Measured { text, head } = measured[index];
        let bar = bars && columns[index].role == Role::Share;
        let cells = if bar {
            policy::BAR_CELLS + text.max(PERCENT_CELLS)
        } else {
            text
        };
        // a percentage leaves room before the spark that follows it
        let after_share = placed
            .last()
            .is_some_and(|last| columns[last.index].role == Role::Share);
        let gap = match columns[index].unit {
            _ if placed.is_empty() => 0,
            Unit::Series if after_share => 1,
            _ => 2,
        };
        placed.push(Placed {
            index,
            width: cells.max(head),
            bar,
            gap,
        });
    }
    placed
}

/// Narrows the name until the line fits, not below `least`. Whether it fits.
fn narrow_name(placed: &mut [Placed], width: usize, least: usize) -> bool {
    let total: usize = placed.iter().map(|column| column.gap + column.width).sum();
    let Some(name) = placed.first_mut() else {
        return true;
    };
    let over = total.saturating_sub(width);
    let room = name.width.saturating_sub(least);
    name.width -= over.min(room);
    over <= room
}
