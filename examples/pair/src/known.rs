//! What `pair` knows of models and languages. It never asks the network: a model that is not
//! here works, with a warning and without a price.

use std::path::Path;

use serde_json::Value;

/// Name, and dollars for a million tokens in and out: OpenAI's price list of mid-2025.
const KNOWN: [(&str, f64, f64); 6] = [
    ("gpt-4o", 2.5, 10.0),
    ("gpt-4o-mini", 0.15, 0.6),
    ("gpt-4.1", 2.0, 8.0),
    ("gpt-4.1-mini", 0.4, 1.6),
    ("gpt-5", 1.25, 10.0),
    ("gpt-5-mini", 0.25, 2.0),
];

/// The catalog's words, each with the endings of names.
const ENDINGS: &str = "bash:sh,bash c:c,h clojure:clj cpp:cc,cpp,hpp csharp:cs css:css dart:dart \
    elixir:ex,exs fsharp:fs go:go haskell:hs html:html java:java javascript:js,jsx json:json \
    kotlin:kt lua:lua markdown:md nix:nix ocaml:ml perl:pl php:php protobuf:proto python:py r:r \
    ruby:rb rust:rs scala:scala sql:sql swift:swift toml:toml typescript:ts,tsx xml:xml \
    yaml:yaml,yml";

/// As the endpoint calls it: other tools write the provider before the name.
pub(crate) fn at_endpoint(name: &str) -> &str {
    name.strip_prefix("openai/").unwrap_or(name)
}

/// Dollars for so many tokens, if the model is known.
pub(crate) fn cost(name: &str, sent: u64, received: u64) -> Option<f64> {
    let (_, input, output) = KNOWN.iter().find(|known| known.0 == at_endpoint(name))?;
    Some((sent as f64 * input + received as f64 * output) / 1e6)
}

/// About how many tokens a text has, where nobody has counted: four characters make one.
pub(crate) fn estimate(text: &str) -> u64 {
    (text.chars().count() as u64).div_ceil(4)
}

/// The same of messages.
pub(crate) fn estimate_all(messages: &[Value]) -> u64 {
    messages.iter().filter_map(|message| message["content"].as_str()).map(estimate).sum()
}

/// A file's language, if it is in the list.
pub(crate) fn language(file: &str) -> Option<&'static str> {
    let ending = Path::new(file).extension()?.to_str()?.to_lowercase();
    let mut languages = ENDINGS.split_whitespace().filter_map(|entry| entry.split_once(':'));
    let found = languages.find(|(_, endings)| endings.split(',').any(|it| it == ending));
    found.map(|(language, _)| language)
}
