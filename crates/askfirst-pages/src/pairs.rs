//! Query strings: keys and values in one order, so that equal views have equal URLs.

use std::borrow::Cow;

use askfirst_query::filters::KEYS;
use askfirst_query::policy;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// Everything that has a meaning in a query string, or would not survive in one.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'\'')
    .add(b'`')
    .add(b'[')
    .add(b']')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'\\')
    .add(b'^');

/// Keys that only files take, after those of the reports: a chart's or a table's name.
pub(crate) const OF_FILES: [&str; 2] = ["table", "chart"];

/// Keys and values of a query string.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Reads a query string. A form sends a key without a value for an input that was left empty: that is not
    /// asked for.
    pub fn read(query: &str) -> Pairs {
        let decoded = |text: &str| -> String {
            let text = text.replace('+', " ");
            let text: Cow<'_, str> = percent_decode_str(&text).decode_utf8_lossy();
            text.into_owned()
        };
        let pair = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(key), decoded(value).trim().to_owned())
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(pair);
        Pairs(
            pairs
                .filter(|(key, value)| !value.is_empty() || !known(key))
                .collect(),
        )
    }

    /// Its keys and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The first value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
    }

    /// Every value of a key.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter()
            .filter(move |(name, _)| *name == key)
            .map(|(_, value)| value)
    }

    /// With this value and no other for the key.
    pub fn with(&self, key: &str, value: &str) -> Pairs {
        self.without(key).and(key, value)
    }

    /// With one more value for the key.
    pub fn and(&self, key: &str, value: &str) -> Pairs {
        let mut all = self.clone();
        all.0.push((key.to_owned(), value.to_owned()));
        all.ordered()
    }

    /// Without the key.
    pub fn without(&self, key: &str) -> Pairs {
        Pairs(
            self.0
                .iter()
                .filter(|(name, _)| name != key)
                .cloned()
                .collect(),
        )
    }

    /// Without one value of the key.
    pub fn less(&self, key: &str, value: &str) -> Pairs {
        let other = |pair: &&(String, String)| pair.0 != key || pair.1 != value;
        Pairs(self.0.iter().filter(other).cloned().collect())
    }

    /// In the order of the keys, values in theirs, without what is the default.
    pub(crate) fn ordered(mut self) -> Pairs {
        self.0.retain(|(key, value)| !is_default(key, value));
        self.0
            .sort_by(|a, b| (place(&a.0), &a.1).cmp(&(place(&b.0), &b.1)));
        self.0.dedup();
        self
    }

    /// As it stands in a URL: with its question mark, or nothing.
    pub fn query(&self) -> String {
        let mut text = String::new();
        for (key, value) in self.iter() {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.extend(utf8_percent_encode(key, RESERVED));
            text.push('=');
            text.extend(utf8_percent_encode(value, RESERVED));
        }
        text
    }
}

fn place(key: &str) -> usize {
    let keys = KEYS.iter().map(|key| key.name).chain(OF_FILES);
    keys.enumerate()
        .find(|(_, name)| *name == key)
        .map_or(usize::MAX, |(at, _)| at)
}

fn known(key: &str) -> bool {
    place(key) != usize::MAX
}

fn is_default(key: &str, value: &str) -> bool {
    match key {
        "period" => {
            value.strip_suffix('d').and_then(|days| days.parse().ok()) == Some(policy::DEFAULT_DAYS)
        }
        "compare" => value == "previous",
        "top" => value.parse() == Ok(policy::TOP_ROWS),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_views_have_equal_query_strings() {
        let of = |query: &str| Pairs::read(query).ordered().query();
        assert_eq!(
            of("top=all&model=o1&period=91d&model=gpt-4o"),
            "?period=91d&model=gpt-4o&model=o1&top=all"
        );
        assert_eq!(
            of("period=28d&from=&to=2024-12-31&top=12"),
            "?to=2024-12-31"
        );
        assert_eq!(of("model=o1&model=o1"), "?model=o1");
        assert_eq!(of(""), "");
    }

    #[test]
    fn what_is_read_from_a_url_is_what_was_written_into_it() {
        for value in [
            "a b",
            "a+b&c=d",
            "100%",
            "openrouter/anthropic/claude-3.5:beta",
            "ü#\"<>'",
        ] {
            let query = Pairs::default().and("model", value).query();
            assert_eq!(
                Pairs::read(&query[1..]).get("model"),
                Some(value),
                "{query}"
            );
            assert!(!query.contains([' ', '"', '<', '>', '\'', '#']), "{query}");
        }
    }

    #[test]
    fn a_key_nobody_knows_is_kept_so_that_it_can_be_named() {
        assert_eq!(
            Pairs::read("modle=&x").iter().collect::<Vec<_>>(),
            [("modle", ""), ("x", "")]
        );
    }

    #[test]
    fn one_value_of_several_can_go() {
        let pairs = Pairs::read("model=a&model=b");
        assert_eq!(pairs.less("model", "a").query(), "?model=b");
        assert_eq!(pairs.without("model").query(), "");
        assert_eq!(pairs.with("model", "c").query(), "?model=c");
    }
}
