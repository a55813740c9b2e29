//! Which models, how many tokens, how many dollars.

use std::sync::Arc;

use crate::answer::{Column, Role, Row, Shown, Table, Unit, Value};
use crate::error::Error;
use crate::question::{Ask, Dimension, Measure};
use crate::render::number::{exact, percent_in_words};
use crate::reports::both::Both;
use crate::reports::names::{Counts, Subject};
use crate::reports::table::{Series, column, name, totals};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::{Cell, Group};

/// Positions of columns.
const COST: usize = 6;
const SHARE: usize = 9;

/// What the change is a change of.
const MESSAGES: Subject = Subject {
    events: &["message_send"],
    property: "main_model",
    lines: false,
};

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let model = || vec![Dimension::Text(context.column("main_model"))];
    let (slice, per) = context.slices();
    let asks = [
        Ask {
            by: model(),
            bucket: None,
            measures: measures(context),
        },
        Ask {
            by: model(),
            bucket: Some(slice),
            measures: vec![Measure::Events],
        },
        coverage::ask(),
    ];
    let Both { now: found, before } = context.ask_both(MESSAGES.events, &asks)?;
    let counts = Counts::of(context, &MESSAGES, &found.asks[0], &before.asks[0])?;
    let (models, over_time) = (&found.asks[0], &found.asks[1]);
    let series = Series::of(over_time, slice, context.period);
    let all = Message::of(&totals(models));
    let row = |group: &Group| {
        let name = group.names[0].as_ref();
        let change = counts.change_of(name);
        Message::of(&group.cells).row(name, all.cost, change, series.get(name))
    };
    let rows: Vec<Row> = models.groups.iter().map(row).collect();
    let total = all.total(counts.total_change());
    let redacted: i128 = models
        .groups
        .iter()
        .filter(|group| redacted(group))
        .map(|group| group.cells[0].number())
        .sum();
    Ok(Built {
        tables: vec![table(per, counts.column()).filled(rows, Some(total), COST)],
        coverage: Coverage::of(&found, 2),
        caveats: caveats(&all, redacted),
        not_compared: counts.not_compared("models").into_iter().collect(),
        share_of: None,
    })
}

fn measures(context: &Context<'_>) -> Vec<Measure> {
    let cost = || context.column("cost");
    vec![
        Measure::Events,
        Measure::Sum(context.column("prompt_tokens")),
        Measure::Sum(context.column("completion_tokens")),
        Measure::Sum(context.column("total_tokens")),
        Measure::Sum(cost()),
        Measure::Absent(cost()),
        Measure::Zero(cost()),
        Measure::Quantiles(cost()),
    ]
}

fn table(per: &str, change: Column) -> Table {
    let columns = vec![
        column(
            "main_model",
            "main model",
            Unit::Text,
            Role::Main,
            Shown::Always,
        ),
        column(
            "messages",
            "messages",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        change,
        column(
            "tokens_in",
            "tokens in",
            Unit::Large,
            Role::Tokens,
            Shown::Exports,
        ),
        column(
            "tokens_out",
            "tokens out",
            Unit::Large,
            Role::Tokens,
            Shown::Exports,
        ),
        column("tokens", "tokens", Unit::Large, Role::Tokens, Shown::People),
        column("cost_usd", "cost", Unit::Usd, Role::Main, Shown::Always),
        column(
            "median_cost_usd",
            "median",
            Unit::Usd,
            Role::Detail,
            Shown::Wide,
        ),
        column(
            "unpriced",
            "unpriced",
            Unit::Count,
            Role::Detail,
            Shown::Wide,
        ),
        column(
            "share_of_cost",
            "share of cost",
            Unit::Share,
            Role::Share,
            Shown::People,
        ),
        column("per_slice", per, Unit::Series, Role::Spark, Shown::People),
    ];
    Table::new("models", ("model", "models"), columns)
}

/// What is known of the messages of one model, or of all.
struct Message {
    count: i128,
    tokens_in: i128,
    tokens_out: i128,
    tokens: i128,
    cost: i128,
    unpriced: i128,
    median: Option<i64>,
}

impl Message {
    fn of(cells: &[Cell]) -> Message {
        let number = |i: usize| cells.get(i).map_or(0, Cell::number);
        let median = match cells.get(7) {
            Some(Cell::Quantiles(costs)) => costs.without_zero().quantile(50),
            _ => None,
        };
        Message {
            count: number(0),
            tokens_in: number(1),
            tokens_out: number(2),
            tokens: number(3),
            cost: number(4),
            unpriced: number(5) + number(6),
            median,
        }
    }

    /// No message of the model has a price: its cost is unknown, not zero.
    fn priceless(&self) -> bool {
        self.unpriced == self.count
    }

    fn row(&self, model: Option<&Arc<str>>, all: i128, change: Value, series: Value) -> Row {
        let cost = if self.priceless() {
            Value::None
        } else {
            Value::Nanos(self.cost)
        };
        let share = if self.priceless() {
            Value::None
        } else {
            Value::Share {
                part: self.cost,
                whole: all,
            }
        };
        vec![
            name(model),
            Value::Count(self.count),
            change,
            Value::Count(self.tokens_in),
            Value::Count(self.tokens_out),
            Value::Count(self.tokens),
            cost,
            self.median
                .map_or(Value::None, |median| Value::Nanos(median.into())),
            Value::Count(self.unpriced),
            share,
            series,
        ]
    }

    fn total(&self, change: Value) -> Row {
        let mut row = self.row(None, self.cost, change, Value::None);
        (row[0], row[SHARE]) = (Value::None, Value::None);
        row
    }
}

fn redacted(group: &Group) -> bool {
    group.names[0]
        .as_deref()
        .is_some_and(|model| model == "REDACTED" || model.ends_with("/REDACTED"))
}

fn caveats(all: &Message, redacted: i128) -> Vec<String> {
    let mut sentences = Vec::new();
    if all.unpriced > 0 {
        let share = percent_in_words(all.unpriced, all.count);
        sentences.push(match all.unpriced {
            1 => format!("1 message ({share}) has no usable cost and counts as $0."),
            n => format!(
                "{} messages ({share}) have no usable cost and count as $0.",
                exact(n)
            ),
        });
    }
    if redacted > 0 {
        let messages = if redacted == 1 {
            "1 message uses".into()
        } else {
            format!("{} messages use", exact(redacted))
        };
        sentences.push(format!(
            "{messages} a model that is not on the public list; no money is kept for such a model."
        ));
    }
    sentences
}
