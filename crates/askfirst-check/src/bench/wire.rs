//! What arrived, taken apart: PostHog's protocol in every form its senders use.

use std::collections::BTreeSet;
use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::GzDecoder;
use serde_json::{Map, Value};

use super::http::Request;
use crate::policy::BODY;

/// An event as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Whom it is said to come from.
    pub id: String,
    /// Its own id.
    pub uuid: Option<String>,
    /// What it says.
    pub properties: Map<String, Value>,
    /// The key of the batch it came in.
    pub key: String,
    /// All of it.
    pub whole: Value,
}

impl Event {
    /// A property that is text.
    pub fn text(&self, property: &str) -> Option<&str> {
        self.properties.get(property)?.as_str()
    }
}

/// The body of a request as text, unpacked.
pub fn unpacked(request: &Request) -> Vec<u8> {
    let body = &request.body;
    if body.starts_with(&[0x1f, 0x8b, 8]) {
        let mut plain = Vec::new();
        let mut reader = GzDecoder::new(body.as_slice()).take(BODY);
        return match reader.read_to_end(&mut plain) {
            Ok(_) => plain,
            Err(_) => body.clone(),
        };
    }
    form(body).unwrap_or_else(|| body.clone())
}

/// `data=BASE64`, as browsers and old senders have it.
fn form(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    let data = text
        .split('&')
        .find_map(|part| part.strip_prefix("data="))?;
    let data = data
        .replace("%3D", "=")
        .replace("%2B", "+")
        .replace("%2F", "/");
    BASE64_STANDARD.decode(data.replace(' ', "+")).ok()
}

/// Every event in these requests, in the order they came.
pub fn events(requests: &[Request]) -> Vec<Event> {
    let mut events = Vec::new();
    for request in requests {
        let Ok(body) = serde_json::from_slice::<Value>(&unpacked(request)) else {
            continue;
        };
        let key = body["api_key"].as_str().or(body["token"].as_str());
        let key = key.unwrap_or_default().to_owned();
        let batch = match &body {
            Value::Array(batch) => batch.clone(),
            Value::Object(object) => match object.get("batch").and_then(Value::as_array) {
                Some(batch) => batch.clone(),
                None if object.contains_key("event") => vec![body.clone()],
                None => Vec::new(),
            },
            _ => Vec::new(),
        };
        events.extend(batch.into_iter().filter_map(|whole| event(whole, &key)));
    }
    events
}

/// What a receiver keeps of these: each id once. A sender that saw no answer, because it ended
/// before one came, sends the same event again; PostHog tells it by its id, and so does our
/// collector.
pub fn kept(events: &[Event]) -> Vec<&Event> {
    let mut seen = BTreeSet::new();
    let mut kept: Vec<&Event> = events.iter().collect();
    kept.retain(|event| event.uuid.as_ref().is_none_or(|uuid| seen.insert(uuid)));
    kept
}

fn event(whole: Value, key: &str) -> Option<Event> {
    let properties = whole["properties"].as_object().cloned().unwrap_or_default();
    let id = whole["distinct_id"]
        .as_str()
        .or_else(|| properties.get("distinct_id")?.as_str());
    Some(Event {
        name: whole["event"].as_str()?.to_owned(),
        id: id.unwrap_or_default().to_owned(),
        uuid: whole["uuid"].as_str().map(str::to_owned),
        key: key.to_owned(),
        properties,
        whole,
    })
}

/// A line of a tool's log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// The event's name.
    pub event: String,
    /// The whole line.
    pub whole: Value,
}

/// The lines of a log, and those that are none.
pub fn log(text: &str) -> (Vec<LogLine>, Vec<String>) {
    let mut lines = Vec::new();
    let mut broken = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let whole: Option<Value> = serde_json::from_str(line).ok();
        let event = whole.as_ref().and_then(|whole| whole["event"].as_str());
        match (event.map(str::to_owned), whole) {
            (Some(event), Some(whole)) => lines.push(LogLine { event, whole }),
            _ => broken.push(line.chars().take(60).collect()),
        }
    }
    (lines, broken)
}

/// Whether a text is a UUID of version 4, in its usual form.
pub fn is_uuid4(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            14 => *byte == b'4',
            19 => matches!(byte.to_ascii_lowercase(), b'8' | b'9' | b'a' | b'b'),
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The UUIDs of version 4 in a text.
pub fn uuids(text: &str) -> Vec<String> {
    let found = (0..text.len()).filter_map(|at| text.get(at..at + 36));
    found
        .filter(|part| is_uuid4(part))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const BATCH: &str =
        r#"{"api_key":"k","batch":[{"event":"a","distinct_id":"i","properties":{"n":1}}]}"#;

    fn names(body: Vec<u8>) -> Vec<String> {
        let request = Request {
            body,
            ..Request::default()
        };
        events(&[request])
            .into_iter()
            .map(|event| format!("{} {} {}", event.name, event.id, event.key))
            .collect()
    }

    #[test]
    fn a_batch_is_read_plain_packed_and_as_a_form() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(BATCH.as_bytes()).unwrap();
        let form = format!("data={}", BASE64_STANDARD.encode(BATCH));
        for body in [
            BATCH.as_bytes().to_vec(),
            packed.finish().unwrap(),
            form.into_bytes(),
        ] {
            assert_eq!(names(body), ["a i k"]);
        }
    }

    #[test]
    fn one_event_and_a_list_of_them_are_batches_too() {
        let one = br#"{"api_key":"k","event":"a","properties":{"distinct_id":"i"}}"#;
        assert_eq!(names(one.to_vec()), ["a i k"]);
        let list = br#"[{"event":"a","distinct_id":"i"},{"event":"b","distinct_id":"i"}]"#;
        assert_eq!(names(list.to_vec()).len(), 2);
    }

    #[test]
    fn p04_only_a_random_uuid_is_one() {
        assert!(is_uuid4("7f3c1c50-1c1e-4c0a-9f1e-0123456789ab"));
        assert!(
            !is_uuid4("7f3c1c50-1c1e-1c0a-9f1e-0123456789ab"),
            "version 1"
        );
        assert_eq!(uuids("x 7f3c1c50-1c1e-4c0a-9f1e-0123456789ab y").len(), 1);
    }
}
