//! Delivery against a transport that answers as it is told, with real spool files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use askfirst_catalog::{Class, ClassSet};

use super::round::{Ended, Round};
use super::{Held, Loss, NoYes, Permission};
use crate::clock::{Clock, SystemClock};
use crate::policy;
use crate::record::log::Log;
use crate::record::tests::Launched;
use crate::record::{About, Encoder, Pool, Session};
use crate::recorder::{After, Recorder};
use crate::spool::{Binding, OnDisk, Waiting};
use crate::transport::{Reply, Transport};

const INSTALL: &str = "11111111-2222-4333-8444-555555555555";

fn binding() -> Binding {
    Binding {
        destination: "http://127.0.0.1:1".into(),
        project_key: "phc_\"quoted\"".into(),
        install_id: INSTALL.into(),
        catalog: "1a2b3c4d".into(),
    }
}

/// What was posted, and what is answered: the last reply for ever.
#[derive(Debug)]
struct Answers {
    replies: Mutex<Vec<Reply>>,
    bodies: Mutex<Vec<Vec<u8>>>,
    /// Bodies posted when it was told that none follows for a while.
    hung_up: Mutex<Vec<usize>>,
}

impl Answers {
    fn new(replies: impl IntoIterator<Item = Reply>) -> Arc<Answers> {
        let mut replies: Vec<_> = replies.into_iter().collect();
        replies.reverse();
        Arc::new(Answers {
            replies: Mutex::new(replies),
            bodies: Mutex::default(),
            hung_up: Mutex::default(),
        })
    }

    fn status(code: u16) -> Reply {
        Reply::Status {
            code,
            retry_after_ms: None,
        }
    }

    fn events(&self) -> Vec<usize> {
        let bodies = self.bodies.lock().unwrap();
        let count = |body: &Vec<u8>| {
            serde_json::from_slice::<serde_json::Value>(body).unwrap()["batch"]
                .as_array()
                .unwrap()
                .len()
        };
        bodies.iter().map(count).collect()
    }
}

impl Transport for Answers {
    fn post(&self, url: &str, body: &[u8]) -> Reply {
        assert_eq!(url, "http://127.0.0.1:1/batch/");
        self.bodies.lock().unwrap().push(body.to_vec());
        let mut replies = self.replies.lock().unwrap();
        match replies.len() {
            1 => replies[0].clone(),
            _ => replies.pop().unwrap(),
        }
    }

    fn hang_up(&self) {
        let posted = self.bodies.lock().unwrap().len();
        self.hung_up.lock().unwrap().push(posted);
    }
}

/// A disk on which a no could not be stored.
#[derive(Debug)]
struct NoDisk;

impl Permission for NoDisk {
    fn hold(&self) -> Result<Box<dyn Held + '_>, NoYes> {
        Err(NoYes::Disk("no space left".to_owned()))
    }

    fn still(&self) -> bool {
        true
    }

    fn live(&self, _: &Path) -> Option<Vec<PathBuf>> {
        None
    }
}

/// A yes that is taken back while a batch is on its way: what waits is deleted.
#[derive(Debug)]
struct TakenBack(PathBuf);

impl Permission for TakenBack {
    fn hold(&self) -> Result<Box<dyn Held + '_>, NoYes> {
        let _ = std::fs::remove_dir_all(&self.0);
        Ok(Box::new(HeldYes))
    }

    fn still(&self) -> bool {
        false
    }

    fn live(&self, _: &Path) -> Option<Vec<PathBuf>> {
        None
    }
}

/// A yes that lasts for so many batches.
#[derive(Debug)]
struct Yes(Mutex<usize>);

struct HeldYes;

impl Held for HeldYes {}

impl Permission for Yes {
    fn hold(&self) -> Result<Box<dyn Held + '_>, NoYes> {
        let mut left = self.0.lock().unwrap();
        *left = left.checked_sub(1).ok_or(NoYes::Withdrawn)?;
        Ok(Box::new(HeldYes))
    }

    fn still(&self) -> bool {
        true
    }

    fn live(&self, spool: &Path) -> Option<Vec<PathBuf>> {
        Some(vec![binding().folder(spool)])
    }
}

#[derive(Debug)]
struct Later(i64);

impl Clock for Later {
    fn now_ms(&self) -> i64 {
        SystemClock::default().now_ms() + self.0
    }

    fn elapsed(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }
}

fn recorder(spool: &Path, log: Option<&Path>) -> Recorder {
    let classes = ClassSet::default().with(Class::Platform);
    let about = About {
        catalog: "1a2b3c4d".into(),
        ..About::default()
    };
    let session = Session::new(&about, classes, &mut pool());
    let log = log.map(|path| Log::new(path.to_owned()));
    Recorder::new(
        Encoder::new(classes, session, Some(binding().install_id), pool()),
        Arc::new(SystemClock::default()),
        log,
        Some(Box::new(OnDisk::new(
            spool,
            binding(),
            Box::new(Yes(Mutex::new(1))),
        ))),
    )
}

fn pool() -> Pool {
    Pool::new(Arc::new(crate::random::SystemRandom))
}

type Losses = Arc<Mutex<Vec<(Loss, u64)>>>;

fn round(spool: &Path, answers: &Arc<Answers>, batches: usize, later_ms: i64) -> (Round, Losses) {
    let losses = Losses::default();
    let told = Arc::clone(&losses);
    let transport: Arc<dyn Transport> = Arc::clone(answers) as _;
    let round = Round {
        folder: binding().folder(spool),
        binding: binding(),
        permission: Box::new(Yes(Mutex::new(batches))),
        transport,
        clock: Arc::new(Later(later_ms)),
        attempt: 0,
        lost: Box::new(move |loss, events| told.lock().unwrap().push((loss, events))),
        said: Box::new(|_| {}),
    };
    (round, losses)
}

/// A spool with one closed file of `events`.
fn spooled(events: usize) -> tempfile::TempDir {
    let spool = tempfile::tempdir().unwrap();
    spool_a_file(spool.path(), events);
    spool
}

fn spool_a_file(spool: &Path, events: usize) {
    let mut recorder = recorder(spool, None);
    for _ in 0..events {
        recorder.record(&Launched);
    }
}

fn waiting(spool: &Path) -> usize {
    Waiting::look(&binding().folder(spool)).files.len()
}

#[test]
fn p11_the_body_is_rebuilt_from_the_log_byte_for_byte() {
    let spool = tempfile::tempdir().unwrap();
    let log = spool.path().join("log");
    let mut recorder = recorder(spool.path(), Some(&log));
    for _ in 0..5 {
        recorder.record(&Launched);
    }
    drop(recorder);
    let answers = Answers::new([Answers::status(200)]);
    let (mut round, _) = round(spool.path(), &answers, 9, 0);
    assert_eq!(round.run(), Ended::Empty);
    let lines = std::fs::read_to_string(log).unwrap();
    let rebuilt: Vec<String> = lines
        .lines()
        .map(|line| {
            let (shared, rest) = line.split_once(",\"user_id\":").unwrap();
            let (id, rest) = rest.split_once(",\"time\":").unwrap();
            let (_, identity) = rest.split_once(",\"uuid\":").unwrap();
            format!("{shared},\"distinct_id\":{id},\"uuid\":{identity}")
        })
        .collect();
    let body = format!(
        "{{\"api_key\":\"phc_\\\"quoted\\\"\",\"batch\":[{}]}}",
        rebuilt.join(",")
    );
    assert_eq!(answers.bodies.lock().unwrap()[0], body.as_bytes());
    assert_eq!(waiting(spool.path()), 0, "delivered files are gone");
}

#[test]
fn p07_a_no_stops_a_running_delivery_before_its_next_batch() {
    let spool = spooled(3);
    spool_a_file(spool.path(), 1);
    let answers = Answers::new([Answers::status(200)]);
    let (mut round, _) = round(spool.path(), &answers, 1, 0);
    assert_eq!(round.run(), Ended::Withdrawn);
    assert_eq!(answers.events().len(), 1);
    assert_eq!(waiting(spool.path()), 1, "the other stays");
}

#[test]
fn p05_where_no_no_could_be_stored_nothing_is_sent_and_it_is_said_why() {
    let spool = spooled(2);
    let answers = Answers::new([Answers::status(200)]);
    let (mut round, losses) = round(spool.path(), &answers, 9, 0);
    round.permission = Box::new(NoDisk);
    let said: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
    let told = Arc::clone(&said);
    round.said = Box::new(move |why| told.lock().unwrap().push(why.map(str::to_owned)));
    assert!(matches!(round.run(), Ended::Later(ms) if ms >= policy::BACKOFF_MS));
    assert!(matches!(round.run(), Ended::Later(ms) if ms > policy::BACKOFF_MS));
    assert_eq!(said.lock().unwrap()[0].as_deref(), Some("no space left"));
    assert_eq!((answers.events().len(), waiting(spool.path())), (0, 1));
    assert!(losses.lock().unwrap().is_empty());
}

#[test]
fn no_connection_is_kept_between_rounds() {
    let spool = spooled(1);
    spool_a_file(spool.path(), 1);
    let answers = Answers::new([Answers::status(200)]);
    let (mut round, _) = round(spool.path(), &answers, 9, 0);
    assert_eq!(round.run(), Ended::Empty);
    assert_eq!(*answers.hung_up.lock().unwrap(), [2], "after both files");
}

#[test]
fn b13_what_a_failing_collector_was_sent_stays_with_the_same_ids() {
    let spool = spooled(2);
    let answers = Answers::new([
        Reply::Nothing("refused".into()),
        Answers::status(503),
        Answers::status(200),
    ]);
    let (mut round, losses) = round(spool.path(), &answers, 9, 0);
    assert!(matches!(round.run(), Ended::Later(ms) if ms >= policy::BACKOFF_MS));
    assert!(matches!(round.run(), Ended::Later(ms) if ms > policy::BACKOFF_MS));
    assert_eq!(round.run(), Ended::Empty);
    let bodies = answers.bodies.lock().unwrap();
    assert!(
        bodies.windows(2).all(|pair| pair[0] == pair[1]),
        "every attempt is the same bytes"
    );
    assert!(losses.lock().unwrap().is_empty());
}

#[test]
fn a_batch_that_is_too_large_is_halved_and_what_is_dropped_is_counted() {
    let spool = spooled(2);
    let answers = Answers::new([413, 413, 200].map(Answers::status));
    let (mut round, losses) = round(spool.path(), &answers, 9, 0);
    assert_eq!(round.run(), Ended::Empty);
    assert_eq!(answers.events(), [2, 1, 1]);
    assert_eq!(*losses.lock().unwrap(), [(Loss::BatchTooLarge, 1)]);
}

#[test]
fn what_a_no_took_away_meanwhile_was_not_lost_by_delivery() {
    let spool = spooled(1);
    let answers = Answers::new([413].map(Answers::status));
    let (mut round, losses) = round(spool.path(), &answers, 9, 0);
    round.permission = Box::new(TakenBack(round.folder.clone()));
    assert_eq!(round.run(), Ended::Empty);
    assert_eq!(answers.events(), [1]);
    assert!(losses.lock().unwrap().is_empty());
}

#[test]
fn a_mistyped_key_does_not_cost_the_data_of_a_day() {
    let spool = spooled(2);
    let answers = Answers::new([Answers::status(401)]);
    let (mut early, _) = round(spool.path(), &answers, 9, 0);
    assert_eq!((early.run(), waiting(spool.path())), (Ended::Over, 1));
    let (mut late, losses) = round(spool.path(), &answers, 9, policy::UNKNOWN_KEY_MS + 60_000);
    assert_eq!((late.run(), waiting(spool.path())), (Ended::Over, 0));
    assert_eq!(*losses.lock().unwrap(), [(Loss::BatchRefused, 2)]);
}

#[test]
fn d07_what_waited_four_weeks_is_dropped_and_counted() {
    let spool = spooled(2);
    let answers = Answers::new([Answers::status(200)]);
    let (mut late, losses) = round(spool.path(), &answers, 9, policy::SPOOL_AGE_MS + 60_000);
    assert_eq!((late.run(), waiting(spool.path())), (Ended::Empty, 0));
    assert_eq!(*losses.lock().unwrap(), [(Loss::Expired, 2)]);
    assert!(answers.events().is_empty());
}

#[test]
fn d03_a_file_somebody_is_writing_is_left_alone() {
    let spool = tempfile::tempdir().unwrap();
    let mut recorder = recorder(spool.path(), None);
    recorder.record(&Launched);
    let answers = Answers::new([Answers::status(200)]);
    let (mut round, _) = round(spool.path(), &answers, 9, 0);
    assert_eq!((round.run(), answers.events().len()), (Ended::Empty, 0));
    drop(recorder);
    assert_eq!((round.run(), answers.events()), (Ended::Empty, vec![1]));
}

#[test]
fn d01_a_torn_last_line_and_zeros_after_a_power_cut_are_no_events() {
    let spool = spooled(2);
    let path = Waiting::look(&binding().folder(spool.path()))
        .files
        .remove(0);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(&[0; 100]);
    bytes.extend_from_slice(b"\n{\"event\":\"exit\",\"prop");
    std::fs::write(&path, bytes).unwrap();
    let answers = Answers::new([Answers::status(200)]);
    let (mut round, _) = round(spool.path(), &answers, 9, 0);
    assert_eq!((round.run(), answers.events()), (Ended::Empty, vec![2]));
}

#[test]
fn d04_a_long_session_closes_files_and_the_oldest_go_when_too_many_wait() {
    let spool = tempfile::tempdir().unwrap();
    let mut recorder = recorder(spool.path(), None);
    let mut rotated = 0;
    for _ in 0..20_000 {
        rotated += usize::from(recorder.record(&Launched) == After::Deliver);
    }
    assert!(rotated > 60, "{rotated}");
    drop(recorder);
    let folder = binding().folder(spool.path());
    let sizes: Vec<u64> = Waiting::look(&folder)
        .files
        .iter()
        .map(|path| std::fs::metadata(path).unwrap().len())
        .collect();
    assert!(sizes.iter().all(|size| *size < policy::ROTATE_BYTES + 2048));
    assert!(
        sizes.iter().sum::<u64>() <= policy::SPOOL_BYTES + 2 * policy::ROTATE_BYTES,
        "{}",
        sizes.len()
    );
    let answers = Answers::new([Answers::status(200)]);
    let (mut round, _) = round(spool.path(), &answers, 999, 0);
    assert_eq!(round.run(), Ended::Empty);
    let bodies = answers.bodies.lock().unwrap();
    let told = bodies
        .iter()
        .any(|body| String::from_utf8_lossy(body).contains("\"loss\":\"spool_full_bytes\""));
    assert!(told, "what was dropped is told");
}
