//! posthog-rs: a client with a queue in memory and a thread that sends batches.

use anyhow::Result;
use posthog_rs::{Client, ClientOptionsBuilder, Event};

use crate::subject::{Place, Subject, message};

pub struct Posthog(Client);

pub fn start(place: &Place, disabled: bool) -> Result<Posthog> {
    let options = ClientOptionsBuilder::default()
        .api_key("phc_bench".to_owned())
        .host(place.url.clone())
        .disabled(disabled)
        .build()?;
    Ok(Posthog(posthog_rs::client(options)))
}

impl Subject for Posthog {
    fn record(&mut self, n: u64) {
        let _ = event(n).map(|event| self.0.capture(event));
    }

    fn burst(&self) -> u64 {
        1_000
    }

    fn settle(&mut self) {
        self.0.flush();
    }

    fn leave(self: Box<Self>) {
        self.0.shutdown();
    }
}

fn event(n: u64) -> Result<Event, posthog_rs::Error> {
    let [sent, received, both] = message::tokens(n);
    let mut event = Event::new(message::NAME, "8a1f7c2e-0000-4000-8000-000000000001");
    event.insert_prop("main_model", message::MODEL)?;
    event.insert_prop("edit_format", message::format(n))?;
    event.insert_prop("prompt_tokens", sent)?;
    event.insert_prop("completion_tokens", received)?;
    event.insert_prop("total_tokens", both)?;
    event.insert_prop("cost", message::cost(n))?;
    Ok(event)
}
