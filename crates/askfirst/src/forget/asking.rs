//! Asking one receiver, and keeping what it says.

use std::sync::Arc;

use askfirst_catalog::Profile;
use askfirst_receipt::{Request, Signed};

use super::answer::{Answered, judge};
use super::words;
use crate::calendar::Day;
use crate::policy::RECEIPT_BYTES;
use crate::settings::HostAddress;
use crate::state::{Ended, State, Waiting};
use crate::transport::Transport;

/// Who asks.
#[derive(Debug)]
pub(crate) struct Asker {
    pub(crate) profile: Arc<Profile>,
    /// Where receipts are kept; nowhere without a home directory.
    pub(crate) state: Option<State>,
    pub(crate) transport: Arc<dyn Transport>,
}

impl Asker {
    /// One request. A receipt is kept before anybody is told of it.
    pub(super) fn ask(&self, request: &Waiting) -> Answered {
        let url = format!("{}{}", request.host, Request::PATH);
        let key = &request.forget_key;
        let body = Request::new(&request.project_key, key.shared()).body();
        let (reply, answer) = self.transport.ask(&url, &body, RECEIPT_BYTES);
        match judge(&reply, &answer, key, self.pinned(request)) {
            Answered::Erased { text, checked, .. } => Answered::Erased {
                kept: self.keep(&text),
                text,
                checked,
            },
            other => other,
        }
    }

    /// Takes a request that is answered out of what waits. One that nobody could be asked stays.
    pub(super) fn settle(&self, request: &Waiting, answered: &Answered) {
        if let (Some(state), Answered::Erased { .. } | Answered::Never(_)) = (&self.state, answered)
        {
            // If it stays, it is asked once more by the next run, which does no harm.
            drop(state.end_forgetting(request, None));
        }
    }

    /// The same where nobody looks: what became of it is noted for status. Given up is what has
    /// waited long enough, before it is asked again.
    pub(super) fn settle_unseen(&self, request: &Waiting, answered: Option<&Answered>, today: i32) {
        let how = match answered {
            Some(Answered::Erased { kept, .. }) => words::ended_erased(kept),
            Some(Answered::Never(why)) => words::ended_never(why),
            Some(Answered::Later(_)) => return,
            None => words::ended_given_up(),
        };
        let ended = Ended {
            host: request.host.clone(),
            on: Day(today).to_string(),
            how,
        };
        if let Some(state) = &self.state {
            drop(state.end_forgetting(request, Some(ended)));
        }
    }

    /// The key the profile pins, if it is for this receiver.
    fn pinned(&self, request: &Waiting) -> Option<&str> {
        let profile = &self.profile;
        let hosts = [&profile.host, &profile.default_host].into_iter().flatten();
        let mut hosts = hosts.filter_map(|host| HostAddress::parse(host).ok());
        let theirs = hosts.any(|host| host.as_str() == request.host);
        profile.receipt_key.as_deref().filter(|_| theirs)
    }

    fn keep(&self, text: &str) -> Result<std::path::PathBuf, String> {
        let state = self.state.as_ref().ok_or("no home directory is known")?;
        let signed = Signed::parse(text.as_bytes()).map_err(|error| error.to_string())?;
        let receipt = signed.receipt();
        let asked: String = receipt.asked.chars().take(8).collect();
        // Both come over the network: a name is made of nothing else.
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let day = match plain(&receipt.accepted_on) && receipt.accepted_on.len() == 10 {
            true => receipt.accepted_on.as_str(),
            false => "receipt",
        };
        let kept = state.keep_receipt(&format!("{day}-{asked}.json"), text);
        kept.map_err(|error| error.to_string())
    }
}
