//! The forget key, and what is made of it.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::hex;

/// 32 random bytes. Whoever shows them may have the events erased that carry
/// [the id they make](install_id).
#[derive(Clone, PartialEq, Eq)]
pub struct ForgetKey([u8; 32]);

impl ForgetKey {
    /// The key of these bytes.
    pub fn of(bytes: [u8; 32]) -> ForgetKey {
        ForgetKey(bytes)
    }

    /// The key of 64 hex digits, lower case.
    pub fn parse(text: &str) -> Option<ForgetKey> {
        hex::decode(text).map(ForgetKey)
    }

    /// The key as 64 hex digits.
    pub fn spelled(&self) -> String {
        hex::encode(&self.0)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A key is never printed by accident.
impl fmt::Debug for ForgetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForgetKey(..)")
    }
}

/// The install id a key makes: its SHA-256, cut to a UUID of version 4 (promise P04).
pub fn install_id(key: &ForgetKey) -> [u8; 16] {
    let hash = <[u8; 32]>::from(Sha256::digest(key.0));
    let mut id = [0; 16];
    id.copy_from_slice(hash.split_at(16).0);
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut id;
    *version = *version & 0x0f | 0x40;
    *variant = *variant & 0x3f | 0x80;
    id
}

/// What stands in a receipt for the key: a hash of its own, so that the receipt can be
/// published without saying which id of a published log it is about. Whoever has the key can
/// show that it is.
pub fn commitment(key: &ForgetKey) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"askfirst forget 1\0");
    hash.update(key.0);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p04_an_id_is_the_hash_of_its_key_cut_to_a_uuid4() {
        let id = install_id(&ForgetKey::of([0; 32]));
        assert_eq!(hex::encode(&id), "66687aadf8624d77ac8fc18b8e9f8e20");
        assert_eq!((id[6] >> 4, id[8] >> 6), (4, 0b10));
    }

    #[test]
    fn d29_a_commitment_has_nothing_of_the_id() {
        let key = ForgetKey::of([7; 32]);
        let (id, told) = (install_id(&key), commitment(&key));
        assert!(
            !told
                .windows(4)
                .any(|part| id.windows(4).any(|it| it == part))
        );
        assert_ne!(told, commitment(&ForgetKey::of([8; 32])));
    }

    #[test]
    fn a_key_has_one_spelling() {
        let key = ForgetKey::of([0xab; 32]);
        assert_eq!(ForgetKey::parse(&key.spelled()), Some(key.clone()));
        assert_eq!(ForgetKey::parse(&key.spelled().to_uppercase()), None);
        assert_eq!(ForgetKey::parse(&key.spelled()[1..]), None);
        assert_eq!(format!("{key:?}"), "ForgetKey(..)");
    }
}
