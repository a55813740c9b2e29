//! Signing a receipt, and checking the signature: Ed25519.

use std::fmt;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::hex;
use crate::read::{PublicKey, Signed};
use crate::receipt::Receipt;

/// A collector's key. Whoever has it can give receipts in its name.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    seed: [u8; 32],
}

/// The signature is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Forged {
    /// It is not of the expected key.
    #[error("it is signed with another key than the one expected")]
    AnotherKey,
    /// It is of no key: what is signed is not what is there.
    #[error("its signature does not fit it: it was changed, or never signed")]
    NotSigned,
}

impl SigningKey {
    /// The key of 32 random bytes; `None` if they can be none.
    pub fn of_seed(seed: [u8; 32]) -> Option<SigningKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok()?;
        Some(SigningKey { pair, seed })
    }

    /// The key of 64 hex digits, as [`SigningKey::spelled`] writes them.
    pub fn parse(text: &str) -> Option<SigningKey> {
        SigningKey::of_seed(hex::decode(text)?)
    }

    /// The secret, for the one file that holds it.
    pub fn spelled(&self) -> String {
        hex::encode(&self.seed)
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        PublicKey(key)
    }

    /// Signs a receipt.
    pub fn sign(&self, receipt: Receipt) -> Signed {
        // Texts and lists of them: nothing here can fail to be written.
        let body = serde_json::to_string(&receipt).unwrap_or_default();
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(&Signed::message(&body)).as_ref());
        Signed::new(receipt, body, self.public(), signature)
    }
}

/// The secret is not shown.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

impl Signed {
    /// Whether it was signed with `key` as it is. Asks nobody.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn check(&self, key: PublicKey) -> Result<&Receipt, Forged> {
        if self.key != key {
            return Err(Forged::AnotherKey);
        }
        UnparsedPublicKey::new(&ED25519, key.0)
            .verify(&Signed::message(&self.body), &self.signature)
            .map_err(|_| Forged::NotSigned)?;
        Ok(self.receipt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::ForgetKey;
    use crate::read::NotAReceipt;

    fn key(seed: u8) -> SigningKey {
        SigningKey::of_seed([seed; 32]).expect("a key")
    }

    fn signed() -> Signed {
        let asked = ForgetKey::of([9; 32]);
        let recipient = "nobody yet: aider names no place";
        key(1).sign(Receipt::accepted(
            "aider", "main", recipient, &asked, 20_778,
        ))
    }

    #[test]
    fn d29_a_receipt_comes_back_and_its_signature_holds() {
        let text = signed().text();
        let back = Signed::parse(text.as_bytes()).expect("a receipt");
        assert_eq!(back, signed());
        assert_eq!(
            Signed::parse(format!("{text}\n").as_bytes()),
            Ok(back.clone())
        );
        let receipt = back.check(key(1).public()).expect("signed");
        assert_eq!(receipt.accepted_on, "2026-11-21");
        assert!(receipt.is_for(&ForgetKey::of([9; 32])));
        assert!(!receipt.is_for(&ForgetKey::of([8; 32])));
        assert_eq!(back.check(key(2).public()), Err(Forged::AnotherKey));
    }

    #[test]
    fn d29_no_byte_of_a_receipt_can_be_changed() {
        let text = signed().text();
        for at in 0..text.len() {
            for other in [text.as_bytes()[at] ^ 1, b' '] {
                let mut changed = text.clone().into_bytes();
                changed[at] = other;
                if changed == text.as_bytes() {
                    continue;
                }
                let read = Signed::parse(&changed);
                let checked = read
                    .ok()
                    .and_then(|it| it.check(key(1).public()).ok().cloned());
                assert_eq!(checked, None, "byte {at}");
            }
            let mut longer = text.clone();
            longer.insert(at, ' ');
            let read = Signed::parse(longer.as_bytes()).ok();
            let checked = read.and_then(|it| it.check(key(1).public()).ok().cloned());
            assert_eq!(checked, None, "a space at {at}");
        }
    }

    #[test]
    fn d29_the_bytes_of_a_receipt_stay_as_they_are() {
        let text = signed().text();
        assert!(text.starts_with(
            "{\"askfirst_receipt\":1,\"receipt\":{\"state\":\"accepted\",\"tool\":\"aider\",\
             \"project\":\"main\",\"recipient\":\"nobody yet: aider names no place\",\"asked\":\""
        ));
        assert!(!text.contains(&ForgetKey::of([9; 32]).spelled()));
        let id = hex::encode(&crate::key::install_id(&ForgetKey::of([9; 32])));
        assert!(!text.contains(&id));
    }

    #[test]
    fn what_is_no_receipt_is_said_to_be_none() {
        for text in ["", "{}", "[]", "not found", "{\"status\":\"Ok\"}"] {
            assert_eq!(Signed::parse(text.as_bytes()), Err(NotAReceipt::Foreign));
        }
        assert_eq!(
            Signed::parse(b"{\"askfirst_receipt\":2,\"new\":1}"),
            Err(NotAReceipt::Newer { found: 2 })
        );
        assert_eq!(
            Signed::parse(b"{\"askfirst_receipt\":1}"),
            Err(NotAReceipt::Changed)
        );
    }
}
