//! Who is asked, and how it reads.

use super::{END, fresh};
use crate::bench::Bench;
use crate::bench::files;
use crate::bench::process::Run;
use crate::error::Error;
use crate::judge::{self, squeezed};
use crate::policy::STARTS;
use crate::verdict::Finding;

/// Chance below which a share is not believed to be the one that was said.
const UNLIKELY: f64 = 1e-5;

/// A random subset is asked.
pub(super) fn p08(bench: &Bench) -> Result<Vec<Finding>, Error> {
    asks_at_all(bench)?;
    let percent = bench.profile.ask_percent;
    let mut findings = Vec::new();
    // The rule of the tools there are: six hex digits of the stored draw, compared as text.
    let last = 0xFF_FFFF_u64 * u64::from(percent) / 100;
    for (draw, drawn) in [
        (0, percent > 0),
        (last, percent > 0),
        (last + 1, percent >= 100),
        (0xFF_FFFF, percent >= 100),
    ] {
        let world = fresh(bench)?;
        let draw = format!("{:06x}", draw.min(0xFF_FFFF));
        let state = format!(
            "{{\"uuid\": \"{draw}50-1c1e-4c0a-9f1e-0123456789ab\", \"permanently_disable\": null, \"asked_opt_in\": null}}"
        );
        files::put(&world.state("analytics.json"), state)?;
        let run = world.run(&bench.start().answers(&[END]))?;
        let what = match drawn {
            true => format!("a home that drew {draw} is asked: the share is {percent} %"),
            false => format!("a home that drew {draw} is not asked: the share is {percent} %"),
        };
        findings.push(Finding::when(
            (run.asked > 0) == drawn,
            what,
            || match run.asked {
                0 => "no question came".to_owned(),
                _ => "the question came".to_owned(),
            },
        ));
    }
    let homes = bench.drive.load.homes;
    let mut asked = 0;
    let mut unasked = None;
    for _ in 0..homes {
        let world = fresh(bench)?;
        match world.run(&bench.start().answers(&[END]))?.asked {
            0 => unasked = Some(world),
            _ => asked += 1,
        }
    }
    let share = f64::from(percent) / 100.0;
    let fits = match percent {
        0 => asked == 0,
        100.. => asked == homes,
        _ => {
            let less = judge::at_most(asked, homes, share);
            let more = 1.0
                - asked
                    .checked_sub(1)
                    .map_or(0.0, |below| judge::at_most(below, homes, share));
            less.min(more) > UNLIKELY
        }
    };
    findings.push(
        Finding::when(
            fits,
            format!("of {homes} fresh homes about {percent} % are asked"),
            || format!("{asked} were"),
        )
        .with(format!("{asked} were")),
    );
    if let Some(world) = unasked {
        let mut again = 0;
        for _ in 0..STARTS {
            again += world.run(&bench.start().answers(&[END]))?.asked;
        }
        findings.push(Finding::when(
            again == 0,
            "a home draws once, not at every start",
            || format!("one that was not asked was, in {STARTS} more starts"),
        ));
    }
    Ok(findings)
}

/// Without a question there is nothing to say about it.
fn asks_at_all(bench: &Bench) -> Result<Run, Error> {
    let world = fresh(bench)?;
    let run = world.run(&bench.start().flags(&["--analytics"]).answers(&[END]))?;
    match run.asked {
        0 => Err(Error::not_applicable("no question ever comes (see P06)")),
        _ => Ok(run),
    }
}

/// The question's words and lines.
pub(super) fn p09(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let run = asks_at_all(bench)?;
    let question = &bench.profile.question;
    let wanted = format!(
        "{} For more info: {} {}",
        squeezed(&question.statement),
        bench.profile.links.more_info,
        squeezed(&question.text)
    );
    let mut findings = vec![shows(
        &run.stdout,
        &wanted,
        "statement, link and question are the page's, to the letter",
    )];
    let world = fresh(bench)?;
    let narrow = bench
        .start()
        .flags(&["--analytics"])
        .answers(&[END])
        .at_terminal(40);
    let screen = world.run(&narrow)?.stdout;
    let link = &bench.profile.links.more_info;
    let asked = screen
        .find(&bench.drive.question.waits)
        .unwrap_or(screen.len());
    let long = screen[..asked].lines().map(squeezed).find(|line| {
        line.chars().count() > 40 && !line.contains(link.as_str()) && line.contains(' ')
    });
    findings.push(Finding::unless(
        long.map(|line| format!("{:?} is longer", judge::cut(&line))),
        "on a terminal of 40 columns its lines fit",
    ));
    findings.push(explained(bench)?);
    findings.push(not_an_answer(bench)?);
    Ok(findings)
}

/// `?` says what, to whom, where and how long, and asks again.
fn explained(bench: &Bench) -> Result<Finding, Error> {
    let world = fresh(bench)?;
    let turn = bench.start().flags(&["--analytics"]).answers(&["?\n", END]);
    let run = world.run(&turn)?;
    let screen = squeezed(&run.stdout);
    let days = format!("{} days", bench.profile.retention_days);
    let url = world.collector.url();
    let missing = [url.as_str(), &days, "\"event\""]
        .into_iter()
        .find(|words| !screen.contains(words));
    let kept = missing.is_none() && run.asked > 1;
    Ok(Finding::when(
        kept,
        "`?` shows where it goes, how long it is kept and one example event, and asks again",
        || {
            format!(
                "it said {:?}",
                judge::cut(after(&screen, &bench.drive.question.waits))
            )
        },
    ))
}

/// What is neither yes nor no asks again, and is none in the end.
fn not_an_answer(bench: &Bench) -> Result<Finding, Error> {
    let world = fresh(bench)?;
    let turn = bench
        .start()
        .flags(&["--analytics"])
        .answers(&["maybe\n", "hm\n", "what\n", END]);
    let run = world.run(&turn)?;
    let before = world.state_files()?;
    let again = world.run(&bench.message().flags(&["--analytics"]))?;
    let seen =
        judge::sent(&world.collector.received()).or(judge::kept(&before, &world.state_files()?));
    let seen = seen.or((run.hung || again.hung).then(|| run.end()));
    Ok(Finding::unless(
        seen,
        "words that are neither yes nor no are no yes",
    ))
}

fn after<'t>(text: &'t str, mark: &str) -> &'t str {
    text.split_once(mark).map_or("", |(_, after)| after)
}

fn shows(screen: &str, wanted: &str, what: &str) -> Finding {
    let shown = squeezed(screen);
    Finding::when(shown.contains(wanted), what, || {
        // From the first word the two have in common.
        let start: String = wanted.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let from = shown.find(&start).unwrap_or(0);
        let differs = shown[from..]
            .char_indices()
            .zip(wanted.chars())
            .find(|((_, a), b)| a != b);
        let at = differs.map_or(from, |((at, _), _)| from + at);
        let begin = shown[..at].rfind(' ').map_or(0, |space| space + 1);
        format!(
            "it differs from the page at {:?}",
            judge::cut(&shown[begin..])
        )
    })
}

/// The statement alone.
pub(super) fn b17(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let run = asks_at_all(bench)?;
    let wanted = squeezed(&bench.profile.question.statement);
    Ok(vec![shows(
        &run.stdout,
        &wanted,
        "the statement before the question is the page's",
    )])
}

/// The links.
pub(super) fn p15(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let run = asks_at_all(bench)?;
    let links = &bench.profile.links;
    let line = format!("For more info: {}", links.more_info);
    let shown = Finding::when(
        squeezed(&run.stdout).contains(&line),
        "the question shows where more is said",
        || format!("there is no {line:?}"),
    );
    let page = askfirst_catalog::page(&bench.catalog, &bench.profile);
    let missing = [
        &links.issues,
        &links.privacy,
        &links.call_sites,
        &links.sample_log,
    ]
    .into_iter()
    .find(|link| !page.contains(link.as_str()));
    let printed = Finding::unless(
        missing.map(|link| format!("{link} is missing")),
        "the page made for this profile has its links",
    );
    let notice = askfirst_catalog::privacy(&bench.profile);
    let says = [
        &bench.profile.notice.publisher,
        &bench.profile.notice.contact,
        &bench.profile.notice.recipient,
    ];
    let silent = says.into_iter().any(|said| {
        !said
            .as_ref()
            .is_some_and(|said| squeezed(&notice).contains(&squeezed(said)))
    });
    let told = Finding::when(
        !silent,
        "its privacy notice names publisher, contact and recipient",
        || "the profile leaves one out".to_owned(),
    );
    Ok(vec![shown, printed, told])
}
