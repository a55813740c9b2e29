//! Values that may leave: each is made only from a closed list, or from numbers.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use askfirst_catalog::{Profile, ShippedName};

use super::json;

/// A word of one of the catalog's lists. The `catalog!` macro makes them; there is no way
/// from a `String`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word(&'static str);

impl Word {
    /// For the `catalog!` macro, which writes the catalog's own words here, as constants: a
    /// word that needs an escape does not compile.
    #[doc(hidden)]
    pub const fn of_the_catalog(word: &'static str) -> Word {
        assert!(
            json::is_plain(word.as_bytes()),
            "a word is printable ASCII without quotes and backslashes"
        );
        Word(word)
    }

    /// The word.
    #[inline]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// A model's public name, or its redacted form: `gpt-4o`, `openai/REDACTED`, `REDACTED`.
///
/// Only the public list that the program was built with decides; nothing on the user's
/// machine widens it (breakage B08). Making one takes a look-up: keep it for the session.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Model(ShippedName);

impl Model {
    /// The model a tool calls `name`.
    pub fn named(name: &str) -> Model {
        let kept = ShippedName::of(name);
        let (provider, name) = kept.parts();
        let mut texts = [provider.unwrap_or_default(), name].into_iter();
        match texts.all(|text| json::is_plain(text.as_bytes())) {
            true => Model(kept),
            // A name that could not be written as it is: no list has one.
            false => Model(ShippedName::of("")),
        }
    }

    /// The name that may be shown.
    pub fn text(&self) -> Cow<'static, str> {
        self.0.text()
    }

    /// The public provider before its slash, where it has one, and what follows.
    #[inline]
    pub(super) fn parts(&self) -> (Option<&'static str>, &'static str) {
        self.0.parts()
    }

    /// Whether the name is on the public list.
    #[inline]
    pub fn is_public(&self) -> bool {
        !self.0.is_redacted()
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.text()).finish()
    }
}

/// An amount in billionths of its unit: what money is kept in, so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Billionths(u64);

impl Billionths {
    /// So many billionths.
    #[inline]
    pub const fn new(billionths: u64) -> Billionths {
        Billionths(billionths)
    }

    /// An amount of dollars, as price lists and bills give it; `None` for what is negative,
    /// not a number, or more than a tool can spend.
    #[inline]
    pub fn from_units(amount: f64) -> Option<Billionths> {
        let billionths = (amount * 1e9).round();
        let fits = billionths.is_finite() && (0.0..1e18).contains(&billionths);
        fits.then_some(Billionths(billionths as u64))
    }

    /// The billionths.
    #[inline]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// A version: numbers and dots, cut to as many numbers as the catalog says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(Arc<str>);

impl Version {
    /// The first `parts` numbers of a version; `None` if it does not begin with a number.
    /// What follows the numbers, a commit or a day, is left behind.
    pub fn cut(text: &str, parts: u8) -> Option<Version> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let numbers = text.get(..end).unwrap_or_default().split('.');
        let numbers: Vec<&str> = numbers
            .take(usize::from(parts))
            .take_while(|digits| (1..=6).contains(&digits.len()))
            .collect();
        (!numbers.is_empty()).then(|| Version(numbers.join(".").into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Places in the tool's own released source: at most 8 `module:line`, innermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frames(String);

/// Most frames of one error (the catalog's rule).
const FRAMES: usize = 8;

impl Frames {
    /// Those of `frames` whose module is one of the profile's own; `None` if none is.
    pub fn own<'a>(
        profile: &Profile,
        frames: impl IntoIterator<Item = (&'a str, u32)>,
    ) -> Option<Frames> {
        let own = frames
            .into_iter()
            .filter(|(module, _)| profile.owns_module(module));
        let mut text = String::new();
        for (module, line) in own.take(FRAMES) {
            if !text.is_empty() {
                text.push(';');
            }
            text.push_str(module);
            text.push(':');
            text.push_str(&line.to_string());
        }
        (!text.is_empty()).then_some(Frames(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_lose_commit_and_day() {
        let cut = |text, parts| Version::cut(text, parts).map(|it| it.as_str().to_owned());
        assert_eq!(cut("0.86.2.dev3+gabc123", 3).as_deref(), Some("0.86.2"));
        assert_eq!(cut("6.8.0-31-generic", 2).as_deref(), Some("6.8"));
        assert_eq!(cut("v1", 3).as_deref(), Some("1"));
        assert_eq!(cut("3.11.9", 2).as_deref(), Some("3.11"));
        assert_eq!(cut("my-secret", 3), None);
        assert_eq!(cut("1.secret", 3).as_deref(), Some("1"));
    }

    #[test]
    fn amounts_are_exact_to_the_billionth_and_nonsense_is_none() {
        assert_eq!(
            Billionths::from_units(0.021).map(Billionths::get),
            Some(21_000_000)
        );
        for amount in [-1.0, f64::NAN, f64::INFINITY, 1e12] {
            assert_eq!(Billionths::from_units(amount), None, "{amount}");
        }
    }

    #[test]
    fn b08_a_private_model_is_redacted() {
        let model = Model::named("my-secret-proxy/our-model");
        assert_eq!(model.text(), "REDACTED");
        assert!(!model.is_public());
        assert!(Model::named("gpt-4o").is_public());
    }
}
