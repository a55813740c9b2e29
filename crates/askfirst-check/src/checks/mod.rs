//! The checks, one function for each number: situation, run, judge.
//!
//! | module | numbers |
//! |---|---|
//! | [`consent`] | P01 P06 P07 P14 B04 B05 |
//! | [`refusal`] | P05 P10 B06 B12 |
//! | [`question`] | P08 P09 P15 B17 |
//! | [`content`] | P02 P03 P12 B01 B02 B08 B18 B19 |
//! | [`identity`] | P04 P16 P17 B03 B07 |
//! | [`arrival`] | P11 P13 B11 B14 |
//! | [`delivery`] | B13 |
//! | [`host`] | B09 B10 B15 B16 |

mod arrival;
mod consent;
mod content;
mod delivery;
mod host;
mod identity;
mod question;
mod refusal;

use crate::bench::Bench;
use crate::bench::collector::Kind;
use crate::bench::files::Files;
use crate::bench::turn::Turn;
use crate::bench::world::World;
use crate::error::Error;
use crate::judge;
use crate::policy::SILENCE;
use crate::verdict::Finding;

/// Looks at everything of one number.
pub(crate) type Check = fn(&Bench) -> Result<Vec<Finding>, Error>;

/// What is done for a number.
pub(crate) fn of(number: &str) -> Option<Check> {
    let check: Check = match number {
        "P01" => consent::p01,
        "P02" => content::p02,
        "P03" => content::p03,
        "P04" => identity::p04,
        "P05" => refusal::p05,
        "P06" => consent::p06,
        "P07" => consent::p07,
        "P08" => question::p08,
        "P09" => question::p09,
        "P10" => refusal::p10,
        "P11" => arrival::p11,
        "P12" => content::p12,
        "P13" => arrival::p13,
        "P14" => consent::p14,
        "P15" => question::p15,
        "P16" => identity::p16,
        "P17" => identity::p17,
        "B01" => content::b01,
        "B02" => content::b02,
        "B03" => identity::b03,
        "B04" => consent::b04,
        "B05" => consent::b05,
        "B06" => refusal::b06,
        "B07" => identity::b07,
        "B08" => content::b08,
        "B09" => host::b09,
        "B10" => host::b10,
        "B11" => arrival::b11,
        "B12" => refusal::b12,
        "B13" => delivery::b13,
        "B14" => arrival::b14,
        "B15" => host::b15,
        "B16" => host::b16,
        "B17" => question::b17,
        "B18" => content::b18,
        "B19" => content::b19,
        _ => return None,
    };
    Some(check)
}

/// The first word typed at a question that is not answered: the end of input.
const END: &str = "\x04";

/// A run that must collect nothing: what it sent, or put by.
fn quiet(world: &World<'_>, turn: &Turn, what: &str) -> Result<Finding, Error> {
    let (before, had) = (world.state_files()?, world.collector.received().len());
    world.run(turn)?;
    collected(world, &before, had, what)
}

/// A session that must collect nothing, long enough for what waits to be sent.
fn quiet_session(world: &World<'_>, turn: &Turn, what: &str) -> Result<Finding, Error> {
    let (before, had) = (world.state_files()?, world.collector.received().len());
    world.session(turn, &[], SILENCE, |requests| requests.len() > had)?;
    collected(world, &before, had, what)
}

fn collected(world: &World<'_>, before: &Files, had: usize, what: &str) -> Result<Finding, Error> {
    let received = world.collector.received();
    let sent = judge::sent(received.get(had..).unwrap_or_default());
    let seen = match sent {
        Some(sent) => Some(sent),
        None => judge::kept(before, &world.state_files()?),
    };
    Ok(Finding::unless(seen, what))
}

/// A session in which something must arrive.
fn arrives(world: &World<'_>, turn: &Turn, what: &str) -> Result<Finding, Error> {
    let had = world.collector.received().len();
    world.run(turn)?;
    let came = world.deliver(|requests| requests.len() > had)?;
    Ok(Finding::when(came, what, || "nothing arrived".to_owned()))
}

/// What most checks of consent need to mean anything: that a yes has an effect.
fn needs_a_yes_to_matter(bench: &Bench) -> Result<(), Error> {
    let told = bench.told()?;
    match told.events.is_empty() && told.elsewhere.is_empty() {
        true => Err(Error::not_applicable(
            "nothing arrives even after a yes (see B14), so nothing can be told from silence",
        )),
        false => Ok(()),
    }
}

/// What was found so far, and the reason nothing more can be: a flag that does nothing is
/// reported even where the rest cannot be looked at.
fn so_far(mut findings: Vec<Finding>, rest: &str, stop: Error) -> Result<Vec<Finding>, Error> {
    match stop {
        Error::NotApplicable(why) => {
            findings.push(Finding::not_applicable(rest, why));
            Ok(findings)
        }
        other => Err(other),
    }
}

/// A world nobody was asked in.
fn fresh(bench: &Bench) -> Result<World<'_>, Error> {
    bench.fresh(Kind::Good)
}
