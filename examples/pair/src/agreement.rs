//! Analytics: the profile, the flags, the question, and the handle that follows. These are all
//! the lines a tool needs, beside its call sites.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use askfirst::settings::{Command, Typed};
use askfirst::{Analytics, Host, Tool};
use askfirst_catalog::{Catalog, Profile};

use crate::events;
use crate::screen::{say, stream, warn};

/// The profile called `named`: a file, a shipped one, or `pair`'s own.
pub(crate) fn profile(named: &str) -> anyhow::Result<Arc<Profile>> {
    let catalog = Catalog::builtin();
    if named == "pair" {
        let profile = Profile::parse("pair.toml", include_str!("../pair.toml"), &catalog)
            .and_then(|it| it.with_modules("modules.txt", include_str!("../modules.txt")));
        return Ok(Arc::new(profile.map_err(|problems| anyhow!("{problems}"))?));
    }
    if let Some(profile) = Profile::builtin(named) {
        return Ok(profile);
    }
    let text = std::fs::read_to_string(named)
        .with_context(|| format!("cannot read the profile {named}"))?;
    let profile = Profile::parse(named, &text, &catalog);
    Ok(Arc::new(profile.map_err(|problems| anyhow!("{problems}"))?))
}

/// Asks if it is to ask, says what came of it, and gives the handle to record with.
pub(crate) fn reach(host: &mut Host, typed: &Typed) -> Analytics {
    let agreement = askfirst::agree(host, typed);
    for line in &agreement.lines {
        warn(line);
    }
    let tool = Tool {
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        catalog: events::CATALOG,
        python: None,
    };
    let analytics = Analytics::start(host, &agreement, &tool);
    analytics.record_panics(&host.profile);
    analytics
}

/// The flags that say or change something about analytics, and end the run.
pub(crate) fn about(host: &Host, typed: &Typed, command: &Command) -> ExitCode {
    match command {
        Command::Status => stream(&askfirst::status(host, typed, &askfirst::waiting(host))),
        Command::Show => stream(&askfirst::show(host, typed)),
        Command::Reset => match askfirst::reset(host) {
            Ok(()) => say("The identifier and what waited are deleted."),
            Err(error) => {
                warn(format_args!("pair: cannot reset analytics: {error}"));
                return ExitCode::FAILURE;
            }
        },
        Command::Forget(key) => {
            let forgotten = askfirst::forget(host, typed, key.as_deref());
            forgotten.lines.iter().for_each(warn);
            forgotten.receipts.iter().for_each(say);
            if !forgotten.erased {
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
