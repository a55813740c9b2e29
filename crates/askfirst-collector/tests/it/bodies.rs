//! Bodies as the SDKs write them.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The key the recorded requests carry.
pub(crate) const KEY: &str = "phc_testkey";

/// 2026-11-20T09:33:20Z, shortly after the recordings.
pub(crate) const NOW: i64 = 1_795_167_200_000;

/// A random id.
pub(crate) const ALICE: &str = "52b5cc12-f16d-45f3-b30c-95ab4ae904ee";

/// Another.
pub(crate) const BOB: &str = "9f1f8d8e-2e0b-4c6c-9d0b-0a4f6a3c1b22";

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// `data=` of a form, percent-encoded.
pub(crate) fn form(data: &str) -> String {
    let encode = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    format!("data={}", data.bytes().map(encode).collect::<String>())
}

/// A batch as posthog-python below 7.20 writes it: properties first, key last, `sentAt`.
pub(crate) fn python(events: &[String]) -> String {
    format!(
        r#"{{"batch": [{}], "historical_migration": false, "sentAt": "2026-11-20T09:33:20.313956+00:00", "api_key": "{KEY}"}}"#,
        events.join(", ")
    )
}

/// An event of posthog-python 3.x, without id.
pub(crate) fn python_event(name: &str, distinct_id: &str, time: &str) -> String {
    format!(
        r#"{{"properties": {{"$python_version": "3.11.7", "$lib": "posthog-python", "$lib_version": "3.25.0", "$geoip_disable": true}}, "timestamp": "{time}+00:00", "event": "{name}", "distinct_id": "{distinct_id}"}}"#
    )
}

/// An event with an id, as later ones send it.
pub(crate) fn event(name: &str, distinct_id: &str, uuid: &str) -> String {
    format!(
        r#"{{"event":"{name}","properties":{{"$lib":"posthog-node","$lib_version":"5.70.0"}},"timestamp":"2026-11-20T09:30:00.250Z","distinct_id":"{distinct_id}","uuid":"{uuid}"}}"#
    )
}

/// An id for an event: version 4, different for every number.
pub(crate) fn uuid(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

/// A batch as posthog-node and new posthog-js write it.
pub(crate) fn node(events: &[String]) -> String {
    format!(
        r#"{{"api_key":"{KEY}","batch":[{}],"sent_at":"2026-11-20T09:33:20.000Z"}}"#,
        events.join(",")
    )
}

/// `launched` of Alice, number `number`, in a batch of its own.
pub(crate) fn launched(number: u32) -> String {
    node(&[event("launched", ALICE, &uuid(number))])
}

/// An event as posthog-js writes it: everything but the name inside the properties.
pub(crate) fn browser_event(number: u32, time: &str) -> String {
    format!(
        r#"{{"uuid":"01a1f84c-62aa-7958-84ca-{number:012x}","event":"launched","properties":{{"$lib":"web","$lib_version":"1.80.0","token":"{KEY}","distinct_id":"{ALICE}"}},{time}}}"#
    )
}
