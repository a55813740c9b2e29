//! Limits of questions, reports and their rendering, each with its reason. Nothing else is here.

/// Below this many installs in view, shares of installs become counts: one install more or less
/// would move a share by ten points, and a reader would take noise for news.
pub const INSTALLS_FOR_SHARES: u64 = 10;

/// From this share of the events on (percent) the caveat says that one install sent them.
/// At half of the events every sum describes that install more than all others together.
pub const DOMINANT_PERCENT: u64 = 50;

/// Rows of a table before the rest becomes one row: what a screen shows without scrolling.
pub const TOP_ROWS: usize = 12;

/// Days of the period when none is asked for: four whole weeks, so that weekdays align.
pub const DEFAULT_DAYS: i32 = 28;

/// Up to this many days a report over time has one row a day (a quarter of a year).
pub const DAYS_BY_DAY: i32 = 92;

/// Up to this many days a report over time has one row a week (two years); above, one a month.
pub const DAYS_BY_WEEK: i32 = 2 * 366;

/// Points of a spark: more cells than this push the table over 80 columns.
pub const SPARK_POINTS: i32 = 13;

/// Buckets of a quantile per doubling (store decision D12): neighbours lie 9 % apart, so a quantile is off by
/// at most 4.5 %, and every executor computes the same one.
pub const BUCKETS_PER_OCTAVE: u32 = 8;

/// Widest table: longer lines are hard to follow from name to number.
pub const WIDEST: usize = 120;

/// Width when neither the terminal nor `COLUMNS` says one.
pub const WIDTH_UNKNOWN: usize = 80;

/// Below this width a table row no longer holds a name and a number: one `name: value` a line.
pub const WIDTH_FOR_TABLES: usize = 40;

/// A name is never shortened below this many cells: two names would look alike.
pub const NAME_AT_LEAST: usize = 20;

/// Columns leave before names get shorter than this: a dated public model name fits.
pub const NAME_WANTED: usize = 26;

/// Cells of a bar.
pub const BAR_CELLS: usize = 11;

/// Values named in an error about an unknown filter value: one line of a terminal each, one screen in all.
pub const VALUES_IN_ERRORS: usize = 12;

/// A scan never runs on more threads than this, whatever the machine has: beyond it the disk is the limit.
pub const SCAN_THREADS: usize = 16;

/// Below this many events on both sides a change is said in numbers ("3 from 1"): a percentage of so few
/// makes one event more look like a trend.
pub const EVENTS_FOR_PERCENT: i128 = 20;

/// What changed by less than this (percent) is not named among what changed most.
pub const CHANGED_PERCENT: i128 = 15;

/// Rows of what changed most: what a reader of half a minute takes in.
pub const CHANGED_ROWS: usize = 6;

/// The names of a property are not compared with the period before when the share of events that carry
/// it moved by more than this (points): what looks like a change would be the recording.
pub const RECORDED_POINTS: i128 = 15;

/// Models with a colour of their own in a chart; all others are one part.
pub const NAMED_SERIES: usize = 4;

/// Rows of a list beside others: formats, commands, exits, versions.
pub const LIST_ROWS: usize = 6;

/// Points of the line beside a main figure: four weeks of days.
pub const FIGURE_POINTS: usize = 28;

/// Starts of a version line before an error's absence from it is called gone or back: below, most errors
/// would be absent by chance.
pub const STARTS_OF_A_LINE: i128 = 20;
