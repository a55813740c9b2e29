//! What the texts of a profile must look like.

use super::policy::{MAX_HOST, MAX_ID, MAX_KEY, MAX_LINE, MAX_NAME, MAX_STATEMENT};

/// One rule for a text.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) holds: fn(&str) -> bool,
    /// What is wrong where it does not hold, after the key's name.
    pub(super) says: &'static str,
    /// What to write.
    pub(super) fix: &'static str,
}

pub(super) const ID: Rule = Rule {
    holds: |text| {
        text.len() <= MAX_ID
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    },
    says: "is not a plain name",
    fix: "write up to 32 lower-case letters, digits and `-`, a letter first",
};

pub(super) const NAME: Rule = Rule {
    holds: |text| {
        text.len() <= MAX_NAME
            && text.trim() == text
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b" ._-".contains(&b))
    },
    says: "is not a name",
    fix: "write up to 40 letters, digits, spaces, `.`, `_` and `-`",
};

pub(super) const COMMAND: Rule = Rule {
    holds: |text| {
        text.len() <= MAX_NAME
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    },
    says: "is not a command",
    fix: "write the word that is typed to start the tool",
};

pub(super) const LINE: Rule = Rule {
    holds: |text| text.len() <= MAX_LINE && is_line(text),
    says: "is too long, or has a line break or control character",
    fix: "write one line of up to 300 bytes",
};

/// A text that may be broken into lines.
pub(super) const LINES: Rule = Rule {
    holds: |text| text.len() <= MAX_STATEMENT && text.lines().all(is_line),
    says: "is too long, or has a control character",
    fix: "write up to 1000 bytes of plain text",
};

pub(super) const QUESTION: Rule = Rule {
    holds: |text| is_line(text) && text.ends_with("(Y)es/(N)o [Yes]:"),
    says: "does not end with the choices",
    fix: "end it with `(Y)es/(N)o [Yes]:`, which is what the answer is read by (promise P09)",
};

/// A path below the home directory.
pub(super) const HOME_PATH: Rule = Rule {
    holds: |text| text.strip_prefix("~/").is_some_and(is_path),
    says: "is not a path below the home directory",
    fix: "write `~/` and a path without `..`: only fixed paths in the home may opt in (B04)",
};

pub(super) const PROJECT_PATH: Rule = Rule {
    holds: is_path,
    says: "is not a path below a project",
    fix: "write a relative path without `..`",
};

pub(super) const FILE_BESIDE: Rule = Rule {
    holds: is_path,
    says: "is not a path beside the profile",
    fix: "write a relative path without `..`",
};

pub(super) const ENV_PREFIX: Rule = Rule {
    holds: |text| {
        text.len() <= MAX_NAME
            && text.ends_with('_')
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    },
    says: "is not the beginning of a variable's name",
    fix: "write capital letters, digits and `_`, with `_` at the end",
};

/// A link of the page: an address, or a path on the site that shows the page.
pub(super) const LINK: Rule = Rule {
    holds: |text| is_address(text) || (text.starts_with('/') && is_link(text)),
    says: "is not a link",
    fix: "write an address with `https://`, or a path that begins with `/`",
};

/// A link that is shown in a terminal, where a path leads nowhere.
pub(super) const ADDRESS: Rule = Rule {
    holds: is_address,
    says: "is not an address",
    fix: "write an address with `https://`: it is printed in a terminal",
};

/// A host as `--analytics-posthog-host` takes it. `https` is implied; only loopback may do
/// without.
pub(super) const HOST: Rule = Rule {
    holds: is_host,
    says: "is not a host",
    fix: "write a host name or an address with `https://`; `http://` only for loopback",
};

pub(super) const KEY: Rule = Rule {
    holds: |text| {
        text.len() <= MAX_KEY
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    },
    says: "is not a key",
    fix: "write letters, digits, `_` and `-`",
};

pub(super) const RECEIPT_KEY: Rule = Rule {
    holds: |text| {
        text.len() == 64
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    },
    says: "is not a collector's public key",
    fix: "write the 64 hex digits that `askfirst status` prints where the collector runs",
};

pub(super) const CONTACT: Rule = Rule {
    holds: |text| is_address(text) || is_mail(text),
    says: "is not an address that is read",
    fix: "write a mail address or a web page with `https://` (promise P15)",
};

fn is_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

fn is_path(text: &str) -> bool {
    is_line(text)
        && !text.contains(['\\', ':'])
        && text
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}

/// Characters that stay within a Markdown link: no space, bracket or quote.
fn is_link(text: &str) -> bool {
    text.len() <= MAX_LINE
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"()<>[]\"'`\\".contains(&b))
}

fn is_address(text: &str) -> bool {
    text.strip_prefix("https://")
        .is_some_and(|rest| is_link(text) && !rest.is_empty() && !rest.starts_with('/'))
}

fn is_mail(text: &str) -> bool {
    let parts = text.split_once('@');
    is_link(text) && parts.is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
}

fn is_host(text: &str) -> bool {
    let (name, loopback_only) = match text.split_once("://") {
        Some(("https", name)) => (name, false),
        Some(("http", name)) => (name, true),
        Some(_) => return false,
        None => (text, false),
    };
    let (name, port) = match name.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (name, None),
    };
    port.is_none_or(|port| port.parse::<u16>().is_ok())
        && !name.is_empty()
        && name.len() <= MAX_HOST
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b))
        && (!loopback_only || matches!(name, "localhost" | "127.0.0.1"))
}

/// A link with its percent escapes and `+` undone.
pub(super) fn decoded(link: &str) -> String {
    let mut bytes = Vec::with_capacity(link.len());
    let mut rest = link.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                bytes.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}
