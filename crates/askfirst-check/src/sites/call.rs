//! Calls of methods, found in code and read in the text.

/// A call that records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// Its line, from 1: the one the method's name stands on.
    pub(super) line: usize,
    /// The event as it is written.
    pub(super) event: String,
}

/// A method call in code: what stands before it, and where its arguments begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method<'c> {
    /// The last word before the dot.
    pub(super) of: &'c str,
    /// The first byte behind the parenthesis.
    pub(super) arguments: usize,
    pub(super) line: usize,
}

/// Every call of a method of this name.
pub(super) fn methods<'c>(code: &'c str, name: &str) -> Vec<Method<'c>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(name) {
        let before = code[..at].trim_end();
        let behind = &code[at + name.len()..];
        let Some(owner) = before
            .strip_suffix('.')
            .map(|before| before.trim_end().trim_end_matches('?'))
        else {
            continue;
        };
        let open = behind.len() - behind.trim_start().len();
        if !behind[open..].starts_with('(') {
            continue;
        }
        let from = owner
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(0, |at| at + 1);
        found.push(Method {
            of: owner.get(from..).unwrap_or_default(),
            arguments: at + name.len() + open + 1,
            line: code[..at].matches('\n').count() + 1,
        });
    }
    found
}

/// The words in quotes an argument begins with; none if it is put together otherwise.
pub(super) fn quoted(argument: &str, quotes: &[char]) -> Option<String> {
    // `f"command_{name}"` and the like: what can be read of it is read.
    let argument = argument.trim_start();
    let argument = argument
        .strip_prefix(['f', 'F', 'r', 'u'])
        .filter(|rest| rest.starts_with(quotes))
        .unwrap_or(argument);
    let quote = argument.chars().next().filter(|c| quotes.contains(c))?;
    let inside = &argument[1..];
    Some(inside[..inside.find(quote)?].to_owned())
}

/// What is listed for an event whose name cannot be read.
pub(super) fn unread(argument: &str) -> String {
    let end = argument.find([',', ')', '\n']).unwrap_or(argument.len());
    format!("({})", argument[..end].trim())
}
