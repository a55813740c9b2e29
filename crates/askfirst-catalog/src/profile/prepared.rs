//! A profile that was read and checked when a program was compiled.
//!
//! Reading one takes a tenth of a millisecond, which every start of a tool would pay again; so
//! the `profile!` macro of the SDK writes it into the program as the reader left it.

use super::Profile;

impl Profile {
    /// For the `profile!` macro.
    #[doc(hidden)]
    pub fn prepare(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What [`Profile::prepare`] wrote. Nothing is checked again.
    #[doc(hidden)]
    #[expect(
        clippy::expect_used,
        reason = "the text was written by the same version of this crate, when the program was compiled"
    )]
    pub fn prepared(text: &str) -> Profile {
        serde_json::from_str(text).expect("a prepared profile")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prepared_profile_is_the_profile() {
        for id in Profile::builtin_ids() {
            let profile = Profile::builtin(id).unwrap();
            assert_eq!(Profile::prepared(&profile.prepare()), *profile);
        }
    }
}
