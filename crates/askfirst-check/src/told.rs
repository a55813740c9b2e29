//! What a tool tells in a day's work: every act of the drive file, agreed to, logged, received.

use crate::bench::Bench;
use crate::bench::collector::Kind;
use crate::bench::files::Files;
use crate::bench::http::Request;
use crate::bench::process::Run;
use crate::bench::turn::Turn;
use crate::bench::wire::{self, Event, LogLine};
use crate::drive::Act;
use crate::error::Error;
use crate::policy::ARRIVAL;

/// Everything that came of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// What arrived at the collector the user named.
    pub requests: Vec<Request>,
    /// The events in it.
    pub events: Vec<Event>,
    /// What went anywhere else, as the proxy saw it.
    pub elsewhere: Vec<Request>,
    /// The log the user named.
    pub log: Vec<LogLine>,
    /// What stands in that log and is no line of one.
    pub no_lines: Vec<String>,
    /// The log's bytes.
    pub log_bytes: Vec<u8>,
    /// Permissions of the log, if there is one.
    pub log_mode: Option<u32>,
    /// The state directory afterwards.
    pub state: Files,
    /// Home and project, by their paths.
    pub paths: Vec<String>,
    /// Each run, by the act's name.
    pub runs: Vec<(&'static str, Run)>,
}

impl Told {
    /// Does it all.
    ///
    /// # Errors
    ///
    /// If the tool cannot be started.
    pub(crate) fn by(bench: &Bench) -> Result<Told, Error> {
        let world = bench.agreed(Kind::Good)?;
        let log = world.beside("told.jsonl");
        let log_path = log.to_string_lossy().into_owned();
        let flags = ["--analytics", "--analytics-log", &log_path];
        let mut runs = Vec::new();
        for (name, act) in acts(bench) {
            runs.push((name, world.run(&Turn::new(act).flags(&flags))?));
        }
        if let Ok(session) = bench.session() {
            let turn = bench.talk()?.flags(&flags);
            let lines = [Some(session.message.clone()), session.command.clone()];
            let lines: Vec<String> = lines.into_iter().flatten().collect();
            let before = world.events().len();
            // The session's own events come with the next run, where a tool keeps them for it.
            let (run, _) = world.session(&turn, &lines, ARRIVAL, |requests| {
                wire::events(requests).len() > before
            })?;
            runs.push(("session", run));
        }
        world.deliver(|requests| logged_all(&log, requests))?;
        let log_bytes = std::fs::read(&log).unwrap_or_default();
        let (lines, no_lines) = wire::log(&String::from_utf8_lossy(&log_bytes));
        let beside = Files::of(&world.beside(""))?;
        let path = |path: std::path::PathBuf| path.to_string_lossy().into_owned();
        Ok(Told {
            requests: world.collector.received(),
            events: world.events(),
            elsewhere: world.elsewhere.received(),
            log: lines,
            no_lines,
            log_bytes,
            log_mode: beside
                .0
                .get(std::path::Path::new("told.jsonl"))
                .map(|entry| entry.mode),
            state: world.state_files()?,
            paths: vec![path(world.home()), path(world.project())],
            runs,
        })
    }
}

/// Whether as many events arrived as are in the log.
fn logged_all(log: &std::path::Path, requests: &[Request]) -> bool {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let arrived = wire::events(requests);
    !arrived.is_empty() && arrived.len() >= wire::log(&text).0.len()
}

/// The acts there are, by name.
fn acts(bench: &Bench) -> impl Iterator<Item = (&'static str, &Act)> {
    let drive = &bench.drive;
    let acts = [
        ("message", Some(&drive.message)),
        ("error", drive.error.as_ref()),
        ("private model", drive.private_model.as_ref()),
        ("crash", drive.crash.as_ref()),
    ];
    acts.into_iter()
        .filter_map(|(name, act)| Some((name, act?)))
}
