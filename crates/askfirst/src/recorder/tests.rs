//! Recording on both sides of a fork, and of a no.

#![cfg(unix)]

use std::path::Path;
use std::sync::Mutex;

use askfirst_catalog::{Class, ClassSet};
use serde_json::Value;

use super::*;
use crate::clock::SystemClock;
use crate::forks::tests::in_a_child;
use crate::random::SystemRandom;
use crate::record::tests::Launched;
use crate::record::{About, Pool, Session};

/// One that only logs.
fn recorder(log: &Path) -> Recorder {
    let classes = ClassSet::default().with(Class::Platform);
    let mut random = Pool::new(Arc::new(SystemRandom));
    let session = Session::new(&About::default(), classes, &mut random);
    let encoder = Encoder::new(classes, session, None, random);
    let clock = Arc::new(SystemClock::default());
    Recorder::new(encoder, clock, Some(Log::new(log.to_owned())), None)
}

/// The events of a log, each with its session.
fn logged(log: &Path) -> Vec<(String, Value)> {
    let text = std::fs::read_to_string(log).unwrap();
    let event = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let name = line["event"].as_str().unwrap().to_owned();
        (name, line["properties"]["session"].clone())
    };
    text.lines().map(event).collect()
}

#[test]
fn d4_what_was_lost_before_a_fork_is_told_by_the_parent_alone() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut recorder = recorder(&log);
    recorder.record(&Launched);
    recorder.lost(Loss::Expired, 3);
    assert!(in_a_child(|| {
        // What the child loses before it records anything is the child's.
        recorder.lost(Loss::WriteFailed, 1);
        recorder.record(&Launched) == After::Nothing
    }));
    recorder.record(&Launched);
    let events = logged(&log);
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    let (child, parent) = (["launched", "losses"], ["launched", "losses"]);
    assert_eq!(names, [&["launched"][..], &child, &parent].concat());
    let session = |at: usize| &events[at].1;
    assert!(session(0).is_number(), "{events:?}");
    assert_ne!(session(1), session(0));
    assert_eq!(
        [session(2), session(3), session(4)],
        [session(1), session(0), session(0)]
    );
}

/// Keeps nothing, until there is a no.
#[derive(Debug)]
struct Full(Arc<Mutex<Vec<Appended>>>);

impl Keep for Full {
    fn install_id(&self) -> &str {
        ""
    }

    fn append(&mut self, _: &[u8], _: Option<&dyn Event>, _: u64, _: &mut Pool) -> Appended {
        self.0.lock().unwrap().remove(0)
    }

    fn keep_within_bounds(&mut self, _: i64) -> Dropped {
        unreachable!()
    }

    fn is_open(&self) -> bool {
        false
    }

    fn close(&mut self) {}

    fn discard(&mut self) {}

    fn leave_to_parent(&mut self) {}
}

#[test]
fn p05_after_a_no_not_even_losses_are_told() {
    let answers = [Appended::Lost, Appended::Withdrawn, Appended::Kept];
    let answers = Arc::new(Mutex::new(answers.into()));
    let mut recorder = recorder(Path::new("unused"));
    recorder.log = None;
    recorder.spool = Some(Box::new(Full(Arc::clone(&answers))));
    assert_eq!(recorder.record(&Launched), After::Nothing);
    assert_eq!(recorder.record(&Launched), After::Withdrawn);
    assert_eq!(answers.lock().unwrap().len(), 1, "nobody asked for a third");
}
