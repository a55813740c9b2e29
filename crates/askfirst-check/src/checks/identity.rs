//! Whom events come from, and for how long.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::content::{is_crash, received};
use super::{END, fresh, needs_a_yes_to_matter};
use crate::bench::Bench;
use crate::bench::collector::Kind;
use crate::bench::wire::{self, Event};
use crate::bench::world::World;
use crate::error::Error;
use crate::judge;
use crate::policy::PATIENCE;
use crate::verdict::Finding;

/// The file the choice of a tool with our SDK lies in.
const CHOICE: &str = "askfirst.json";

/// The identifier.
pub(super) fn p04(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let told = received(bench)?;
    let senders = judge::senders(&told.events);
    let odd = senders.iter().find(|id| !wire::is_uuid4(id));
    let mut findings = vec![
        Finding::when(odd.is_none(), "it is a UUID4", || {
            format!("{:?} is none", odd.unwrap_or(&""))
        }),
        Finding::when(senders.len() == 1, "it is one", || {
            format!(
                "{} senders: {}",
                senders.len(),
                judge::few(senders.iter().map(|id| (*id).to_owned()))
            )
        }),
    ];
    findings.push(Finding::unless(
        key_seen(bench, told)?,
        "its key is in the choice alone",
    ));
    let (first, second) = (one_sender(bench)?, one_sender(bench)?);
    findings.push(Finding::when(
        first.is_some() && first != second,
        "another home of the same user on the same machine has another",
        || "two homes have the same".to_owned(),
    ));
    findings.push(crowd(bench)?);
    Ok(findings)
}

/// The key of the identifier, anywhere but in the choice.
fn key_seen(bench: &Bench, told: &crate::told::Told) -> Result<Option<String>, Error> {
    let world = bench.agreed(Kind::Good)?;
    world.run(&bench.message().flags(&["--analytics"]))?;
    let status = world.run(&bench.start().flags(&["--analytics-status"]))?;
    let files = world.state_files()?;
    let choice = files
        .0
        .get(std::path::Path::new(CHOICE))
        .map(|entry| entry.bytes.clone());
    let choice: Value = serde_json::from_slice(&choice.unwrap_or_default()).unwrap_or_default();
    let mut keys: Vec<String> = Vec::new();
    let told_choice = told.state.0.get(std::path::Path::new(CHOICE));
    let told_choice: Value = told_choice
        .and_then(|entry| serde_json::from_slice(&entry.bytes).ok())
        .unwrap_or_default();
    for choice in [&choice, &told_choice] {
        for key in choice["keys"].as_array().into_iter().flatten() {
            keys.extend(key["forget_key"].as_str().map(str::to_owned));
        }
    }
    let has = |bytes: &[u8]| {
        keys.iter()
            .any(|key| crate::bench::canary::contains(bytes, key.as_bytes()))
    };
    let in_file = files
        .0
        .iter()
        .find(|(name, entry)| name.as_os_str() != CHOICE && has(&entry.bytes));
    let in_body = told
        .requests
        .iter()
        .any(|request| has(&wire::unpacked(request)));
    Ok(match () {
        () if has(status.said().as_bytes()) => Some("status prints it".to_owned()),
        () if has(&told.log_bytes) => Some("it is in the log".to_owned()),
        () if in_body => Some("it is sent".to_owned()),
        () => in_file.map(|(name, _)| format!("it is in {}", name.display())),
    })
}

/// Who a fresh home's events come from, once somebody there said yes.
fn one_sender(bench: &Bench) -> Result<Option<String>, Error> {
    let world = fresh(bench)?;
    let yes = bench.drive.question.yes.clone();
    world.run(&bench.start().flags(&["--analytics"]).answers(&[&yes]))?;
    Ok(sender(bench, &world)?.into_iter().next())
}

/// Everybody the next events of this world come from.
fn sender(bench: &Bench, world: &World<'_>) -> Result<Vec<String>, Error> {
    let had = world.events().len();
    world.run(&bench.message().flags(&["--analytics"]))?;
    world.deliver(|requests| wire::events(requests).len() > had)?;
    let events = world.events();
    let new: &[Event] = events.get(had..).unwrap_or_default();
    Ok(judge::senders(new).into_iter().map(str::to_owned).collect())
}

/// Many first starts at once are one install.
fn crowd(bench: &Bench) -> Result<Finding, Error> {
    let world = bench.agreed(Kind::Good)?;
    let processes = bench.drive.load.processes;
    let turn = bench.start().flags(&["--analytics"]);
    let running: Vec<_> = (0..processes)
        .map(|_| world.start(&turn, false))
        .collect::<Result<_, _>>()?;
    for one in running {
        one.finish(PATIENCE);
    }
    world.deliver(|requests| wire::events(requests).len() >= processes)?;
    let events = world.events();
    let senders = judge::senders(&events);
    Ok(Finding::when(
        senders.len() == 1,
        format!("{processes} processes at once are one install"),
        || format!("{} senders", senders.len()),
    )
    .with(format!("{} events of one", events.len())))
}

/// What is stored of a yes, and what follows from it.
pub(super) fn p16(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let what = "date, question version, recipient and classes are stored with the yes";
    let world = bench.agreed(Kind::Good)?;
    let path = world.state(CHOICE);
    let Some(choice) = read(&path) else {
        let stored: Vec<String> = world
            .state_files()?
            .0
            .iter()
            .filter(|(name, _)| name.extension().is_some_and(|kind| kind == "json"))
            .map(|(name, entry)| {
                format!(
                    "{} holds {}",
                    name.display(),
                    judge::squeezed(&String::from_utf8_lossy(&entry.bytes))
                )
            })
            .collect();
        let stored = match stored.is_empty() {
            true => "nothing is".to_owned(),
            false => format!("all that is: {}", judge::cut(&judge::few(stored))),
        };
        return Ok(vec![Finding::unless(Some(stored), what)]);
    };
    let keys = ["consented_on", "question_version", "recipient", "classes"];
    let missing = keys.iter().find(|key| choice["yes"][**key].is_null());
    let mut findings = vec![Finding::unless(
        missing.map(|key| format!("no `{key}`")),
        what,
    )];
    let class = "models";
    findings.push(withheld(
        bench,
        "a property of a class the yes did not cover is withheld",
        |choice| {
            let classes = choice["yes"]["classes"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            choice["yes"]["classes"] = classes.into_iter().filter(|one| one != class).collect();
        },
        |events| {
            let with = events
                .iter()
                .find(|event| event.properties.contains_key("main_model"));
            with.map(|event| format!("`main_model` of `{}` arrived", event.name))
        },
    )?);
    findings.push(another_recipient(bench)?);
    Ok(findings)
}

/// A yes to somebody else, where the profile itself names who receives. A destination of the
/// user's own is the user's choice, whoever the profile names.
fn another_recipient(bench: &Bench) -> Result<Finding, Error> {
    let what = "after the profile's recipient changed, nothing is sent there";
    if !bench.profile.names_a_destination() {
        return Ok(Finding::not_applicable(
            what,
            "this profile names no receiver",
        ));
    }
    let world = bench.agreed(Kind::Good)?;
    let path = world.state(CHOICE);
    let mut choice = read(&path).unwrap_or_default();
    choice["yes"]["recipient"] = json!("somebody else");
    crate::bench::files::put(&path, choice.to_string())?;
    // Put by is as good as sent, and reaches nobody.
    let before = world.state_files()?;
    let turn = bench.start().flags(&["--analytics"]).told(false, true);
    world.run(&turn)?;
    let seen = judge::kept(&before, &world.state_files()?);
    let sent = judge::sent(&world.elsewhere.received());
    Ok(Finding::unless(seen.or(sent), what))
}

/// A run under a changed yes; what of it is not withheld.
fn withheld(
    bench: &Bench,
    what: &str,
    change: impl Fn(&mut Value),
    seen: impl Fn(&[Event]) -> Option<String>,
) -> Result<Finding, Error> {
    let world = bench.agreed(Kind::Good)?;
    let path = world.state(CHOICE);
    let mut choice = read(&path).unwrap_or_default();
    change(&mut choice);
    crate::bench::files::put(&path, choice.to_string())?;
    sender(bench, &world)?;
    Ok(Finding::unless(seen(&world.events()), what))
}

fn read(path: &std::path::Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// The identifier ends.
pub(super) fn p17(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let world = bench.agreed(Kind::Good)?;
    let before = sender(bench, &world)?;
    let path = world.state(CHOICE);
    let what = "an identifier older than 180 days is replaced";
    let Some(mut choice) = read(&path) else {
        age(&world)?;
        let after = sender(bench, &world)?;
        return Ok(vec![Finding::when(before != after, what, || {
            "no date is kept with it, and with its files 400 days old the same one is sent"
                .to_owned()
        })]);
    };
    for key in choice["keys"].as_array_mut().into_iter().flatten() {
        key["since"] = json!("2020-01-01");
    }
    crate::bench::files::put(&path, choice.to_string())?;
    let had = world.events().len();
    let after = sender(bench, &world)?;
    let mut findings = vec![Finding::when(
        after.len() == 1 && before.first() != after.first(),
        what,
        || {
            format!(
                "{} before and {} after",
                judge::few(before.clone()),
                judge::few(after.clone())
            )
        },
    )];
    let links = before.iter().find(|old| {
        let events = world.events();
        let later = events.get(had..).unwrap_or_default();
        later
            .iter()
            .any(|event| event.whole.to_string().contains(old.as_str()))
            || choice_names(&world, old)
    });
    findings.push(Finding::when(
        links.is_none(),
        "nothing links the old one to the new",
        || "the old one is still named".to_owned(),
    ));
    Ok(findings)
}

fn choice_names(world: &World<'_>, id: &str) -> bool {
    let choice = fs::read(world.state(CHOICE)).unwrap_or_default();
    crate::bench::canary::contains(&choice, id.as_bytes())
}

/// Makes every state file 400 days old.
fn age(world: &World<'_>) -> Result<(), Error> {
    use crate::error::Named as _;
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_689_600);
    for name in world.state_files()?.0.keys() {
        let path = world.state("").join(name);
        let file = fs::File::options().write(true).open(&path).at(&path)?;
        file.set_modified(long_ago).at(&path)?;
    }
    Ok(())
}

/// A crash's sender.
pub(super) fn b03(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let told = received(bench)?;
    if bench.drive.crash.is_none() {
        return Err(Error::not_applicable(
            "the drive file names no way to crash it",
        ));
    }
    let crashes: Vec<Event> = told
        .events
        .iter()
        .filter(|event| is_crash(event))
        .cloned()
        .collect();
    if crashes.is_empty() {
        return Err(Error::not_applicable("the crash sent nothing"));
    }
    let others: Vec<Event> = told
        .events
        .iter()
        .filter(|event| !is_crash(event))
        .cloned()
        .collect();
    let (of_crashes, of_others) = (judge::senders(&crashes), judge::senders(&others));
    Ok(vec![
        Finding::when(
            of_crashes.is_subset(&of_others),
            "it comes from the same sender",
            || {
                format!(
                    "{} and {}",
                    judge::few(of_crashes.iter().map(|id| (*id).to_owned())),
                    judge::few(of_others.iter().map(|id| (*id).to_owned()))
                )
            },
        ),
        Finding::unless(
            judge::sent_unlogged(&crashes, &told.log),
            "it is in the log",
        ),
        Finding::unless(
            judge::sent_unlogged(&others, &told.log),
            "so is every property of all else",
        ),
    ])
}

/// When the identifier is made.
pub(super) fn b07(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    let no = bench.drive.question.no.clone();
    let turns = [
        ("before anybody was asked there is none", bench.start()),
        (
            "nor after a question nobody answered",
            bench.start().flags(&["--analytics"]).answers(&[END]),
        ),
        (
            "nor after a no",
            bench.start().flags(&["--analytics"]).answers(&[&no]),
        ),
        (
            "nor after `--analytics-disable`",
            bench.start().flags(&["--analytics-disable"]),
        ),
    ];
    for (what, turn) in turns {
        let world = fresh(bench)?;
        world.run(&turn)?;
        findings.push(Finding::unless(
            judge::identified(&world.state_files()?),
            what,
        ));
    }
    let world = bench.agreed(Kind::Good)?;
    world.run(&bench.start().flags(&["--analytics-disable"]))?;
    findings.push(Finding::unless(
        judge::identified(&world.state_files()?),
        "a yes that is taken back takes it away",
    ));
    Ok(findings)
}
