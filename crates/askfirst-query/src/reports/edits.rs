//! Which edit formats are used with which model, and which of them work.

use std::collections::HashMap;
use std::sync::Arc;

use crate::answer::{Column, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::Day;
use crate::error::Error;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::both::Both;
use crate::reports::names::{Counts, Subject};
use crate::reports::table::{Series, column, name, totals};
use crate::reports::{Built, Context, Coverage, compare, coverage};
use crate::scan::{Cell, Grouped};

type Name = Option<Arc<str>>;

/// What the change is a change of.
const MESSAGES: Subject = Subject {
    events: &["message_send"],
    property: "edit_format",
    lines: false,
};

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let (format, model) = (context.column("edit_format"), context.column("main_model"));
    let (slice, per) = context.slices();
    let text = |column: &String| Dimension::Text(column.clone());
    let count = |by: Vec<Dimension>| Ask {
        by,
        bucket: None,
        measures: vec![Measure::Events],
    };
    let asks = [
        count(vec![text(&format)]),
        Ask {
            bucket: Some(slice),
            ..count(vec![text(&format)])
        },
        count(vec![text(&model), text(&format)]),
        coverage::ask(),
    ];
    let Both { now: found, before } = context.ask_both(MESSAGES.events, &asks)?;
    let counts = Counts::of(context, &MESSAGES, &found.asks[0], &before.asks[0])?;
    let outcomes = Outcomes::read(context, &format, &model)?;
    let series = Series::of(&found.asks[1], slice, context.period);
    Ok(Built {
        tables: vec![
            by_format(&found.asks[0], &series, &outcomes, &counts, per),
            by_model(&found.asks[2], &outcomes),
        ],
        coverage: Coverage::of(&found, 3),
        caveats: vec![outcomes.sentence()],
        not_compared: counts
            .not_compared("edit formats")
            .into_iter()
            .chain(compare::too_late(context, "edit"))
            .collect(),
        share_of: None,
    })
}

fn by_format(
    messages: &Grouped,
    series: &Series,
    outcomes: &Outcomes,
    counts: &Counts,
    per: &str,
) -> Table {
    let mut columns = vec![
        column(
            "edit_format",
            "edit format",
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
    ];
    columns.push(counts.column());
    columns.extend(outcomes.columns());
    columns.push(column(
        "share",
        "share",
        Unit::Share,
        Role::Share,
        Shown::People,
    ));
    columns.push(column(
        "per_slice",
        per,
        Unit::Series,
        Role::Spark,
        Shown::People,
    ));
    let all = totals(messages).first().map_or(0, Cell::number);
    let counted = merged(messages, outcomes.by_format.keys(), |names| {
        names[0].clone()
    });
    let row = |(format, count): (Name, i128)| {
        let mut row = vec![
            name(format.as_ref()),
            Value::Count(count),
            counts.change_of(format.as_ref()),
        ];
        row.extend(outcomes.cells(outcomes.by_format.get(&format)));
        row.push(Value::Share {
            part: count,
            whole: all,
        });
        row.push(series.get(format.as_ref()));
        row
    };
    let rows: Vec<Row> = counted.into_iter().map(row).collect();
    let mut total = vec![Value::None, Value::Count(all), counts.total_change()];
    total.extend(outcomes.cells(Some(&outcomes.all)));
    total.extend([Value::None, Value::None]);
    Table::new("edits", ("format", "formats"), columns).filled(rows, Some(total), 1)
}

fn by_model(messages: &Grouped, outcomes: &Outcomes) -> Table {
    let mut columns = vec![
        column(
            "main_model",
            "main model",
            Unit::Text,
            Role::Main,
            Shown::Always,
        ),
        column(
            "edit_format",
            "edit format",
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
    ];
    columns.extend(outcomes.columns());
    let both = |names: &[Name]| (names[0].clone(), names[1].clone());
    let counted = merged(messages, outcomes.by_model.keys(), both);
    let row = |((model, format), count): ((Name, Name), i128)| {
        let mut row = vec![
            name(model.as_ref()),
            name(format.as_ref()),
            Value::Count(count),
        ];
        row.extend(outcomes.cells(outcomes.by_model.get(&(model, format))));
        row
    };
    let rows: Vec<Row> = counted.into_iter().map(row).collect();
    Table::new("by_model", ("pair", "pairs"), columns)
        .titled("By model")
        .filled(rows, None, 2)
}

/// Messages by name; names that only edits have come with none.
fn merged<'a, K: std::hash::Hash + Eq + Clone + 'a>(
    messages: &Grouped,
    others: impl Iterator<Item = &'a K>,
    key: impl Fn(&[Name]) -> K,
) -> HashMap<K, i128> {
    let mut counts: HashMap<K, i128> = others.map(|key| (key.clone(), 0)).collect();
    for group in &messages.groups {
        *counts.entry(key(&group.names)).or_default() += group.cells[0].number();
    }
    counts
}

/// Sums of applied, failed and retries.
type Sums = [i128; 3];

/// What `edit` events say, where a version of the tool records them.
#[derive(Default)]
struct Outcomes {
    first: Option<Day>,
    by_format: HashMap<Name, Sums>,
    by_model: HashMap<(Name, Name), Sums>,
    all: Sums,
}

impl Outcomes {
    fn read(context: &Context<'_>, format: &str, model: &str) -> Result<Outcomes, Error> {
        let mut outcomes = Outcomes {
            first: context.recorded("edit", None),
            ..Outcomes::default()
        };
        if outcomes.first.is_none() {
            return Ok(outcomes);
        }
        let ask = Ask {
            by: vec![
                Dimension::Text(model.to_owned()),
                Dimension::Text(format.to_owned()),
            ],
            bucket: None,
            measures: ["applied", "failed", "retries"]
                .map(|name| Measure::Sum(context.column(name)))
                .to_vec(),
        };
        let found = context.reader.ask(&context.selection(&["edit"]), &[ask])?;
        for group in &found.asks[0].groups {
            let sums = [0, 1, 2].map(|i| group.cells[i].number());
            let (model, format) = (group.names[0].clone(), group.names[1].clone());
            add(outcomes.by_format.entry(format.clone()).or_default(), sums);
            add(outcomes.by_model.entry((model, format)).or_default(), sums);
            add(&mut outcomes.all, sums);
        }
        Ok(outcomes)
    }

    fn recorded(&self) -> bool {
        !self.by_format.is_empty()
    }

    /// On a terminal the columns only stand where something was recorded; exports always have them.
    fn columns(&self) -> [Column; 3] {
        let shown = if self.recorded() {
            Shown::Always
        } else {
            Shown::Exports
        };
        let numbers = [
            ("applied", "applied"),
            ("failed", "failed"),
            ("retries", "retries"),
        ];
        numbers.map(|(key, head)| column(key, head, Unit::Count, Role::Detail, shown))
    }

    fn cells(&self, sums: Option<&Sums>) -> [Value; 3] {
        match sums {
            _ if !self.recorded() => [Value::NotRecorded, Value::NotRecorded, Value::NotRecorded],
            Some(sums) => sums.map(Value::Count),
            None => [Value::None, Value::None, Value::None],
        }
    }

    fn sentence(&self) -> String {
        match self.first {
            Some(first) if self.recorded() => format!("Applied and failed edits are recorded since {}.", first.long()),
            _ => "Applied and failed edits and retries are not recorded by any version in this period.".into(),
        }
    }
}

fn add(to: &mut Sums, sums: Sums) {
    to.iter_mut().zip(sums).for_each(|(to, sum)| *to += sum);
}
