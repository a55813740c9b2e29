//! `askfirst demo`: a simulated population sends its weeks to a real collector in this process,
//! whose clock goes through them in seconds; then the reports, and the page until Ctrl-C.

mod clock;
mod deliver;
mod place;
mod send;
mod tell;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use askfirst_catalog::{Catalog, Profile};
use askfirst_collector::{Config, Started};
use askfirst_population::{Plan, Population};
use askfirst_query::calendar::Day;
use askfirst_store::{Clock as _, Key, NewProject, Options, Retention, Store, SystemClock};
use tokio::sync::oneshot;

use crate::args::{DemoArgs, Globals};
use crate::failure::Failure;
use crate::output::Output;
use clock::DemoClock;
use place::Place;

/// The project's name: wherever it stands, it says what its events are.
pub(crate) const PROJECT: &str = "simulated";

/// The tool that is simulated.
const HOST: &str = "aider";

/// What the threads of a demo share.
struct Demo<'a> {
    args: &'a DemoArgs,
    population: Population,
    place: Place,
    clock: Arc<DemoClock>,
    store: Store,
    key: Key,
    output: &'a Output,
    /// Set when the person asked to stop: what fails from then on is no failure.
    stopped: AtomicBool,
}

/// Does what was asked.
pub(crate) fn run(args: &DemoArgs, globals: &Globals, output: &Output) -> anyhow::Result<()> {
    let listen = free(args.listen, output)?;
    let plan = plan(args);
    let place = Place::of(globals)?;
    let clock = Arc::new(DemoClock::at_day(plan.first_day));
    let mut options = Options::new(Catalog::builtin());
    options.clock = Arc::<DemoClock>::clone(&clock);
    let store = Store::open(place.path(), options).map_err(Failure::from)?;
    let key = project(&store, &plan)?;
    let demo = Demo {
        args,
        population: Population::new(plan),
        place,
        clock,
        store,
        key,
        output,
        stopped: AtomicBool::new(false),
    };
    tell::what_is_simulated(&demo);
    demo.serve(listen)?;
    tell::the_end(&demo);
    demo.place.remove()
}

fn plan(args: &DemoArgs) -> Plan {
    let today = i64::from(Day::of_ms(SystemClock.now_ms()).0);
    let days = i64::from(args.weeks) * 7;
    Plan {
        seed: args.seed.into(),
        installs: args.installs as usize,
        first_day: today - days,
        days,
    }
}

/// The one project, which keeps its events as long as the tool's users were told.
fn project(store: &Store, plan: &Plan) -> Result<Key, Failure> {
    let days = Profile::builtin(HOST).map_or(0, |profile| profile.retention_days);
    let new = NewProject {
        simulated: Some(plan.seed),
        ..NewProject::new(PROJECT, HOST, Retention::days(days))
    };
    let (_, key) = store.add_project(new)?;
    Ok(key)
}

/// The address if it is free, else a free port beside it.
fn free(listen: SocketAddr, output: &Output) -> Result<SocketAddr, Failure> {
    if !listen.ip().is_loopback() {
        return Err(Failure::wrong_use(
            format!("{listen} is not an address of this machine alone"),
            "choose a port of this machine: --listen 127.0.0.1:8788",
        ));
    }
    match TcpListener::bind(listen) {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            output.note(format_args!(
                "{listen} is in use by another program; a free port is taken instead"
            ));
            Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        }
        // Whatever else is wrong with it, the collector says better.
        _ => Ok(listen),
    }
}

impl Demo<'_> {
    /// Runs the collector until it is told to stop, and everything else beside it.
    fn serve(&self, listen: SocketAddr) -> anyhow::Result<()> {
        let (started, starts) = mpsc::channel::<Started>();
        let (done, ends) = oneshot::channel::<()>();
        let config = Config::new(listen, self.place.path());
        thread::scope(|scope| {
            let shown = scope.spawn(move || {
                let shown = match starts.recv() {
                    Ok(started) => self.show(started),
                    Err(_) => Ok(()), // It never listened; `serve` says why.
                };
                // With `--once`, or after a failure, nothing is left to serve for: `done` is
                // dropped. Else it lives as long as this thread's result.
                let go_on = !self.args.once && shown.is_ok();
                (shown, go_on.then_some(done))
            });
            let stop = async {
                tokio::select! {
                    () = askfirst_collector::signals() => self.stopped.store(true, Ordering::Release),
                    _ = ends => {}
                }
            };
            // That nobody waits any more is no failure.
            let ready = move |at| _ = started.send(at);
            let served = askfirst_collector::serve(self.store.clone(), config, ready, stop);
            self.stopped.store(true, Ordering::Release);
            let shown = shown.join();
            served.map_err(|error| Failure::of(&error, error.remedy()))?;
            let (shown, _) = shown.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            shown
        })
    }

    /// Sends everything, then tells what came of it.
    fn show(&self, started: Started) -> anyhow::Result<()> {
        tell::begins(self);
        match deliver::everything(self, started) {
            Ok(Some(sent)) => tell::reports(self, started, &sent),
            Ok(None) => Ok(()),
            Err(_) if self.is_stopped() => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }
}
