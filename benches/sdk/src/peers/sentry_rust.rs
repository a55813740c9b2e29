//! sentry: a client with a channel and a thread that sends one envelope an event.

use std::time::Duration;

use anyhow::Result;
use sentry::protocol::{Event, Map, Value};
use sentry::{ClientInitGuard, ClientOptions};

use crate::subject::{Place, Subject, message};

pub struct Sentry(Option<ClientInitGuard>);

pub fn start(place: &Place) -> Result<Sentry> {
    let address = place.url.replace("http://", "http://key@") + "/1";
    Ok(Sentry(Some(sentry::init((
        address,
        ClientOptions::default(),
    )))))
}

/// A tool whose user has not been asked: no client.
pub fn off() -> Sentry {
    Sentry(None)
}

impl Subject for Sentry {
    fn record(&mut self, n: u64) {
        sentry::capture_event(event(n));
    }

    /// Its channel holds thirty.
    fn burst(&self) -> u64 {
        25
    }

    fn settle(&mut self) {
        if let Some(guard) = &self.0 {
            guard.flush(Some(Duration::from_secs(5)));
        }
    }

    fn leave(self: Box<Self>) {
        drop(self.0);
    }
}

fn event(n: u64) -> Event<'static> {
    let [sent, received, both] = message::tokens(n);
    let mut extra: Map<String, Value> = Map::new();
    extra.insert("main_model".into(), message::MODEL.into());
    extra.insert("edit_format".into(), message::format(n).into());
    extra.insert("prompt_tokens".into(), sent.into());
    extra.insert("completion_tokens".into(), received.into());
    extra.insert("total_tokens".into(), both.into());
    extra.insert("cost".into(), message::cost(n).into());
    Event {
        message: Some(message::NAME.into()),
        extra,
        ..Event::default()
    }
}
