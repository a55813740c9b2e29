use std::borrow::Cow;

use askfirst_catalog::Precision;

use super::*;

/// An event without properties.
pub(crate) struct Launched;

impl Event for Launched {
    fn name(&self) -> Cow<'static, str> {
        "launched".into()
    }

    fn class(&self) -> Class {
        Class::Platform
    }

    fn write(&self, _: &mut Properties<'_>) {}
}

struct Message<'a> {
    model: &'a Model,
}

const MODELS: Class = Class::Models;
const DIFF: Word = Word::of_the_catalog("diff");

impl Event for Message<'_> {
    fn name(&self) -> Cow<'static, str> {
        "message_send".into()
    }

    fn class(&self) -> Class {
        MODELS
    }

    fn last_day(&self) -> Option<i32> {
        Some(30_000)
    }

    fn write(&self, out: &mut Properties<'_>) {
        out.model(Key::new("\"main_model\":", MODELS), self.model, true);
        out.word(Key::new("\"edit_format\":", Class::Edits), DIFF);
        out.count(
            Key::new("\"prompt_tokens\":", MODELS),
            8_479,
            1_000_000_000,
            Precision::TwoDigits,
        );
        out.count(
            Key::new("\"total_tokens\":", MODELS),
            7,
            5,
            Precision::TwoDigits,
        );
        out.amount(
            Key::new("\"cost\":", MODELS),
            28_729_700,
            Precision::TwoDigits,
        );
    }
}

fn classes(list: &[Class]) -> ClassSet {
    list.iter()
        .fold(ClassSet::default(), |set, class| set.with(*class))
}

fn encoder(list: &[Class]) -> Encoder {
    let mut random = Pool::new(std::sync::Arc::new(crate::random::SystemRandom));
    let about = About {
        version: Some("0.86.2.dev1+gabcdef".into()),
        catalog: "1a2b3c4d".into(),
        ..About::default()
    };
    let session = Session::new(&about, classes(list), &mut random);
    Encoder::new(classes(list), session, Some("an-id".to_owned()), random)
}

const NOW: i64 = 1_733_000_123_456;

fn parsed(line: &[u8]) -> serde_json::Value {
    serde_json::from_slice(line).unwrap()
}

#[test]
fn p11_log_and_wire_have_the_same_properties_byte_for_byte() {
    let mut encoder = encoder(&[MODELS, Class::Edits, Class::Platform]);
    let model = Model::named("gpt-4o");
    assert!(encoder.event(&Message { model: &model }, NOW, 5_000));
    let log = encoder.log_line().to_vec();
    let wire = encoder.spool_line().0.to_vec();
    let properties = |line: &[u8]| {
        let text = std::str::from_utf8(line).unwrap();
        let from = text.find("\"properties\":").unwrap();
        text[from..=text.find('}').unwrap()].to_owned()
    };
    assert_eq!(properties(&log), properties(&wire));
    let (log, wire) = (parsed(&log), parsed(&wire));
    assert_eq!(log["event"], "message_send");
    assert_eq!(log["user_id"], "an-id");
    assert_eq!(log["time"], 1_732_996_800, "the hour it happened in");
    assert_eq!(wire["distinct_id"], "an-id");
    assert_eq!(wire["timestamp"], "2024-11-30T20:00:00Z");
    assert_eq!(log["uuid"], wire["uuid"]);
    let sent = &wire["properties"];
    assert_eq!(
        (&sent["main_model"], &sent["edit_format"]),
        (&"gpt-4o".into(), &"diff".into())
    );
    assert!(sent["prompt_tokens"] == 8_400 || sent["prompt_tokens"] == 8_500);
    assert!(sent["cost"] == 0.028 || sent["cost"] == 0.029);
    assert!(sent["total_tokens"].is_null(), "above its bound");
    assert_eq!(
        (&sent["version"], &sent["dev"]),
        (&"0.86.2".into(), &true.into())
    );
    assert_eq!(
        (&sent["seq"], &sent["since_start"]),
        (&0.into(), &4096.into())
    );
    assert_eq!(sent["$process_person_profile"], false);
    assert_eq!(sent["$ip"], "0.0.0.0");
}

#[test]
fn p11_a_line_that_is_not_on_names_nobody() {
    let Encoder {
        session, random, ..
    } = encoder(&[MODELS]);
    let mut encoder = Encoder::new(classes(&[MODELS]), session, None, random);
    let model = Model::named("gpt-4o");
    for (now, hour) in [
        (NOW, 1_732_996_800),
        (NOW + HOUR_MS, 1_733_000_400),
        (-1, 0),
    ] {
        assert!(encoder.event(&Message { model: &model }, now, 0));
        let log = parsed(encoder.log_line());
        assert!(log["user_id"].is_null());
        assert_eq!(log["time"], hour);
    }
}

#[test]
fn a_line_that_is_opened_as_a_constant_is_the_line_of_its_name() {
    struct Opened;
    impl Event for Opened {
        fn name(&self) -> Cow<'static, str> {
            "opened".into()
        }
        fn class(&self) -> Class {
            MODELS
        }
        fn opening(&self) -> Option<Opening> {
            const OPENING: Opening =
                Opening::of_the_catalog("{\"event\":\"opened\",\"properties\":{");
            Some(OPENING)
        }
        fn write(&self, _: &mut Properties<'_>) {}
    }
    let mut by_name = Vec::new();
    assert!(properties::open(&mut by_name, &Opened.name()));
    assert_eq!(Opened.opening().unwrap().as_bytes(), by_name);
    let mut encoder = encoder(&[MODELS]);
    assert!(encoder.event(&Opened, NOW, 0));
    let sent = parsed(encoder.spool_line().0);
    assert_eq!(sent["event"], "opened");
    assert_eq!(sent["properties"]["$ip"], "0.0.0.0");
}

#[test]
fn p02_what_would_need_an_escape_is_no_word_no_key_and_no_opening() {
    for word in ["a\"b", "a\\b", "a\nb", "\u{e9}"] {
        let made = std::panic::catch_unwind(|| Word::of_the_catalog(word));
        assert!(made.is_err(), "{word}");
    }
    for key in ["\"a\"b\":", "\"a\"", "a:", ""] {
        let made = std::panic::catch_unwind(|| Key::new(key, MODELS));
        assert!(made.is_err(), "{key}");
    }
    for opening in [
        "{\"event\":\"a\"b\",\"properties\":{",
        "{\"event\":\"a\",\"properties\":{\"b\":1,",
        "{\"event\":\"a",
        "\"a\",\"properties\":{",
        "",
    ] {
        let made = std::panic::catch_unwind(|| Opening::of_the_catalog(opening));
        assert!(made.is_err(), "{opening}");
    }
}

#[test]
fn b19_no_money_without_a_public_model() {
    let mut encoder = encoder(&[MODELS]);
    let model = Model::named("our-own/model-7");
    assert!(encoder.event(&Message { model: &model }, NOW, 0));
    let sent = parsed(encoder.spool_line().0);
    assert_eq!(sent["properties"]["main_model"], "REDACTED");
    assert!(sent["properties"]["cost"].is_null());
}

#[test]
fn p16_what_was_not_agreed_to_stays_out() {
    let mut with = encoder(&[MODELS]);
    let model = Model::named("gpt-4o");
    assert!(with.event(&Message { model: &model }, NOW, 0));
    let sent = parsed(with.spool_line().0);
    let names: Vec<&String> = sent["properties"].as_object().unwrap().keys().collect();
    for name in [
        "edit_format",
        "version",
        "os_platform",
        "session",
        "seq",
        "catalog",
    ] {
        assert!(!names.iter().any(|it| *it == name), "{name} in {names:?}");
    }
    assert_eq!(sent["properties"]["$geoip_disable"], true);
    let mut without = encoder(&[Class::Platform]);
    assert!(!without.event(&Message { model: &model }, NOW, 0));
}

#[test]
fn p16_an_event_whose_collection_has_ended_is_not_recorded() {
    let mut encoder = encoder(&[MODELS]);
    let model = Model::named("gpt-4o");
    let day = 86_400_000;
    assert!(encoder.event(&Message { model: &model }, 30_001 * day - 1, 0));
    assert!(!encoder.event(&Message { model: &model }, 30_001 * day, 0));
}

#[test]
fn events_of_a_session_are_numbered_and_a_forked_child_is_another_session() {
    let mut encoder = encoder(&[MODELS, Class::Platform]);
    let model = Model::named("gpt-4o");
    let place = |encoder: &mut Encoder| {
        assert!(encoder.event(&Message { model: &model }, NOW, 0));
        let sent = parsed(encoder.spool_line().0);
        (
            sent["properties"]["session"].clone(),
            sent["properties"]["seq"].clone(),
        )
    };
    let (one, first) = place(&mut encoder);
    let (two, second) = place(&mut encoder);
    assert_eq!((one.clone(), first, second), (two, 0.into(), 1.into()));
    encoder.begin_anew();
    let (three, third) = place(&mut encoder);
    assert_ne!(one, three);
    assert_eq!(third, 0);
}
