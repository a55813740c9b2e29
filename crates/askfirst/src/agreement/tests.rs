//! From what was typed, stored and around, to what is on disk and on the screen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::Profile;

use super::*;
use crate::consent::{Flag, Source};
use crate::environment::Environment;
use crate::question::Terminal;
use crate::settings::{HostAddress, ProjectKey};
use crate::testing::{Dice, FakeDisk, Fault, Person, TestClock};

const TODAY: i32 = 20_000;

/// A host in a world of its own, with a person who types these lines when asked.
struct World {
    profile: Profile,
    disk: FakeDisk,
    clock: TestClock,
    dice: Arc<Dice>,
    variables: Vec<(&'static str, &'static str)>,
    person: Person,
    automated: bool,
    prints_only: bool,
}

impl World {
    fn new(lines: &[&'static str]) -> World {
        let clock = TestClock::on_day(TODAY);
        World {
            profile: Profile::clone(&Profile::builtin("aider").unwrap()),
            disk: FakeDisk::new(&[Path::new("/home/me"), Path::new("/etc")]),
            person: Person::typing(&clock, lines),
            clock,
            dice: Arc::new(Dice::new(7)),
            variables: vec![("AIDER_ANALYTICS_POSTHOG_HOST", "collect.example.org")],
            automated: false,
            prints_only: false,
        }
    }

    /// A world in which a person said yes at an earlier start.
    fn agreed() -> World {
        let mut world = World::new(&["y"]);
        assert!(world.start(&on()).verdict.on);
        world.person = Person::typing(&world.clock, &[]);
        world
    }

    fn host(&self) -> Host {
        Host {
            profile: Arc::new(self.profile.clone()),
            catalog: None,
            environment: Environment::new(Some(Path::new("/home/me")), self.variables.clone()),
            environment_now: None,
            working_dir: Some(PathBuf::from("/src")),
            automated: self.automated,
            prints_only: self.prints_only,
            places: None,
            disk: Arc::new(self.disk.clone()),
            clock: Arc::new(self.clock.clone()),
            random: self.dice.clone(),
            terminal: Box::new(self.person.clone()),
        }
    }

    fn start(&self, typed: &Typed) -> Agreement {
        reach(&mut self.host(), typed, &|| {})
    }

    fn file(&self, name: &str) -> Option<String> {
        let path = Path::new("/home/me/.aider").join(name);
        self.disk
            .get(&path)
            .map(|bytes| String::from_utf8(bytes).unwrap())
    }
}

fn flag(analytics: Option<bool>) -> Typed {
    Typed {
        analytics,
        ..Typed::default()
    }
}

fn on() -> Typed {
    flag(Some(true))
}

fn disable() -> Typed {
    Typed {
        disable: true,
        ..Typed::default()
    }
}

#[test]
fn p06_never_asked_and_switched_on_asks_and_a_yes_is_on_from_then_on() {
    let world = World::new(&["y"]);
    let agreement = world.start(&on());
    let grant = agreement.grant.unwrap();
    assert_eq!(grant.classes(), world.profile.classes);
    assert_eq!(
        grant.destination().host.as_str(),
        "https://collect.example.org"
    );
    assert_eq!(
        agreement.lines,
        [
            "Analytics are on. To turn them off: `aider --no-analytics` for a session, \
             `aider --analytics-disable` for good.",
            "Analytics go to https://collect.example.org (host from the environment).",
        ]
    );
    let next = world.start(&flag(None));
    assert_eq!(next.verdict.row, Row::YesFlagUnset);
    assert_eq!(next.grant.unwrap().install_id(), grant.install_id());
    assert_eq!(world.person.asked(), 1);
}

#[test]
fn p10_a_no_disables_for_good_and_no_flag_undoes_it() {
    let world = World::new(&["n"]);
    let agreement = world.start(&on());
    assert!(agreement.grant.is_none() && !agreement.verdict.on);
    let said = "Analytics are permanently disabled: /home/me/.aider/analytics.disabled says so.";
    assert_eq!(agreement.lines, [said]);
    let again = world.start(&on());
    let off = "Analytics stay off: they are disabled: /home/me/.aider/analytics.disabled exists.";
    assert_eq!(again.lines, [off]);
    assert_eq!(world.start(&flag(None)).lines, Vec::<String>::new());
    assert_eq!(world.person.asked(), 1);
}

#[test]
fn b07_a_no_leaves_no_key_and_there_was_none_before() {
    let world = World::new(&["n"]);
    world.start(&on());
    assert_eq!(world.file("askfirst.json"), None);
    assert_eq!(world.file("analytics.disabled").unwrap(), "");
    let undecided = World::new(&[]);
    undecided.start(&on());
    let text = undecided.file("askfirst.json").unwrap();
    assert_eq!(text, "{\n  \"version\": 1,\n  \"attempts\": 1\n}\n");
}

#[test]
fn the_attempt_is_on_disk_before_the_question_is_shown() {
    #[derive(Debug)]
    struct Watching(Person, FakeDisk);
    impl Terminal for Watching {
        fn is_attended(&self) -> bool {
            true
        }
        fn columns(&self) -> Option<usize> {
            None
        }
        fn discard_waiting(&mut self) -> std::io::Result<()> {
            self.0.discard_waiting()
        }
        fn show(&mut self, text: &str) -> std::io::Result<()> {
            let stored = self
                .1
                .get(Path::new("/home/me/.aider/askfirst.json"))
                .unwrap();
            assert!(
                String::from_utf8(stored)
                    .unwrap()
                    .contains("\"attempts\": 1")
            );
            self.0.show(text)
        }
        fn read_line(&mut self) -> std::io::Result<crate::question::Read> {
            self.0.read_line()
        }
    }
    let world = World::new(&[]);
    let mut host = world.host();
    host.terminal = Box::new(Watching(world.person.clone(), world.disk.clone()));
    reach(&mut host, &on(), &|| {});
    assert_eq!(world.person.asked(), 1);
}

#[test]
fn what_cannot_be_counted_is_not_asked() {
    for (fault, why) in [
        // An empty file can be made there, so a no can be stored; the attempt cannot.
        (Fault::Full, "/askfirst.json: no storage space"),
        (Fault::NoFiles, ": no storage space"),
        (Fault::ReadOnly, ": read-only filesystem or storage medium"),
    ] {
        let world = World::new(&["y"]);
        world.disk.set_fault(Some(fault));
        let agreement = world.start(&on());
        assert_eq!(
            (agreement.verdict.row, world.person.asked()),
            (Row::Unreadable, 0),
            "{fault:?}"
        );
        let says = format!("Analytics stay off for this session: /home/me/.aider{why}.");
        assert_eq!(agreement.lines, [says]);
    }
}

#[test]
fn a_yes_that_cannot_be_stored_is_off_and_says_so() {
    // The disk fills up while the person reads: enough is left for what was counted.
    let world = World::new(&["y"]);
    let counted = World::new(&[]);
    counted.start(&on());
    world.disk.stop_after(counted.disk.spent());
    let agreement = world.start(&on());
    assert!(agreement.grant.is_none() && !agreement.verdict.on);
    let [line] = &agreement.lines[..] else {
        panic!("{:?}", agreement.lines)
    };
    assert!(
        line.starts_with("Analytics stay off: your yes could not be stored ("),
        "{line}"
    );
}

#[test]
fn p05_a_yes_is_off_where_a_no_could_not_be_stored() {
    let world = World::agreed();
    world.disk.set_fault(Some(Fault::ReadOnly));
    let agreement = world.start(&flag(None));
    assert_eq!(agreement.verdict.row, Row::Unreadable);
    assert!(agreement.grant.is_none());
}

#[test]
fn p05_how_to_erase_names_the_destination_where_a_later_run_would_ask_another() {
    let mut world = World::agreed();
    world.variables = vec![("AIDER_ANALYTICS_POSTHOG_HOST", "elsewhere.example.org")];
    let agreement = world.start(&disable());
    let [_, erase] = &agreement.lines[..] else {
        panic!("{:?}", agreement.lines);
    };
    let flags = " --analytics-posthog-host https://collect.example.org \
                 --analytics-posthog-project-api-key askfirst-aider";
    assert!(erase.ends_with(flags), "{erase}");
}

#[test]
fn p05_disable_says_done_and_how_to_erase_once() {
    let world = World::agreed();
    let agreement = world.start(&disable());
    let [done, erase] = &agreement.lines[..] else {
        panic!("{:?}", agreement.lines)
    };
    assert!(done.starts_with("Analytics are permanently disabled: "));
    let key = erase
        .strip_prefix("To have what was sent erased: aider --analytics-forget ")
        .unwrap();
    assert_eq!(key.len(), 64);
    let again = world.start(&disable());
    assert_eq!(again.lines.len(), 1, "once");
    assert!(
        world
            .disk
            .files()
            .values()
            .all(|bytes| !bytes.windows(64).any(|it| it == key.as_bytes()))
    );
}

#[test]
fn p05_disable_that_cannot_be_stored_says_path_and_remedy() {
    let world = World::agreed();
    world.disk.set_fault(Some(Fault::ReadOnly));
    let agreement = world.start(&disable());
    let [line] = &agreement.lines[..] else {
        panic!("{:?}", agreement.lines)
    };
    for part in [
        "could not be stored",
        "Make the empty file /home/me/.aider/analytics.disabled",
    ] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!agreement.verdict.on && !world.start(&on()).verdict.on);
}

#[test]
fn p07_no_analytics_touches_no_file() {
    for world in [World::new(&["y"]), World::agreed()] {
        let (files, spent) = (world.disk.files(), world.disk.spent());
        let agreement = world.start(&flag(Some(false)));
        assert!(agreement.grant.is_none() && !agreement.verdict.network);
        assert_eq!((world.disk.files(), world.disk.spent()), (files, spent));
        assert!(agreement.lines.is_empty());
    }
}

#[test]
fn p08_only_where_it_decides_a_number_is_drawn() {
    for (variables, draws) in [
        (vec![("CI", "1")], false),
        (vec![("DO_NOT_TRACK", "1")], false),
        (vec![("CLAUDECODE", "1")], false),
        (vec![("TERM", "xterm")], true),
    ] {
        let mut world = World::new(&["n"]);
        world.variables.extend(variables.clone());
        world.start(&flag(None));
        assert_eq!(!world.disk.files().is_empty(), draws, "{variables:?}");
    }
}

#[test]
fn p08_the_share_is_asked_without_a_flag_three_times_at_most() {
    let mut world = World::new(&[]);
    world.profile.ask_percent = 100;
    for start in 1..=6 {
        let agreement = world.start(&flag(None));
        assert!(!agreement.verdict.on);
        assert_eq!(world.person.asked(), start.min(3));
    }
    world.start(&on());
    assert_eq!(world.person.asked(), 4, "only `--analytics` asks then");
    world.profile.ask_percent = 0;
    let nobody = World {
        profile: world.profile,
        ..World::new(&["y"])
    };
    nobody.start(&flag(None));
    assert_eq!((nobody.person.asked(), nobody.disk.spent()), (0, 0));
}

#[test]
fn b05_nobody_answers_for_a_person() {
    let mut automated = World::new(&["y"]);
    automated.automated = true;
    let mut printing = World::new(&["y"]);
    printing.prints_only = true;
    let mut agent = World::new(&["y"]);
    agent.variables.push(("CLAUDECODE", "1"));
    let mut piped = World::new(&["y"]);
    piped.person = Person::nobody(&piped.clock);
    for (world, because) in [
        (automated, "it was told to answer its own questions"),
        (printing, "this run only prints"),
        (agent, "a coding agent runs this (Claude Code)"),
        (piped, "there is no terminal to ask at"),
    ] {
        let agreement = world.start(&on());
        assert_eq!(
            (agreement.verdict.row, world.person.asked()),
            (Row::CannotAsk, 0)
        );
        let line = format!(
            "Analytics stay off: nobody has answered the question yet, and {because}. \
             To opt in, run `aider --analytics` in a terminal and answer."
        );
        assert_eq!(agreement.lines, [line]);
        assert!(world.disk.files().is_empty());
    }
}

#[test]
fn an_agents_events_say_so() {
    let mut world = World::agreed();
    assert!(!world.start(&flag(None)).grant.unwrap().agent());
    world.variables.push(("CODEX_SANDBOX", "seatbelt"));
    assert!(world.start(&flag(None)).grant.unwrap().agent());
}

#[test]
fn b05_a_legacy_yes_is_off_until_a_person_answers_our_question() {
    let legacy = r#"{"uuid": "19abcd00-0000", "asked_opt_in": true}"#;
    let world = World::new(&["y"]);
    world
        .disk
        .put(Path::new("/home/me/.aider/analytics.json"), legacy);
    let agreement = world.start(&flag(None));
    assert_eq!(agreement.verdict.row, Row::AskDrawn, "drawn or not");
    let id = agreement.grant.unwrap().install_id().to_string();
    assert!(!id.starts_with("19abcd"), "its uuid is never sent");
    assert_eq!(world.file("analytics.json").unwrap(), legacy);
    // In a host whose share is 0 only the flag asks.
    let mut world = World::new(&["y"]);
    world.profile.ask_percent = 0;
    world
        .disk
        .put(Path::new("/home/me/.aider/analytics.json"), legacy);
    assert_eq!(world.start(&flag(None)).verdict.row, Row::Otherwise);
}

#[test]
fn p16_classes_that_came_later_are_withheld_until_they_are_agreed_to() {
    let mut world = World::agreed();
    let agreed = world.profile.classes;
    world.profile.classes = askfirst_catalog::Class::ALL.into_iter().collect();
    world.person = Person::typing(&world.clock, &[]);
    assert_eq!(world.start(&flag(None)).grant.unwrap().classes(), agreed);
    let unanswered = world.start(&on());
    assert_eq!(
        unanswered.grant.unwrap().classes(),
        agreed,
        "an open question changes nothing"
    );
    world.person = Person::typing(&world.clock, &["yes"]);
    assert_eq!(
        world.start(&on()).grant.unwrap().classes(),
        world.profile.classes
    );
    assert_eq!(
        world.start(&flag(None)).grant.unwrap().classes(),
        world.profile.classes
    );
}

#[test]
fn p16_another_recipient_of_the_profiles_is_asked_for_anew() {
    let mut world = World::new(&["y"]);
    world.variables.clear();
    world.profile.host = Some("https://one.example.org".to_owned());
    let first = world.start(&on()).grant.unwrap();
    world.profile.host = Some("https://two.example.org".to_owned());
    world.person = Person::nobody(&world.clock);
    assert!(world.start(&flag(None)).grant.is_none());
    world.person = Person::typing(&world.clock, &["y"]);
    let second = world.start(&on()).grant.unwrap();
    assert_ne!(first.install_id(), second.install_id());
}

#[test]
fn p16_a_destination_of_the_users_own_is_not_asked_again() {
    let world = World::agreed();
    let typed = Typed {
        posthog_host: Some(HostAddress::parse("other.example.org").unwrap()),
        posthog_project_api_key: Some(ProjectKey::parse("phc_other").unwrap()),
        ..Typed::default()
    };
    let agreement = world.start(&typed);
    assert!(agreement.grant.is_some());
    assert_eq!(
        agreement.lines,
        ["Analytics go to https://other.example.org (host typed, project key typed)."]
    );
}

#[test]
fn p08_blackboxai_asks_by_the_flag_only_and_a_yes_is_for_a_session() {
    let mut world = World::new(&["y"]);
    world.profile = Profile::clone(&Profile::builtin("blackboxai").unwrap());
    world.variables = vec![("BLACKBOXAI_ANALYTICS_POSTHOG_HOST", "collect.example.org")];
    assert_eq!(world.start(&flag(None)).verdict.row, Row::Otherwise);
    assert!(world.start(&on()).grant.is_some());
    let without = world.start(&flag(None));
    assert_eq!(
        (without.verdict.row, without.grant),
        (Row::YesFlagUnset, None)
    );
    assert!(world.start(&on()).grant.is_some());
    assert_eq!(world.person.asked(), 1);
}

#[test]
fn do_not_track_and_ci_are_off_and_say_so_where_it_was_typed() {
    for (name, why) in [
        ("DO_NOT_TRACK", "`DO_NOT_TRACK` is set"),
        ("GITLAB_CI", "this runs in CI (GitLab CI)"),
    ] {
        let mut world = World::agreed();
        world.variables.push((name, "1"));
        let agreement = world.start(&on());
        assert_eq!(agreement.verdict.row, Row::DoNotTrack);
        assert_eq!(agreement.lines, [format!("Analytics stay off: {why}.")]);
        assert!(world.start(&flag(None)).lines.is_empty());
    }
}

#[test]
fn p13_b11_a_host_without_a_destination_is_inert_and_says_how_to_name_one() {
    let mut world = World::new(&["y"]);
    world.variables.clear();
    let agreement = world.start(&on());
    assert_eq!(
        (agreement.verdict.row, world.person.asked()),
        (Row::NoDestination, 0)
    );
    assert_eq!(
        agreement.lines,
        [
            "Analytics stay off: there is no destination: name one with `--analytics-posthog-host HOST`."
        ]
    );
    assert!(world.disk.files().is_empty());
}

#[test]
fn b04_a_project_says_off_and_a_setting_that_is_not_understood_is_off() {
    let world = World::agreed();
    world
        .disk
        .put(Path::new("/src/.aider.conf.yml"), "analytics: no\n");
    let agreement = world.start(&on());
    assert_eq!(
        agreement.lines,
        ["Analytics stay off: this project says off: /src/.aider.conf.yml."]
    );
    let world = World::agreed();
    world.disk.put(
        Path::new("/home/me/.aider.conf.yml"),
        "model: x\nanalytics: perhaps\n",
    );
    let agreement = world.start(&on());
    assert_eq!(
        agreement.lines,
        [
            "Analytics stay off: a setting cannot be understood: /home/me/.aider.conf.yml:2: \
          `analytics` is neither yes nor no; write `true` or `false`."
        ]
    );
}

#[test]
fn without_a_home_directory_everything_is_off() {
    let world = World::new(&["y"]);
    let mut host = world.host();
    host.environment = Environment::new(None, world.variables.clone());
    let lines = |host: &mut Host, typed: &Typed| reach(host, typed, &|| {}).lines;
    let off = "Analytics stay off: no home directory is known; set HOME.";
    assert_eq!(lines(&mut host, &on()), [off]);
    assert!(lines(&mut host, &flag(None)).is_empty());
    assert!(lines(&mut host, &disable())[0].contains("Set HOME"));
    assert!(world.disk.files().is_empty());
}

#[test]
fn p11_the_log_the_user_named_is_known_whatever_the_choice() {
    let world = World::new(&["n"]);
    let typed = Typed {
        log: Some(PathBuf::from("a.jsonl")),
        ..flag(Some(false))
    };
    let agreement = world.start(&typed);
    assert_eq!(agreement.log(), Some(&PathBuf::from("a.jsonl")));
    assert!(agreement.verdict.log && agreement.grant.is_none());
}

#[test]
fn looking_decides_as_a_start_does_and_touches_nothing() {
    for (world, typed) in [
        (World::new(&["y"]), on()),
        (World::new(&["y"]), flag(None)),
        (World::agreed(), flag(None)),
        (World::agreed(), flag(Some(false))),
        (World::new(&["y"]), disable()),
    ] {
        let files = world.disk.files();
        let looked = look(&world.host(), &typed);
        assert_eq!(world.disk.files(), files);
        assert_eq!(world.person.asked(), 0);
        if world.file("askfirst.json").is_some() {
            assert_eq!(looked.verdict, world.start(&typed).verdict);
        }
        assert!(looked.grant.is_none() && looked.lines.is_empty());
    }
}

#[test]
fn b15_status_says_what_decides_where_everything_is_and_how_to_change_it() {
    let mut world = World::agreed();
    world.disk.put(
        Path::new("/src/.aider.conf.yml"),
        "analytics: true\nanalytics-log: x\n",
    );
    world.variables.push(("AIDER_ANALYTICS", "true"));
    let waiting = crate::Waiting {
        events: 3,
        bytes: 900,
        last_error: None,
    };
    let text = crate::status(&world.host(), &flag(None), &waiting);
    let id = world.start(&flag(None)).grant.unwrap().install_id();
    for part in [
        "Analytics of aider are on: a person said yes.",
        "Decided by: row 6 of the decision table (yes, flag on)",
        "Flag: on, from the environment",
        "choice:            /home/me/.aider/askfirst.json",
        "disabled if there: /home/me/.aider/analytics.disabled",
        "/etc/askfirst/disabled",
        "Destination: https://collect.example.org (from the environment), project key askfirst-aider (the profile's)",
        "Consent: given on 2024-10-04, to version 1 of the question",
        "for: models, edits, features, errors, platform",
        &format!("Identifier: {id}, since 2024-10-04, replaced after 2025-04-01"),
        "`aider --analytics-forget` can have what was sent under it erased",
        "Waiting to be sent: 3 events, 900 bytes",
        "Last error: none",
        "Ignored, because a project may only say off: `analytics` in /src/.aider.conf.yml",
        "Ignored, because a project may only say off: `analytics-log` in /src/.aider.conf.yml",
        "aider --analytics-disable    off for good",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
    let stored = world.file("askfirst.json").unwrap();
    let key = stored.split('"').find(|part| part.len() == 64).unwrap();
    assert!(!text.contains(key), "never the key");
}

#[test]
fn b15_status_of_a_no_names_the_file_to_delete() {
    let world = World::new(&["n"]);
    world.start(&on());
    let text = crate::status(&world.host(), &flag(None), &crate::Waiting::default());
    let said = "no flag undoes a no; delete /home/me/.aider/analytics.disabled to be asked again";
    assert!(text.contains(said), "{text}");
    assert!(text.contains("Analytics of aider are off: they are disabled"));
    assert!(text.contains("Decided by: row 3"));
}

#[test]
fn p14_a_setting_in_the_home_is_the_flag_and_silent() {
    let world = World::agreed();
    world
        .disk
        .put(Path::new("/home/me/.aider.conf.yml"), "analytics: true\n");
    let agreement = world.start(&flag(None));
    assert_eq!(agreement.input.flag, Flag::On(Source::HomeConfig));
    assert!(agreement.grant.is_some());
    assert!(
        !world.start(&flag(Some(false))).verdict.on,
        "`--no-analytics` beats it"
    );
    world
        .disk
        .put(Path::new("/home/me/.aider/analytics.disabled"), "");
    assert!(world.start(&flag(None)).lines.is_empty());
}
