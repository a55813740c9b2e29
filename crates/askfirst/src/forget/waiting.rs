//! What could not be asked yet is asked again by later runs: once each, in the background, for
//! 30 days. It is the only thing ever sent while analytics are off.

use std::sync::Arc;
use std::thread::JoinHandle;

use super::asking::Asker;
use crate::agreement::{Agreement, Host};
use crate::clock::Clock;
use crate::consent::{Flag, Source};
use crate::state::State;
use crate::transport::Transport;

/// Starts a thread that asks, if anything waits: one look at a name where nothing does. Nobody
/// waits for the thread; what it does not get done is done by the next run.
///
/// Whoever types `--no-analytics` gets a run in which nothing leaves (promise P07), not even
/// this.
pub(crate) fn ask_again(
    host: &Host,
    agreement: &Agreement,
    transport: Option<&Arc<dyn Transport>>,
) -> Option<JoinHandle<()>> {
    if agreement.input.flag == Flag::Off(Source::Typed) {
        return None;
    }
    let state = host.state().filter(State::may_be_forgetting)?;
    let transport = transport?;
    let asker = Asker {
        profile: Arc::clone(&host.profile),
        state: Some(state),
        transport: Arc::clone(transport),
    };
    let clock = Arc::clone(&host.clock);
    let named = std::thread::Builder::new().name("askfirst-forget".to_owned());
    // Without a thread it waits for the next run.
    named.spawn(move || once(&asker, &*clock)).ok()
}

/// Asks for everything that waits, once; gives up what has waited long enough.
pub(super) fn once(asker: &Asker, clock: &dyn Clock) {
    let forgetting = asker.state.as_ref().and_then(State::forgetting);
    let today = clock.today();
    for request in forgetting.unwrap_or_default().waiting {
        let answered = (!request.is_over(today)).then(|| asker.ask(&request));
        asker.settle_unseen(&request, answered.as_ref(), today);
    }
}
