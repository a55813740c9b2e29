//! A tool with askfirst in it.

use std::path::Path;

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
