//! How a tool is doing: six figures, messages by model, four lists, what changed most.

mod changed;
mod daily;
mod facts;
mod figures;
mod lists;

use crate::answer::NotCompared;
use crate::error::Error;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::both::{Both, Sessions};
use crate::reports::names::{Counts, Subject};
use crate::reports::{Built, Context, Coverage, compare, coverage};
use crate::scan::Cell;

/// Events of one kind by one of their properties.
const MODELS: Subject = Subject {
    events: &["message_send"],
    property: "main_model",
    lines: false,
};
const FORMATS: Subject = Subject {
    property: "edit_format",
    ..MODELS
};
const COMMANDS: Subject = Subject {
    events: &["command"],
    property: "name",
    lines: false,
};
const EXITS: Subject = Subject {
    events: &["exit"],
    property: "reason",
    lines: false,
};
const VERSIONS: Subject = Subject {
    events: &["launched"],
    property: "version",
    lines: true,
};
const ERRORS: Subject = Subject {
    events: &["message_send_exception", "exception"],
    property: "error",
    lines: false,
};

/// Everything the overview is made of, of both periods.
struct Read {
    /// Asks about every event: whose they are, by day, by version and platform.
    all: Both,
    sessions: Sessions,
    /// Asks about answered messages: by model and day, by model, by format, by day.
    messages: Both,
    /// Messages begun and failed, by event and day.
    tries: Both,
    models: Counts,
    formats: Counts,
    commands: Counts,
    exits: Counts,
    versions: Counts,
    errors: Counts,
}

impl Read {
    fn of(context: &Context<'_>) -> Result<Read, Error> {
        let (all, sessions) = context.ask_both_and_sessions(&about_all(context))?;
        let messages = context.ask_both(MODELS.events, &about_messages(context))?;
        let counts = |subject: &Subject, at: usize| {
            let (now, before) = (&messages.now.asks[at], &messages.before.asks[at]);
            Counts::of(context, subject, now, before)
        };
        Ok(Read {
            models: counts(&MODELS, 1)?,
            formats: counts(&FORMATS, 2)?,
            commands: COMMANDS.read(context)?,
            exits: EXITS.read(context)?,
            versions: VERSIONS.read(context)?,
            errors: ERRORS.read(context)?,
            tries: context.ask_both(figures::TRIES, &[by_day("event", vec![Measure::Events])])?,
            all,
            sessions,
            messages,
        })
    }

    /// Everything named, with its kind and what is counted of it.
    fn kinds(&self) -> [(&Counts, &'static str, &'static str); 6] {
        [
            (&self.models, "model", "messages"),
            (&self.formats, "edit format", "messages"),
            (&self.commands, "command", "uses"),
            (&self.exits, "exit", "exits"),
            (&self.errors, "error", "events"),
            (&self.versions, "version", "launches"),
        ]
    }
}

fn by_day(column: &str, measures: Vec<Measure>) -> Ask {
    Ask {
        by: vec![Dimension::Text(column.to_owned())],
        bucket: Some(crate::calendar::Bucket::Day),
        measures,
    }
}

fn about_all(context: &Context<'_>) -> [Ask; 3] {
    let text = |property: &str| Dimension::Text(context.column(property));
    [
        coverage::ask(),
        Ask {
            by: vec![],
            bucket: Some(crate::calendar::Bucket::Day),
            measures: vec![Measure::Installs],
        },
        Ask {
            by: vec![text("version"), text("os_platform")],
            bucket: None,
            measures: vec![Measure::Events],
        },
    ]
}

fn about_messages(context: &Context<'_>) -> [Ask; 4] {
    let cost = || context.column("cost");
    let tokens = || context.column("total_tokens");
    let mut by_model = MODELS.ask(context);
    by_model.measures.extend([
        Measure::Sum(cost()),
        Measure::Absent(cost()),
        Measure::Zero(cost()),
    ]);
    [
        by_day(&context.column("main_model"), vec![Measure::Events]),
        by_model,
        FORMATS.ask(context),
        Ask {
            by: vec![],
            bucket: Some(crate::calendar::Bucket::Day),
            measures: vec![
                Measure::Events,
                Measure::Sum(tokens()),
                Measure::Sum(cost()),
            ],
        },
    ]
}

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let read = Read::of(context)?;
    let coverage = Coverage::of(&read.all.now, 0);
    let tables = vec![
        figures::table(context, &read, &coverage),
        daily::table(context, &read),
        lists::models(&read),
        lists::list("edits", "Edit formats", &read.formats),
        lists::list("commands", "Commands", &read.commands),
        lists::list("exits", "How runs end", &read.exits),
        lists::versions(&read.versions),
        changed::table(&read),
        facts::table(context, &read, &coverage)?,
        lists::releases(context, &read.versions),
    ];
    Ok(Built {
        tables,
        coverage,
        caveats: caveats(&read),
        not_compared: not_compared(context, &read),
        share_of: None,
    })
}

fn caveats(read: &Read) -> Vec<String> {
    let mut said = Vec::new();
    let groups = &read.messages.now.asks[1].groups;
    let sum = |at: usize| -> i128 {
        let cells = groups.iter().filter_map(|group| group.cells.get(at));
        cells.map(Cell::number).sum()
    };
    let unpriced = u64::try_from(sum(3) + sum(4)).unwrap_or(0);
    if unpriced > 0 {
        let messages = super::caveats::many(unpriced, "message has", "messages have");
        let count = if unpriced == 1 { "counts" } else { "count" };
        said.push(format!("{messages} no usable cost and {count} as $0."));
    }
    said
}

fn not_compared(context: &Context<'_>, read: &Read) -> Vec<NotCompared> {
    let lists = [
        read.exits.not_compared("exits"),
        read.versions.not_compared("versions"),
        read.commands.not_compared("commands"),
        read.formats.not_compared("edit formats"),
        read.models.not_compared("models"),
    ];
    let failed = compare::too_late(context, figures::TRIES[0]).map(|missing| NotCompared {
        what: "failed messages".into(),
        ..missing
    });
    context
        .late_start()
        .into_iter()
        .chain(failed)
        .chain(lists.into_iter().flatten())
        .collect()
}
