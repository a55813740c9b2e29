//! Reading what is answered.

use std::io;

use httparse::{EMPTY_HEADER, Header, Response, Status};

use super::connection::Connection;
use super::timed::broke_off;

/// Most bytes of a head: what is longer is none.
const HEAD_BYTES: usize = 16 << 10;

/// Most lines of a head; content delivery networks add some twenty.
const HEAD_LINES: usize = 96;

/// Most bytes of the line before a part of a body.
const SIZE_LINE: usize = 1 << 10;

/// The head of a reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) code: u16,
    /// `Retry-After` in milliseconds, if it was given in seconds.
    pub(super) retry_after_ms: Option<u64>,
    /// Whether the connection may be used again.
    pub(super) keeps: bool,
    body: Framing,
}

/// Where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    /// After this many bytes.
    Sized(u64),
    /// In parts that say their size.
    Chunked,
    /// Where the connection does.
    UntilClosed,
}

/// The head of the reply; that of an interim one (1xx) is passed over.
///
/// # Errors
///
/// If the connection ends, or what comes is not HTTP/1.
pub(super) fn head(connection: &mut Connection) -> io::Result<Head> {
    loop {
        match parse(connection.unread())? {
            Some((_, bytes)) if bytes > HEAD_BYTES => return Err(not_http()),
            Some((head, bytes)) => {
                connection.take(bytes);
                if !(100..200).contains(&head.code) {
                    return Ok(head);
                }
            }
            None if connection.unread().len() >= HEAD_BYTES => return Err(not_http()),
            None if connection.read_on()? => {}
            None => return Err(broke_off()),
        }
    }
}

/// The head of the reply to a request that could not be written whole: who refuses a body may say
/// so before all of it is there, and close.
///
/// # Errors
///
/// `why` it could not be written, if nobody refuses it: what is not there cannot be accepted.
pub(super) fn refusal(connection: &mut Connection, why: io::Error) -> io::Result<Head> {
    match head(connection) {
        Ok(head) if head.code >= 300 => Ok(Head {
            keeps: false,
            ..head
        }),
        _ => Err(why),
    }
}

/// The whole body; nothing if it has more than `most` bytes.
///
/// # Errors
///
/// If it breaks off, or what comes is not HTTP/1.
pub(super) fn body(
    connection: &mut Connection,
    head: &Head,
    most: usize,
) -> io::Result<Option<Vec<u8>>> {
    match head.body {
        Framing::Sized(bytes) => match within(bytes, most) {
            Some(bytes) => take(connection, bytes).map(Some),
            None => Ok(None),
        },
        Framing::Chunked => chunks(connection, most),
        Framing::UntilClosed => loop {
            if connection.unread().len() > most {
                return Ok(None);
            }
            if !connection.read_on()? {
                return Ok(Some(connection.take(usize::MAX)));
            }
        },
    }
}

/// A body in parts: a line with the size, the part, an empty line; the last has no bytes.
fn chunks(connection: &mut Connection, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let size = part_size(connection)?;
        if size == 0 {
            while !line(connection)?.is_empty() {}
            return Ok(Some(body));
        }
        let Some(size) = within(size, most.saturating_sub(body.len())) else {
            return Ok(None);
        };
        body.extend(take(connection, size)?);
        if !line(connection)?.is_empty() {
            return Err(not_http());
        }
    }
}

fn part_size(connection: &mut Connection) -> io::Result<u64> {
    loop {
        let unread = connection.unread();
        // httparse takes a line without a digit for the last part's.
        if unread.first().is_some_and(|it| !it.is_ascii_hexdigit()) {
            return Err(not_http());
        }
        match httparse::parse_chunk_size(unread) {
            Ok(Status::Complete((bytes, size))) => {
                connection.take(bytes);
                return Ok(size);
            }
            Ok(Status::Partial) if connection.unread().len() < SIZE_LINE => {
                if !connection.read_on()? {
                    return Err(broke_off());
                }
            }
            _ => return Err(not_http()),
        }
    }
}

/// A line without its end.
fn line(connection: &mut Connection) -> io::Result<Vec<u8>> {
    loop {
        let unread = connection.unread();
        if let Some(end) = unread.windows(2).position(|two| two == b"\r\n") {
            let line = connection.take(end);
            connection.take(2);
            return Ok(line);
        }
        if unread.len() > SIZE_LINE {
            return Err(not_http());
        }
        if !connection.read_on()? {
            return Err(broke_off());
        }
    }
}

fn take(connection: &mut Connection, bytes: usize) -> io::Result<Vec<u8>> {
    while connection.unread().len() < bytes {
        if !connection.read_on()? {
            return Err(broke_off());
        }
    }
    Ok(connection.take(bytes))
}

fn within(bytes: u64, most: usize) -> Option<usize> {
    let bytes = usize::try_from(bytes).ok();
    bytes.filter(|bytes| *bytes <= most)
}

/// The first head in what was read, and its length; nothing if it is not whole yet.
fn parse(read: &[u8]) -> io::Result<Option<(Head, usize)>> {
    let mut lines = [EMPTY_HEADER; HEAD_LINES];
    let mut response = Response::new(&mut lines);
    let bytes = match response.parse(read) {
        Ok(Status::Complete(bytes)) => bytes,
        Ok(Status::Partial) => return Ok(None),
        Err(_) => return Err(not_http()),
    };
    let (Some(code @ 100..=599), Some(minor)) = (response.code, response.version) else {
        return Err(not_http());
    };
    let lines: &[Header<'_>] = response.headers;
    let body = framing(code, lines)?;
    // A length beside parts is what smuggled requests are made of (RFC 9112, section 6.3).
    let is_certain = match body {
        Framing::Sized(_) => true,
        Framing::Chunked => words(lines, "content-length").next().is_none(),
        Framing::UntilClosed => false,
    };
    let head = Head {
        code,
        retry_after_ms: value(lines, "retry-after")
            .and_then(|seconds| seconds.parse::<u64>().ok())
            .map(|seconds| seconds.saturating_mul(1000)),
        keeps: minor == 1 && is_certain && !words(lines, "connection").any(|it| it == "close"),
        body,
    };
    Ok(Some((head, bytes)))
}

/// Where the body ends (RFC 9112, section 6.3).
fn framing(code: u16, lines: &[Header<'_>]) -> io::Result<Framing> {
    if matches!(code, 100..=199 | 204 | 304) {
        return Ok(Framing::Sized(0));
    }
    if let Some(coding) = words(lines, "transfer-encoding").last() {
        return match coding == "chunked" {
            true => Ok(Framing::Chunked),
            false => Ok(Framing::UntilClosed),
        };
    }
    let mut lengths = words(lines, "content-length");
    let Some(length) = lengths.next() else {
        return Ok(Framing::UntilClosed);
    };
    let digits = length.bytes().all(|it| it.is_ascii_digit());
    match length.parse() {
        Ok(bytes) if digits && lengths.all(|it| it == length) => Ok(Framing::Sized(bytes)),
        _ => Err(not_http()),
    }
}

fn value<'a>(lines: &[Header<'a>], name: &str) -> Option<&'a str> {
    let line = lines
        .iter()
        .find(|line| line.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(line.value).ok().map(str::trim)
}

/// The words of a line that may stand several times, in small letters.
fn words(lines: &[Header<'_>], name: &str) -> impl Iterator<Item = String> {
    let named = lines
        .iter()
        .filter(move |line| line.name.eq_ignore_ascii_case(name));
    named
        .flat_map(|line| line.value.split(|byte| *byte == b','))
        .map(|word| String::from_utf8_lossy(word.trim_ascii()).to_ascii_lowercase())
}

fn not_http() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP/1.1")
}
