//! That a no is one, and stays one.

use std::fs;

use super::{END, fresh, needs_a_yes_to_matter, quiet, quiet_session, so_far};
use crate::bench::Bench;
use crate::bench::collector::Kind;
use crate::bench::files::{self, Files};
use crate::bench::process::Run;
use crate::bench::world::World;
use crate::error::Error;
use crate::judge;
use crate::verdict::Finding;
use askfirst_catalog::Profile;

/// The file whose existence is a no.
const MARKER: &str = "analytics.disabled";

/// `--analytics-disable` opts out forever.
pub(super) fn p05(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let world = fresh(bench)?;
    let run = world.run(&bench.start().flags(&["--analytics-disable"]))?;
    let marker = world.state(MARKER);
    let empty = fs::metadata(&marker).map(|data| data.len() == 0);
    let made = Finding::when(
        empty.unwrap_or(false),
        "the empty file `analytics.disabled` is made",
        || format!("there is no {}/{MARKER}; {}", bench.state_dir(), run.end()),
    );
    if let Err(stop) = needs_a_yes_to_matter(bench) {
        return so_far(vec![made], "after it `--analytics` collects nothing", stop);
    }
    let mut findings = vec![made];
    findings.extend(stays_off(bench, &world, "after it")?);
    findings.extend(torn_no(bench, &world)?);
    // The yes of another day, restored over it from a backup.
    let agreed = bench.agreed(Kind::Good)?;
    files::copy(&agreed.state(""), &world.state(""))?;
    findings.extend(stays_off(
        bench,
        &world,
        "with an older yes copied over it",
    )?);
    findings.push(nowhere_to_store(bench)?);
    findings.push(under_load(bench)?);
    Ok(findings)
}

/// No, whatever is typed, on a terminal or not.
fn stays_off(bench: &Bench, world: &World<'_>, when: &str) -> Result<Vec<Finding>, Error> {
    let turn = bench.message().flags(&["--analytics"]);
    let what = format!("{when}, `--analytics` collects nothing");
    let mut findings = vec![quiet(world, &turn, &what)?];
    let before = world.state_files()?;
    let had = world.collector.received().len();
    let run = world.run(&turn.answers(&[&bench.drive.question.yes]))?;
    findings.push(Finding::when(
        run.asked == 0,
        format!("{when}, nobody is asked"),
        || "the question came".to_owned(),
    ));
    findings.push(super::collected(
        world,
        &before,
        had,
        &format!("{when}, a yes typed at nothing is none"),
    )?);
    Ok(findings)
}

/// The no, with everything beside the marker torn.
fn torn_no(bench: &Bench, world: &World<'_>) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for Torn { name, how, bytes } in torn_files(world)? {
        let path = world.state(&name);
        let whole = fs::read(&path).unwrap_or_default();
        files::put(&path, bytes)?;
        let turn = bench.start().flags(&["--analytics"]);
        findings.push(quiet(
            world,
            &turn,
            &format!("with {name} {how}, it stays off"),
        )?);
        files::put(&path, whole)?;
    }
    Ok(findings)
}

/// A state file, how it is torn, and what is left of it.
struct Torn {
    name: String,
    how: &'static str,
    bytes: Vec<u8>,
}

/// Every state file that has something in it, in every way it can be torn.
fn torn_files(world: &World<'_>) -> Result<Vec<Torn>, Error> {
    let mut all = Vec::new();
    for (name, entry) in world.state_files()?.0 {
        let name = name.to_string_lossy().into_owned();
        // Spool files have a check of their own: events that are torn are lost, not minds changed.
        if entry.bytes.is_empty() || name.contains('/') || !name.ends_with(".json") {
            continue;
        }
        let half = entry.bytes[..entry.bytes.len() / 2].to_vec();
        for (how, bytes) in [
            ("empty", Vec::new()),
            ("cut in half", half),
            ("a list", b"[]".to_vec()),
            ("null", b"null".to_vec()),
            ("no text at all", vec![0xff, 0xfe, 0, 7]),
        ] {
            let name = name.clone();
            all.push(Torn { name, how, bytes });
        }
    }
    Ok(all)
}

/// Where no file can be made, the program goes on, says so, and nothing is sent.
fn nowhere_to_store(bench: &Bench) -> Result<Finding, Error> {
    let world = fresh(bench)?;
    let state = world.state("");
    let _ = fs::remove_dir_all(&state);
    // A file where the folder would be: not even root can make one in it.
    files::put(&state, "")?;
    let run = world.run(&bench.start().flags(&["--analytics-disable"]))?;
    let what = "where it cannot be stored, the tool says so and goes on, off";
    if let Some(fell) = judge::fell(&run) {
        return Ok(Finding::unless(Some(fell), what));
    }
    let named = run.said().contains(&*state.to_string_lossy()) || run.said().contains(MARKER);
    Ok(Finding::when(named, what, || {
        format!(
            "nothing names {}; it said {:?}",
            bench.state_dir(),
            judge::cut(&run.said())
        )
    }))
}

/// Many starts at once do not undo it.
fn under_load(bench: &Bench) -> Result<Finding, Error> {
    let world = bench.agreed(Kind::Good)?;
    let processes = bench.drive.load.processes;
    let turn = bench.start().flags(&["--analytics"]);
    let mut running = Vec::new();
    for at in 0..processes {
        running.push(world.start(&turn, false)?);
        if at == processes / 2 {
            world.run(&bench.start().flags(&["--analytics-disable"]))?;
        }
    }
    for one in running {
        one.finish(crate::policy::PATIENCE);
    }
    let what = format!("given amid {processes} starts, it holds");
    let had = world.collector.received().len();
    let before = world.state_files()?;
    world.run(&turn)?;
    super::collected(&world, &before, had, &what)
}

/// The answer no.
pub(super) fn p10(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let world = fresh(bench)?;
    let no = bench.drive.question.no.clone();
    let run = world.run(&bench.start().flags(&["--analytics"]).answers(&[&no]))?;
    if run.asked == 0 {
        return Err(Error::not_applicable(
            "no question came, so nobody could say no",
        ));
    }
    let mut findings = stays_off(bench, &world, "after a no")?;
    if bench.session().is_ok() {
        let talk = bench.talk()?;
        findings.push(quiet_session(
            &world,
            &talk,
            "after a no a session collects nothing",
        )?);
    }
    findings.extend(torn_no(bench, &world)?);
    Ok(findings)
}

/// Torn state files.
pub(super) fn b06(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let (no, yes) = ("of somebody who said no", "of somebody who said yes");
    let mut findings = bench.standing(&format!("torn files {no}"), || {
        torn(bench, &bench.disabled()?, no)
    })?;
    findings.extend(bench.standing(&format!("torn files {yes}"), || {
        torn(bench, &bench.agreed(Kind::Good)?, yes)
    })?);
    if findings.is_empty() {
        return Err(Error::not_applicable(
            "it keeps no state file that could be torn",
        ));
    }
    Ok(findings)
}

/// Every state file of a world, in every way it can be torn.
fn torn(bench: &Bench, world: &World<'_>, whose: &str) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    let intact = world.run(&bench.start())?;
    for Torn { name, how, bytes } in torn_files(world)? {
        let path = world.state(&name);
        let whole = fs::read(&path).unwrap_or_default();
        files::put(&path, &bytes)?;
        let before = world.state_files()?;
        let had = world.collector.received().len();
        let run = world.run(&bench.start().flags(&["--analytics"]))?;
        let after = world.state_files()?;
        let seen = torn_seen(&intact, &run, &before, &after).or(judge::sent(
            world.collector.received().get(had..).unwrap_or_default(),
        ));
        findings.push(Finding::unless(
            seen,
            format!("{name} {whose}, {how}: off, as it is, no crash"),
        ));
        files::put(&path, &whole)?;
    }
    Ok(findings)
}

/// What a torn file must not lead to.
fn torn_seen(intact: &Run, run: &Run, before: &Files, after: &Files) -> Option<String> {
    if run.code != intact.code {
        let line = judge::fell(run).unwrap_or_default();
        return Some(format!("{} {line}, otherwise {}", run.end(), intact.end()));
    }
    let new = |name: &&std::path::PathBuf| {
        let of = |files: &Files| {
            let entry = files.0.get(*name);
            entry.map_or_else(Vec::new, |entry| {
                crate::bench::wire::uuids(&String::from_utf8_lossy(&entry.bytes))
            })
        };
        of(after).iter().any(|id| !of(before).contains(id))
    };
    let changed = before.changed(after);
    let minted = changed.iter().find(new);
    minted
        .map(|name| format!("a new identifier lies in {}", name.display()))
        .or(judge::kept(before, after))
}

/// Other tools' state.
pub(super) fn b12(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let yes = r#"{"uuid": "7f3c1c50-1c1e-4c0a-9f1e-0123456789ab", "permanently_disable": null, "asked_opt_in": true}"#;
    let plant = |world: &World<'_>| -> Result<(), Error> {
        for other in others(bench) {
            files::put(&world.home().join(other).join("analytics.json"), yes)?;
        }
        Ok(())
    };
    let mut findings = Vec::new();
    let no = bench.drive.question.no.clone();
    let turns = [
        (
            "`--analytics-disable`",
            bench.start().flags(&["--analytics-disable"]),
        ),
        (
            "a no",
            bench.start().flags(&["--analytics"]).answers(&[&no]),
        ),
        (
            "an unanswered question",
            bench.start().flags(&["--analytics"]).answers(&[END]),
        ),
    ];
    for (name, turn) in turns {
        let world = fresh(bench)?;
        plant(&world)?;
        let before = Files::of(&world.home())?;
        world.run(&turn)?;
        let changed = before.changed(&Files::of(&world.home())?);
        let others = others(bench);
        let foreign: Vec<String> = changed
            .iter()
            .filter(|path| others.iter().any(|other| path.starts_with(other)))
            .map(|path| path.display().to_string())
            .collect();
        findings.push(Finding::when(
            foreign.is_empty(),
            format!("{name} changes no other tool's files"),
            || format!("it wrote {}", judge::few(foreign)),
        ));
    }
    Ok(findings)
}

/// The state directories of the other tools there are profiles for.
fn others(bench: &Bench) -> Vec<String> {
    Profile::builtin_ids()
        .iter()
        .filter_map(|id| Profile::builtin(id))
        .map(|profile| profile.files.state_dir.clone())
        .filter(|dir| dir != bench.state_dir())
        .map(|dir| dir.trim_start_matches("~/").to_owned())
        .collect()
}
