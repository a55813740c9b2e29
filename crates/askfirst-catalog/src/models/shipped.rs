//! The shipped lists as a tool has them: it looks up one name or two in a session, and making a
//! table of seven thousand for that would cost every start a millisecond.

use std::borrow::Cow;

use super::{Lists, REDACTED, packed};

// Statics, because a constant may lie in a program once for each part of it that reads it. The
// names in this form are only in programs that read the whole list.
pub(super) static NAMES: &str = include_str!("../../../../catalogs/models.tsv");
pub(super) static PROVIDERS: &str = include_str!("../../../../catalogs/providers.txt");

/// What may be kept of a model's name: a name of the shipped list, `PROVIDER/NAME` of one,
/// `PROVIDER/REDACTED` or `REDACTED`. Made without allocating, and copied freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShippedName {
    provider: Option<&'static str>,
    name: &'static str,
    redacted: bool,
}

impl ShippedName {
    /// What may be kept of `name`: the same as [`Models::admit`](super::Models::admit) of the
    /// lists the program was built with.
    pub fn of(name: &str) -> ShippedName {
        let (kept, redacted) = Shipped.kept(name);
        ShippedName { redacted, ..kept }
    }

    /// Whether the name was not public.
    pub fn is_redacted(self) -> bool {
        self.redacted
    }

    /// The provider, where the name says it, and what follows the slash.
    pub fn parts(self) -> (Option<&'static str>, &'static str) {
        (self.provider, self.name)
    }

    /// The name as it is written.
    pub fn text(self) -> Cow<'static, str> {
        match self.provider {
            Some(provider) => Cow::Owned(format!("{provider}/{}", self.name)),
            None => Cow::Borrowed(self.name),
        }
    }
}

#[derive(Clone, Copy)]
struct Shipped;

impl Lists for Shipped {
    type Text = ShippedName;

    fn listed(self, name: &str) -> Option<ShippedName> {
        let alone = named(name).map(|(name, _)| (None, name));
        let (provider, name) = alone.or_else(|| {
            let (provider, name) = name.split_once('/')?;
            let (name, listed) = named(name)?;
            let provider = listed.split(',').find(|it| *it == provider)?;
            Some((Some(provider), name))
        })?;
        Some(ShippedName {
            provider,
            name,
            redacted: false,
        })
    }

    fn provider(self, provider: &str) -> Option<ShippedName> {
        let (provider, _) = row(PROVIDERS, provider)?;
        Some(ShippedName {
            provider: Some(provider),
            ..self.neither()
        })
    }

    fn neither(self) -> ShippedName {
        ShippedName {
            provider: None,
            name: REDACTED,
            redacted: true,
        }
    }
}

/// A listed name and its providers.
fn named(name: &str) -> Option<(&'static str, &'static str)> {
    row(packed::lines_around(name), name)
}

/// The line of a sorted list whose first word is `word`: that word, and what follows a tab.
fn row(list: &'static str, word: &str) -> Option<(&'static str, &'static str)> {
    // An empty word is none, and no comment is one.
    if word.is_empty() || word.starts_with('#') {
        return None;
    }
    let mut rest = list;
    while !rest.is_empty() {
        let middle = line_start(rest, rest.len() / 2);
        let (before, from) = rest.split_at_checked(middle)?;
        let line = from.lines().next()?;
        let (first, listed) = line.split_once('\t').unwrap_or((line, ""));
        // Comments stand before everything else.
        let order = match line.starts_with('#') {
            true => std::cmp::Ordering::Less,
            false => first.cmp(word),
        };
        match order {
            std::cmp::Ordering::Equal => return Some((first, listed)),
            std::cmp::Ordering::Greater => rest = before,
            std::cmp::Ordering::Less => rest = after_line(from),
        }
    }
    None
}

/// Where the line begins that the byte at `at` is in.
fn line_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1)
}

/// What follows the first line.
fn after_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Models;

    /// Every listed name, every provider, and what people make of them.
    fn names() -> Vec<String> {
        let mut names = vec![
            String::new(),
            "#".into(),
            "/".into(),
            "# date: 1".into(),
            "zzz".into(),
        ];
        for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
            let (name, providers) = line.split_once('\t').unwrap();
            names.extend(
                ["", "-latest", "-20250101", "-20251301", "x", "/x"]
                    .map(|end| format!("{name}{end}")),
            );
            names.extend(["us.", "eu/", "acme/", "openai/"].map(|start| format!("{start}{name}")));
            names.extend(
                providers
                    .split(',')
                    .map(|provider| format!("{provider}/{name}")),
            );
        }
        for provider in PROVIDERS.lines() {
            names.extend(["", "/", "/secret", "x/secret"].map(|end| format!("{provider}{end}")));
        }
        names
    }

    #[test]
    fn b08_a_look_into_the_text_says_what_the_table_says() {
        let table = Models::builtin();
        for name in names() {
            let (ours, theirs) = (ShippedName::of(&name), table.admit(&name));
            assert_eq!(
                (&*ours.text(), ours.is_redacted()),
                (&*theirs.text, theirs.redacted),
                "{name}"
            );
        }
    }
}
