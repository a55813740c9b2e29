//! From an agreement to a handle.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::ClassSet;

use crate::agreement::{self, Agreement, Grant, Host};
use crate::analytics::{Analytics, Ready};
use crate::delivery::{Held, NoYes, Permission};
use crate::forget::waiting;
use crate::record::log::Log;
use crate::record::{About, Encoder, Pool, Session};
use crate::recorder::Recorder;
use crate::settings::Typed;
use crate::spool::{Binding, Keep, OnDisk};
use crate::state::{Delivery, Error, State};
use crate::transport::Transport;

/// The folder, in the tool's state directory, of what waits to be sent.
const SPOOL: &str = "askfirst-spool";

/// What the tool says of itself.
#[derive(Debug, Clone, Default)]
pub struct Tool {
    /// Its version, as it calls itself; cut to three numbers before anything is recorded.
    pub version: Option<String>,
    /// `CATALOG` of the `catalog!` macro.
    pub catalog: &'static str,
    /// The version of Python, if it runs on it; cut to two numbers.
    pub python: Option<String>,
}

impl Analytics {
    /// A handle that records what was agreed to: everything to the log, if the user named
    /// one; to the spool and on its way, only with a [`Grant`].
    ///
    /// Makes no file and starts no thread: the first event makes the file, and a session that
    /// lasts starts the thread. Only a request to erase that waits is [asked again](crate::forget).
    pub fn start(host: &Host, agreement: &Agreement, tool: &Tool) -> Analytics {
        Analytics::start_with(host, agreement, tool, crate::transport::of_this_build())
    }

    /// [`Analytics::start`] with another transport, for tests.
    pub fn start_with(
        host: &Host,
        agreement: &Agreement,
        tool: &Tool,
        transport: Option<Arc<dyn Transport>>,
    ) -> Analytics {
        drop(waiting::ask_again(host, agreement, transport.as_ref()));
        Analytics::start_keeping(host, agreement, tool, transport, |spool, binding, yes| {
            Box::new(OnDisk::new(spool, binding, Box::new(yes)))
        })
    }

    /// [`Analytics::start_with`] with another place for what waits.
    pub(crate) fn start_keeping(
        host: &Host,
        agreement: &Agreement,
        tool: &Tool,
        transport: Option<Arc<dyn Transport>>,
        keep: impl FnOnce(&Path, Binding, Yes) -> Box<dyn Keep>,
    ) -> Analytics {
        let grant = agreement.grant.as_ref();
        if grant.is_none() && agreement.log().is_none() {
            return Analytics::off();
        }
        let about = About {
            version: tool.version.clone(),
            catalog: tool.catalog.to_owned(),
            agent: agreement.settings.agent.is_some(),
            python: tool.python.clone(),
        };
        // A log alone is the user's own: it shows everything the tool would collect.
        let classes = grant.map_or(host.profile.classes, Grant::classes);
        let on = grant.zip(host.state()).map(|(grant, state)| {
            let binding = binding(grant, tool.catalog);
            let grant = grant.clone();
            (spool(&state), binding, Yes { state, grant })
        });
        let recorder = recorder(
            host,
            agreement,
            classes,
            &about,
            on.as_ref()
                .map(|(spool, binding, yes)| keep(spool, binding.clone(), yes.clone())),
        );
        let ready = on
            .zip(transport)
            .map(|((spool, binding, yes), transport)| Ready {
                folder: binding.folder(&spool),
                binding,
                permission: Box::new(yes),
                transport,
                clock: Arc::clone(&host.clock),
            });
        Analytics::new(recorder, ready)
    }
}

fn recorder(
    host: &Host,
    agreement: &Agreement,
    classes: ClassSet,
    about: &About,
    keep: Option<Box<dyn Keep>>,
) -> Recorder {
    let mut pool = Pool::new(Arc::clone(&host.random));
    let session = Session::new(about, classes, &mut pool);
    let install = keep.as_ref().map(|keep| keep.install_id().to_owned());
    let encoder = Encoder::new(classes, session, install, pool);
    let log = agreement.log().map(|path| Log::new(path.clone()));
    Recorder::new(encoder, Arc::clone(&host.clock), log, keep)
}

pub(crate) fn binding(grant: &Grant, catalog: &str) -> Binding {
    let destination = grant.destination();
    Binding {
        destination: destination.host.as_str().to_owned(),
        project_key: destination.project_key.as_str().to_owned(),
        install_id: grant.install_id().to_string(),
        catalog: catalog.to_owned(),
    }
}

/// Where events of a home wait.
pub(crate) fn spool(state: &State) -> PathBuf {
    state.places().dir.join(SPOOL)
}

/// Decides whether anything is collected in this session, and asks if need be
/// ([`reach`](crate::agreement::reach)). A no deletes what waits to be sent.
pub fn agree(host: &mut Host, typed: &Typed) -> Agreement {
    let waiting = host.state().as_ref().map(spool);
    agreement::reach(host, typed, &|| delete(waiting.as_deref()))
}

/// `--analytics-reset`: the choice stays; identifier, key and what waits are deleted.
///
/// # Errors
///
/// Why it could not be done.
pub fn reset(host: &Host) -> Result<(), Error> {
    host.state().map_or(Ok(()), |state| {
        let waiting = spool(&state);
        state.reset(&|| delete(Some(&waiting)))
    })
}

/// Deletes everything that waits in a home.
pub(crate) fn delete_spool(state: &State) {
    delete(Some(&spool(state)));
}

/// Deletes everything that waits, for every destination.
fn delete(waiting: Option<&Path>) {
    if let Some(waiting) = waiting {
        let _ = std::fs::remove_dir_all(waiting);
    }
}

/// The yes of a grant, as long as it holds.
#[derive(Debug, Clone)]
pub(crate) struct Yes {
    state: State,
    grant: Grant,
}

impl Permission for Yes {
    /// Whether there is no no, and the id is the same: after a reset there is another, or
    /// none, and what waited under this one is gone.
    fn still(&self) -> bool {
        let stored = self.state.read();
        let readable = stored.no().is_none() && stored.trouble().is_none();
        let key = stored.record().key_for(self.grant.destination());
        let same = key.is_some_and(|it| it.forget_key.install_id() == self.grant.install_id());
        readable && stored.yes().is_some() && same
    }

    fn live(&self, spool: &Path) -> Option<Vec<PathBuf>> {
        let stored = self.state.read();
        let readable = stored.no().is_none() && stored.trouble().is_none();
        let folder = |held: &crate::state::Held| {
            let bound = Binding {
                destination: held.host.clone(),
                project_key: held.project_key.clone(),
                install_id: held.forget_key.install_id().to_string(),
                catalog: String::new(),
            };
            bound.folder(spool)
        };
        readable.then(|| stored.record().keys.iter().map(folder).collect())
    }

    fn hold(&self) -> Result<Box<dyn Held + '_>, NoYes> {
        let delivery = self.state.deliver().map_err(|error| match error {
            Error::Busy { .. } => NoYes::Busy,
            Error::Disk { .. } => NoYes::Disk(error.to_string()),
            _ => NoYes::Withdrawn,
        })?;
        match delivery.still_holds() && self.still() {
            true => Ok(Box::new(delivery)),
            false => Err(NoYes::Withdrawn),
        }
    }
}

impl Held for Delivery {}
