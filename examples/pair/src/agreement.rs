//! Analytics: the profile, the flags, the question, and the handle that follows. These are all
//! the lines a tool needs, beside its call sites in `journal.rs`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use askfirst::settings::{Command, Typed};
use askfirst::{Analytics, Host, Tool};
use askfirst_catalog::{Catalog, Profile};

use crate::events;
use crate::screen::{say, stream, warn};

/// The profile called `named`: `pair`'s own, a shipped one, or a file.
pub(crate) fn profile(named: &str) -> anyhow::Result<Arc<Profile>> {
    if let Some(shipped) = Profile::builtin(named) {
        return Ok(shipped);
    }
    let (text, own) = match named {
        "pair" => (include_str!("../pair.toml").to_owned(), Some(include_str!("../modules.txt"))),
        file => (std::fs::read_to_string(file)?, None),
    };
    let refused = |problems| anyhow!("{problems}");
    let profile = Profile::parse(named, &text, &Catalog::builtin()).map_err(refused)?;
    let modules = match (own, &profile.modules_file) {
        (Some(own), _) => own.to_owned(),
        (_, Some(file)) => std::fs::read_to_string(Path::new(named).with_file_name(file))?,
        _ => String::new(),
    };
    Ok(Arc::new(profile.with_modules("its modules", &modules).map_err(refused)?))
}

/// Asks if it is to ask, says what came of it, and gives the handle to record with.
pub(crate) fn reach(host: &mut Host, typed: &Typed) -> Analytics {
    let agreement = askfirst::agree(host, typed);
    agreement.lines.iter().for_each(warn);
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    let tool = Tool { version, catalog: events::CATALOG, python: None };
    let analytics = Analytics::start(host, &agreement, &tool);
    analytics.record_panics(&host.profile);
    analytics
}

/// The flags that say or change something about analytics, and end the run.
pub(crate) fn about(host: &Host, typed: &Typed, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Status => stream(&askfirst::status(host, typed, &askfirst::waiting(host))),
        Command::Show => stream(&askfirst::show(host, typed)),
        Command::Reset => {
            askfirst::reset(host).context("cannot reset analytics")?;
            say("The identifier and what waits are deleted.");
        }
        Command::Forget(key) => {
            let forgotten = askfirst::forget(host, typed, key.as_deref());
            forgotten.lines.iter().for_each(warn);
            forgotten.receipts.iter().for_each(say);
            return Ok(ExitCode::from(u8::from(!forgotten.erased)));
        }
    }
    Ok(ExitCode::SUCCESS)
}
