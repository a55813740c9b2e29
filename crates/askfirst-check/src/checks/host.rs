//! What the tool's user notices: nothing.

use std::time::Duration;

use super::needs_a_yes_to_matter;
use crate::bench::Bench;
use crate::bench::collector::Kind;
use crate::bench::process::Run;
use crate::bench::wire;
use crate::error::Error;
use crate::judge;
use crate::policy::{SHORT, SILENCE, TIMED};
use crate::verdict::Finding;

/// A wait so long that doing it again would only say the same.
const PLAIN: Duration = Duration::from_secs(4);

/// The two of a pair.
const FLAGS: [&str; 2] = ["--analytics", "--no-analytics"];

/// A session that is long enough to send, and is then told to end.
fn lasting(bench: &Bench, kind: Kind, flag: &str) -> Result<Run, Error> {
    let session = || {
        let world = bench.agreed(kind)?;
        world.run(&bench.start().flags(&[flag]))?;
        let talk = bench.talk()?.flags(&[flag]);
        Ok(world.session(&talk, &[], SILENCE, |_| false)?.0)
    };
    bench.standing(&before("a session", flag, kind), session)
}

/// What was begun anew, for the report.
fn before(what: &str, flag: &str, kind: Kind) -> String {
    let does = kind.does();
    format!("{what} with `{flag}` before a collector that {does}")
}

/// How long something took with analytics and without.
struct Measured {
    waits: Option<String>,
    figures: String,
}

/// Measures with analytics and without in turn, so that whatever else the machine does meets
/// both: until the two are not apart, [`TIMED`] times at most, or until a wait is plain.
fn in_turn(least: usize, one: impl Fn(&str) -> Result<Duration, Error>) -> Result<Measured, Error> {
    let mut times = FLAGS.map(|_| Vec::new());
    loop {
        for (times, flag) in times.iter_mut().zip(FLAGS) {
            times.push(one(flag)?);
        }
        let [with, without] = &times;
        let (slow, quick) = (judge::median(with), judge::median(without));
        let waits = judge::waits(with, without);
        let clear = match &waits {
            None => with.len() >= least,
            Some(_) => with.len() == TIMED || slow > quick * 2 + PLAIN,
        };
        if clear {
            let figures = judge::figures(slow, quick);
            return Ok(Measured { waits, figures });
        }
    }
}

/// Runs of a person who said yes, as they follow each other.
fn short_runs(bench: &Bench, kind: Kind) -> Result<Measured, Error> {
    let worlds = [bench.agreed(kind)?, bench.agreed(kind)?];
    in_turn(SHORT, |flag| {
        let [with, without] = &worlds;
        let world = if flag == FLAGS[0] { with } else { without };
        // One that fell is done again in the same world: only the time of a run counts here.
        let run = || world.run(&bench.start().flags(&[flag]));
        Ok(bench.standing(&before("a run", flag, kind), run)?.took)
    })
}

fn sessions(bench: &Bench, kind: Kind) -> Result<Measured, Error> {
    in_turn(1, |flag| Ok(lasting(bench, kind, flag)?.took))
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
        let short = short_runs(bench, kind)?;
        let long = short.waits.is_some();
        find(short, "a short run", kind);
        if !long && bench.session().is_ok() {
            find(sessions(bench, kind)?, "a session", kind);
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
            bench.standing(&before("a run", flag, kind), run)
        };
        let [with, without] = FLAGS;
        let ((run, url), (quiet, _)) = (once(with)?, once(without)?);
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
    use std::cell::Cell;

    use super::*;

    /// What is made of pairs that take so many seconds, and how many were needed.
    fn made_of(least: usize, pairs: &[(u64, u64)]) -> (bool, usize) {
        let at = Cell::new(0);
        let measured = in_turn(least, |flag| {
            let (with, without) = pairs[at.get() / 2];
            at.set(at.get() + 1);
            let seconds = if flag == FLAGS[0] { with } else { without };
            Ok(Duration::from_secs(seconds))
        });
        (measured.unwrap().waits.is_some(), at.get() / 2)
    }

    #[test]
    fn b09_a_short_wait_counts_if_it_is_seen_each_time_and_a_long_one_at_once() {
        assert_eq!(made_of(1, &[(5, 5), (9, 5)]), (false, 1));
        assert_eq!(made_of(3, &[(5, 5), (9, 5), (9, 5)]), (false, 3));
        assert_eq!(made_of(1, &[(17, 8), (9, 8), (8, 9)]), (false, 3), "noise");
        assert_eq!(made_of(1, &[(7, 5); TIMED]), (true, TIMED));
        assert_eq!(made_of(3, &[(68, 2)]), (true, 1));
    }
}
