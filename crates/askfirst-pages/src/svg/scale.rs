//! From values to places: where a bar stands, how tall it is, which lines and labels help to read it.

use askfirst_query::calendar::{Bucket, Day};

/// How the horizontal axis is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Across {
    /// In percent of whatever width the page has.
    Fluid,
    /// In pixels, from a left edge over a width: a standalone file.
    Fixed {
        /// Left edge.
        left: f64,
        /// Width.
        width: f64,
    },
}

impl Across {
    /// A place, from 0 (left) to 1 (right).
    pub fn at(self, place: f64) -> String {
        match self {
            Across::Fluid => percent(place),
            Across::Fixed { left, width } => pixels(left + place * width),
        }
    }

    /// A length, from 0 to 1 (the whole width).
    pub fn wide(self, length: f64) -> String {
        match self {
            Across::Fluid => percent(length),
            Across::Fixed { width, .. } => pixels(length * width),
        }
    }
}

/// A fraction as `12.5%`, with the decimals that make a difference on a screen 4,000 pixels wide.
pub fn percent(fraction: f64) -> String {
    format!("{}%", trimmed(fraction * 100.0, 2))
}

/// Pixels, to a tenth.
pub fn pixels(length: f64) -> String {
    trimmed(length, 1)
}

fn trimmed(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    if text == "-0" {
        "0".into()
    } else {
        text.into()
    }
}

/// A part of a whole as a fraction; nothing of nothing is nothing.
pub fn fraction(part: i128, whole: i128) -> f64 {
    if whole <= 0 {
        0.0
    } else {
        part.max(0) as f64 / whole as f64
    }
}

/// A vertical axis from zero to a round number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Between two lines.
    pub step: i128,
    /// How many steps.
    pub steps: i128,
}

impl Linear {
    /// Reaches `largest` with one to four steps of 1, 2, 2.5 or 5 times a power of ten.
    pub fn to(largest: i128) -> Linear {
        let largest = largest.max(1);
        let mut tens = 1i128;
        loop {
            for (factor, of) in [(1, 1), (2, 1), (5, 2), (5, 1)] {
                let step = tens * factor / of;
                // 2.5 of something that comes in whole pieces
                if step * of == tens * factor && step * 4 >= largest {
                    let steps = (largest + step - 1) / step;
                    return Linear { step, steps };
                }
            }
            tens = tens.saturating_mul(10);
        }
    }

    /// The value of the uppermost line.
    pub fn top(self) -> i128 {
        self.step * self.steps
    }

    /// Values of the lines, zero first.
    pub fn lines(self) -> impl Iterator<Item = i128> {
        (0..=self.steps).map(move |n| n * self.step)
    }

    /// How far above the baseline a value is, in pixels of an axis `height` pixels tall.
    pub fn above(self, value: i128, height: f64) -> f64 {
        fraction(value, self.top()) * height
    }
}

/// A label on the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The bucket it stands under.
    pub at: usize,
    /// What it says.
    pub text: String,
    /// Goes on narrow screens.
    pub optional: bool,
}

/// Most labels on a time axis of a wide screen.
const TICKS: usize = 9;

/// Labels for buckets that start on these days: Mondays where a bucket is a day, else every so many buckets.
pub fn ticks(starts: &[Day], bucket: Bucket) -> Vec<Tick> {
    let places: Vec<usize> = match bucket {
        Bucket::Day if starts.len() > 10 => (0..starts.len())
            .filter(|&i| Bucket::Week.start(starts[i]) == starts[i])
            .collect(),
        _ => (0..starts.len()).collect(),
    };
    let every = places.len().div_ceil(TICKS).max(1);
    let few = places.len().div_ceil(every) <= 3;
    let kept = places.into_iter().step_by(every).enumerate();
    kept.map(|(n, at)| Tick {
        at,
        text: label(starts[at], bucket),
        optional: n % 2 == 1 && !few,
    })
    .collect()
}

fn label(day: Day, bucket: Bucket) -> String {
    match bucket {
        Bucket::Month => day.month(),
        // `Mon 9 Dec` without the weekday, which is the same under every label
        _ => day
            .short()
            .split_once(' ')
            .map_or_else(|| day.short(), |(_, rest)| rest.replace(' ', "\u{202f}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_on_a_round_number_at_or_above_the_largest_value() {
        let seen: Vec<(i128, i128)> = [0, 1, 3, 5, 9, 86, 136, 1_000, 5_610_000_000]
            .into_iter()
            .map(|largest| (Linear::to(largest).step, Linear::to(largest).top()))
            .collect();
        assert_eq!(
            seen,
            [
                (1, 1),
                (1, 1),
                (1, 3),
                (2, 6),
                (5, 10),
                (25, 100),
                (50, 150),
                (250, 1_000),
                (2_000_000_000, 6_000_000_000)
            ]
        );
    }

    #[test]
    fn half_a_step_of_ten_is_only_used_where_values_can_be_halved() {
        for largest in 1..2_000 {
            let axis = Linear::to(largest);
            assert!(
                axis.top() >= largest && (1..=4).contains(&axis.steps),
                "{largest}: {axis:?}"
            );
        }
    }

    #[test]
    fn places_are_percent_in_a_page_and_pixels_in_a_file() {
        assert_eq!(Across::Fluid.at(1.0 / 3.0), "33.33%");
        assert_eq!(Across::Fluid.wide(0.5), "50%");
        let file = Across::Fixed {
            left: 40.0,
            width: 600.0,
        };
        assert_eq!(file.at(1.0 / 3.0), "240");
        assert_eq!(file.wide(0.01), "6");
        assert_eq!(pixels(-0.01), "0");
    }

    #[test]
    fn days_are_labelled_on_mondays_and_every_second_label_may_go() {
        let from = Day::parse("2024-12-04").unwrap();
        let starts: Vec<Day> = (0..28).map(|n| from.plus(n)).collect();
        let ticks: Vec<String> = ticks(&starts, Bucket::Day)
            .iter()
            .map(|tick| {
                format!(
                    "{}{}",
                    tick.text.replace('\u{202f}', " "),
                    if tick.optional { "?" } else { "" }
                )
            })
            .collect();
        assert_eq!(ticks, ["9 Dec", "16 Dec?", "23 Dec", "30 Dec?"]);
    }

    #[test]
    fn no_axis_has_more_labels_than_fit() {
        let from = Day::parse("2023-12-04").unwrap();
        for (count, bucket) in [
            (7, Bucket::Day),
            (92, Bucket::Day),
            (104, Bucket::Week),
            (60, Bucket::Month),
        ] {
            let starts: Vec<Day> = (0..count).map(|n| from.plus(n)).collect();
            let ticks = ticks(&starts, bucket);
            assert!(
                (2..=TICKS + 5).contains(&ticks.len()),
                "{count} {bucket:?}: {}",
                ticks.len()
            );
        }
    }
}
