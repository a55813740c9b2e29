//! `askfirst check`: does a tool keep what its analytics page promises?

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use askfirst_catalog::{Catalog, Profile};
use askfirst_check::bench::{Bench, Subject};
use askfirst_check::report::Report;
use askfirst_check::{Drive, Line, PROMISES, Plan};
use askfirst_store::{Clock as _, SystemClock};

use crate::args::{CheckArgs, CheckFormat};
use crate::failure::Failure;
use crate::output::Output;

/// What `--quick` leaves of the drive file's counts.
const QUICK: usize = 8;

/// Checks, prints, and ends with a failure if anything is broken.
pub(crate) fn run(args: &CheckArgs, output: &Output) -> anyhow::Result<()> {
    let only = numbers(&args.only)?;
    let subject = subject(args)?;
    let (tool, profile) = (subject.drive.tool.clone(), subject.profile.id.clone());
    let bench = Bench::new(subject)?;
    let progress =
        |line: &Line| output.note(format_args!("{} {}", line.number, line.verdict.words()));
    let plan = Plan {
        only,
        jobs: args.jobs,
    };
    let lines = askfirst_check::run(&bench, &plan, &progress)?;
    let report = Report::new(&tool, &profile, lines, bench.begun_anew());
    match args.format {
        CheckFormat::Text => output.result(&report.text())?,
        CheckFormat::Json => output.json(&report)?,
    }
    match report.score.broken {
        0 => Ok(()),
        n => Err(Failure::failed(
            format!(
                "{n} {} broken",
                if n == 1 { "promise is" } else { "promises are" }
            ),
            "see what is said beneath each",
        )
        .into()),
    }
}

/// The numbers as they are spelled, or which one is none.
fn numbers(typed: &[String]) -> Result<Vec<String>, Failure> {
    let upper: Vec<String> = typed
        .iter()
        .map(|number| number.trim().to_ascii_uppercase())
        .collect();
    let unknown = upper
        .iter()
        .find(|number| !PROMISES.iter().any(|(known, _)| known == number));
    match unknown {
        None => Ok(upper),
        Some(number) => Err(Failure::wrong_use(
            format!("there is no promise {number}"),
            "write P01 to P17 and B01 to B19, with commas between them",
        )),
    }
}

fn subject(args: &CheckArgs) -> anyhow::Result<Subject> {
    let mut drive = Drive::read(&args.drive).map_err(|error| {
        Failure::wrong_use(error.to_string(), "see the drive files in hosts/drive")
    })?;
    if args.quick {
        drive.load.processes = drive.load.processes.min(QUICK);
        drive.load.kills = drive.load.kills.min(QUICK);
        drive.load.homes = drive.load.homes.min(QUICK);
    }
    let dir = folder(&args.drive)?;
    let (profile_name, profile) = profile(args, &drive, &dir)?;
    Ok(Subject {
        command: args.command.clone(),
        drive,
        drive_dir: dir,
        profile_name,
        profile,
        catalog: Catalog::builtin(),
        path: search_path(),
        today: today(),
    })
}

/// The profile: named, or the drive file's; a shipped one, or a file beside the drive file.
fn profile(args: &CheckArgs, drive: &Drive, dir: &Path) -> anyhow::Result<(String, Arc<Profile>)> {
    let typed = args.profile.clone().map(|name| (name, PathBuf::new()));
    let own = drive.profile.clone().map(|name| (name, dir.to_owned()));
    let (name, from) = typed.or(own).ok_or_else(|| {
        Failure::wrong_use(
            "no profile is named, and the drive file names none",
            format!(
                "choose one with --profile: {}, or a file",
                Profile::builtin_ids().join(", ")
            ),
        )
    })?;
    if let Some(profile) = Profile::builtin(&name) {
        return Ok((name, profile));
    }
    let path = from.join(&name);
    let whole = path.canonicalize().unwrap_or_else(|_| path.clone());
    let text = read(&path)?;
    let parsed = Profile::parse(&path.display().to_string(), &text, &Catalog::builtin());
    let profile =
        parsed.map_err(|problems| Failure::wrong_use(problems.to_string(), "mend the profile"))?;
    Ok((whole.display().to_string(), Arc::new(profile)))
}

fn folder(file: &Path) -> anyhow::Result<PathBuf> {
    let whole =
        std::path::absolute(file).with_context(|| format!("cannot find {}", file.display()))?;
    Ok(whole.parent().map_or_else(PathBuf::new, Path::to_owned))
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::wrong_use(
            format!("cannot read {}: {error}", path.display()),
            "name a file there is",
        )
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "not a setting of ours: where the tool finds what it starts"
)]
fn search_path() -> Option<std::ffi::OsString> {
    std::env::var_os("PATH")
}

/// The day, since 1970-01-01.
fn today() -> i32 {
    i32::try_from(SystemClock.now_ms() / 86_400_000).unwrap_or(i32::MAX)
}
