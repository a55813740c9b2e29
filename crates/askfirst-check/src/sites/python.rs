//! Python: `analytics.event("message_send", ...)`, `posthog.capture("...")`.

use super::call::{Call, methods, quoted, unread};
use super::lexer::{self, Syntax};

const SYNTAX: Syntax = Syntax {
    line_comment: "#",
    block_comment: None,
    quotes: &["\"\"\"", "'''", "\"", "'"],
    rust: false,
};

/// The places of one file. `.capture(` is common elsewhere; it counts on a client of PostHog.
pub(super) fn calls(text: &str) -> Vec<Call> {
    let code = lexer::code(text, &SYNTAX);
    let mut calls = Vec::new();
    for name in ["event", "capture"] {
        for method in methods(&code, name) {
            let of = method.of.to_ascii_lowercase();
            if name == "capture" && !(of.contains("posthog") || of == "ph") {
                continue;
            }
            let argument = text[method.arguments..].trim_start();
            let event = quoted(argument, &['"', '\'']).unwrap_or_else(|| unread(argument));
            let line = method.line;
            calls.push(Call { line, event });
        }
    }
    calls.sort_by_key(|call| call.line);
    calls
}
