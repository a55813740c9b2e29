//! `--analytics-forget`, to the letter of the table of flags.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use askfirst_catalog::Profile;
use askfirst_receipt::{Receipt, Request, Signed, SigningKey};

use super::waiting::ask_again;
use super::*;
use crate::agreement::{Agreement, look, reach};
use crate::consent::Row;
use crate::environment::Environment;
use crate::status::{Waiting as Spooled, status};
use crate::testing::{Dice, FakeDisk, Fault, Person, TestClock};
use crate::transport::Reply;

const TODAY: i32 = 20_000;
const HOST: &str = "https://collect.example.org";

/// What a receiver does with a request.
#[derive(Debug, Clone, Copy)]
enum Does {
    /// Answers with a receipt, as a collector whose key was made of this seed.
    Signs(u8),
    /// Answers with a receipt for another key than it was asked for.
    SignsForAnother,
    /// Answers with a status and this body.
    Says(u16, &'static str),
    /// Is not there.
    Nothing,
}

/// A receiver, which remembers what it was asked.
#[derive(Debug)]
struct Receiver {
    does: Mutex<Does>,
    asked: Mutex<Vec<(String, Vec<u8>)>>,
}

impl Receiver {
    fn new(does: Does) -> Arc<Receiver> {
        Arc::new(Receiver {
            does: Mutex::new(does),
            asked: Mutex::default(),
        })
    }

    fn now(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn collector(seed: u8) -> SigningKey {
    SigningKey::of_seed([seed; 32]).unwrap()
}

impl Transport for Receiver {
    fn post(&self, _: &str, _: &[u8]) -> Reply {
        panic!("nothing but the request to erase is sent")
    }

    fn ask(&self, url: &str, body: &[u8], _: u64) -> (Reply, Vec<u8>) {
        self.asked.lock().unwrap().push((url.into(), body.into()));
        let status = |code| Reply::Status {
            code,
            retry_after_ms: None,
        };
        let asked = Request::parse(body).unwrap().forget_key().unwrap();
        let receipt = |key: &_| Receipt::accepted("aider", "main", "the aider project", key, TODAY);
        match *self.does.lock().unwrap() {
            Does::Signs(seed) => {
                let text = collector(seed).sign(receipt(&asked)).text();
                (status(200), text.into_bytes())
            }
            Does::SignsForAnother => {
                let other = askfirst_receipt::ForgetKey::of([5; 32]);
                let text = collector(1).sign(receipt(&other)).text();
                (status(200), text.into_bytes())
            }
            Does::Says(code, body) => (status(code), body.into()),
            Does::Nothing => (Reply::Nothing("no route".into()), Vec::new()),
        }
    }
}

struct World {
    profile: Profile,
    disk: FakeDisk,
    clock: TestClock,
    dice: Arc<Dice>,
}

impl World {
    /// A home in which a person said yes; the profile pins the key of the collector of seed 1.
    fn agreed() -> World {
        let mut profile = Profile::clone(&Profile::builtin("aider").unwrap());
        profile.host = Some("collect.example.org".into());
        profile.receipt_key = Some(collector(1).public().to_string());
        let world = World {
            profile,
            disk: FakeDisk::new(&[Path::new("/home/me"), Path::new("/etc")]),
            clock: TestClock::on_day(TODAY),
            dice: Arc::new(Dice::new(7)),
        };
        let mut host = world.host(&["y"]);
        assert!(reach(&mut host, &on(), &|| {}).verdict.on);
        world
    }

    fn host(&self, lines: &[&'static str]) -> Host {
        Host {
            profile: Arc::new(self.profile.clone()),
            catalog: None,
            environment: Environment::new(Some(Path::new("/home/me")), Vec::<(&str, &str)>::new()),
            environment_now: None,
            working_dir: None,
            said_off: None,
            automated: false,
            prints_only: false,
            places: None,
            disk: Arc::new(self.disk.clone()),
            clock: Arc::new(self.clock.clone()),
            random: self.dice.clone(),
            terminal: Box::new(Person::typing(&self.clock, lines)),
        }
    }

    fn key(&self) -> ForgetKey {
        let stored = self.host(&[]).state().unwrap().read();
        stored.record().keys[0].forget_key.clone()
    }

    fn forget(&self, key: Option<&str>, receiver: &Arc<Receiver>) -> Forgotten {
        let transport = Arc::clone(receiver) as Arc<dyn Transport>;
        forget_with(&self.host(&[]), &Typed::default(), key, Some(transport))
    }

    /// A start of the tool, until what it does in the background is done.
    fn run(&self, typed: &Typed, receiver: &Arc<Receiver>) -> Agreement {
        let mut host = self.host(&[]);
        let agreement = reach(&mut host, typed, &|| {});
        let transport = Arc::clone(receiver) as Arc<dyn Transport>;
        if let Some(thread) = ask_again(&host, &agreement, Some(&transport)) {
            thread.join().unwrap();
        }
        agreement
    }

    fn status(&self) -> String {
        status(&self.host(&[]), &Typed::default(), &Spooled::default())
    }

    fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let files = self.disk.files().into_iter();
        let has = |bytes: &[u8]| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        let found = files.filter(|(_, bytes)| has(bytes));
        found.map(|(path, _)| path).collect()
    }

    fn receipts(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = self.disk.files().into_iter();
        let kept = |path: &Path| path.starts_with("/home/me/.aider/askfirst-receipts");
        files.filter(|(path, _)| kept(path)).collect()
    }

    fn is_disabled(&self) -> bool {
        look(&self.host(&[]), &Typed::default()).verdict.row == Row::Disabled
    }
}

fn on() -> Typed {
    Typed {
        analytics: Some(true),
        ..Typed::default()
    }
}

#[test]
fn d29_forget_disables_deletes_asks_once_and_keeps_a_receipt() {
    let world = World::agreed();
    let key = world.key();
    let receiver = Receiver::new(Does::Signs(1));
    let done = world.forget(None, &receiver);
    assert!(done.erased && world.is_disabled());
    let asked = receiver.asked.lock().unwrap().clone();
    let body = format!(
        r#"{{"api_key":"askfirst-aider","forget_key":"{}"}}"#,
        key.spelled()
    );
    assert_eq!(asked, [(format!("{HOST}/forget"), body.into_bytes())]);
    let [(path, kept)] = &world.receipts()[..] else {
        panic!("{:?}", world.disk.files().keys());
    };
    assert_eq!(done.receipts, [String::from_utf8_lossy(kept).trim_end()]);
    Signed::parse(kept)
        .unwrap()
        .check(collector(1).public())
        .unwrap();
    assert_eq!(
        done.lines,
        [
            "Analytics are permanently disabled: /home/me/.aider/analytics.disabled says so."
                .to_owned(),
            format!(
                "{HOST} has taken what was sent from here out of every report, and refuses what \
                 may still come."
            ),
            format!(
                "The receipt is kept in {}. It is signed with the key that aider was published \
                 with.",
                path.display()
            ),
        ]
    );
    assert_eq!(world.files_with(&key.spelled()), [""; 0].map(PathBuf::from));
    world.run(&Typed::default(), &receiver);
    assert_eq!(receiver.asked(), 1, "one request");
}

#[test]
fn d29_with_key_it_works_after_a_no_and_on_another_machine() {
    let world = World::agreed();
    let key = world.key();
    world.host(&[]).state().unwrap().disable(&|| {});
    assert_eq!(world.files_with(&key.spelled()), [""; 0].map(PathBuf::from));
    let receiver = Receiver::new(Does::Signs(1));
    let nothing = world.forget(None, &receiver);
    assert!(!nothing.erased && receiver.asked() == 0);
    assert!(
        nothing.lines[1].starts_with("No key is stored here"),
        "{:?}",
        nothing.lines
    );
    assert!(world.forget(Some(&key.spelled()), &receiver).erased);

    let elsewhere = World::agreed();
    let own = elsewhere.key();
    let receiver = Receiver::new(Does::Signs(1));
    let other = "ab".repeat(32);
    assert!(elsewhere.forget(Some(&other), &receiver).erased);
    assert_eq!(
        receiver.asked(),
        2,
        "its own key is deleted, so it is asked for too"
    );
    assert!(elsewhere.is_disabled());
    assert_eq!(
        elsewhere.files_with(&own.spelled()),
        [""; 0].map(PathBuf::from)
    );
}

#[test]
fn d29_what_is_no_key_changes_nothing() {
    let world = World::agreed();
    let before = world.disk.files();
    let receiver = Receiver::new(Does::Signs(1));
    let key = world.key().spelled();
    for bad in [
        "",
        "k",
        &key[1..],
        &key.to_uppercase(),
        &key.replace(&key[..1], "x"),
    ] {
        let done = world.forget(Some(bad), &receiver);
        assert!(!done.erased);
        assert!(
            done.lines[0].contains("nothing was changed"),
            "{:?}",
            done.lines
        );
        assert!(bad.len() < 8 || !done.lines[0].contains(bad));
    }
    assert_eq!((world.disk.files(), receiver.asked()), (before, 0));
}

#[test]
fn d30_what_is_no_receipt_is_never_success() {
    let answers = [
        Does::Says(404, "not found"),
        Does::Says(405, ""),
        Does::Says(401, "{}"),
        Does::Says(301, ""),
        Does::Says(200, "{\"status\":\"Ok\"}"),
        Does::Says(200, ""),
        Does::Says(204, ""),
    ];
    for does in answers {
        let world = World::agreed();
        let key = world.key().spelled();
        let receiver = Receiver::new(does);
        let done = world.forget(None, &receiver);
        assert!(!done.erased && done.receipts.is_empty(), "{does:?}");
        assert!(world.is_disabled());
        assert!(
            done.lines[1].starts_with("Nothing was erased: https://"),
            "{:?}",
            done.lines
        );
        assert!(done.lines[1].contains("A PostHog cannot erase"));
        assert_eq!(
            done.lines[2],
            format!("To have what was sent erased: aider --analytics-forget {key}")
        );
        assert_eq!(
            world.files_with(&key),
            [""; 0].map(PathBuf::from),
            "nobody is asked again"
        );
        world.run(&Typed::default(), &receiver);
        assert_eq!(receiver.asked(), 1);
    }
}

#[test]
fn d29_a_receipt_counts_only_for_the_key_and_with_the_signature_the_profile_pins() {
    for does in [Does::Signs(2), Does::SignsForAnother] {
        let world = World::agreed();
        let receiver = Receiver::new(does);
        let done = world.forget(None, &receiver);
        assert!(!done.erased && done.receipts.is_empty(), "{does:?}");
        assert!(world.receipts().is_empty());
        assert!(
            done.lines[1].starts_with("Nothing is erased yet"),
            "{:?}",
            done.lines
        );
    }
    let mut world = World::agreed();
    world.profile.receipt_key = None;
    let done = world.forget(None, &Receiver::new(Does::Signs(2)));
    assert!(done.erased);
    assert!(
        done.lines[2].contains("Who signed it could not be checked: aider names no key for"),
        "{:?}",
        done.lines
    );
}

#[test]
fn d29_offline_it_waits_and_the_next_run_asks_once_in_the_background() {
    let world = World::agreed();
    let key = world.key().spelled();
    let receiver = Receiver::new(Does::Nothing);
    let done = world.forget(None, &receiver);
    assert!(!done.erased && world.is_disabled());
    assert_eq!(
        done.lines[1..],
        [
            format!("Nothing is erased yet: {HOST} was asked without success (no route)."),
            "It is asked again whenever aider runs, until 2024-11-02; nothing else is sent."
                .to_owned(),
            format!("To have what was sent erased: aider --analytics-forget {key}"),
        ]
    );
    let status = world.status();
    let waits = format!(
        "Waits to be erased at {HOST}: asked on 2024-10-04, tried again by every run until 2024-11-02\n"
    );
    assert!(status.contains(&waits), "{status}");
    assert!(!status.contains(&key), "status never shows the key");
    let waiting = Path::new("/home/me/.aider/askfirst-forget.json");
    assert_eq!(world.files_with(&key), [waiting]);

    receiver.now(Does::Says(503, ""));
    assert_eq!(world.run(&Typed::default(), &receiver).lines, [""; 0]);
    assert_eq!(receiver.asked(), 2, "one try a run");
    let off = Typed {
        analytics: Some(false),
        ..Typed::default()
    };
    world.run(&off, &receiver);
    assert_eq!(
        receiver.asked(),
        2,
        "P07: nothing leaves a run with --no-analytics"
    );

    receiver.now(Does::Signs(1));
    assert_eq!(world.run(&on(), &receiver).verdict.row, Row::Disabled);
    assert_eq!(receiver.asked(), 3);
    let [(path, _)] = &world.receipts()[..] else {
        panic!("a receipt is kept");
    };
    let ended = format!(
        "Asked of {HOST} (2024-10-04): erased, receipt {}\n",
        path.display()
    );
    assert!(world.status().contains(&ended), "{}", world.status());
    assert_eq!(world.files_with(&key), [""; 0].map(PathBuf::from));
    world.run(&Typed::default(), &receiver);
    assert_eq!(receiver.asked(), 3);
}

#[test]
fn d29_asked_again_by_hand_it_asks_for_what_waits() {
    let world = World::agreed();
    let receiver = Receiver::new(Does::Nothing);
    world.forget(None, &receiver);
    receiver.now(Does::Signs(1));
    let done = world.forget(None, &receiver);
    assert!(done.erased && receiver.asked() == 2);
    assert_eq!(world.receipts().len(), 1);
}

#[test]
fn d29_after_30_days_it_gives_up_without_asking() {
    let world = World::agreed();
    let key = world.key().spelled();
    let receiver = Receiver::new(Does::Nothing);
    world.forget(None, &receiver);
    world.clock.set_day(TODAY + 29);
    world.run(&Typed::default(), &receiver);
    assert_eq!(receiver.asked(), 2, "its last day");
    receiver.now(Does::Signs(1));
    world.clock.set_day(TODAY + 30);
    world.run(&Typed::default(), &receiver);
    assert_eq!(receiver.asked(), 2);
    assert_eq!(world.files_with(&key), [""; 0].map(PathBuf::from));
    let ended =
        format!("Asked of {HOST} (2024-11-03): not erased: it could not be asked for 30 days\n");
    assert!(world.status().contains(&ended), "{}", world.status());
}

#[test]
fn d29_without_network_code_it_says_how_and_nothing_waits() {
    let world = World::agreed();
    let key = world.key().spelled();
    let done = forget_with(&world.host(&[]), &Typed::default(), None, None);
    assert!(!done.erased && world.is_disabled());
    assert_eq!(
        done.lines[1],
        format!(
            "This aider contains no network code. To have what was sent to {HOST} erased:\n  \
             curl --header 'Content-Type: application/json' --data \
             '{{\"api_key\":\"askfirst-aider\",\"forget_key\":\"{key}\"}}' {HOST}/forget"
        )
    );
    assert_eq!(world.files_with(&key), [""; 0].map(PathBuf::from));
}

#[test]
fn p05_on_a_full_disk_it_disables_and_asks_and_says_that_it_will_not_wait() {
    let world = World::agreed();
    let key = world.key().spelled();
    world.disk.set_fault(Some(Fault::Full));
    let receiver = Receiver::new(Does::Nothing);
    let done = world.forget(None, &receiver);
    assert!(!done.erased && world.is_disabled());
    assert!(
        done.lines[1].contains("could not be stored"),
        "{:?}",
        done.lines
    );
    assert_eq!(
        done.lines.last().unwrap(),
        &format!("To have what was sent erased: aider --analytics-forget {key}")
    );
    receiver.now(Does::Signs(1));
    let done = world.forget(Some(&key), &receiver);
    assert!(done.erased, "a receipt that cannot be kept is one");
    assert!(
        done.lines.last().unwrap().contains("could not be kept"),
        "{:?}",
        done.lines
    );
}

#[test]
fn d5_killed_anywhere_the_key_is_in_the_choice_or_in_what_waits() {
    let start = World::agreed();
    let key = start.key().spelled();
    let rehearsal = World {
        disk: start.disk.after_crash(),
        ..World::agreed()
    };
    let before = rehearsal.disk.spent();
    rehearsal.forget(None, &Receiver::new(Does::Nothing));
    let steps = rehearsal.disk.spent() - before;
    assert!(steps > 100, "the request is written down");
    for step in 0..=steps {
        let world = World {
            disk: start.disk.after_crash(),
            ..World::agreed()
        };
        world.disk.stop_after(before + step);
        world.forget(None, &Receiver::new(Does::Nothing));
        let next = World {
            disk: world.disk.after_crash(),
            ..World::agreed()
        };
        let held = next.files_with(&key);
        assert!(
            held.iter()
                .any(|path| path.extension() == Some("json".as_ref())),
            "step {step}: {held:?}"
        );
        let receiver = Receiver::new(Does::Signs(1));
        assert!(next.forget(None, &receiver).erased, "step {step}");
        assert_eq!(next.receipts().len(), 1, "step {step}");
    }
}

#[test]
fn d29_a_waiting_file_that_is_not_ours_is_left_alone() {
    let world = World::agreed();
    let waiting = Path::new("/home/me/.aider/askfirst-forget.json");
    for foreign in [
        "",
        "{",
        r#"{"version":2,"waiting":[]}"#,
        r#"{"version":1,"waiting":[{}]}"#,
    ] {
        world.disk.put(waiting, foreign);
        let receiver = Receiver::new(Does::Signs(1));
        world.run(&Typed::default(), &receiver);
        assert_eq!(receiver.asked(), 0);
        assert!(
            world
                .status()
                .contains("Not understood, so nobody is asked"),
            "{foreign}"
        );
        assert_eq!(world.disk.get(waiting).unwrap(), foreign.as_bytes());
    }
}
