//! When anything is collected at all.

use super::{END, arrives, fresh, needs_a_yes_to_matter, quiet, quiet_session, so_far};
use crate::bench::Bench;
use crate::bench::collector::{Collector, Kind};
use crate::bench::files;
use crate::bench::world::World;
use crate::error::Error;
use crate::judge;
use crate::policy::{ARRIVAL, SILENCE};
use crate::verdict::Finding;
use askfirst_catalog::YesLasts;

/// Nothing is collected unless the user agreed.
pub(super) fn p01(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let mut findings = Vec::new();
    let world = fresh(bench)?;
    findings.push(quiet(
        &world,
        &bench.message(),
        "a run nobody was asked in collects nothing",
    )?);
    let typed = bench.message().flags(&["--analytics"]);
    findings.push(quiet(
        &world,
        &typed,
        "without a terminal `--analytics` collects nothing",
    )?);
    if bench.session().is_ok() {
        let talk = bench.talk()?.flags(&["--analytics"]);
        findings.push(quiet_session(
            &world,
            &talk,
            "nor does a session that goes on",
        )?);
    }
    for (name, value) in [("DO_NOT_TRACK", "1"), ("CI", "true")] {
        let world = bench.agreed(Kind::Good)?;
        let turn = bench
            .message()
            .flags(&["--analytics"])
            .variable(name, value);
        let what = format!("with {name}={value} nothing is collected, whatever is stored");
        findings.push(quiet(&world, &turn, &what)?);
    }
    let world = bench.agreed(Kind::Good)?;
    let turn = bench.message().flags(&["--analytics"]);
    findings.push(arrives(&world, &turn, "after a yes it is collected")?);
    Ok(findings)
}

/// `--analytics` asks, obeys, and says so where it has no effect.
pub(super) fn p06(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let yes = bench.drive.question.yes.clone();
    let world = fresh(bench)?;
    let run = world.run(&bench.start().flags(&["--analytics"]).answers(&[&yes]))?;
    let asks = Finding::when(
        run.asked > 0,
        "never asked, on a terminal, `--analytics` asks",
        || format!("no question came; {}", run.end()),
    );
    if let Err(stop) = needs_a_yes_to_matter(bench) {
        return so_far(vec![asks], "after a yes `--analytics` turns it on", stop);
    }
    let turn = bench.message().flags(&["--analytics"]);
    let mut findings = vec![
        asks,
        arrives(&world, &turn, "after a yes `--analytics` turns it on")?,
    ];
    let run = world.run(&bench.start().flags(&["--analytics"]).answers(&[]))?;
    findings.push(Finding::when(
        run.asked == 0,
        "after a yes nobody is asked again",
        || "the question came again".to_owned(),
    ));
    findings.push(unset(bench)?);
    let world = bench.disabled()?;
    let run = world.run(&bench.start().flags(&["--analytics"]))?;
    let quiet = world.run(&bench.start())?;
    let line = judge::differ(&run, &quiet);
    findings.push(Finding::when(
        line.is_some_and(|line| line.contains("it prints")),
        "typed after `--analytics-disable`, one line says that it has no effect",
        || "nothing is said".to_owned(),
    ));
    Ok(findings)
}

/// What a yes does to a run without a flag is the profile's to say.
fn unset(bench: &Bench) -> Result<Finding, Error> {
    let world = bench.agreed(Kind::Good)?;
    // What the run leaves is looked at, and what a session sends.
    let before = world.state_files()?;
    let (run, _) = world.session(&bench.talk()?, &[], SILENCE, |requests| {
        !requests.is_empty()
    })?;
    let received = world.collector.received();
    let on = judge::sent(&received).or(judge::kept(&before, &world.state_files()?));
    Ok(match bench.profile.question.yes_lasts {
        YesLasts::UntilWithdrawn => Finding::when(
            on.is_some(),
            "a yes lasts until it is taken back: a run without a flag collects",
            || format!("nothing was collected; {}", run.end()),
        ),
        YesLasts::Session => Finding::unless(
            on,
            "a yes lasts for one session: a run without a flag collects nothing",
        ),
    })
}

/// `--no-analytics` delivers nothing and changes nothing.
pub(super) fn p07(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let world = bench.agreed(Kind::Good)?;
    world.run(&bench.message().flags(&["--analytics"]))?;
    let before = world.state_files()?;
    let had = world.collector.received().len();
    let off = |world: &World<'_>, flags: &[&str]| -> Result<Option<String>, Error> {
        let turn = bench.talk()?.flags(flags);
        world.session(&turn, &[], SILENCE, |requests| requests.len() > had)?;
        let received = world.collector.received();
        Ok(judge::sent(received.get(had..).unwrap_or_default()))
    };
    let sent = off(&world, &["--no-analytics"])?;
    let mut findings = vec![Finding::unless(
        sent,
        "neither this session's events nor earlier ones are sent",
    )];
    let changed = before.changed(&world.state_files()?);
    findings.push(Finding::when(
        changed.is_empty(),
        "nothing stored changes",
        || {
            judge::few(
                changed
                    .iter()
                    .map(|path| format!("{} changed", path.display())),
            )
        },
    ));
    let sent = off(&world, &["--analytics", "--no-analytics"])?;
    findings.push(Finding::unless(sent, "typed after `--analytics`, it wins"));
    Ok(findings)
}

/// `analytics: true` in the home's configuration.
pub(super) fn p14(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let Some(config) = bench.profile.files.home_config.last() else {
        return Err(Error::not_applicable(
            "the profile names no configuration file",
        ));
    };
    let write = |world: &World<'_>| {
        let path = config.strip_prefix("~/").unwrap_or(config);
        files::put(&world.home().join(path), "analytics: true\n")
    };
    let mut findings = Vec::new();
    let world = fresh(bench)?;
    let quiet_run = world.run(&bench.start())?;
    write(&world)?;
    findings.push(quiet(&world, &bench.message(), "it is no yes")?);
    let run = world.run(&bench.start())?;
    findings.push(Finding::unless(
        judge::differ(&run, &quiet_run),
        "where nobody can be asked it is silent",
    ));
    let world = fresh(bench)?;
    write(&world)?;
    let run = world.run(&bench.start().answers(&[END]))?;
    findings.push(Finding::when(
        run.asked > 0,
        "on a terminal it asks, as the flag does",
        || "no question came".to_owned(),
    ));
    let world = bench.agreed(Kind::Good)?;
    write(&world)?;
    // What the first run leaves is sent by the second, if not before.
    world.run(&bench.message())?;
    let (_, came) = world.session(&bench.talk()?, &[], ARRIVAL, |all| !all.is_empty())?;
    findings.push(Finding::when(
        came,
        "after a yes it turns analytics on",
        || "nothing arrived".to_owned(),
    ));
    let world = bench.agreed(Kind::Good)?;
    write(&world)?;
    let off = bench.message().flags(&["--no-analytics"]);
    findings.push(quiet(
        &world,
        &off,
        "`--no-analytics` beats it for a session",
    )?);
    Ok(findings)
}

/// What lies in a project opts nobody in and chooses no receiver.
pub(super) fn b04(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let author = Collector::start(Kind::Good)?;
    let hostile = |world: &World<'_>| -> Result<(), Error> {
        let prefix = &bench.profile.files.env_prefix;
        let flags = bench.drive.destination.environment.is_empty();
        let mut yaml = "analytics: true\n".to_owned();
        let mut dotenv = format!("{prefix}ANALYTICS=true\n");
        if flags {
            let (host, log) = (author.url(), world.beside("hostile.jsonl"));
            yaml.push_str(&format!(
                "analytics-posthog-host: {host}\nanalytics-posthog-project-api-key: phc_author\nanalytics-log: {}\n",
                log.display()
            ));
            dotenv.push_str(&format!(
                "{prefix}ANALYTICS_POSTHOG_HOST={host}\n{prefix}ANALYTICS_POSTHOG_PROJECT_API_KEY=phc_author\n"
            ));
        }
        for name in &bench.profile.files.project_config {
            files::put(&world.project().join(name), &yaml)?;
        }
        files::put(&world.project().join(".env"), dotenv)
    };
    let turn = bench.message().told(false, false);
    let mut findings = Vec::new();
    let world = fresh(bench)?;
    hostile(&world)?;
    world.run(&turn)?;
    world.run(&turn.clone().answers(&[END]))?;
    findings.push(Finding::unless(
        judge::sent(&author.received()),
        "nothing goes to the project's author",
    ));
    findings.push(undrawn(bench, &hostile)?);
    let world = bench.agreed(Kind::Good)?;
    hostile(&world)?;
    let had = author.received().len();
    let flagged = turn.flags(&["--analytics"]);
    world.run(&flagged)?;
    if bench.session().is_ok() {
        let talk = bench.talk()?.told(false, false);
        world.session(&talk, &[], SILENCE, |_| !author.received().is_empty())?;
    }
    let received = author.received();
    findings.push(Finding::unless(
        judge::sent(received.get(had..).unwrap_or_default()),
        "nor, of somebody who said yes, does anything",
    ));
    let log = world.beside("hostile.jsonl");
    findings.push(Finding::when(
        !log.exists(),
        "a project names no log",
        || "the log it names was written".to_owned(),
    ));
    Ok(findings)
}

/// A home that drew the last number there is, which no share but all of them has in it.
fn undrawn(
    bench: &Bench,
    hostile: &dyn Fn(&World<'_>) -> Result<(), Error>,
) -> Result<Finding, Error> {
    let what = "a project's `analytics: true` asks nobody who would not be asked";
    if bench.profile.ask_percent >= 100 {
        return Ok(Finding::not_applicable(what, "this profile asks everybody"));
    }
    let world = fresh(bench)?;
    hostile(&world)?;
    let state = r#"{"uuid": "ffffff50-1c1e-4c0a-9f1e-0123456789ab", "permanently_disable": null, "asked_opt_in": null}"#;
    files::put(&world.state("analytics.json"), state)?;
    let run = world.run(&bench.start().answers(&[END]))?;
    Ok(Finding::when(run.asked == 0, what, || {
        "the question came".to_owned()
    }))
}

/// Nothing but a person's answer is one.
pub(super) fn b05(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let mut findings = Vec::new();
    let world = fresh(bench)?;
    let turn = bench.message().flags(&["--analytics"]);
    findings.push(quiet(&world, &turn, "empty input is no yes")?);
    let ended = turn.clone().answers(&[END]);
    findings.push(quiet(
        &world,
        &ended,
        "the end of input at the question is no yes",
    )?);
    findings.push(quiet(
        &world,
        &turn,
        "nor is anything stored that would be one later",
    )?);
    if bench.drive.yes_always.is_empty() {
        findings.push(Finding::not_applicable(
            "an automatic yes is no yes",
            "the drive file names no flag that answers every question",
        ));
        return Ok(findings);
    }
    let flags: Vec<&str> = bench.drive.yes_always.iter().map(String::as_str).collect();
    let automatic = turn.flags(&flags);
    let words = flags.join(" ");
    let world = fresh(bench)?;
    findings.push(quiet(
        &world,
        &automatic,
        &format!("`{words}` without a terminal is no yes"),
    )?);
    let world = fresh(bench)?;
    let on_terminal = automatic.answers(&[END]);
    findings.push(quiet(
        &world,
        &on_terminal,
        &format!("`{words}` on a terminal is no yes"),
    )?);
    Ok(findings)
}
