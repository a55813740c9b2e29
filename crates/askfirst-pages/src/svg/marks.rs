//! The marks a chart is made of. Each gives the SVG of one thing.

use maud::{Markup, html};

use super::figure::{Mark, Part};
use super::scale::{Across, Linear, Tick, pixels};

/// Where the marks of a chart go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot {
    pub(super) across: Across,
    /// Buckets side by side.
    pub(super) buckets: usize,
    /// Top of the plot.
    pub(super) top: f64,
    /// Its height, down to the baseline.
    pub(super) height: f64,
    pub(super) axis: Linear,
}

/// Empty room between two bars, as a part of a bucket.
const BETWEEN: f64 = 0.2;

/// Between two parts of a stacked bar, in pixels.
const GAP: f64 = 1.0;

/// Pixels of a plot on a wide screen, on a narrow one, and of a letter: to tell which names would meet.
const WIDE: f64 = 620.0;
const NARROW: f64 = 290.0;
const LETTER: f64 = 6.5;

/// From here on a name stands before its line, or it would run out of the plot.
const FLIPPED_FROM: f64 = 0.84;

impl Plot {
    fn place(&self, bucket: f64) -> f64 {
        bucket / self.buckets.max(1) as f64
    }

    fn y(&self, value: i128) -> f64 {
        self.top + self.height - self.axis.above(value, self.height)
    }

    /// Lines at round values, the baseline darker.
    pub(super) fn grid(&self) -> Markup {
        html! {
            @for value in self.axis.lines() {
                @let y = pixels(self.y(value).round() + 0.5);
                line class=(if value == 0 { "base" } else { "grid" }) x1=(self.across.at(0.0)) x2=(self.across.at(1.0)) y1=(y) y2=(y) {}
            }
        }
    }

    /// One bar of parts on top of each other, with what it says when pointed at. The last may be `so_far`.
    pub(super) fn stack(&self, at: usize, parts: &[Part], title: &str, so_far: bool) -> Markup {
        let x = self.across.at(self.place(at as f64 + BETWEEN / 2.0));
        let width = self.across.wide(self.place(1.0 - BETWEEN));
        let mut below = 0;
        let mut pile = |part: &Part| {
            let value = part.values.get(at).copied().unwrap_or(0).max(0);
            let (foot, head) = (self.y(below), self.y(below + value));
            let gap = if below > 0 && foot - head > 2.0 * GAP {
                GAP
            } else {
                0.0
            };
            below += value;
            (value > 0).then(|| (part.class.clone(), head, (foot - head - gap).max(0.5)))
        };
        let piled: Vec<_> = parts.iter().filter_map(&mut pile).collect();
        html! {
            g class=(if so_far { "bar sofar" } else { "bar" }) {
                title { (title) }
                @for (class, head, tall) in &piled {
                    rect class=(class) x=(x) width=(width) y=(pixels(*head)) height=(pixels(*tall)) {}
                }
            }
        }
    }

    /// Values as one line of steps, a step a bucket: the period before. Its name stands at its peak.
    pub(super) fn steps(&self, values: &[i128], name: &str) -> Markup {
        let Some((peak, &most)) = values
            .iter()
            .enumerate()
            .max_by_key(|&(at, &value)| (value, std::cmp::Reverse(at)))
        else {
            return html! {};
        };
        let bottom = self.top + self.height;
        let mut path = format!("M0 {}", pixels(bottom));
        for (at, &value) in values.iter().enumerate() {
            path.push_str(&format!(
                "V{}H{}",
                pixels(self.y(value).min(bottom)),
                at + 1
            ));
        }
        let right = peak * 2 > self.buckets;
        let (x, anchor) = if right {
            (self.place(peak as f64), "end")
        } else {
            (self.place(peak as f64 + 1.0), "start")
        };
        html! {
            (self.stretched(html! { path class="was" d=(path) {} }, bottom))
            @if most > 0 {
                text class="note" x=(self.across.at(x)) y=(pixels((self.y(most) + 10.0).max(self.top + 10.0))) dx=(if right { "-6" } else { "6" }) text-anchor=(anchor) { (name) }
            }
        }
    }

    /// Marks whose x is in buckets: the one place where a `viewBox` stretches, lines but no text.
    fn stretched(&self, marks: Markup, bottom: f64) -> Markup {
        let view = format!("0 0 {} {}", self.buckets, pixels(bottom));
        html! {
            svg x=(self.across.at(0.0)) y="0" width=(self.across.wide(1.0)) height=(pixels(bottom)) viewBox=(view) preserveAspectRatio="none" { (marks) }
        }
    }

    /// A hairline where something happened, with its name above the plot. A name that would run into the one
    /// before goes from narrow screens, or from all.
    pub(super) fn happenings(&self, marks: &[Mark]) -> Markup {
        // where the name before ends, on a wide screen and on a narrow one
        let mut free = (f64::MIN, f64::MIN);
        let mut placed = |mark: &Mark| {
            let place = self.place(mark.at as f64 + 0.5);
            let letters = mark.text.chars().count() as f64 * LETTER + 12.0;
            // near the right edge the name stands before its line
            let flipped = place > FLIPPED_FROM;
            let fits = |free: &mut f64, pixels: f64| {
                let long = letters / pixels;
                let (from, to) = if flipped {
                    (place - long, place)
                } else {
                    (place, place + long)
                };
                let fits = from >= *free;
                *free = if fits { to } else { *free };
                fits
            };
            let (wide, narrow) = (fits(&mut free.0, WIDE), fits(&mut free.1, NARROW));
            (place, flipped, wide, narrow)
        };
        let placed: Vec<_> = marks.iter().map(|mark| (mark, placed(mark))).collect();
        html! {
            @for (mark, (place, flipped, wide, narrow)) in &placed {
                @let x = self.across.at(*place);
                line class="mark" x1=(x) x2=(x) y1=(pixels(self.top - 18.0)) y2=(pixels(self.top + self.height)) { title { (mark.text) } }
                @if *wide {
                    @let (dx, anchor) = if *flipped { ("-5", "end") } else { ("5", "start") };
                    text class=(if *narrow { "note" } else { "note opt" }) x=(x) y=(pixels(self.top - 8.0)) dx=(dx) text-anchor=(anchor) { (mark.text) }
                }
            }
        }
    }

    /// Labels under the buckets.
    pub(super) fn labels(&self, ticks: &[Tick]) -> Markup {
        let bottom = self.top + self.height;
        html! {
            @for tick in ticks {
                @let place = self.place(tick.at as f64 + 0.5);
                @let anchor = if place < 0.04 { "start" } else if place > 0.94 { "end" } else { "middle" };
                text class=(if tick.optional { "lab opt" } else { "lab" }) x=(self.across.at(place)) y=(pixels(bottom + 16.0)) text-anchor=(anchor) { (tick.text) }
                line class="tick" x1=(self.across.at(place)) x2=(self.across.at(place)) y1=(pixels(bottom + 1.0)) y2=(pixels(bottom + 4.0)) {}
            }
        }
    }

    /// The values of the lines, right-aligned at `x`.
    pub(super) fn values(&self, x: &str, written: fn(i128) -> String) -> Markup {
        html! {
            @for value in self.axis.lines() {
                text class="lab" x=(x) y=(pixels(self.y(value).round() + 4.0)) text-anchor="end" { (written(value)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_marks_that_would_meet_are_left_out() {
        let plot = Plot {
            across: Across::Fluid,
            buckets: 52,
            top: 24.0,
            height: 140.0,
            axis: Linear::to(10),
        };
        let mark = |(at, text): (usize, &str)| Mark {
            at,
            text: text.to_owned(),
        };
        let marks = [
            (10, "0.62"),
            (12, "0.63"),
            (20, "0.64"),
            (43, "0.65"),
            (44, "0.66"),
            (50, "0.67"),
        ];
        let drawn = plot.happenings(&marks.map(mark)).into_string();
        let named = |text: &str| drawn.contains(&format!(">{text}</text>"));
        assert_eq!(
            marks.map(|(_, text)| named(text)),
            [true, false, true, true, false, true]
        );
        assert_eq!(drawn.matches("<line").count(), 6, "the lines stay");
        assert!(
            drawn.matches("note opt").count() > 0,
            "some go on narrow screens"
        );
    }
}
