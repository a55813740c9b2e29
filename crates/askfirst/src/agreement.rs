//! From everything that was said to an [`Agreement`]: what may be collected in this session.
//!
//! [`reach`] reads the settings and what is stored, decides, asks if the verdict is to ask,
//! and stores what follows. The order in which the disk is touched follows from the promises:
//! nothing is written unless it is what decides, the attempt is counted before the question
//! is shown, and a yes is on only once it is stored. [`look`] decides the same without
//! touching anything, for status.

use std::path::PathBuf;
use std::sync::Arc;

use askfirst_catalog::{Catalog, ClassSet, Profile};

use crate::clock::{Clock, SystemClock};
use crate::consent::{Answer, Choice, Draw, Input, Line, Row, Store, Verdict, decide};
use crate::disk::{Disk, RealDisk};
use crate::environment::Environment;
use crate::lines;
use crate::question::{RealTerminal, Terminal, Wording, ask, example, explanation};
use crate::random::{Random, SystemRandom};
use crate::record::unignored_in;
use crate::settings::{Destination, Settings, Sources, Typed};
use crate::state::{Held, InstallId, Places, Share, State, Stored};

/// The tool the SDK runs inside, and everything around it. All of it can be replaced in tests.
#[derive(Debug)]
pub struct Host {
    /// Names, links, share, destination.
    pub profile: Arc<Profile>,
    /// What may be collected: for the example the question shows.
    pub catalog: Arc<Catalog>,
    /// The environment when the process started.
    pub environment: Environment,
    /// The environment now, where the host may have loaded a `.env` file since.
    pub environment_now: Option<Environment>,
    /// Where the tool was started.
    pub working_dir: Option<PathBuf>,
    /// The host was told to answer its own questions: `--yes-always`.
    pub automated: bool,
    /// A run that only prints: `--help`, `--version`, listings.
    pub prints_only: bool,
    /// Where the choice lies; without it, where the profile and the environment say.
    pub places: Option<Places>,
    /// The disk.
    pub disk: Arc<dyn Disk>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub random: Arc<dyn Random>,
    /// The terminal.
    pub terminal: Box<dyn Terminal + Send>,
}

impl Host {
    /// This process, with its environment as it is now: make it first thing in `main`.
    pub fn of_process(profile: Arc<Profile>) -> Host {
        Host {
            profile,
            catalog: Catalog::builtin(),
            environment: Environment::at_start(),
            environment_now: None,
            working_dir: std::env::current_dir().ok(),
            automated: false,
            prints_only: false,
            places: None,
            disk: Arc::new(RealDisk),
            clock: Arc::new(SystemClock::default()),
            random: Arc::new(SystemRandom),
            terminal: Box::new(RealTerminal),
        }
    }

    /// The choice on disk; `None` if no home directory is known.
    pub fn state(&self) -> Option<State> {
        let places = match &self.places {
            Some(places) => Some(places.clone()),
            None => Places::of(&self.profile, &self.environment),
        };
        places.map(|places| State::new(Arc::clone(&self.disk), places))
    }

    /// What was said, by everybody who may.
    pub fn settings(&self, typed: &Typed) -> Settings {
        Settings::read(&Sources {
            profile: &self.profile,
            typed,
            environment: &self.environment,
            environment_now: self.environment_now.as_ref(),
            working_dir: self.working_dir.as_deref(),
            disk: &*self.disk,
        })
    }
}

/// What was agreed for this session.
#[derive(Debug)]
#[non_exhaustive]
pub struct Agreement {
    /// The verdict, after the answer if there was a question.
    pub verdict: Verdict,
    /// What it was decided from.
    pub input: Input,
    /// What was said.
    pub settings: Settings,
    /// What was stored when it was decided.
    pub stored: Stored,
    /// What may be collected, for whom; there is one exactly if the verdict is on.
    pub grant: Option<Grant>,
    /// Lines for standard error, in order. They are the caller's to print, before the tool's
    /// own screen.
    pub lines: Vec<String>,
}

impl Agreement {
    /// The log the user named.
    pub fn log(&self) -> Option<&PathBuf> {
        self.settings.log.as_ref().map(|(path, _)| path)
    }
}

/// What a person agreed to: the only thing by which events may be kept or sent. Only
/// [`reach`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    destination: Destination,
    install_id: InstallId,
    classes: ClassSet,
    agent: bool,
}

impl Grant {
    /// Where events go, and nowhere else.
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The id of this installation at that destination.
    pub fn install_id(&self) -> InstallId {
        self.install_id
    }

    /// What may be collected: the profile's classes that the yes covers. A property of any
    /// other class is withheld (promise P16).
    pub fn classes(&self) -> ClassSet {
        self.classes
    }

    /// Whether a coding agent runs the tool: the events say so.
    pub fn agent(&self) -> bool {
        self.agent
    }
}

/// Decides, asks if need be, and stores what follows. `delete_waiting` deletes what waits to
/// be sent; it is called behind the barrier of decision D5 when the user says no.
pub fn reach(host: &mut Host, typed: &Typed, delete_waiting: &dyn Fn()) -> Agreement {
    let Some(state) = host.state() else {
        return homeless(host, typed);
    };
    let mut agreement = begin(host, typed, &state);
    settle(host, &state, &mut agreement);
    match agreement.verdict.store {
        Store::Disabled => disable(host, &state, &mut agreement, delete_waiting),
        Store::Attempt => question(host, &state, &mut agreement, delete_waiting),
        Store::Nothing | Store::Yes => {}
    }
    grant(host, &state, &mut agreement);
    tell(host, Some(&state), &mut agreement);
    let log = agreement
        .log()
        .and_then(|log| Some((log, unignored_in(log)?)));
    let warned = log.map(|(log, tree)| lines::log_could_be_published(log, &tree));
    agreement.lines.extend(warned);
    agreement
}

/// Decides as [`reach`] does, and writes nothing: what a session started now would be.
pub fn look(host: &Host, typed: &Typed) -> Agreement {
    let Some(state) = host.state() else {
        return homeless(host, typed);
    };
    let mut agreement = begin(host, typed, &state);
    // Who has no number yet is not drawn: only a start draws.
    if agreement.verdict.row >= Row::YesFlagOn {
        agreement.input.draw = agreement.stored.draw(share(host));
        agreement.input.state_writable = state.is_writable();
        agreement.verdict = decide(&agreement.input);
    }
    agreement
}

/// Everything but what costs a write to know: the disk is taken to be writable, and a user
/// without a number to be drawn. If it is off even so, nothing needs to be written.
fn begin(host: &Host, typed: &Typed, state: &State) -> Agreement {
    let settings = host.settings(typed);
    let stored = state.read();
    let mut input = input(host, &settings, &stored);
    input.draw = match (share(host).is_nobody(), stored.drawn()) {
        (false, None) => Draw::Inside,
        _ => stored.draw(share(host)),
    };
    Agreement {
        verdict: decide(&input),
        input,
        settings,
        stored,
        grant: None,
        lines: Vec::new(),
    }
}

/// Finds out what [`begin`] took for granted, where it decides.
fn settle(host: &Host, state: &State, agreement: &mut Agreement) {
    let verdict = agreement.verdict;
    if verdict.on || verdict.ask {
        agreement.input.state_writable = state.is_writable();
    }
    agreement.verdict = decide(&agreement.input);
    if agreement.verdict.row == Row::AskDrawn && agreement.input.choice == Choice::NeverAsked {
        match state.draw(&*host.random) {
            Ok(number) => agreement.input.draw = share(host).holds(number),
            // A draw that cannot be stored is no draw.
            Err(_) => agreement.input.draw = Draw::Outside,
        }
        agreement.verdict = decide(&agreement.input);
    }
}

fn share(host: &Host) -> Share {
    Share::percent(host.profile.ask_percent)
}

fn input(host: &Host, settings: &Settings, stored: &Stored) -> Input {
    Input {
        disable: settings.disable.is_some(),
        flag: settings.flag,
        held_off: settings.held_off(),
        choice: stored.choice(&host.profile, settings.destination.as_ref()),
        state_writable: true,
        do_not_track: settings.do_not_track,
        ci: settings.ci.is_some(),
        has_destination: settings.destination.is_some(),
        yes_lasts: host.profile.question.yes_lasts,
        terminal: host.terminal.is_attended(),
        agent: settings.agent.is_some(),
        automated: host.automated,
        prints_only: host.prints_only,
        draw: Draw::Outside,
        attempts: stored.record().attempts,
        log_named: settings.log.is_some(),
    }
}

fn disable(host: &Host, state: &State, agreement: &mut Agreement, delete_waiting: &dyn Fn()) {
    let disabled = state.disable(delete_waiting);
    let line = lines::disabled_now(&host.profile, state, &disabled);
    agreement.lines.push(line);
    agreement
        .lines
        .extend(lines::how_to_erase(&host.profile, &disabled));
}

fn question(host: &mut Host, state: &State, agreement: &mut Agreement, delete_waiting: &dyn Fn()) {
    // What cannot be counted is not asked.
    if state.count_attempt().is_err() {
        agreement.input.state_writable = agreement.verdict.on;
        agreement.verdict = match agreement.verdict.on {
            true => agreement.verdict.after(Answer::Unanswered),
            false => decide(&agreement.input),
        };
        return;
    }
    let destination = agreement.settings.destination.as_ref();
    let example = example(&host.catalog, &host.profile);
    let explanation = explanation(&host.profile, destination, &example);
    let wording = Wording::of(&host.profile, explanation);
    let answer = ask(&mut *host.terminal, &*host.clock, &wording);
    agreement.verdict = agreement.verdict.after(answer);
    match (answer, destination) {
        (Answer::No, _) => disable(host, state, agreement, delete_waiting),
        (Answer::Yes, Some(destination)) => {
            let today = host.clock.today();
            let agreed = state.agree(&host.profile, destination, today, &*host.random);
            match agreed {
                Ok(_) => agreement.lines.push(lines::opted_in(&host.profile)),
                Err(error) => {
                    agreement.lines.push(lines::not_stored(&error));
                    agreement.input.state_writable = false;
                    agreement.verdict = Verdict {
                        line: None,
                        ..decide(&agreement.input)
                    };
                }
            }
            agreement.stored = state.read();
        }
        _ => {}
    }
}

/// Reads the id, if the verdict is on. What cannot be read or stored is off.
fn grant(host: &Host, state: &State, agreement: &mut Agreement) {
    if !agreement.verdict.on {
        return;
    }
    let granted = agreement
        .settings
        .destination
        .clone()
        .and_then(|destination| {
            let held = state
                .key(&destination, host.clock.today(), &*host.random)
                .ok()?;
            granted(host, agreement, destination, &held)
        });
    match granted {
        Some(grant) => {
            agreement
                .lines
                .extend(lines::destination(&grant.destination));
            agreement.grant = Some(grant);
        }
        None => {
            agreement.input.state_writable = false;
            agreement.verdict = decide(&agreement.input);
        }
    }
}

fn granted(
    host: &Host,
    agreement: &Agreement,
    destination: Destination,
    held: &Held,
) -> Option<Grant> {
    let yes = agreement.stored.yes()?;
    let covered = host.profile.classes.iter();
    Some(Grant {
        install_id: held.forget_key.install_id(),
        classes: covered
            .filter(|class| yes.classes.contains(*class))
            .collect(),
        agent: agreement.settings.agent.is_some(),
        destination,
    })
}

/// Says in one line what a typed flag came to.
fn tell(host: &Host, state: Option<&State>, agreement: &mut Agreement) {
    let Agreement {
        verdict,
        input,
        settings,
        stored,
        ..
    } = &*agreement;
    let why = || lines::why(verdict.row, input, settings, stored, state);
    let line = match verdict.line {
        Some(Line::StaysOff) => lines::stays_off(&why()),
        Some(Line::HowToOptIn) => lines::how_to_opt_in(&host.profile, &why()),
        // Said where it was done.
        Some(Line::Disable | Line::OptedIn | Line::OptedOut) | None => return,
    };
    agreement.lines.push(line);
}

/// Without a home directory there is nothing to read and nowhere to store: off.
fn homeless(host: &Host, typed: &Typed) -> Agreement {
    let settings = host.settings(typed);
    let stored = Stored::default();
    let mut input = input(host, &settings, &stored);
    input.state_writable = false;
    let mut agreement = Agreement {
        verdict: decide(&input),
        input,
        settings,
        stored,
        grant: None,
        lines: Vec::new(),
    };
    if agreement.verdict.store == Store::Disabled {
        agreement.lines.push(lines::disabled_nowhere(&host.profile));
    }
    tell(host, None, &mut agreement);
    agreement
}

#[cfg(test)]
mod tests;
