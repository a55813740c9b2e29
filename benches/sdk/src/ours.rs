//! A tool with askfirst in it.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use askfirst::environment::Environment;
use askfirst::random::SystemRandom;
use askfirst::settings::Typed;
use askfirst::{Analytics, Billionths, Host, Model, Tool};

use crate::subject::{Place, Subject, message};

pub mod events {
    askfirst::catalog!("llm-coding");
}

const HOST: &str = "AIDER_ANALYTICS_POSTHOG_HOST";
const KEY: &str = "AIDER_ANALYTICS_POSTHOG_PROJECT_API_KEY";

struct Askfirst {
    analytics: Analytics,
    model: Model,
}

pub fn start(sdk: &str, place: &Place) -> Result<Option<Box<dyn Subject>>> {
    let log = match sdk {
        "askfirst" | "askfirst-off" => None,
        "askfirst+log" => Some(place.home.join("log.jsonl")),
        "write alone" => return Ok(Some(Box::new(Bare::new(&place.home)))),
        _ => return Ok(None),
    };
    let typed = Typed {
        analytics: (sdk == "askfirst-off").then_some(false),
        log,
        ..Typed::default()
    };
    Ok(Some(Box::new(Askfirst {
        analytics: begin(&typed),
        model: Model::named(message::MODEL),
    })))
}

/// From nothing to a handle, as a tool does it.
fn begin(typed: &Typed) -> Analytics {
    let mut host = Host::of_process(askfirst::profile!("aider"));
    let agreement = askfirst::agree(&mut host, typed);
    let tool = Tool {
        version: Some("1.2.3".to_owned()),
        catalog: events::CATALOG,
        python: None,
    };
    Analytics::start(&host, &agreement, &tool)
}

/// What says in a tool's environment where its events go.
pub fn variables(place: &Place) -> [(&'static str, &str); 2] {
    [(HOST, place.url.as_str()), (KEY, "phc_bench")]
}

/// A home whose owner has said yes.
pub fn agree(place: &Place) -> Result<()> {
    let mut host = Host::of_process(askfirst::profile!("aider"));
    host.environment = Environment::new(Some(&place.home), variables(place));
    let settings = host.settings(&Typed::default());
    let destination = settings.destination.context("no destination")?;
    let state = host.state().context("no home")?;
    let today = host.clock.today();
    state.agree(&host.profile, &destination, today, &SystemRandom)?;
    Ok(())
}

/// Where events wait in a home.
pub fn spool(home: &Path) -> std::path::PathBuf {
    home.join(".aider").join("askfirst-spool")
}

pub fn event(model: &Model, n: u64) -> events::MessageSend {
    let [sent, received, both] = message::tokens(n);
    events::MessageSend {
        main_model: Some(*model),
        edit_format: Some(match n < message::UNCOUNTED {
            true => events::EditFormat::Diff,
            false => events::EditFormat::Ask,
        }),
        prompt_tokens: Some(sent),
        completion_tokens: Some(received),
        total_tokens: Some(both),
        cost: Billionths::from_units(message::cost(n)),
        ..events::MessageSend::default()
    }
}

/// Records so many events with a handle that is switched off, as a tool has it: without a
/// virtual call between the two.
pub fn switched_off(number: u64) {
    let (analytics, model) = (Analytics::off(), Model::named(message::MODEL));
    for n in 0..number {
        std::hint::black_box(&analytics).record(event(&model, std::hint::black_box(n)));
    }
}

impl Subject for Askfirst {
    fn record(&mut self, n: u64) {
        self.analytics.record(event(&self.model, n));
    }

    fn leave(self: Box<Self>) {}
}

/// What no call that ends in a file can be cheaper than: one `write` of as many bytes as an
/// event has, into files as large as ours.
struct Bare {
    folder: PathBuf,
    /// The file, and how many writes it has.
    open: Option<(File, u64)>,
}

const LINE: [u8; 582] = [b'x'; 582];

/// Writes until a file is as large as one of ours.
const WRITES: u64 = (128 << 10) / LINE.len() as u64;

impl Bare {
    fn new(home: &Path) -> Bare {
        Bare {
            folder: home.to_owned(),
            open: None,
        }
    }

    fn write(&mut self, n: u64) -> std::io::Result<()> {
        let (mut file, writes) = match self.open.take() {
            Some(open) => open,
            None => {
                let name = format!("{}-{n}", std::process::id());
                let mut options = File::options();
                let options = options.append(true).create_new(true);
                (options.open(self.folder.join(name))?, 0)
            }
        };
        file.write_all(&LINE)?;
        self.open = (writes < WRITES).then_some((file, writes + 1));
        Ok(())
    }
}

impl Subject for Bare {
    fn record(&mut self, n: u64) {
        self.write(n).expect("the disk takes it");
    }

    fn leave(self: Box<Self>) {}
}
