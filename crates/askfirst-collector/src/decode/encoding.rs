//! Takes off what is around the JSON: query, form, base64, gzip.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::inflate::gunzip;
use super::room::Room;
use crate::policy;
use crate::refusal::Refusal;

/// How many layers of base64 and gzip are taken off. Real senders use two: posthog-js wraps
/// base64 in a form, and its beacon may wrap gzip in base64.
const LAYERS: usize = 3;

/// How far into a body is looked to tell what it is. PostHog's own number.
const LOOK: usize = 128;

/// A request as it came over the wire, as far as decoding is concerned.
#[derive(Debug, Clone, Default)]
pub struct Wire<'a> {
    /// What stands after `?`, still percent-encoded.
    pub query: &'a str,
    /// The header `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The header `Content-Encoding`.
    pub content_encoding: Option<&'a str>,
    /// The body.
    pub body: Vec<u8>,
}

impl Wire<'_> {
    /// The text inside: JSON, if the sender is right.
    ///
    /// # Errors
    ///
    /// [`Refusal::Empty`], [`Refusal::NotAForm`], [`Refusal::Compression`],
    /// [`Refusal::BadGzip`], [`Refusal::NotUtf8`]; [`Refusal::TooLarge`] beyond what one body
    /// may take of `room`; [`Refusal::Busy`] if there is none left.
    pub fn text(mut self, room: &mut Room<'_>) -> Result<String, Refusal> {
        let payload = self.payload()?;
        let (payload, form_hint) = self.form(payload, room)?;
        let hint = self.hint(form_hint.as_deref())?;
        let bytes = unwrap(payload, hint, room)?;
        String::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)
    }

    /// `data` of the query if there is one, else the body.
    fn payload(&mut self) -> Result<Vec<u8>, Refusal> {
        let payload = match query_value(self.query, "data") {
            Some(data) if !data.is_empty() => restore_plus(data),
            _ => std::mem::take(&mut self.body),
        };
        if payload.is_empty() {
            Err(Refusal::Empty)
        } else {
            Ok(payload)
        }
    }

    /// The field `data` of a form and its `compression`; anything else is left as it is.
    fn form(
        &self,
        payload: Vec<u8>,
        room: &mut Room<'_>,
    ) -> Result<(Vec<u8>, Option<String>), Refusal> {
        if !looks_like_form(&payload) {
            let said_form = self.mime() == "application/x-www-form-urlencoded";
            let from_query = query_value(self.query, "data").is_some();
            return if said_form && !from_query {
                Err(Refusal::NotAForm)
            } else {
                Ok((payload, None))
            };
        }
        room.take(payload.len())?;
        let form = String::from_utf8(payload).map_err(|_| Refusal::NotUtf8)?;
        let data = query_value(&form, "data").filter(|data| !data.is_empty());
        let hint = query_value(&form, "compression");
        let hint = hint.map(|hint| String::from_utf8_lossy(&hint).into_owned());
        Ok((restore_plus(data.ok_or(Refusal::Empty)?), hint))
    }

    fn mime(&self) -> String {
        let mime = self.content_type.unwrap_or_default();
        let mime = mime.split(';').next().unwrap_or_default();
        mime.trim().to_ascii_lowercase()
    }

    /// The first recognised of query, form and header; what is not recognised is no hint.
    fn hint(&self, form: Option<&str>) -> Result<Option<Codec>, Refusal> {
        let query = query_value(self.query, "compression");
        let query = query.map(|value| String::from_utf8_lossy(&value).into_owned());
        let named = [query.as_deref(), form, self.content_encoding];
        match named.into_iter().flatten().find_map(Codec::named) {
            Some(Codec::Unsupported) => Err(Refusal::Compression),
            hint => Ok(hint),
        }
    }
}

/// Whether there is so much in a body that decoding it would keep others waiting. Gzip says in
/// its last four bytes how long it gets; one that lies is still bounded by the limit.
pub(crate) fn is_large(body: &[u8]) -> bool {
    let inside = match body {
        [0x1f, 0x8b, 0x08, .., a, b, c, d] => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => 0,
    };
    body.len().max(inside as usize) > policy::DECODE_IN_PLACE_BYTES
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Gzip,
    Base64,
    Unsupported,
}

impl Codec {
    fn named(name: &str) -> Option<Codec> {
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "gzip-js" => Some(Codec::Gzip),
            "base64" | "b64" => Some(Codec::Base64),
            "lz64" | "lz-string" | "deflate" | "br" | "zstd" => Some(Codec::Unsupported),
            _ => None,
        }
    }
}

/// Takes off gzip, told by the hint or by its magic bytes (new posthog-js gives no hint), and
/// base64, told by its looks: JSON never looks like base64, because of its first byte.
fn unwrap(
    mut bytes: Vec<u8>,
    hint: Option<Codec>,
    room: &mut Room<'_>,
) -> Result<Vec<u8>, Refusal> {
    let mut gzip_owed = hint == Some(Codec::Gzip);
    for _ in 0..LAYERS {
        if bytes.starts_with(&[0x1f, 0x8b, 0x08]) {
            bytes = gunzip(&bytes, room)?;
            gzip_owed = false;
        } else if let Some(decoded) = unbase64(&bytes) {
            room.take(decoded.len())?;
            bytes = decoded;
        } else {
            break;
        }
    }
    if gzip_owed {
        Err(Refusal::BadGzip)
    } else {
        Ok(bytes)
    }
}

fn unbase64(bytes: &[u8]) -> Option<Vec<u8>> {
    let bytes = bytes.trim_ascii();
    let alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let looks =
        !bytes.is_empty() && bytes.len().is_multiple_of(4) && bytes.iter().take(LOOK).all(alphabet);
    if looks {
        STANDARD.decode(bytes).ok()
    } else {
        None
    }
}

/// In a form a plus is a space; in base64 it is a digit.
fn restore_plus(mut data: Vec<u8>) -> Vec<u8> {
    let alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/= ".contains(byte);
    if data.iter().take(LOOK).all(alphabet) {
        for byte in &mut data {
            if *byte == b' ' {
                *byte = b'+';
            }
        }
    }
    data
}

fn looks_like_form(payload: &[u8]) -> bool {
    let start = &payload[..payload.len().min(LOOK)];
    let fields: [&[u8]; 4] = [b"data=", b"_=", b"ip=", b"compression="];
    start
        .split(|byte| *byte == b'&')
        .any(|pair| fields.iter().any(|field| pair.starts_with(field)))
        && !matches!(start.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The value of `name` in a query or form, percent-decoded, with plus as space.
pub(crate) fn query_value(query: &str, name: &str) -> Option<Vec<u8>> {
    let pairs = query.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| percent_decode(key) == name.as_bytes())
        .map(|(_, value)| percent_decode(value).into_owned())
}

fn percent_decode(text: &str) -> Cow<'_, [u8]> {
    if !text.bytes().any(|byte| byte == b'%' || byte == b'+') {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, tail) = match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high * 16 + low, after),
                _ => (b'%', tail),
            },
            (b'+', _) => (b' ', tail),
            (byte, _) => (*byte, tail),
        };
        decoded.push(byte);
        rest = tail;
    }
    Cow::Owned(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
