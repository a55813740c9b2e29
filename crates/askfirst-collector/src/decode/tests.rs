//! The whole of decoding, on bodies real and absurd.

use std::cell::OnceCell;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::repair::repair;
use super::{Decoded, Incoming, Member, Room, Scalar, Wire, read_member};
use crate::refusal::Refusal;

const LIMIT: usize = 1 << 20;

fn text(wire: Wire<'_>) -> Result<String, Refusal> {
    let mut share = |_| true;
    wire.text(&mut Room::new(LIMIT, &mut share))
}

fn body(body: impl Into<Vec<u8>>) -> Wire<'static> {
    Wire {
        body: body.into(),
        ..Wire::default()
    }
}

/// What a body holds, by name; `?` where there is none, `-` for what is no object.
fn names(body: &str) -> Result<Vec<String>, Refusal> {
    let repaired = OnceCell::new();
    let mut share = |_| true;
    let decoded = Decoded::of(body, &repaired, false, &mut Room::new(LIMIT, &mut share))?;
    let mut names = Vec::new();
    decoded.each(|member| {
        names.push(match member {
            Member::Event(event) => event.event.map_or("?".to_owned(), |name| name.into_owned()),
            Member::NotAnObject => "-".to_owned(),
        });
        Ok(())
    })?;
    Ok(names)
}

fn one<T>(event: &str, look: impl FnOnce(&Incoming<'_>) -> T) -> T {
    let repaired = OnceCell::new();
    match read_member(event, &repaired) {
        Some(Member::Event(event)) => look(&event),
        other => panic!("no event: {other:?}"),
    }
}

#[test]
fn every_shape_of_a_body_is_read() {
    let list = |of: &[&str]| Ok(of.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!(names(r#"[{"event":"a"},{"event":"b"}]"#), list(&["a", "b"]));
    assert_eq!(
        names(r#"{"batch":[{"event":"a"}],"api_key":"k"}"#),
        list(&["a"])
    );
    assert_eq!(names(r#" {"event":"a"} "#), list(&["a"]));
    assert_eq!(
        names(r#"[{"event":1},null,7,"x",[{}],{}]"#),
        list(&["?", "-", "-", "-", "-", "?"])
    );
    assert_eq!(names(r#"{"a":1}"#), Err(Refusal::NoEventName));
    assert_eq!(
        names(r#"{"batch":{"event":"a"}}"#),
        Err(Refusal::NoEventName)
    );
    assert_eq!(names("3"), Err(Refusal::NoEventName));
    assert_eq!(names(r#"{"batch":[ ]}"#), Err(Refusal::NoEvents));
    for broken in [
        "",
        "{",
        "[1,]",
        r#"{"event":"a"}x"#,
        "[{\"event\":\"\u{1}\"}]",
    ] {
        assert_eq!(names(broken), Err(Refusal::NotJson), "{broken}");
    }
}

#[test]
fn d24_a_member_that_breaks_the_fast_way_is_repaired_and_none_is_given_twice() {
    let body = r#"[{"event":"a"},{"event":"b","properties":{"\ud800":1}},{"event":"c"},1e999,{"event":"d"}]"#;
    assert_eq!(names(body).unwrap(), ["a", "b", "c", "-", "d"]);
}

#[test]
fn a_key_is_found_wherever_a_sender_puts_it() {
    let key = |body: &str| {
        let repaired = OnceCell::new();
        let mut share = |_| true;
        Decoded::of(body, &repaired, false, &mut Room::new(LIMIT, &mut share))?.key()
    };
    for body in [
        r#"{"batch":[{}],"api_key":"k"}"#,
        r#"{"token":"k","batch":[{"token":"other"}]}"#,
        r#"{"batch":[{},{"api_key":"k"}],"api_key":null}"#,
        r#"{"event":"a","$token":"k"}"#,
        r#"[{"event":"a","properties":{"token":"k"}},{"token":"k"}]"#,
    ] {
        assert_eq!(key(body).unwrap(), "k", "{body}");
    }
    assert_eq!(
        key(r#"[{"token":"k"},{"token":"l"}]"#),
        Err(Refusal::TwoKeys)
    );
    assert_eq!(key(r#"[{"token":7}]"#), Err(Refusal::NoKey));
}

#[test]
fn who_it_is_is_found_wherever_a_sender_puts_it() {
    let who = |event: &str| one(event, |event| event.who().map(|who| who.into_owned()));
    let long = "é".repeat(300);
    for (event, expected) in [
        (r#"{"distinct_id":"a"}"#, Some("a")),
        (r#"{"$distinct_id":"a"}"#, Some("a")),
        (r#"{"distinct_id":"a","user_id":"b"}"#, Some("a")),
        (r#"{"user_id":"b","distinct_id":"a"}"#, Some("a")),
        (r#"{"user_id":"b"}"#, Some("b")),
        (
            r#"{"distinct_id":null,"properties":{"distinct_id":"a"}}"#,
            Some("a"),
        ),
        (r#"{"distinct_id":23}"#, Some("23")),
        (r#"{"distinct_id":true}"#, Some("true")),
        (r#"{"distinct_id":[1, 2]}"#, Some("[1, 2]")),
        (r#"{"distinct_id":"a\u0000b"}"#, Some("a\u{fffd}b")),
        (
            &format!(r#"{{"distinct_id":"{long}"}}"#),
            Some(&long[..400]),
        ),
        (r#"{"distinct_id":" \t"}"#, None),
        (r#"{"user_id":null}"#, None),
        ("{}", None),
    ] {
        assert_eq!(who(event).as_deref(), expected, "{event}");
    }
}

#[test]
fn of_two_values_of_one_property_the_last_counts() {
    one(r#"{"properties":{"a":1,"b":2,"a":3}}"#, |event| {
        assert_eq!(event.properties.get("a"), Some(Scalar::Int(3)));
    });
}

#[test]
fn what_is_wrapped_is_unwrapped() {
    let json = r#"[{"event":"a+b/c?"}]"#;
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    let base64 =
        |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
    let packed = gzip(json.as_bytes());
    for bytes in [
        json.as_bytes().to_vec(),
        packed.clone(),
        base64(json.as_bytes()).into_bytes(),
        base64(&packed).into_bytes(),
        gzip(base64(json.as_bytes()).as_bytes()),
        format!("data={}", base64(json.as_bytes())).into_bytes(),
        format!("ip=1&data={}&compression=base64", base64(&packed)).into_bytes(),
        b"data=%5B%7B%22event%22%3A%22a%2Bb%2Fc%3F%22%7D%5D".to_vec(),
    ] {
        assert_eq!(
            text(body(bytes.clone())).unwrap(),
            json,
            "{}",
            bytes.escape_ascii()
        );
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from);
        let pairs = prop::collection::vec((any::<String>(), inner), 0..6);
        let object = pairs.prop_map(|pairs| Value::from(pairs.into_iter().collect::<Map<_, _>>()));
        prop_oneof![list, object]
    })
}

proptest! {
    #[test]
    fn repairing_what_is_sound_changes_nothing(json in json()) {
        let text = json.to_string();
        prop_assert_eq!(repair(&text), text);
    }

    #[test]
    fn any_member_beside_a_good_one_leaves_it_alone(json in json()) {
        let body = format!(r#"[{json},{{"event":"good"}}]"#);
        let names = names(&body).unwrap();
        prop_assert_eq!(names.len(), 2);
        prop_assert_eq!(&names[1], "good");
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        start in prop::sample::select(vec!["", "data=", "[", "{\"batch\":[", "\x1f\u{8b}\u{8}"]),
        query in "[a-z=&%+]{0,20}",
    ) {
        let bytes = [start.as_bytes(), &bytes].concat();
        let wire = Wire { query: &query, ..body(bytes) };
        if let Ok(text) = text(wire) {
            let _ = names(&text);
            let _ = names(&format!("[{text}]"));
        }
    }

    #[test]
    fn any_cut_of_a_body_is_refused_or_read_without_its_end(cut in 0_usize..120) {
        let body = r#"{"api_key":"k","batch":[{"event":"a","properties":{"x":"\ud83d\ude00","y":[1,-2.5e3,null]}}]}"#;
        let whole = names(&body[..cut.min(body.len())]);
        prop_assert_eq!(whole.is_ok(), cut >= body.len());
    }
}
