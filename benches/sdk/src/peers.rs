//! The peers, each used as its documentation shows.

mod glean_core;
mod posthog;
mod sentry_rust;

use anyhow::Result;

use crate::subject::{Place, Subject};

pub fn start(sdk: &str, place: &Place) -> Result<Option<Box<dyn Subject>>> {
    Ok(Some(match sdk {
        "posthog-rs" => Box::new(posthog::start(place, false)?),
        "posthog-rs-off" => Box::new(posthog::start(place, true)?),
        "sentry" => Box::new(sentry_rust::start(place)?),
        "sentry-off" => Box::new(sentry_rust::off()),
        "glean" => Box::new(glean_core::start(place, true)),
        "glean-off" => Box::new(glean_core::start(place, false)),
        _ => return Ok(None),
    }))
}
