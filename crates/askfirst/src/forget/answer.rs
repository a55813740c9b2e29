//! What an answer to a request means. No I/O.

use std::path::PathBuf;

use askfirst_receipt::Signed;

use super::signature;
use crate::state::ForgetKey;
use crate::transport::Reply;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answered {
    /// The collector confirmed it.
    Erased {
        /// The receipt.
        text: String,
        /// How far its signature was checked.
        checked: Checked,
        /// Where it is kept, or why it is not.
        kept: Result<PathBuf, String>,
    },
    /// Not now: why.
    Later(String),
    /// This receiver will not: why.
    Never(String),
}

/// How far a receipt was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    /// It is signed with the key the profile pins for this receiver.
    #[cfg_attr(
        not(feature = "network"),
        expect(dead_code, reason = "of builds that can check")
    )]
    Pinned,
    /// It is signed as it should be, but the profile pins no key for this receiver.
    #[cfg_attr(
        not(feature = "network"),
        expect(dead_code, reason = "of builds that can check")
    )]
    NotPinned,
    /// This build cannot check signatures.
    #[cfg_attr(
        feature = "network",
        expect(dead_code, reason = "of builds that cannot")
    )]
    Unable,
}

/// Judges an answer. Only a receipt for this very key, signed with the pinned key if there is
/// one, is a success.
pub(super) fn judge(reply: &Reply, body: &[u8], key: &ForgetKey, pinned: Option<&str>) -> Answered {
    let code = match reply {
        Reply::Nothing(why) => return Answered::Later(why.clone()),
        Reply::Status { code, .. } => *code,
    };
    match code {
        200..=299 => receipt(code, body, key, pinned),
        408 | 429 | 500..=599 => Answered::Later(format!("it answered {code}")),
        _ => Answered::Never(format!("it answered {code}")),
    }
}

fn receipt(code: u16, body: &[u8], key: &ForgetKey, pinned: Option<&str>) -> Answered {
    let Ok(signed) = Signed::parse(body) else {
        return Answered::Never(format!("it answered {code} without a receipt"));
    };
    if !signed.receipt().is_for(key.shared()) {
        return Answered::Later("its receipt is for something else".to_owned());
    }
    match signature::check(&signed, pinned) {
        Ok(checked) => Answered::Erased {
            text: signed.text(),
            checked,
            kept: Err("nobody has yet".to_owned()),
        },
        Err(why) => Answered::Later(format!("its receipt does not count: {why}")),
    }
}
