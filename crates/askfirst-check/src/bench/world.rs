//! A home, a project, a collector: the world of one or more runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::collector::{Collector, Kind, pause};
use super::files::{self, Files};
use super::http::Request;
use super::process::{Input, Run, Running};
use super::turn::Turn;
use super::wire::{self, Event};
use super::{Bench, anew};
use crate::drive::Planted;
use crate::error::{Error, Named as _};
use crate::policy::{ARRIVAL, IDLE, PATIENCE, READING};

/// The project key every run is told to use.
pub const KEY: &str = "phc_askfirst_check";

/// A world of its own.
#[derive(Debug)]
pub struct World<'b> {
    bench: &'b Bench,
    root: TempDir,
    /// Where events are to go.
    pub collector: Collector,
    /// What goes anywhere else is seen here: every run's proxy.
    pub elsewhere: Collector,
}

static RUNS: AtomicU64 = AtomicU64::new(0);

impl<'b> World<'b> {
    /// A fresh one.
    pub(crate) fn fresh(bench: &'b Bench, kind: Kind) -> Result<World<'b>, Error> {
        let root = TempDir::new_in(bench.folder()).at(bench.folder())?;
        let world = World {
            bench,
            root,
            collector: Collector::start(kind)?,
            elsewhere: Collector::start(Kind::Good)?,
        };
        for dir in [world.home(), world.project(), world.root.path().join("tmp")] {
            fs::create_dir_all(&dir).at(&dir)?;
        }
        world.furnish()?;
        Ok(world)
    }

    /// One whose home is a copy of another.
    pub(crate) fn with_home(bench: &'b Bench, kind: Kind, home: &Path) -> Result<World<'b>, Error> {
        let world = World::fresh(bench, kind)?;
        fs::remove_dir_all(world.home()).at(&world.home())?;
        files::copy(home, &world.home())?;
        Ok(world)
    }

    /// A project with canaries in it, and the files the tool needs.
    fn furnish(&self) -> Result<(), Error> {
        files::copy(
            &self.bench.project(|project| self.lay_out(project))?,
            &self.project(),
        )?;
        self.plant(&self.bench.drive.file)
    }

    /// The project every world has a copy of.
    fn lay_out(&self, project: &Path) -> Result<(), Error> {
        let canaries = &self.bench.canaries;
        let code = format!("print(\"hello\")\n# {}\n", canaries.of("code"));
        files::put(&project.join("hello.py"), "print(\"hello\")\n")?;
        files::put(&project.join(format!("{}.py", canaries.of("file"))), code)?;
        let branch = canaries.of("branch");
        for arguments in [
            &["init", "--quiet", "--template=", "--initial-branch", branch][..],
            &["add", "--all"],
            &["commit", "--quiet", "--message", "begin"],
        ] {
            let mut git = Command::new("git");
            git.args(arguments).current_dir(project);
            self.surroundings(&mut git);
            // Without git the project is a folder, which tools take as well.
            let quiet = git
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let _ = quiet.status();
        }
        Ok(())
    }

    fn plant(&self, planted: &[Planted]) -> Result<(), Error> {
        for file in planted {
            let path = PathBuf::from(self.words(&file.path));
            if let Some(leads) = &file.link {
                let _ = fs::remove_file(&path);
                std::os::unix::fs::symlink(self.words(leads), &path).at(&path)?;
            } else if let Some(copy) = &file.copy {
                let from = starred(Path::new(&self.words(copy)));
                let bytes = fs::read(&from).at(&from)?;
                files::put(&path, bytes)?;
            } else {
                let text = file.text.as_deref().unwrap_or_default();
                files::put(&path, self.words(text))?;
            }
        }
        Ok(())
    }

    /// The user's home.
    pub fn home(&self) -> PathBuf {
        self.root.path().join(self.bench.canaries.of("user"))
    }

    /// The folder the tool is started in.
    pub fn project(&self) -> PathBuf {
        self.root
            .path()
            .join("work")
            .join(self.bench.canaries.of("project"))
    }

    /// A file outside home and project.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A file of the state directory.
    pub fn state(&self, name: &str) -> PathBuf {
        let dir = self.bench.state_dir();
        let dir = dir.strip_prefix("~/").unwrap_or(dir);
        let dir = self.home().join(dir);
        match name {
            "" => dir,
            name => dir.join(name),
        }
    }

    /// The state directory as it is, without what has nothing to do with analytics.
    pub fn state_files(&self) -> Result<Files, Error> {
        let mut files = Files::of(&self.state(""))?;
        let others = &self.bench.drive.not_analytics;
        files.0.retain(|name, _| {
            let name = name.to_string_lossy();
            !others.iter().any(|other| name.starts_with(other.as_str()))
        });
        Ok(files)
    }

    /// Every event that arrived.
    pub fn events(&self) -> Vec<Event> {
        wire::events(&self.collector.received())
    }

    /// Does a turn, to its end.
    ///
    /// # Errors
    ///
    /// If the tool cannot be started.
    pub fn run(&self, turn: &Turn) -> Result<Run, Error> {
        let mut running = self.start(turn, !turn.act.lines.is_empty())?;
        for line in &turn.act.lines {
            running.types(&format!("{}\n", self.words(line)));
        }
        let asked = match turn.terminal {
            Some(_) => self.answer(&mut running, &turn.answers),
            None => {
                running.end_input();
                0
            }
        };
        let run = self.stood(running.finish(PATIENCE));
        // What made something happen must not make it happen to the next run.
        for file in &turn.act.file {
            drop(fs::remove_file(self.words(&file.path)));
        }
        Ok(Run { asked, ..run? })
    }

    /// Answers the question each time it comes, until the run is over.
    fn answer(&self, running: &mut Running, answers: &[String]) -> usize {
        let waits = &self.bench.drive.question.waits;
        let (mut asked, mut answers) = (0, answers.iter());
        while running.age() < PATIENCE {
            let over = running.over(Duration::ZERO);
            let shown = running.stdout().matches(waits.as_str()).count();
            if shown > asked {
                asked = shown;
                if let Some(keys) = answers.next() {
                    pause(READING);
                    running.types(keys);
                } else {
                    // Nobody is there: the terminal goes away.
                    running.types("\x04");
                }
            } else if over {
                break;
            } else {
                running.wait_for_more();
            }
        }
        asked
    }

    /// A session that goes on, typing something harmless, until `enough` holds of what the
    /// collector got or the time is over; the run, and whether it came to that.
    ///
    /// # Errors
    ///
    /// If the tool cannot be started, or has no such sessions.
    pub fn session(
        &self,
        turn: &Turn,
        lines: &[String],
        most: Duration,
        enough: impl Fn(&[Request]) -> bool,
    ) -> Result<(Run, bool), Error> {
        let session = self.bench.session()?;
        let mut running = self.start(turn, true)?;
        for line in lines {
            running.types(&format!("{}\n", self.words(line)));
        }
        let begun = Instant::now();
        let mut came = false;
        while !came && begun.elapsed() < most && !running.over(Duration::ZERO) {
            came = self.collector.wait(IDLE, &enough);
            if !came {
                running.types(&format!("{}\n", self.words(&session.idle)));
            }
        }
        running.types(&format!("{}\n", session.quit));
        running.end_input();
        Ok((self.stood(running.finish(PATIENCE))?, came))
    }

    fn stood(&self, run: Run) -> Result<Run, Error> {
        anew::stood(run, self.bench.drive.aborts_by_itself)
    }

    /// Goes on until what earlier runs left has arrived, or it is clear that it does not.
    ///
    /// # Errors
    ///
    /// If the tool cannot be started.
    pub fn deliver(&self, enough: impl Fn(&[Request]) -> bool) -> Result<bool, Error> {
        if enough(&self.collector.received()) {
            return Ok(true);
        }
        match self.bench.talk() {
            Ok(turn) => {
                let turn = turn.flags(&["--analytics"]);
                Ok(self.session(&turn, &[], ARRIVAL, enough)?.1)
            }
            Err(_) => Ok(self.collector.wait(ARRIVAL, enough)),
        }
    }

    /// Starts a turn, with a pipe to type into where it has no terminal, or without.
    pub(crate) fn start(&self, turn: &Turn, pipe: bool) -> Result<Running, Error> {
        self.plant(&turn.act.file)?;
        let drive = &self.bench.drive;
        let mut typed: Vec<String> = drive.always.clone();
        if turn.host {
            typed.extend(drive.destination.host.iter().cloned());
        }
        if turn.key {
            typed.extend(drive.destination.key.iter().cloned());
        }
        typed.extend(turn.flags.iter().cloned());
        typed.extend(turn.act.arguments.iter().cloned());
        let own = turn.act.model.as_deref().unwrap_or(&drive.model);
        let typed: Vec<String> = typed
            .iter()
            .map(|word| self.words(&word.replace("{model}", own)))
            .collect();
        let mut command = Command::new(&self.bench.command[0]);
        command
            .args(&self.bench.command[1..])
            .args(&typed)
            .current_dir(self.project());
        self.surroundings(&mut command);
        if turn.host {
            for (name, value) in &drive.destination.environment {
                command.env(name, self.words(value));
            }
        }
        for (name, value) in &turn.environment {
            command.env(name, value);
        }
        let input = match (turn.terminal, pipe) {
            (Some(columns), _) => Input::Terminal(columns),
            (None, true) => Input::Pipe,
            (None, false) => Input::Nothing,
        };
        let mark = format!(
            "{}-{}",
            self.bench.canaries.of("variable"),
            RUNS.fetch_add(1, Ordering::SeqCst)
        );
        let flags: Vec<&str> = turn.flags.iter().map(String::as_str).collect();
        Running::start(command, input, &mark, flags.join(" "))
    }

    /// The environment of a run: nothing of this machine's but where programs are.
    fn surroundings(&self, command: &mut Command) {
        let canaries = &self.bench.canaries;
        let proxy = self.elsewhere.url();
        command.env_clear();
        if let Some(path) = &self.bench.path {
            command.env("PATH", path);
        }
        command
            .env("HOME", self.home())
            .env("TMPDIR", self.root.path().join("tmp"))
            .env("USER", canaries.of("user"))
            .env("LOGNAME", canaries.of("user"))
            .env("HOSTNAME", canaries.of("host"))
            .env("ASKFIRST_CHECK_SECRET", canaries.of("variable"))
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env("no_proxy", "127.0.0.1,localhost");
        for name in [
            "http_proxy",
            "https_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            command.env(name, &proxy);
        }
        for role in ["AUTHOR", "COMMITTER"] {
            let name = canaries.of("author");
            command
                .env(format!("GIT_{role}_NAME"), name)
                .env(format!("GIT_{role}_EMAIL"), format!("{name}@example.com"));
        }
        for (name, value) in &self.bench.drive.environment {
            command.env(name, self.words(value));
        }
    }

    /// What stands in braces, filled in.
    pub(crate) fn words(&self, text: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let bench = self.bench;
        let canaries = &bench.canaries;
        let path = |path: PathBuf| path.to_string_lossy().into_owned();
        let mut text = text
            .replace(
                "{message}",
                &format!("add a greeting {}", canaries.of("prompt")),
            )
            .replace("{collector}", &self.collector.url())
            .replace("{key}", KEY)
            .replace("{llm}", &bench.model_url())
            .replace("{profile}", &bench.profile_name)
            .replace("{bin}", &path(bench.program_dir()))
            .replace("{drive}", &path(bench.drive_dir.clone()))
            .replace("{file}", &format!("{}.py", canaries.of("file")))
            .replace("{home}", &path(self.home()))
            .replace("{project}", &path(self.project()));
        for place in super::canary::PLACES {
            text = text.replace(&format!("{{canary.{place}}}"), canaries.of(place));
        }
        text
    }
}

/// The path with the `*` in it filled in by the first folder that fits.
fn starred(path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in path.components() {
        if part.as_os_str() != "*" {
            found.push(part);
            continue;
        }
        let mut inside: Vec<PathBuf> = fs::read_dir(&found)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.is_dir()
                    && path
                        .file_name()
                        .is_some_and(|name| name.to_string_lossy().starts_with("python"))
            })
            .collect();
        inside.sort();
        found = inside.into_iter().next().unwrap_or(found);
    }
    found
}
