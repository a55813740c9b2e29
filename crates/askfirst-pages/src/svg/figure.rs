//! A chart as a whole: bars over time, stacked by name, with the period before as a line of steps.

use std::borrow::Cow;

use askfirst_query::calendar::{Bucket, Day};
use maud::{Markup, PreEscaped, html};

use super::marks::Plot;
use super::scale::{Across, Linear, pixels, ticks};

/// Bars over time.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it shows and finds, in one sentence: its name for those who do not see it.
    pub name: String,
    /// First days of the buckets.
    pub starts: Vec<Day>,
    /// What a bucket is.
    pub bucket: Bucket,
    /// What the bars are made of, the lowest first.
    pub parts: Vec<Part>,
    /// What each bar says when pointed at.
    pub titles: Vec<String>,
    /// The period before, bucket by bucket, and its name.
    pub before: Option<(Vec<i128>, String)>,
    /// What happened when.
    pub marks: Vec<Mark>,
    /// Whether the last bucket is not over.
    pub so_far: bool,
    /// How a value on the axis is written.
    pub written: fn(i128) -> String,
}

/// One colour of the bars.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name in a legend.
    pub name: String,
    /// Its paint: `p1` to `p5`, or `po` for all others.
    pub class: Cow<'static, str>,
    /// One value a bucket.
    pub values: Vec<i128>,
}

/// Something that happened, shown as a hairline.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The bucket it falls into.
    pub at: usize,
    /// What it was.
    pub text: String,
}

/// Room above the plot for names of marks.
const TOP: f64 = 24.0;

/// Height of the plot.
const HEIGHT: f64 = 140.0;

/// Room below it for labels.
const BOTTOM: f64 = 22.0;

/// Height of the whole chart in a page.
const WHOLE: f64 = TOP + HEIGHT + BOTTOM;

impl Figure {
    /// As part of a page: the axis in a column of its own, because the server cannot measure its labels against
    /// a width that it does not know.
    pub fn in_page(&self) -> Markup {
        let plot = self.plot(Across::Fluid);
        let gutter = pixels(self.gutter(plot.axis));
        html! {
            div class="plot" role="img" aria-label=(self.name) {
                svg class="axis" width=(gutter) height=(pixels(WHOLE)) aria-hidden="true" { (plot.values("100%", self.written)) }
                svg class="chart" width="100%" height=(pixels(WHOLE)) aria-hidden="true" { (self.marks_on(&plot)) }
            }
        }
    }

    /// As a file of its own, with its title, a legend, and both themes in its style.
    pub fn standalone(&self, title: &str, notes: &[String]) -> String {
        const WIDTH: f64 = 760.0;
        let axis = self.axis();
        let left = self.gutter(axis) + 22.0;
        let across = Across::Fixed {
            left,
            width: WIDTH - left - 16.0,
        };
        let rows = self.parts.len().div_ceil(2) as f64;
        let head = 34.0 + rows * 18.0;
        let foot = notes.len() as f64 * 17.0 + 10.0;
        let plot = Plot {
            top: head + TOP,
            ..self.plot(across)
        };
        let height = head + WHOLE + foot;
        let drawing = html! {
            title { (title) }
            desc { (self.name) }
            style { (PreEscaped(include_str!("../assets/standalone.css"))) }
            (patterns())
            rect class="bg" width="100%" height="100%" {}
            text class="head" x="16" y="24" { (title) }
            @for (n, part) in self.parts.iter().enumerate() {
                @let (x, y) = (16.0 + (n % 2) as f64 * 364.0, 34.0 + (n / 2) as f64 * 18.0);
                rect class=(part.class) x=(pixels(x)) y=(pixels(y)) width="11" height="11" rx="2" {}
                text class="note" x=(pixels(x + 17.0)) y=(pixels(y + 10.0)) { (part.name) }
            }
            (plot.values(&pixels(left - 6.0), self.written))
            (self.marks_on(&plot))
            @for (n, note) in notes.iter().enumerate() {
                text class="lab" x="16" y=(pixels(head + WHOLE + 10.0 + n as f64 * 17.0)) { (note) }
            }
        };
        let svg = html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(pixels(WIDTH)) height=(pixels(height)) viewBox=(format!("0 0 {} {}", pixels(WIDTH), pixels(height))) role="img" { (drawing) }
        };
        svg.into_string() + "\n"
    }

    fn marks_on(&self, plot: &Plot) -> Markup {
        let last = self.starts.len().saturating_sub(1);
        html! {
            (plot.grid())
            (plot.happenings(&self.marks))
            @for at in 0..self.starts.len() {
                (plot.stack(at, &self.parts, self.titles.get(at).map_or("", String::as_str), self.so_far && at == last))
            }
            @if let Some((values, name)) = &self.before { (plot.steps(values, name)) }
            (plot.labels(&ticks(&self.starts, self.bucket)))
        }
    }

    fn plot(&self, across: Across) -> Plot {
        Plot {
            across,
            buckets: self.starts.len(),
            top: TOP,
            height: HEIGHT,
            axis: self.axis(),
        }
    }

    fn axis(&self) -> Linear {
        let sum = |at: usize| {
            self.parts
                .iter()
                .filter_map(|part| part.values.get(at))
                .sum::<i128>()
        };
        let bars = (0..self.starts.len()).map(sum).max().unwrap_or(0);
        let line = self
            .before
            .iter()
            .flat_map(|(values, _)| values.iter().copied())
            .max()
            .unwrap_or(0);
        Linear::to(bars.max(line))
    }

    /// Width of the axis's labels: 7 pixels hold any digit of the sizes we use.
    fn gutter(&self, axis: Linear) -> f64 {
        let letters = axis
            .lines()
            .map(|value| (self.written)(value).chars().count())
            .max()
            .unwrap_or(1);
        letters as f64 * 7.0 + 3.0
    }
}

/// The fills that differ not only by colour; once in a page. The second rank has rising, the third level, the
/// fourth falling stripes, the fifth dots, so that a chart reads in pure grey.
pub fn patterns() -> Markup {
    html! {
        defs {
            pattern id="p2" patternUnits="userSpaceOnUse" width="5" height="5" patternTransform="rotate(45)" {
                rect class="s2" width="5" height="5" {} rect class="gap" width="1.4" height="5" {}
            }
            pattern id="p3" patternUnits="userSpaceOnUse" width="5" height="4" {
                rect class="s3" width="5" height="4" {} rect class="gap" width="5" height="1.2" {}
            }
            pattern id="p4" patternUnits="userSpaceOnUse" width="5" height="5" patternTransform="rotate(-45)" {
                rect class="s4" width="5" height="5" {} rect class="gap" width="1.4" height="5" {}
            }
            pattern id="p5" patternUnits="userSpaceOnUse" width="5" height="5" {
                rect class="s5" width="5" height="5" {} rect class="gap" x="1" y="1" width="2" height="2" {}
            }
        }
    }
}

/// The little square that stands for a part beside its name.
pub fn swatch(class: &str) -> Markup {
    html! { svg class="key" width="12" height="12" aria-hidden="true" { rect class=(class) width="12" height="12" rx="2" {} } }
}

#[cfg(test)]
mod tests {
    use askfirst_query::render::number::exact;

    use super::*;

    fn figure() -> Figure {
        let from = Day::parse("2024-12-08").unwrap();
        Figure {
            name: "Messages per day: highest 9 Dec with 5".into(),
            starts: (0..3).map(|n| from.plus(n)).collect(),
            bucket: Bucket::Day,
            parts: vec![
                Part {
                    name: "a<b".into(),
                    class: "p1".into(),
                    values: vec![1, 3, 0],
                },
                Part {
                    name: "o1".into(),
                    class: "p2".into(),
                    values: vec![0, 2, 1],
                },
            ],
            titles: vec![
                "Sun 8 Dec: 1".into(),
                "Mon 9 Dec: 5".into(),
                "Tue 10 Dec: 1".into(),
            ],
            before: Some((vec![2, 6, 0], "3 days before".into())),
            marks: vec![Mark {
                at: 1,
                text: "0.67".into(),
            }],
            so_far: true,
            written: exact,
        }
    }

    #[test]
    fn in_a_page_x_is_percent_y_pixels_and_nothing_has_a_style() {
        let page = figure().in_page().into_string();
        assert!(
            !page.contains("style") && !page.contains("viewBox=\"0 0 7"),
            "{page}"
        );
        insta::assert_snapshot!(page.replace("><", ">\n<"), @r#"
        <div class="plot" role="img" aria-label="Messages per day: highest 9 Dec with 5">
        <svg class="axis" width="10" height="186" aria-hidden="true">
        <text class="lab" x="100%" y="168" text-anchor="end">0</text>
        <text class="lab" x="100%" y="121" text-anchor="end">2</text>
        <text class="lab" x="100%" y="75" text-anchor="end">4</text>
        <text class="lab" x="100%" y="28" text-anchor="end">6</text>
        </svg>
        <svg class="chart" width="100%" height="186" aria-hidden="true">
        <line class="base" x1="0%" x2="100%" y1="164.5" y2="164.5">
        </line>
        <line class="grid" x1="0%" x2="100%" y1="117.5" y2="117.5">
        </line>
        <line class="grid" x1="0%" x2="100%" y1="71.5" y2="71.5">
        </line>
        <line class="grid" x1="0%" x2="100%" y1="24.5" y2="24.5">
        </line>
        <line class="mark" x1="50%" x2="50%" y1="6" y2="164">
        <title>0.67</title>
        </line>
        <text class="note" x="50%" y="16" dx="5" text-anchor="start">0.67</text>
        <g class="bar">
        <title>Sun 8 Dec: 1</title>
        <rect class="p1" x="3.33%" width="26.67%" y="140.7" height="23.3">
        </rect>
        </g>
        <g class="bar">
        <title>Mon 9 Dec: 5</title>
        <rect class="p1" x="36.67%" width="26.67%" y="94" height="70">
        </rect>
        <rect class="p2" x="36.67%" width="26.67%" y="47.3" height="45.7">
        </rect>
        </g>
        <g class="bar sofar">
        <title>Tue 10 Dec: 1</title>
        <rect class="p2" x="70%" width="26.67%" y="140.7" height="23.3">
        </rect>
        </g>
        <svg x="0%" y="0" width="100%" height="164" viewBox="0 0 3 164" preserveAspectRatio="none">
        <path class="was" d="M0 164V117.3H1V24H2V164H3">
        </path>
        </svg>
        <text class="note" x="66.67%" y="34" dx="6" text-anchor="start">3 days before</text>
        <text class="lab" x="16.67%" y="180" text-anchor="middle">8 Dec</text>
        <line class="tick" x1="16.67%" x2="16.67%" y1="165" y2="168">
        </line>
        <text class="lab" x="50%" y="180" text-anchor="middle">9 Dec</text>
        <line class="tick" x1="50%" x2="50%" y1="165" y2="168">
        </line>
        <text class="lab" x="83.33%" y="180" text-anchor="middle">10 Dec</text>
        <line class="tick" x1="83.33%" x2="83.33%" y1="165" y2="168">
        </line>
        </svg>
        </div>
        "#);
    }

    #[test]
    fn a_file_has_the_same_marks_in_pixels_and_escapes_names() {
        let file = figure().standalone(
            "Messages per day",
            &["Simulated population. seed 1.".into()],
        );
        assert!(file.contains("a&lt;b") && !file.contains("a<b"));
        let marks = |text: &str| text.matches("<rect class=\"p").count();
        assert_eq!(marks(&file), marks(&figure().in_page().into_string()) + 2);
        assert!(!file.contains("%\" y="), "no percentages");
    }

    #[test]
    fn a_chart_of_nothing_is_an_axis() {
        let none = Figure {
            parts: vec![],
            before: None,
            marks: vec![],
            titles: vec![],
            ..figure()
        };
        let page = none.in_page().into_string();
        assert_eq!(page.matches("<line class=\"base\"").count(), 1);
        assert!(!page.contains("NaN") && !page.contains("inf"));
    }
}
