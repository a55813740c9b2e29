//! Checking who signed a receipt.

use askfirst_receipt::{PublicKey, Signed};

use super::answer::Checked;

/// Checks the signature with the pinned key, or, where none is, that it fits the receipt.
pub(super) fn check(signed: &Signed, pinned: Option<&str>) -> Result<Checked, String> {
    let (key, checked) = match pinned.map(PublicKey::parse) {
        Some(Some(key)) => (key, Checked::Pinned),
        Some(None) => return Err("the profile pins something that is no key".to_owned()),
        None => (signed.key(), Checked::NotPinned),
    };
    match signed.check(key) {
        Ok(_) => Ok(checked),
        Err(forged) => Err(forged.to_string()),
    }
}
