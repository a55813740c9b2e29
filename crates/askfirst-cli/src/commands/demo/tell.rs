//! What a demo says: what it simulates, what came of it, where to look.

use askfirst_catalog::Catalog;
use askfirst_collector::Started;
use askfirst_query::Filters;
use askfirst_query::calendar::{Day, Period};
use askfirst_query::reports::REPORTS;
use askfirst_store::{Clock as _, Outcome};

use super::deliver::Sent;
use super::{Demo, PROJECT};
use crate::args::Format;
use crate::choose;
use crate::commands::report;
use crate::data_dir;
use crate::output::{grouped, wrapped};

/// The report that is left out: a line for every day, of which the overview has the curve.
const LONG: &str = "activity";

/// Before anything is sent.
pub(super) fn what_is_simulated(demo: &Demo<'_>) {
    let plan = demo.population.plan();
    let day = |day: i64| Day(i32::try_from(day).unwrap_or(i32::MAX));
    let period = Period {
        from: day(plan.first_day),
        to: day(plan.end() - 1),
    };
    demo.note(&format!(
        "Simulated population, seed {}: {} over {}, {}. Nobody's data.",
        plan.seed,
        counted(plan.installs as u64, "install"),
        counted(demo.args.weeks.into(), "week"),
        period.long(),
    ));
}

/// When the collector listens. From here on Ctrl-C is heard.
pub(super) fn begins(demo: &Demo<'_>) {
    demo.note(
        "Sending it to a collector in this process, over HTTP, with its clock wound back ...",
    );
}

/// The reports, and where to go on.
pub(super) fn reports(demo: &Demo<'_>, started: Started, sent: &Sent) -> anyhow::Result<()> {
    let snapshot = data_dir::read(demo.place.path())?;
    let all = snapshot.projects();
    let view = all.first().and_then(|info| snapshot.project(info.id));
    let view = view.ok_or_else(|| choose::unknown(PROJECT, &[]))?;
    let of = |outcome| grouped(view.tally.outcome(outcome));
    demo.note(&format!(
        "{} events in {} requests in {:.1} s: {} stored, {} known from before (their reply was \
         lost and they came again), {} refused. {} would arrive later.",
        grouped(sent.events + sent.again),
        grouped(sent.requests),
        sent.took.as_secs_f64(),
        of(Outcome::Accepted),
        of(Outcome::Duplicate),
        grouped(view.tally.outcome(Outcome::Filtered) + view.tally.outcome(Outcome::Invalid)),
        grouped(sent.later),
    ));
    let filters = Filters::new(Day::of_ms(demo.clock.now_ms()));
    for question in REPORTS.iter().filter(|it| it.name != LONG) {
        let answer = askfirst_query::run(&view, &Catalog::builtin(), question.name, &filters);
        demo.output.result(&format!(
            "\n$ askfirst report {}  # simulated",
            question.name
        ))?;
        report::show(
            &answer.map_err(report::failure)?,
            Format::Table,
            demo.output,
        )?;
    }
    if !demo.args.once {
        demo.output
            .result(&format!("\nlistening on http://{}\n", started.address))?;
    }
    Ok(())
}

/// After the collector has stopped.
pub(super) fn the_end(demo: &Demo<'_>) {
    match demo.place.kept() {
        Some(dir) => demo.note(&format!(
            "stopped; the simulated data is in {}",
            dir.display()
        )),
        None => demo.note("stopped; the simulated data is removed"),
    }
}

/// `1 week`, `26 weeks`.
fn counted(number: u64, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {of}{plural}", grouped(number))
}

impl Demo<'_> {
    fn note(&self, words: &str) {
        let text = wrapped("", words, self.output.look().width);
        self.output.note(self.output.readable(text.trim_end()));
    }
}
