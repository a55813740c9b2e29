//! What the tool's user notices: nothing.

use std::time::Duration;

use super::needs_a_yes_to_matter;
use crate::bench::Bench;
use crate::bench::collector::Kind;
use crate::bench::process::Run;
use crate::bench::wire;
use crate::error::Error;
use crate::judge;
use crate::policy::{SILENCE, TIMED, WAIT};
use crate::verdict::Finding;

/// A wait so long that doing it again would only say the same.
const PLAIN: Duration = Duration::from_secs(4);

/// Runs of a person who said yes, before a collector of this kind, with a flag.
fn timed(bench: &Bench, kind: Kind, flag: &str, base: Option<Duration>) -> Result<Vec<Run>, Error> {
    let runs = || {
        let world = bench.agreed(kind)?;
        let mut runs = Vec::new();
        for _ in 0..TIMED {
            let run = world.run(&bench.start().flags(&[flag]))?;
            let plain = base.is_some_and(|base| run.took > base * 2 + PLAIN);
            runs.push(run);
            if plain {
                break;
            }
        }
        Ok(runs)
    };
    bench.standing(&before(TIMED, "runs", flag, kind), runs)
}

/// A session that is long enough to send, and is then told to end.
fn lasting(bench: &Bench, kind: Kind, flag: &str) -> Result<Run, Error> {
    let session = || {
        let world = bench.agreed(kind)?;
        world.run(&bench.start().flags(&[flag]))?;
        let talk = bench.talk()?.flags(&[flag]);
        Ok(world.session(&talk, &[], SILENCE, |_| false)?.0)
    };
    bench.standing(&before(1, "session", flag, kind), session)
}

/// What was begun anew, for the report.
fn before(count: usize, what: &str, flag: &str, kind: Kind) -> String {
    let does = kind.does();
    format!("{count} {what} with `{flag}` before a collector that {does}")
}

fn times(runs: &[Run]) -> Vec<Duration> {
    runs.iter().map(|run| run.took).collect()
}

/// How long something took with analytics and without.
struct Measured {
    waits: Option<String>,
    figures: String,
    longer: Duration,
}

fn short_runs(bench: &Bench, kind: Kind) -> Result<Measured, Error> {
    let without = times(&timed(bench, kind, "--no-analytics", None)?);
    let base = judge::median(&without);
    let with = times(&timed(bench, kind, "--analytics", Some(base))?);
    let median = judge::median(&with);
    Ok(Measured {
        waits: judge::waits(&with, &without),
        figures: judge::figures(median, base),
        longer: median.saturating_sub(base),
    })
}

fn sessions(bench: &Bench, kind: Kind) -> Result<Measured, Error> {
    let with = lasting(bench, kind, "--analytics")?.took;
    let without = lasting(bench, kind, "--no-analytics")?.took;
    Ok(Measured {
        waits: (with > without + WAIT).then(|| judge::figures(with, without)),
        figures: judge::figures(with, without),
        longer: with.saturating_sub(without),
    })
}

/// A wait so short that it may be the machine's is measured twice more at most, and is the
/// tool's if it is seen again.
fn certain(measure: impl Fn() -> Result<Measured, Error>) -> Result<Measured, Error> {
    let first = measure()?;
    if first.waits.is_none() || first.longer > PLAIN {
        return Ok(first);
    }
    let again = measure()?;
    match again.waits {
        Some(_) => Ok(again),
        None => measure(),
    }
}

/// No wait.
pub(super) fn b09(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let mut findings = Vec::new();
    let mut find = |measured: Measured, what: &str, kind: Kind| {
        let what = format!("{what} with a collector that {}", kind.does());
        findings.push(Finding::unless(measured.waits, what).with(measured.figures));
    };
    for kind in [Kind::Good].into_iter().chain(Kind::BAD) {
        let short = certain(|| short_runs(bench, kind))?;
        let long = short.waits.is_some();
        find(short, "a short run", kind);
        if !long && bench.session().is_ok() {
            find(certain(|| sessions(bench, kind))?, "a session", kind);
        }
    }
    Ok(findings)
}

/// No noise.
pub(super) fn b10(bench: &Bench) -> Result<Vec<Finding>, Error> {
    needs_a_yes_to_matter(bench)?;
    let mut findings = Vec::new();
    for kind in [Kind::Good].into_iter().chain(Kind::BAD) {
        let once = |flag: &str| {
            let run = || {
                let world = bench.agreed(kind)?;
                let run = world.run(&bench.start().flags(&[flag]))?;
                Ok((run, world.collector.url()))
            };
            bench.standing(&before(1, "run", flag, kind), run)
        };
        let ((run, url), (quiet, _)) = (once("--analytics")?, once("--no-analytics")?);
        findings.push(Finding::unless(
            judge::differ(&unnamed(run, &url), &quiet).or_else(|| judge::fell(&quiet)),
            format!(
                "a run before a collector that {} ends and prints as with `--no-analytics`",
                kind.does()
            ),
        ));
        if bench.session().is_err() || kind == Kind::Good {
            continue;
        }
        let run = lasting(bench, kind, "--analytics")?;
        let quiet = lasting(bench, kind, "--no-analytics")?;
        // How often it was typed to differs by one; what it said of itself must not.
        let (run, quiet) = (without_stdout(run), without_stdout(quiet));
        findings.push(Finding::unless(
            judge::differ(&named_once(run), &quiet),
            format!("and so does a session before one that {}", kind.does()),
        ));
    }
    Ok(findings)
}

/// Without the line that names a destination at start, which is promised (P13).
fn unnamed(mut run: Run, url: &str) -> Run {
    let address = url.replace("http://", "");
    for text in [&mut run.stdout, &mut run.stderr] {
        let kept: Vec<&str> = text
            .lines()
            .filter(|line| !line.contains(&address))
            .collect();
        let ended = text.ends_with('\n') && !kept.is_empty();
        *text = kept.join("\n") + if ended { "\n" } else { "" };
    }
    run
}

/// The same, of a run whose collector is gone by now.
fn named_once(run: Run) -> Run {
    unnamed(run, "127.0.0.1:")
}

fn without_stdout(run: Run) -> Run {
    Run {
        stdout: String::new(),
        ..run
    }
}

/// Status, show, reset, forget.
pub(super) fn b15(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let world = bench.agreed(Kind::Good)?;
    world.run(&bench.message().flags(&["--analytics"]))?;
    let mut findings = Vec::new();
    let flag = |name: &str| bench.start().flags(&[name]);
    let unknown = |run: &Run| {
        format!(
            "{}; it said {:?}",
            run.end(),
            judge::cut(run.said().lines().last().unwrap_or_default())
        )
    };

    let run = world.run(&flag("--analytics-status"))?;
    let address = world.collector.url();
    let id = !wire::uuids(&run.stdout).is_empty();
    let told = run.code == Some(0) && run.stdout.contains(&address) && id;
    findings.push(Finding::when(
        told,
        "`--analytics-status` names destination and identifier",
        || unknown(&run),
    ));

    let run = world.run(&flag("--analytics-show"))?;
    let shown = run.code == Some(0) && run.stdout.contains("\"event\"");
    findings.push(Finding::when(
        shown,
        "`--analytics-show` shows what waits",
        || unknown(&run),
    ));

    let before = wire::uuids(&world.run(&flag("--analytics-status"))?.stdout);
    let run = world.run(&flag("--analytics-reset"))?;
    let after = wire::uuids(
        &world
            .run(
                &bench
                    .message()
                    .flags(&["--analytics", "--analytics-status"]),
            )?
            .stdout,
    );
    let reset = run.code == Some(0) && !after.iter().any(|id| before.contains(id));
    findings.push(Finding::when(
        reset,
        "`--analytics-reset` takes the identifier away",
        || unknown(&run),
    ));

    let run = world.run(&flag("--analytics-forget"))?;
    let after = world.run(
        &bench
            .message()
            .flags(&["--analytics"])
            .answers(&[super::END]),
    )?;
    let off = after.asked == 0 && !run.hung && run.code.is_some();
    let known = !run.said().contains("unrecognized arguments")
        && !run.said().contains("unexpected argument");
    let forgot = off && known && world.state("analytics.disabled").exists();
    findings.push(Finding::when(
        forgot,
        "`--analytics-forget` opts out and asks for deletion",
        || unknown(&run),
    ));
    Ok(findings)
}

/// No process is left behind.
pub(super) fn b16(bench: &Bench) -> Result<Vec<Finding>, Error> {
    if !std::path::Path::new("/proc/self/environ").exists() {
        return Err(Error::not_applicable(
            "this system has no /proc to find them in",
        ));
    }
    let mut findings = Vec::new();
    for kind in [Kind::Good, Kind::Hanging] {
        let world = bench.agreed(kind)?;
        let runs = [
            world.run(&bench.start().flags(&["--analytics"]))?,
            world.run(&bench.message().flags(&["--analytics"]))?,
        ];
        let left: Vec<String> = runs
            .iter()
            .flat_map(|run| run.left_behind.clone())
            .map(|line| judge::cut(&line))
            .collect();
        findings.push(Finding::when(
            left.is_empty(),
            format!("none after a run before a collector that {}", kind.does()),
            || format!("{} left: {}", left.len(), judge::few(left.clone())),
        ));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// What is made of measurements that add so many seconds, and how many were needed.
    fn made_of(seconds: &[u64]) -> (bool, usize) {
        let left = RefCell::new(seconds.iter().copied());
        let measured = certain(|| {
            let longer = Duration::from_secs(left.borrow_mut().next().unwrap());
            Ok(Measured {
                waits: (longer > WAIT).then(String::new),
                figures: String::new(),
                longer,
            })
        });
        (
            measured.unwrap().waits.is_some(),
            seconds.len() - left.borrow().len(),
        )
    }

    #[test]
    fn b09_a_short_wait_counts_if_it_is_seen_twice_and_a_long_one_at_once() {
        assert_eq!(made_of(&[0, 9, 9]), (false, 1));
        assert_eq!(made_of(&[2, 2, 9]), (true, 2));
        assert_eq!(made_of(&[2, 0, 2]), (true, 3));
        assert_eq!(made_of(&[2, 0, 0]), (false, 3));
        assert_eq!(made_of(&[5, 0, 0]), (true, 1));
    }
}
