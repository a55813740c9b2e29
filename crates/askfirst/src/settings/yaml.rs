//! The flat keys of a YAML configuration file.
//!
//! Only top-level keys count, and of those only ours, so this reads lines that begin in the
//! first column and leaves everything else alone: lists, nested maps, texts over several
//! lines. What it cannot be sure of, on a line that may be about analytics, is a problem,
//! and a problem is off (decision 0016 says why this is no library).

/// One of our keys, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: usize,
    pub(super) key: String,
    /// The value without quotes; `None` for nothing and `null`.
    pub(super) value: Option<String>,
}

/// A line that may be about analytics and cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unclear {
    pub(super) number: usize,
    pub(super) rule: &'static str,
}

/// The lines whose key begins with `analytics` or `no-analytics`, in order.
pub(super) fn read(text: &str) -> Vec<Result<Line, Unclear>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = (1..).zip(text.lines());
    lines
        .filter_map(|(number, line)| one(number, line))
        .collect()
}

fn one(number: usize, line: &str) -> Option<Result<Line, Unclear>> {
    let line = line.trim_end();
    let first = line.chars().next()?;
    if first.is_whitespace() || first == '#' || !mentions(line) {
        return None;
    }
    // `{analytics: true}` or a list, an anchor, a tag or a complex key with ours in it.
    if "{}[]?&*!|>%@`,-".contains(first) {
        return Some(Err(Unclear {
            number,
            rule: "this way to write a setting is not understood",
        }));
    }
    let (key, rest) = match key(line) {
        Some(parts) => parts,
        None if is_ours(line.trim_matches(['"', '\''])) => {
            return Some(Err(Unclear {
                number,
                rule: "there is no `: ` after the key",
            }));
        }
        None => return None,
    };
    if !is_ours(&key) {
        return None;
    }
    Some(match value(rest.trim()) {
        Some(value) => Ok(Line { number, key, value }),
        None => Err(Unclear {
            number,
            rule: "this way to write a value is not understood",
        }),
    })
}

fn mentions(line: &str) -> bool {
    line.to_ascii_lowercase().contains("analytics")
}

/// Ours, and what is so like it that it must be meant: `analytics_disable`.
fn is_ours(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("analytics")
        || key.starts_with("no-analytics")
        || key.starts_with("no_analytics")
}

/// The key and what stands after its colon.
fn key(line: &str) -> Option<(String, &str)> {
    let quote = line.chars().next().filter(|first| "\"'".contains(*first));
    let (key, rest) = match quote {
        Some(quote) => line.get(1..)?.split_once(quote)?,
        None => {
            let colon = line.match_indices(':').map(|(at, _)| at).find(|at| {
                let after = line.get(at.saturating_add(1)..);
                after.is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t']))
            })?;
            let (key, rest) = line.split_at_checked(colon)?;
            return Some((key.trim_end().to_owned(), rest.get(1..)?));
        }
    };
    let rest = rest.trim_start().strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| (key.to_owned(), rest))
}

/// The value: outer `None` if it cannot be read, inner `None` if there is none.
fn value(text: &str) -> Option<Option<String>> {
    let first = text.chars().next();
    match first {
        None | Some('#') => Some(None),
        Some(quote @ ('"' | '\'')) => {
            let (inner, after) = text.get(1..)?.split_once(quote)?;
            // An escape or a doubled quote: nothing a setting of ours needs.
            let plain = !inner.contains('\\') && (after.is_empty() || is_comment(after));
            plain.then(|| Some(inner.to_owned()))
        }
        Some(first) if "{}[]&*!|>%@`,?".contains(first) => None,
        Some(_) => {
            let end = text.match_indices('#').map(|(at, _)| at).find(|at| {
                let before = text.get(..*at);
                before.is_some_and(|before| before.ends_with([' ', '\t']))
            });
            let plain = text.get(..end.unwrap_or(text.len()))?.trim_end();
            let null = ["~", "null", "Null", "NULL"].contains(&plain);
            Some((!null).then(|| plain.to_owned()))
        }
    }
}

fn is_comment(after: &str) -> bool {
    after.starts_with([' ', '\t']) && after.trim_start().starts_with('#')
}
