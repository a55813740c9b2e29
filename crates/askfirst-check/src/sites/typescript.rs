//! TypeScript and JavaScript: `analytics.event("exit")`, `posthog.capture("exit")`,
//! `client.capture({ event: "exit" })`.

use super::call::{Call, methods, quoted, unread};
use super::lexer::{self, Syntax};

const SYNTAX: Syntax = Syntax {
    line_comment: "//",
    block_comment: Some(("/*", "*/", false)),
    quotes: &["\"", "'", "`"],
    rust: false,
};

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// The places of one file: on something named after analytics, telemetry or PostHog.
pub(super) fn calls(text: &str) -> Vec<Call> {
    let code = lexer::code(text, &SYNTAX);
    let mut calls = Vec::new();
    for name in ["event", "record", "capture", "track"] {
        for method in methods(&code, name) {
            let of = method.of.to_ascii_lowercase();
            let ours = ["analytics", "telemetry", "posthog"]
                .iter()
                .any(|word| of.contains(word));
            if !ours {
                continue;
            }
            let argument = text[method.arguments..].trim_start();
            let event = quoted(argument, &QUOTES)
                .or_else(|| in_object(argument))
                .unwrap_or_else(|| unread(argument));
            let line = method.line;
            calls.push(Call { line, event });
        }
    }
    calls.sort_by_key(|call| call.line);
    calls
}

/// `{ distinctId: id, event: "exit" }`
fn in_object(argument: &str) -> Option<String> {
    let object = argument.strip_prefix('{')?;
    let object = &object[..object.find('}').unwrap_or(object.len())];
    let (_, value) = object.split_once("event:")?;
    quoted(value, &QUOTES)
}
