//! What is sent: headers, compression, and nothing at all when the browser has it already.

use std::fmt::Write as _;
use std::io::Write as _;

use askfirst_pages::asset::Asset;
use askfirst_pages::{Facts, Form, POLICY, Refused, SVG_POLICY, View};
use askfirst_query::answer::Answer;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION,
    REFERRER_POLICY, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::http::Reply;
use crate::policy;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What a request says of the reply it wants.
#[derive(Debug)]
pub(super) struct Wanted {
    gzip: bool,
    has: Vec<String>,
}

/// What is sent, before compression.
#[derive(Debug)]
pub(super) struct Sent {
    status: u16,
    content_type: &'static str,
    policy: &'static str,
    cache: &'static str,
    more: Vec<(HeaderName, String)>,
    text: String,
}

impl Wanted {
    pub(super) fn by(request: &HeaderMap) -> Wanted {
        let all = |name: HeaderName| -> Vec<String> {
            let values = request
                .get_all(name)
                .into_iter()
                .filter_map(|value| value.to_str().ok());
            values
                .flat_map(|value| value.split(','))
                .map(|part| part.trim().to_owned())
                .collect()
        };
        Wanted {
            gzip: all(ACCEPT_ENCODING).iter().any(|coding| takes_gzip(coding)),
            has: all(IF_NONE_MATCH),
        }
    }

    /// Whether the browser has this already.
    pub(super) fn has(&self, tag: &str) -> bool {
        self.has.iter().any(|has| has == tag || has == "*")
    }

    /// The reply, compressed if that is wanted and worth it.
    pub(super) fn reply(&self, sent: Sent) -> Reply {
        let packed = (self.gzip && sent.text.len() > policy::PAGE_PLAIN_BYTES)
            .then(|| gzip(sent.text.as_bytes()))
            .flatten();
        let is_packed = packed.is_some();
        let mut reply = Response::new(Body::from(packed.unwrap_or_else(|| sent.text.into_bytes())));
        *reply.status_mut() =
            StatusCode::from_u16(sent.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = reply.headers_mut();
        let mut set = |name, value: &str| {
            // addresses are percent-encoded and tags hexadecimal, so none is refused
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(CONTENT_TYPE, sent.content_type);
        set(CONTENT_SECURITY_POLICY, sent.policy);
        set(CACHE_CONTROL, sent.cache);
        set(VARY, "Accept-Encoding");
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(REFERRER_POLICY, "no-referrer");
        set(RESOURCE_POLICY, "same-origin");
        for (name, value) in &sent.more {
            set(name.clone(), value);
        }
        if is_packed {
            set(CONTENT_ENCODING, "gzip");
        }
        reply
    }
}

impl Sent {
    /// A page with this status. Tells a browser that was sent away when to come back.
    pub(super) fn page(status: u16, text: String) -> Sent {
        let again = (status == 503).then(|| (RETRY_AFTER, policy::PAGE_RETRY_SECONDS.to_owned()));
        Sent {
            status,
            content_type: "text/html; charset=utf-8",
            policy: POLICY,
            cache: "private, no-cache",
            more: again.into_iter().collect(),
            text,
        }
    }

    /// A view in the form its path asks for.
    pub(super) fn view(
        view: &View,
        answer: &Answer,
        facts: Facts<'_>,
        tag: String,
    ) -> Result<Sent, Refused> {
        let text = match view.form {
            Form::Page => askfirst_pages::page(view, answer, facts),
            _ => askfirst_pages::file(view, answer)?,
        };
        let (content_type, policy) = match view.form {
            Form::Page => ("text/html; charset=utf-8", POLICY),
            Form::Csv => ("text/csv; charset=utf-8", "default-src 'none'"),
            Form::Json => ("application/json", "default-src 'none'"),
            Form::Svg => ("image/svg+xml", SVG_POLICY),
        };
        let mut sent = Sent {
            content_type,
            policy,
            ..Sent::page(200, text)
        };
        sent.more.push((ETAG, tag));
        if view.form == Form::Csv {
            let name = format!(
                "attachment; filename=\"{}-{}.csv\"",
                answer.host, view.report.name
            );
            sent.more.push((CONTENT_DISPOSITION, name));
        }
        Ok(sent)
    }

    /// Nothing: the browser has it.
    pub(super) fn unchanged(tag: String) -> Sent {
        Sent {
            more: vec![(ETAG, tag)],
            ..Sent::page(304, String::new())
        }
    }

    /// The one address of a view.
    pub(super) fn elsewhere(url: &str) -> Sent {
        Sent {
            more: vec![(LOCATION, url.to_owned())],
            ..Sent::page(307, String::new())
        }
    }

    /// A file whose name says what is in it.
    pub(super) fn asset(asset: &Asset) -> Sent {
        Sent {
            content_type: asset.content_type,
            policy: "default-src 'none'",
            cache: "public, max-age=31536000, immutable",
            ..Sent::page(200, asset.text.to_owned())
        }
    }
}

/// A weak tag: the same for the page compressed and not.
pub(super) fn tag(of: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in of {
        hash.update(part);
    }
    let mut text = String::from("W/\"");
    for byte in &hash.finalize()[..12] {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
    }
    text + "\""
}

fn takes_gzip(coding: &str) -> bool {
    let (name, parameter) = coding.split_once(';').unwrap_or((coding, ""));
    let refused = parameter
        .trim()
        .strip_prefix("q=")
        .is_some_and(|q| q.parse() == Ok(0.0));
    name.trim().eq_ignore_ascii_case("gzip") && !refused
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            Wanted::by(&headers).gzip
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("br, GZIP;q=0.5"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("gzip; q=0.0"));
    }

    #[test]
    fn d23_who_is_sent_away_is_told_when_to_come_back() {
        let wanted = Wanted::by(&HeaderMap::new());
        let reply = |status| wanted.reply(Sent::page(status, "<!DOCTYPE html>".to_owned()));
        assert_eq!(reply(503).headers()[RETRY_AFTER], "5");
        assert!(!reply(200).headers().contains_key(RETRY_AFTER));
    }

    #[test]
    fn tags_differ_with_what_they_are_of() {
        assert_eq!(tag(&[b"a", b"/"]), tag(&[b"a", b"/"]));
        assert_ne!(tag(&[b"a", b"/"]), tag(&[b"b", b"/"]));
    }
}
