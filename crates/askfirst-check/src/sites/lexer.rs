//! Source text without what is not code.

/// What comments and strings look like in a language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Syntax {
    pub(super) line_comment: &'static str,
    /// Begins and ends; whether one can stand in another.
    pub(super) block_comment: Option<(&'static str, &'static str, bool)>,
    /// The longer ones first.
    pub(super) quotes: &'static [&'static str],
    /// `r#"..."#`, and a quote that may also begin a lifetime.
    pub(super) rust: bool,
}

/// The text with comments and the insides of strings made blank. Every byte that is left
/// stands where it stood, and so does every end of a line.
pub(super) fn code(text: &str, syntax: &Syntax) -> String {
    let mut lexer = Lexer {
        text,
        at: 0,
        code: String::with_capacity(text.len()),
    };
    while lexer.at < text.len() {
        lexer.step(syntax);
    }
    lexer.code
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    code: String,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self, syntax: &Syntax) {
        let rest = self.rest();
        if rest.starts_with(syntax.line_comment) {
            return self.blank(rest.find('\n').unwrap_or(rest.len()));
        }
        if let Some((begin, end, nests)) = syntax.block_comment
            && rest.starts_with(begin)
        {
            return self.blank(block(rest, begin, end, nests));
        }
        if syntax.rust
            && let Some(length) = raw_string(rest, self.before())
        {
            return self.blank(length);
        }
        if syntax.rust && rest.starts_with('\'') {
            let length = character(rest);
            return if length > 1 {
                self.blank(length)
            } else {
                self.keep()
            };
        }
        let quote = syntax.quotes.iter().find(|quote| rest.starts_with(**quote));
        match quote {
            Some(quote) => self.string(quote),
            None => self.keep(),
        }
    }

    /// The character before this place.
    fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    fn keep(&mut self) {
        if let Some(character) = self.rest().chars().next() {
            self.code.push(character);
            self.at += character.len_utf8();
        }
    }

    fn blank(&mut self, length: usize) {
        let part = self.rest().get(..length).unwrap_or(self.rest());
        for character in part.chars() {
            match character {
                '\n' => self.code.push('\n'),
                other => self.code.extend(std::iter::repeat_n(' ', other.len_utf8())),
            }
        }
        self.at += part.len().max(1);
    }

    /// The quotes stay, what is between them is blank.
    fn string(&mut self, quote: &str) {
        let inside = self.rest().get(quote.len()..).unwrap_or_default();
        let mut length = 0;
        let mut escaped = false;
        for character in inside.chars() {
            if !escaped && inside[length..].starts_with(quote) {
                break;
            }
            // A short string that is not ended ends with its line.
            if character == '\n' && quote.len() == 1 && quote != "`" && !escaped && quote == "'" {
                break;
            }
            escaped = character == '\\' && !escaped;
            length += character.len_utf8();
        }
        self.code.push_str(quote);
        self.at += quote.len();
        if length > 0 {
            self.blank(length);
        }
        if self.rest().starts_with(quote) {
            self.code.push_str(quote);
            self.at += quote.len();
        }
    }
}

fn block(rest: &str, begin: &str, end: &str, nests: bool) -> usize {
    let (mut depth, mut at) = (1, begin.len());
    while depth > 0 {
        let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) else {
            return rest.len();
        };
        if tail.starts_with(end) {
            depth -= 1;
            at += end.len();
        } else if nests && tail.starts_with(begin) {
            depth += 1;
            at += begin.len();
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// How long a raw string is that begins here.
fn raw_string(rest: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let hashes = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let inside = hashes.trim_start_matches('#');
    let count = hashes.len() - inside.len();
    let inside = inside.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(count));
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(rest.len() - inside.len() + length)
}

/// How long a character literal is that begins here; 1 for a lifetime.
fn character(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => {
            let end = characters.skip(1).find(|(_, c)| *c == '\'');
            end.map_or(1, |(at, _)| at + 1)
        }
        _ => match characters.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
    }
}
