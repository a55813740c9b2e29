//! Figures of several rounds.

use std::fmt;

/// The smallest, the middle and the largest of some figures: one figure alone says little on a
/// machine that others use too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The smallest.
    pub min: f64,
    /// The middle one; the lower of two.
    pub median: f64,
    /// The largest.
    pub max: f64,
}

impl Spread {
    /// Of at least one figure; of none, all are NaN.
    pub fn of(mut figures: Vec<f64>) -> Spread {
        figures.sort_by(f64::total_cmp);
        let at = |index: usize| figures.get(index).copied().unwrap_or(f64::NAN);
        let last = figures.len().saturating_sub(1);
        Spread {
            min: at(0),
            median: at(last / 2),
            max: at(last),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = f.precision().unwrap_or(2);
        let Spread { min, median, max } = self;
        write!(f, "{median:.places$} ({min:.places$} to {max:.places$})")
    }
}
