//! Rust: `analytics.record(MessageSend { .. })`.

use super::call::{Call, methods, unread};
use super::lexer::{self, Syntax};

const SYNTAX: Syntax = Syntax {
    line_comment: "//",
    block_comment: Some(("/*", "*/", true)),
    quotes: &["\""],
    rust: true,
};

/// The places of one file. Other types have methods called `record` too: one counts if it is
/// called on something named after analytics, or given something named like a type.
pub(super) fn calls(text: &str) -> Vec<Call> {
    let code = lexer::code(text, &SYNTAX);
    let mut calls = Vec::new();
    for method in methods(&code, "record") {
        let argument = code[method.arguments..].trim_start();
        let named = event_type(argument);
        let event = match (named, method.of.to_ascii_lowercase().contains("analytics")) {
            (Some(name), true) => name.to_owned(),
            (None, true) => unread(argument),
            _ => continue,
        };
        let line = method.line;
        calls.push(Call { line, event });
    }
    calls
}

/// The type at the start of an argument, without the path before it.
fn event_type(argument: &str) -> Option<&str> {
    let end = argument
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(argument.len());
    let path = &argument[..end];
    let mut parts = path.split("::").filter(|part| !part.is_empty());
    parts.find(|part| part.starts_with(char::is_uppercase))
}

/// The type that `catalog!` makes for an event: `CliSession` of `cli session`.
pub(super) fn type_name(event: &str) -> String {
    event
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}
