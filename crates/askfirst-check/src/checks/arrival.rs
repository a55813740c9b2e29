//! That what is recorded gets where the user said, and nowhere else.

use std::fs;

use super::content::received;
use super::{needs_a_yes_to_matter, so_far};
use crate::bench::Bench;
use crate::bench::collector::Kind;
use crate::bench::files::Files;
use crate::bench::http::Request;
use crate::bench::wire;
use crate::bench::world::{KEY, World};
use crate::error::Error;
use crate::judge;
use crate::policy::{ARRIVAL, SILENCE};
use crate::told::Told;
use crate::verdict::Finding;

/// The log.
pub(super) fn p11(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let mut findings = vec![
        off_and_logged(bench)?,
        through_a_link(bench)?,
        in_a_work_tree(bench)?,
    ];
    match bench.told() {
        Ok(told) => findings.extend(full(told)),
        Err(stop) => return so_far(findings, "every value that arrives is in it", stop),
    }
    Ok(findings)
}

/// A log beside what arrived.
fn full(told: &Told) -> Vec<Finding> {
    let written = Finding::when(!told.log.is_empty(), "it is written", || {
        "the file named is empty or not there".to_owned()
    });
    if told.log.is_empty() {
        return vec![written];
    }
    let keys = [
        "event",
        "properties",
        "user_id",
        "time",
        "uuid",
        "timestamp",
    ];
    let missing = keys.into_iter().find_map(|key| {
        let line = told.log.iter().find(|line| line.whole.get(key).is_none())?;
        Some(format!("`{}` has no `{key}`", line.event))
    });
    let no_line = told
        .no_lines
        .first()
        .map(|line| format!("{line:?} is no line"));
    let all = "every value that arrives is in it";
    vec![
        written,
        Finding::unless(
            missing.or(no_line),
            "every line has event, properties, user_id, time, uuid and timestamp",
        ),
        match told.events.is_empty() {
            true => Finding::not_applicable(all, "nothing arrives (see B14)"),
            false => Finding::unless(judge::sent_unlogged(&told.events, &told.log), all),
        },
        Finding::when(
            told.log_mode == Some(0o600),
            "a new one can be read by its owner alone",
            || format!("its mode is {:o}", told.log_mode.unwrap_or_default()),
        ),
    ]
}

/// `--analytics-log FILE --no-analytics`: logged and not sent, and nobody's.
fn off_and_logged(bench: &Bench) -> Result<Finding, Error> {
    let world = bench.fresh(Kind::Good)?;
    let log = world.beside("off.jsonl");
    let path = log.to_string_lossy().into_owned();
    world.run(
        &bench
            .message()
            .flags(&["--no-analytics", "--analytics-log", &path]),
    )?;
    let (lines, _) = wire::log(&fs::read_to_string(&log).unwrap_or_default());
    let named = lines.iter().find(|line| !line.whole["user_id"].is_null());
    let seen =
        judge::sent(&world.collector.received())
            .or(lines.is_empty().then(|| "nothing is logged".to_owned()))
            .or(named
                .map(|line| format!("`user_id` of `{}` is {}", line.event, line.whole["user_id"])));
    Ok(Finding::unless(
        seen,
        "with `--no-analytics` it is written all the same, for nobody",
    ))
}

/// A link is not followed.
fn through_a_link(bench: &Bench) -> Result<Finding, Error> {
    let world = bench.fresh(Kind::Good)?;
    let (target, link) = (world.beside("target.jsonl"), world.beside("link.jsonl"));
    crate::bench::files::put(&target, "")?;
    std::os::unix::fs::symlink(&target, &link).map_err(|source| Error::File {
        path: link.clone(),
        source,
    })?;
    let path = link.to_string_lossy().into_owned();
    world.run(&bench.message().flags(&["--analytics-log", &path]))?;
    let length = fs::metadata(&target).map_or(0, |data| data.len());
    Ok(Finding::when(
        length == 0,
        "it follows no symbolic link",
        || format!("{length} bytes were written through one"),
    ))
}

/// A log that may be committed by mistake is warned of.
fn in_a_work_tree(bench: &Bench) -> Result<Finding, Error> {
    let what = "one in a Git work tree that does not ignore it is warned of";
    let world = bench.fresh(Kind::Good)?;
    if !world.project().join(".git").exists() {
        return Ok(Finding::not_applicable(
            what,
            "there is no git on this machine",
        ));
    }
    let path = world
        .project()
        .join("log.jsonl")
        .to_string_lossy()
        .into_owned();
    let run = world.run(&bench.start().flags(&["--analytics-log", &path]))?;
    if !std::path::Path::new(&path).exists() {
        return Ok(Finding::not_applicable(what, "there is no log"));
    }
    let said = run.said();
    let warned = said
        .lines()
        .any(|line| line.contains("log.jsonl") && line.to_ascii_lowercase().contains("git"));
    Ok(Finding::when(warned, what, || "nothing is said".to_owned()))
}

/// A destination of the user's.
pub(super) fn p13(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let told = received(bench)?;
    let others: Vec<String> = told
        .events
        .iter()
        .filter(|event| event.key != KEY)
        .map(|event| format!("`{}` under the key {}", event.name, event.key))
        .collect();
    let mut findings = vec![
        Finding::when(
            others.is_empty(),
            "host and key: the events arrive there, under that key",
            || judge::few(others),
        ),
        Finding::unless(
            judge::sent(&told.elsewhere),
            "and nothing goes anywhere else",
        ),
    ];
    let world = bench.agreed(Kind::Good)?;
    let address = world.collector.url().replace("http://", "");
    let run = world.run(&bench.message().flags(&["--analytics"]))?;
    findings.push(Finding::when(
        run.said().contains(&address),
        "a destination that is not the profile's is named at start",
        || "nothing names it".to_owned(),
    ));
    let world = bench.agreed(Kind::Good)?;
    let turn = bench.message().flags(&["--analytics"]).told(true, false);
    world.run(&turn)?;
    let talk = bench.talk()?.flags(&["--analytics"]).told(true, false);
    world.session(&talk, &[], ARRIVAL, |all| !all.is_empty())?;
    let events = world.events();
    let placeholder = &bench.profile.project_key;
    let wrong = events.iter().find(|event| event.key != *placeholder);
    findings.push(Finding::when(
        !events.is_empty() && wrong.is_none(),
        "a host alone gets them under the profile's key, a placeholder",
        || match wrong {
            Some(event) => format!("they come under the key {}", event.key),
            None => "nothing arrived".to_owned(),
        },
    ));
    findings.push(key_alone(bench)?);
    Ok(findings)
}

/// A key without a host goes to the profile's default host, or nowhere. A tool that can say
/// where it would send is asked: nothing of a check is to reach anybody's real receiver.
fn key_alone(bench: &Bench) -> Result<Finding, Error> {
    let world = bench.agreed(Kind::Good)?;
    let status = bench.start().flags(&["--analytics-status"]);
    let status = world.run(&status.told(false, true))?;
    let Some(host) = &bench.profile.default_host else {
        let seen = contacted(bench, &world, false, true)?;
        let what = "a key alone goes nowhere: the profile names no host";
        return Ok(Finding::when(seen.is_empty(), what, || {
            format!("it goes to {}", judge::few(seen.clone()))
        }));
    };
    let what = format!("a key alone goes to {host}");
    if status.code == Some(0) && status.stdout.contains("Destination:") {
        let named = status.stdout.contains(host.as_str());
        return Ok(Finding::when(named, what, || {
            format!("`--analytics-status` does not name {host}")
        }));
    }
    let seen = contacted(bench, &world, false, true)?;
    let there = seen.iter().any(|place| place.contains(host.as_str()));
    Ok(Finding::when(there, what, || match seen.is_empty() {
        true => "it goes nowhere".to_owned(),
        false => format!("it goes to {}", judge::few(seen.clone())),
    }))
}

/// The places a day's work tries to reach through the proxy.
fn contacted(
    bench: &Bench,
    world: &World<'_>,
    host: bool,
    key: bool,
) -> Result<Vec<String>, Error> {
    let turn = bench.message().flags(&["--analytics"]).told(host, key);
    world.run(&turn)?;
    if bench.session().is_ok() {
        let talk = bench.talk()?.flags(&["--analytics"]).told(host, key);
        world.session(&talk, &[], SILENCE, |_| {
            !world.elsewhere.received().is_empty()
        })?;
    }
    Ok(world.elsewhere.received().iter().map(place).collect())
}

/// Where a request at the proxy was to go.
fn place(request: &Request) -> String {
    let target = request
        .target
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    target.split('/').next().unwrap_or(target).to_owned()
}

/// Nothing goes to the tool that was forked.
pub(super) fn b11(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let told = bench.told()?;
    let world = bench.agreed(Kind::Good)?;
    let seen = contacted(bench, &world, false, false)?;
    let profile = &bench.profile;
    let own: Vec<&str> = [profile.host.as_deref(), bench.drive.own_receiver.as_deref()]
        .into_iter()
        .flatten()
        .filter(|own| !own.is_empty())
        .collect();
    let foreign: Vec<String> = seen
        .iter()
        .filter(|place| !own.iter().any(|own| place.contains(own)))
        .cloned()
        .collect();
    let mut findings = vec![Finding::when(
        foreign.is_empty(),
        "told nothing, it sends to nobody but a receiver of its own",
        || format!("it connects to {}", judge::few(foreign)),
    )];
    let keys = &bench.drive.keys_of_others;
    let copied = told
        .events
        .iter()
        .find_map(|event| Some((&event.key, keys.get(&event.key)?)));
    findings.push(Finding::unless(
        copied.map(|(key, whose)| format!("its events come under {key}, which is {whose}'s")),
        "its key is no other tool's",
    ));
    Ok(findings)
}

/// The flags do something.
pub(super) fn b14(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let world = bench.fresh(Kind::Good)?;
    let yes = bench.drive.question.yes.clone();
    let run = world.run(&bench.start().flags(&["--analytics"]).answers(&[&yes]))?;
    let mut findings = vec![Finding::when(run.asked > 0, "`--analytics` asks", || {
        format!("no question came; {}", run.end())
    })];
    let log = world.beside("flags.jsonl");
    let path = log.to_string_lossy().into_owned();
    world.run(
        &bench
            .message()
            .flags(&["--analytics", "--analytics-log", &path]),
    )?;
    let lines = wire::log(&fs::read_to_string(&log).unwrap_or_default()).0;
    findings.push(Finding::when(
        !lines.is_empty(),
        "`--analytics-log` logs",
        || "there is no log".to_owned(),
    ));
    let came = world.deliver(|requests| !requests.is_empty())?;
    findings.push(Finding::when(came, "after a yes something arrives", || {
        "nothing arrived".to_owned()
    }));
    let world = bench.fresh(Kind::Good)?;
    let before = Files::of(&world.home())?;
    let run = world.run(&bench.start().flags(&["--analytics-disable"]))?;
    let stored = world.state_files()?;
    let changed = !before.changed(&Files::of(&world.home())?).is_empty() && !stored.0.is_empty();
    findings.push(Finding::when(
        changed,
        "`--analytics-disable` stores something",
        || format!("nothing is stored; {}", run.end()),
    ));
    Ok(findings)
}
