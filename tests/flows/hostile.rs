//! What a hostile or careless sender may put into a request: a canary in every
//! place there is.

use std::io::Write;
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::canaries::Canaries;
use crate::http;

/// How many of [`events`] are messages, which are stored without what was planted.
pub(crate) const MESSAGES: u64 = 3;

/// Events with a canary in every place an event has.
pub(crate) fn events(canaries: &mut Canaries) -> Vec<Value> {
    let mut plant = |place: &str| canaries.plant(place);
    let now = jiff::Timestamp::now().to_string();
    let mut events = vec![
        json!({ "event": plant("an event name"), "properties": {} }),
        json!({ "event": format!("command_{}", plant("a command")), "properties": {} }),
        json!({ "event": format!("oauth_flow_{}", plant("a step")), "properties": {} }),
        json!({ "event": "command_add", "properties": { "name": plant("a command's name") } }),
        json!({ "event": "exit", "properties": { "reason": plant("an exit reason") } }),
        json!({ "event": "repo", "properties": { "num_files": plant("a count") } }),
        json!({ "event": "auto_commits", "properties": { "enabled": plant("a bool") } }),
        json!({
            "event": "message_send",
            "properties": {
                "main_model": plant("a model"),
                "weak_model": format!("openai/{}", plant("a model of a provider")),
                "editor_model": format!("{}/gpt-4o", plant("a provider")),
                "edit_format": plant("an edit format"),
                "prompt_tokens": plant("prompt tokens"),
                "cost": plant("a cost"),
            },
        }),
        json!({
            "event": "message_send",
            "properties": {
                "main_model": "gpt-4o-mini",
                plant("a property name"): plant("an unknown property"),
                "nested": { plant("a nested key"): [plant("a nested value")] },
                "prompt_tokens": [plant("an array for a count")],
                "edit_format": { "x": plant("an object for a word") },
                "$groups": { "company": plant("a group") },
                "$set": { "email": plant("a person's property") },
                "$current_url": plant("a PostHog property"),
                "$ip": plant("an address"),
                "$session_id": plant("a PostHog session"),
                "$lib": plant("a library"),
                "$lib_version": plant("a library's version"),
                "session": plant("a session"),
                "seq": plant("a sequence number"),
                "catalog": plant("a catalog"),
                "distinct_id": plant("a distinct_id among the properties"),
                "token": plant("a token among the properties"),
            },
        }),
        json!({
            "event": "message_send",
            "properties": {
                "main_model": "gpt-4o-mini",
                "python_version": plant("a version"),
                "aider_version": format!("0.86.2+{}", plant("a version's tail")),
                "os_platform": plant("a platform"),
                "os_release": format!("6.8.0-{}", plant("a release")),
                "machine": plant("a machine"),
            },
        }),
        json!({
            "event": "message_send_exception",
            "properties": { "exception": plant("an exception text"), "error": plant("an error") },
        }),
        exception(&mut plant),
    ];
    for (number, event) in events.iter_mut().enumerate() {
        event["timestamp"] = json!(now);
        event["distinct_id"] = json!(format!("{}@{number}.example", plant("a distinct_id")));
    }
    events
}

/// `$exception` as the SDKs' automatic capture sends it.
fn exception(plant: &mut impl FnMut(&str) -> String) -> Value {
    let frame = json!({
        "platform": "python",
        "filename": format!("aider/{}.py", plant("a frame's file")),
        "abs_path": format!("/home/{}/aider/main.py", plant("a path")),
        "function": plant("a function"),
        "module": format!("aider.{}", plant("a module")),
        "lineno": 12,
        "pre_context": [plant("source before")],
        "context_line": plant("a source line"),
        "post_context": [plant("source after")],
        "in_app": true,
        "code_variables": { plant("a variable"): plant("a variable's value") },
    });
    json!({
        "event": "$exception",
        "properties": {
            "$exception_type": plant("an exception type"),
            "$exception_message": plant("an exception message"),
            "$exception_list": [{
                "type": plant("a type in the list"),
                "value": plant("a value in the list"),
                "module": plant("a type's module"),
                "mechanism": { "type": plant("a mechanism"), "handled": true },
                "stacktrace": { "type": "raw", "frames": [frame] },
            }],
        },
    })
}

/// Requests whose events are taken or dropped one by one: all answered with 200.
pub(crate) fn send_events(to: SocketAddr, key: &str, canaries: &mut Canaries) {
    let mut events = events(canaries);
    for (number, event) in events.iter_mut().enumerate() {
        event["uuid"] = json!(canaries.plant("an event id"));
        event[canaries.plant("a key of an event")] = json!(canaries.plant("a value of an event"));
        event["$set"] = json!({ "email": canaries.plant("$set of an event") });
        if number == 0 {
            event["timestamp"] = json!(canaries.plant("a timestamp"));
        }
    }
    let envelope = json!({
        "api_key": key,
        "batch": events,
        "sent_at": canaries.plant("sent_at"),
        canaries.plant("a key of the envelope"): canaries.plant("a value of the envelope"),
    });
    let headers = [
        "Content-Type: application/json".to_owned(),
        format!("User-Agent: {}", canaries.plant_plain("the user agent")),
        format!("Cookie: session={}", canaries.plant_plain("a cookie")),
        format!(
            "Referer: https://{}.example/",
            canaries.plant_plain("the referer")
        ),
        format!(
            "Origin: https://{}.example",
            canaries.plant_plain("the origin")
        ),
        format!(
            "X-Forwarded-For: {}",
            canaries.plant_plain("the forwarded address")
        ),
        format!(
            "PostHog-Sdk-Info: {}/1",
            canaries.plant_plain("the SDK info")
        ),
        format!("X-{}: 1", canaries.plant_plain("a header's name")),
    ];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let path = format!("/batch/?ver={}", canaries.plant_plain("the query"));
    let body = envelope.to_string();
    expect(200, to, &path, &headers, body.as_bytes());
    // The same events again are duplicates, which must leave no more behind.
    expect(200, to, &path, &headers, body.as_bytes());

    let mut single = json!({
        "api_key": key,
        "event": "message_send",
        "distinct_id": canaries.plant("a distinct_id, gzip"),
        "properties": { "main_model": canaries.plant("a model, gzip") },
    });
    single["timestamp"] = json!(jiff::Timestamp::now().to_string());
    single["event"] = json!(canaries.plant("an event, gzip"));
    let gzip = gzip(single.to_string().as_bytes());
    expect(200, to, "/capture/", &["Content-Encoding: gzip"], &gzip);

    single["event"] = json!(canaries.plant("an event, form"));
    let form = format!(
        "data={}",
        STANDARD_NO_PAD.encode(padded(&single)).replace('+', "%2B")
    );
    let form_type = ["Content-Type: application/x-www-form-urlencoded"];
    expect(
        200,
        to,
        "/e/?compression=base64",
        &form_type,
        form.as_bytes(),
    );
}

/// JSON text with as many spaces as make its base64 need no padding.
fn padded(value: &Value) -> String {
    let mut text = value.to_string();
    while !text.len().is_multiple_of(3) {
        text.push(' ');
    }
    text
}

/// Requests that are refused whole, where an error message or a log could keep
/// what a value was.
pub(crate) fn send_bodies_that_are_refused(to: SocketAddr, key: &str, canaries: &mut Canaries) {
    let json_type = ["Content-Type: application/json"];
    let broken = format!(
        "{{\"api_key\":\"{key}\",\"batch\":[{{\"{}",
        canaries.plant("a broken body")
    );
    expect(400, to, "/batch/", &json_type, broken.as_bytes());

    let mut corrupt = gzip(canaries.plant("a corrupt gzip").as_bytes());
    let middle = corrupt.len() / 2;
    corrupt.truncate(middle);
    expect(400, to, "/batch/", &["Content-Encoding: gzip"], &corrupt);

    let unknown_key = json!({
        "api_key": canaries.plant_plain("an unknown key"),
        "batch": [{ "event": canaries.plant("an event under an unknown key"), "distinct_id": "x" }],
    });
    expect(
        401,
        to,
        "/batch/",
        &json_type,
        unknown_key.to_string().as_bytes(),
    );

    let path = format!("/{}/", canaries.plant_plain("an unknown path"));
    let body = canaries.plant("a body at an unknown path");
    expect(404, to, &path, &json_type, body.as_bytes());

    let mut large =
        json!({ "api_key": key, "x": canaries.plant("a body that is too large") }).to_string();
    large.push_str(&" ".repeat(9 << 20));
    expect(413, to, "/batch/", &json_type, large.as_bytes());

    let bearer = format!(
        "Authorization: Bearer {}",
        canaries.plant_plain("a bearer token")
    );
    expect(404, to, "/no/such/operator/page", &[&bearer], b"{}");
}

fn expect(status: u16, to: SocketAddr, path: &str, headers: &[&str], body: &[u8]) {
    let reply = http::post(to, path, headers, body).unwrap();
    let said = String::from_utf8_lossy(&reply.bytes);
    assert_eq!(
        reply.status, status,
        "POST {path} was answered with:\n{said}"
    );
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
