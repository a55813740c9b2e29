//! What waits: for one id and destination alone, and not for ever.

use std::fs;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use askfirst::transport::{Reply, Transport};
use serde_json::Value;

use crate::world::{Launched, TODAY, World, record_and_rotate};

/// Nobody answers; what was tried to be posted is kept.
#[derive(Debug, Default)]
struct Nobody(Mutex<Vec<String>>);

impl Transport for Nobody {
    fn post(&self, url: &str, _body: &[u8]) -> Reply {
        self.0.lock().unwrap().push(url.to_owned());
        Reply::Nothing("nobody is there".to_owned())
    }
}

/// Takes a request and never answers.
#[derive(Debug)]
struct Hangs {
    asked: Mutex<Sender<()>>,
    released: Mutex<Receiver<()>>,
}

impl Transport for Hangs {
    fn post(&self, _url: &str, _body: &[u8]) -> Reply {
        self.asked.lock().unwrap().send(()).unwrap();
        let _ = self.released.lock().unwrap().recv();
        Reply::Nothing("too late".to_owned())
    }
}

fn losses(events: &[Value]) -> Vec<(&str, u64)> {
    let told = events.iter().filter(|it| it["event"] == "losses");
    let loss = |it: &'_ Value| it["properties"]["lost"].as_u64().unwrap();
    told.map(|it| (it["properties"]["loss"].as_str().unwrap(), loss(it)))
        .collect()
}

#[test]
fn p17_what_waits_under_an_id_that_is_replaced_goes_with_it() {
    let world = World::new();
    for _ in 0..3 {
        world.begin().record(Launched::default());
    }
    let old = world.files();
    world.clock.set_day(TODAY + 180);
    let analytics = world.begin();
    assert_eq!(world.files(), old, "a start touches nothing");
    record_and_rotate(&world, &analytics);
    analytics.record(Launched::default());
    for file in &old {
        assert!(!file.exists(), "it can be delivered by nobody");
        assert!(!file.parent().unwrap().exists(), "nor its folder");
    }
    assert_eq!(losses(&world.waiting()), [("expired", 3)]);
}

#[test]
fn p17_what_waits_for_another_destination_waits_28_days_and_no_longer() {
    let world = World::new();
    world
        .begin_to("other.example.org", None)
        .0
        .record(Launched::default());
    world.date_files();
    let other = world.files();
    for (days, there) in [(27, true), (29, false)] {
        world.clock.set_day(TODAY + days);
        record_and_rotate(&world, &world.begin());
        assert_eq!(other[0].exists(), there, "after {days} days");
    }
}

#[test]
fn p04_two_destinations_in_one_process_are_two_ids_and_two_spools() {
    let world = World::new();
    let (one, first) = world.begin_to("one.example.org", None);
    let (two, second) = world.begin_to("two.example.org", None);
    one.record(Launched::default());
    two.record(Launched::default());
    two.record(Launched::default());
    let ids = [&first, &second].map(|it| it.grant.as_ref().unwrap().install_id().to_string());
    assert_ne!(ids[0], ids[1]);
    for (id, host, events) in [(&ids[0], "one", 1), (&ids[1], "two", 2)] {
        let texts: Vec<String> = world
            .files()
            .iter()
            .map(|file| fs::read_to_string(file).unwrap())
            .filter(|text| text.contains(id.as_str()))
            .collect();
        let [text] = &texts[..] else {
            panic!("{texts:?}");
        };
        let header = format!("\"destination\":\"https://{host}.example.org\"");
        assert!(text.lines().next().unwrap().contains(&header), "{text}");
        assert_eq!(text.lines().count(), 1 + events);
        assert_eq!(text.matches(id.as_str()).count(), 1 + events);
    }
    let names = |lines: &[String]| lines.iter().filter(|it| it.contains("one.example")).count();
    assert_eq!((names(&first.lines), names(&second.lines)), (1, 0));
    drop((one, two));
    // Each is delivered to its own, or nowhere.
    let nobody = Arc::new(Nobody::default());
    for host in ["one", "two"] {
        let (analytics, _) =
            world.begin_to(&format!("{host}.example.org"), Some(nobody.clone() as _));
        record_and_rotate(&world, &analytics);
        for _ in 0..1_000_000 {
            if nobody
                .0
                .lock()
                .unwrap()
                .iter()
                .any(|url| url.contains(host))
            {
                break;
            }
            std::thread::yield_now();
        }
    }
    let tried = nobody.0.lock().unwrap();
    let urls = ["one", "two"].map(|host| format!("https://{host}.example.org/batch/"));
    assert!(urls.iter().all(|url| tried.contains(url)), "{tried:?}");
    assert!(tried.iter().all(|url| urls.contains(url)), "{tried:?}");
}

#[test]
fn p03_runs_too_short_to_close_a_file_do_not_fill_the_disk() {
    let world = World::new();
    world.begin().record(Launched::default());
    let files = world.files();
    let text = fs::read(&files[0]).unwrap();
    for number in 0..1_100 {
        fs::write(
            files[0].with_file_name(format!("{number:016x}.spool")),
            &text,
        )
        .unwrap();
    }
    let nobody: Arc<dyn Transport> = Arc::new(Nobody::default());
    let (analytics, _) = world.begin_to("collect.example.org", Some(nobody));
    analytics.record(Launched::default());
    let left = world.files().len();
    assert!((995..=1_003).contains(&left), "{left}");
    analytics.record(Launched::default());
    let events = world.waiting();
    let told = losses(&events);
    assert!(
        matches!(told[..], [("spool_full_events", 90..=110)]),
        "{told:?}"
    );
}

#[test]
fn b09_working_and_leaving_wait_for_no_request_that_is_never_answered() {
    let world = World::new();
    let (asked, requests) = mpsc::channel();
    let (release, released) = mpsc::channel();
    let hangs = Hangs {
        asked: Mutex::new(asked),
        released: Mutex::new(released),
    };
    let (analytics, _) = world.begin_to("collect.example.org", Some(Arc::new(hangs)));
    record_and_rotate(&world, &analytics);
    let patience = Duration::from_secs(60);
    requests.recv_timeout(patience).unwrap();
    // The request is on its way and stays there. Whoever waited for it would wait for ever.
    let (left, leaves) = mpsc::channel();
    let leaving = std::thread::spawn(move || {
        for _ in 0..1_000 {
            analytics.record(Launched::default());
        }
        drop(analytics);
        left.send(()).unwrap();
    });
    leaves
        .recv_timeout(patience)
        .expect("leaving waits for the network");
    drop(release);
    leaving.join().unwrap();
    assert!(world.waiting().len() > 1_000, "nothing is lost by it");
}

#[test]
fn p06_a_start_that_finds_the_choice_in_use_by_a_delivery_says_so() {
    let world = World::new();
    let (asked, requests) = mpsc::channel();
    let (release, released) = mpsc::channel();
    let hangs = Hangs {
        asked: Mutex::new(asked),
        released: Mutex::new(released),
    };
    let (analytics, _) = world.begin_to("one.example.org", Some(Arc::new(hangs)));
    record_and_rotate(&world, &analytics);
    requests.recv_timeout(Duration::from_secs(60)).unwrap();
    // A second destination needs an identifier, which cannot be stored while the first one's
    // events are on their way.
    let (_, agreement) = world.agree_to("two.example.org");
    assert!(agreement.grant.is_none());
    let lock = world.home.path().join(".aider/askfirst.lock");
    assert_eq!(
        agreement.lines,
        [format!(
            "Analytics stay off for this session: {} is in use by a delivery or another run.",
            lock.display()
        )]
    );
    drop((release, analytics));
    // Once it is over, it is on.
    let on = (0..100).any(|_| world.agree_to("two.example.org").1.grant.is_some());
    assert!(on);
}
