//! That what is recorded is not lost on its way and counted once, however a run ends.

use std::fs;
use std::time::Duration;

use super::content::received;
use crate::bench::Bench;
use crate::bench::collector::{Kind, pause};
use crate::bench::http::Request;
use crate::bench::wire::{self, Event};
use crate::bench::world::World;
use crate::error::Error;
use crate::judge;
use crate::policy::{ARRIVAL, LATENCY, PATIENCE, SHORT_RUNS};
use crate::verdict::Finding;

/// Short runs.
pub(super) fn b13(bench: &Bench) -> Result<Vec<Finding>, Error> {
    received(bench)?;
    let world = bench.agreed(Kind::Slow)?;
    let log = world.beside("short.jsonl");
    let path = log.to_string_lossy().into_owned();
    let turn = bench
        .message()
        .flags(&["--analytics", "--analytics-log", &path]);
    for _ in 0..SHORT_RUNS {
        world.run(&turn)?;
    }
    let lines = wire::log(&fs::read_to_string(&log).unwrap_or_default()).0;
    world.deliver(|requests| judge::lost(&lines, &wire::events(requests)).is_none())?;
    // What came is still to be answered, a third of a second later.
    pause(LATENCY * 2);
    let events = world.events();
    let mut findings = vec![
        Finding::unless(
            judge::lost(&lines, &events),
            format!("{SHORT_RUNS} runs with a message before a collector that answers after 0.3 s lose nothing"),
        )
        .with(format!("{} events", lines.len())),
        Finding::unless(judge::doubled(&events), "nothing is counted twice").with(resent(&events)),
    ];
    findings.push(offline(bench)?);
    findings.push(killed(bench)?);
    Ok(findings)
}

/// A run that does not wait for an answer leaves its events to the next, which sends them again.
fn resent(events: &[Event]) -> String {
    let again = events.len() - wire::kept(events).len();
    format!("{again} sent again under their own ids")
}

/// What is recorded while the collector cannot be reached arrives once it can.
fn offline(bench: &Bench) -> Result<Finding, Error> {
    let what = "what is recorded while nobody can be reached arrives later";
    let mut world = bench.agreed(Kind::Refusing)?;
    let log = world.beside("offline.jsonl");
    let path = log.to_string_lossy().into_owned();
    let flags = ["--analytics", "--analytics-log", &path];
    world.run(&bench.message().flags(&flags))?;
    world.collector.open()?;
    let lines = wire::log(&fs::read_to_string(&log).unwrap_or_default()).0;
    let all = |requests: &[Request]| judge::lost(&lines, &wire::events(requests)).is_none();
    if lines.is_empty() {
        return Ok(Finding::not_applicable(what, "nothing is logged"));
    }
    world.deliver(all)?;
    Ok(Finding::unless(judge::lost(&lines, &world.events()), what))
}

/// `kill -9` at any moment loses nothing that was answered.
fn killed(bench: &Bench) -> Result<Finding, Error> {
    let kills = bench.drive.load.kills;
    let what =
        format!("{kills} sessions, each killed at another moment, lose nothing that was answered");
    let Some(answered) = bench.session()?.answered.clone() else {
        return Ok(Finding::not_applicable(
            what,
            "the drive file does not say what an answer looks like",
        ));
    };
    let world = bench.agreed(Kind::Good)?;
    let mut answers = 0;
    for round in 0..kills {
        answers += killed_after(bench, &world, round % 4, &answered)?;
    }
    if answers == 0 {
        let why = format!("{answered:?}, which the drive file says follows an answer, never came");
        return Ok(Finding::not_applicable(what, why));
    }
    let sends = |requests: &[Request]| {
        let events = wire::events(requests);
        let kept = wire::kept(&events).into_iter();
        kept.filter(|event| event.name == "message_send").count()
    };
    world.deliver(|requests| sends(requests) >= answers)?;
    let (events, sent) = (world.events(), sends(&world.collector.received()));
    let seen = judge::doubled(&events)
        .or((sent < answers)
            .then(|| format!("{answers} answers, and {sent} `message_send` arrived")));
    Ok(Finding::unless(seen, what).with(format!("{answers} answers, {sent} arrived")))
}

/// A session that is killed while it deals with the message after so many that it answered, each
/// typed when it is done with the one before; how many it answered.
fn killed_after(
    bench: &Bench,
    world: &World<'_>,
    wanted: usize,
    answered: &str,
) -> Result<usize, Error> {
    let line = format!("{}\n", world.words(&bench.session()?.message));
    let mut running = world.start(&bench.talk()?.flags(&["--analytics"]), true)?;
    let seen = |text: &str| text.matches(answered).count();
    for answers in 1..=wanted {
        running.types(&line);
        while seen(&running.stdout()) < answers
            && !running.over(Duration::ZERO)
            && running.age() < ARRIVAL
        {
            running.wait_for_more();
        }
    }
    running.types(&line);
    running.kill();
    Ok(seen(&running.finish(PATIENCE).stdout))
}
