use std::path::PathBuf;

use askfirst_catalog::Profile;

use super::*;
use crate::testing::FakeDisk;

const HOME: &str = "/home/me";

/// A machine with these files, variables and typed flags, and a tool started in a project.
struct World {
    profile: Profile,
    typed: Typed,
    start: Environment,
    now: Option<Environment>,
    dir: PathBuf,
    disk: FakeDisk,
}

impl World {
    fn new(host: &str) -> World {
        World {
            profile: Profile::clone(&Profile::builtin(host).unwrap()),
            typed: Typed::default(),
            start: environment(&[]),
            now: None,
            dir: PathBuf::from("/src/project"),
            disk: FakeDisk::new(&[Path::new(HOME), Path::new("/src/project/.git")]),
        }
    }

    fn file(self, path: &str, text: &str) -> World {
        self.disk.put(Path::new(path), text);
        self
    }

    fn home(self, text: &str) -> World {
        self.file("/home/me/.aider.conf.yml", text)
    }

    fn project(self, text: &str) -> World {
        self.file("/src/project/.aider.conf.yml", text)
    }

    fn env(mut self, variables: &[(&str, &str)]) -> World {
        self.start = environment(variables);
        self
    }

    fn typing(mut self, typed: Typed) -> World {
        self.typed = typed;
        self
    }

    fn read(&self) -> Settings {
        Settings::read(&Sources {
            profile: &self.profile,
            typed: &self.typed,
            environment: &self.start,
            environment_now: self.now.as_ref(),
            working_dir: Some(&self.dir),
            said_off: None,
            disk: &self.disk,
        })
    }
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::new(Some(Path::new(HOME)), variables.iter().copied())
}

fn aider() -> World {
    World::new("aider")
}

fn on() -> Typed {
    Typed {
        analytics: Some(true),
        ..Typed::default()
    }
}

fn off() -> Typed {
    Typed {
        analytics: Some(false),
        ..Typed::default()
    }
}

#[test]
fn the_strongest_source_that_says_anything_counts() {
    let yes = [("AIDER_ANALYTICS", "true")];
    let no = [("AIDER_ANALYTICS", "false")];
    for (world, expected) in [
        (aider(), Flag::Unset),
        (
            aider().home("analytics: true\n"),
            Flag::On(Source::HomeConfig),
        ),
        (
            aider().home("analytics: true\n").env(&no),
            Flag::Off(Source::Environment),
        ),
        (
            aider().home("analytics: false\n").env(&yes),
            Flag::On(Source::Environment),
        ),
        (aider().env(&no).typing(on()), Flag::On(Source::Typed)),
        (
            aider().home("analytics: true\n").env(&yes).typing(off()),
            Flag::Off(Source::Typed),
        ),
    ] {
        assert_eq!(world.read().flag, expected);
    }
}

#[test]
fn p14_yes_and_no_are_read_as_the_tools_read_them() {
    for (text, expected) in [
        ("analytics: true", Flag::On(Source::HomeConfig)),
        ("analytics: yes", Flag::On(Source::HomeConfig)),
        ("analytics: On # a comment", Flag::On(Source::HomeConfig)),
        ("analytics: 1", Flag::On(Source::HomeConfig)),
        ("analytics: \"true\"", Flag::On(Source::HomeConfig)),
        ("\"analytics\": 'true'  # x", Flag::On(Source::HomeConfig)),
        ("analytics : true", Flag::On(Source::HomeConfig)),
        ("\u{feff}analytics: true\r", Flag::On(Source::HomeConfig)),
        ("analytics: false", Flag::Off(Source::HomeConfig)),
        ("analytics: no", Flag::Off(Source::HomeConfig)),
        ("analytics: 0", Flag::Off(Source::HomeConfig)),
        ("analytics:", Flag::Unset),
        ("analytics: null", Flag::Unset),
        ("analytics: ~", Flag::Unset),
        ("analytics: # true", Flag::Unset),
        ("# analytics: true", Flag::Unset),
        ("  analytics: true", Flag::Unset),
        ("other:\n  analytics: true", Flag::Unset),
        ("read: [analytics: true]", Flag::Unset),
        ("model: analytics", Flag::Unset),
        // The tools turn this on; it says no.
        ("no-analytics: true", Flag::Off(Source::HomeConfig)),
        (
            "no-analytics: true\nanalytics: true",
            Flag::Off(Source::HomeConfig),
        ),
        (
            "analytics: true\nno-analytics: true",
            Flag::Off(Source::HomeConfig),
        ),
        ("no-analytics: false", Flag::Unset),
    ] {
        let settings = aider().home(&format!("{text}\nmodel: gpt-4o\n")).read();
        assert_eq!(
            (settings.flag, &settings.problems),
            (expected, &vec![]),
            "{text}"
        );
        assert!(!settings.held_off());
    }
}

#[test]
fn what_cannot_be_understood_is_off_and_says_where_and_how_to_write_it() {
    for (text, place, rule) in [
        ("analytics: maybe", ":1", "neither yes nor no"),
        ("model: x\nanalytics: [true]", ":2", "not understood"),
        ("{analytics: true}", ":1", "not understood"),
        ("? analytics\n: true", ":1", "not understood"),
        ("analytics: \"tr\\u0075e\"", ":1", "not understood"),
        ("analytics: |\n  true", ":1", "not understood"),
        ("analytics: &a true", ":1", "not understood"),
        ("analytics true", ":1", "no `: ` after"),
        ("analytics", ":1", "no `: ` after"),
        (
            "analytics_disable: true",
            ":1",
            "no setting \"analytics_disable\"",
        ),
        ("Analytics: false", ":1", "no setting \"Analytics\""),
        (
            "analytics-posthog-host: http://example.org",
            ":1",
            "without encryption",
        ),
        (
            "analytics-posthog-host: https://user@example.org/x",
            ":1",
            "not a host",
        ),
    ] {
        let settings = aider().home(text).typing(on()).read();
        let [problem] = &settings.problems[..] else {
            panic!("{text}: {settings:?}")
        };
        assert!(settings.held_off());
        assert_eq!(
            problem.place,
            format!("/home/me/.aider.conf.yml{place}"),
            "{text}"
        );
        assert!(problem.rule.contains(rule), "{text}: {problem}");
        assert!(!problem.fix.is_empty());
    }
    let wrong = aider()
        .env(&[("AIDER_ANALYTICS_DISABLE", "perhaps")])
        .read();
    assert_eq!(wrong.problems[0].place, "AIDER_ANALYTICS_DISABLE");
}

#[test]
fn an_unreadable_home_configuration_is_off() {
    let world = aider().home("analytics: true\n");
    world
        .disk
        .make_unreadable(Path::new("/home/me/.aider.conf.yml"));
    assert!(world.read().held_off());
    let world = aider();
    world
        .disk
        .put(Path::new("/home/me/.aider.conf.yml"), [0xff, 0xfe, 0x00]);
    assert!(world.read().held_off());
}

#[test]
fn p05_disable_may_be_said_by_the_user_anywhere() {
    let typed = Typed {
        disable: true,
        ..Typed::default()
    };
    assert_eq!(aider().typing(typed).read().disable, Some(Source::Typed));
    let env = aider().env(&[("AIDER_ANALYTICS_DISABLE", "1")]).read();
    assert_eq!(env.disable, Some(Source::Environment));
    let home = aider().home("analytics-disable: true\n").read();
    assert_eq!(home.disable, Some(Source::HomeConfig));
    assert_eq!(
        aider().home("analytics-disable: false\n").read().disable,
        None
    );
}

#[test]
fn b04_a_project_can_neither_opt_in_nor_choose_a_destination_nor_name_a_log() {
    let settings = aider()
        .project(
            "analytics: true\nanalytics-log: /tmp/steal\n\
             analytics-posthog-host: evil.example\n\
             analytics-posthog-project-api-key: phc_evil\n",
        )
        .read();
    assert_eq!(settings.flag, Flag::Unset);
    assert_eq!((&settings.log, &settings.destination), (&None, &None));
    assert!(!settings.held_off());
    let keys: Vec<&str> = settings.ignored.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "analytics",
            "analytics-log",
            "analytics-posthog-host",
            "analytics-posthog-project-api-key"
        ]
    );
    assert!(
        settings
            .ignored
            .iter()
            .all(|it| it.place == "/src/project/.aider.conf.yml")
    );
    assert!(
        !format!("{settings:?}").contains("evil"),
        "values are not kept"
    );
}

#[test]
fn b04_a_project_that_says_off_beats_everything_and_disables_nothing() {
    for text in [
        "analytics: false\n",
        "no-analytics: true\n",
        "analytics-disable: true\n",
        "analytics: {not: understood}\n",
    ] {
        let settings = aider()
            .project(text)
            .home("analytics: true\n")
            .typing(on())
            .read();
        assert_eq!(
            settings.project_off.as_deref(),
            Some("/src/project/.aider.conf.yml"),
            "{text}"
        );
        assert_eq!(settings.disable, None, "{text}");
    }
}

#[test]
fn b04_the_project_reaches_up_to_the_repository_and_no_further() {
    let mut world = aider().project("analytics: false\n");
    world.dir = PathBuf::from("/src/project/deep/inside");
    assert!(world.read().held_off(), "the folder with .git is above");
    let outside = aider().file("/src/.aider.conf.yml", "analytics: false\n");
    assert!(!outside.read().held_off());
}

#[test]
fn in_the_home_directory_both_files_are_one_and_it_is_the_users() {
    let mut world = aider().home("analytics: true\n");
    world.dir = PathBuf::from(HOME);
    let settings = world.read();
    assert_eq!(settings.flag, Flag::On(Source::HomeConfig));
    assert!(settings.ignored.is_empty());
}

#[test]
fn b04_what_a_dotenv_file_added_is_the_projects_word() {
    let mut world = aider().env(&[("TERM", "xterm")]);
    world.now = Some(environment(&[
        ("TERM", "xterm"),
        ("AIDER_ANALYTICS", "true"),
        ("AIDER_ANALYTICS_POSTHOG_HOST", "evil.example"),
    ]));
    let settings = world.read();
    assert_eq!((settings.flag, &settings.destination), (Flag::Unset, &None));
    assert!(!settings.held_off());
    assert_eq!(settings.ignored[0].key, "AIDER_ANALYTICS");
    for off in [
        ("AIDER_ANALYTICS", "false"),
        ("DO_NOT_TRACK", "1"),
        ("AIDER_NO_ANALYTICS", "1"),
    ] {
        world.now = Some(environment(&[("TERM", "xterm"), off]));
        assert!(world.read().held_off(), "{off:?}");
    }
}

#[test]
fn p13_cecli_later_home_files_are_stronger_key_by_key() {
    let settings = World::new("cecli")
        .file(
            "/home/me/.cecli/conf.yml",
            "analytics: false\nanalytics-log: ~/a.jsonl\n",
        )
        .file("/home/me/.cecli/creator.yml", "analytics: true\n")
        .read();
    assert_eq!(settings.flag, Flag::On(Source::HomeConfig));
    let log = Some((PathBuf::from("/home/me/a.jsonl"), Source::HomeConfig));
    assert_eq!(settings.log, log);
}

fn destination(world: World) -> Option<(String, String, bool)> {
    world.read().destination.map(|it| {
        let users = it.is_the_users();
        (
            it.host.to_string(),
            it.project_key.as_str().to_owned(),
            users,
        )
    })
}

fn to(host: Option<&str>, key: Option<&str>) -> Typed {
    Typed {
        posthog_host: host.map(|host| HostAddress::parse(host).unwrap()),
        posthog_project_api_key: key.map(|key| ProjectKey::parse(key).unwrap()),
        ..Typed::default()
    }
}

#[test]
fn p13_b11_without_a_host_of_anybodys_nothing_is_sent() {
    for id in Profile::builtin_ids() {
        assert_eq!(destination(World::new(id)), None, "{id}");
        let key_alone = destination(World::new(id).typing(to(None, Some("phc_mine"))));
        assert_eq!(key_alone.is_some(), *id == "cecli", "{id}");
    }
}

#[test]
fn p13_a_key_alone_goes_to_the_profiles_default_host() {
    let found = destination(World::new("cecli").typing(to(None, Some("phc_mine"))));
    let posthog = "https://app.posthog.com".to_owned();
    assert_eq!(found, Some((posthog, "phc_mine".to_owned(), true)));
}

#[test]
fn p13_a_host_alone_uses_the_profiles_key() {
    let found = destination(aider().typing(to(Some("http://127.0.0.1:8787"), None)));
    let loopback = "http://127.0.0.1:8787".to_owned();
    assert_eq!(found, Some((loopback, "askfirst-aider".to_owned(), true)));
}

#[test]
fn p13_host_and_key_may_come_from_two_sources() {
    let world = aider()
        .home("analytics-posthog-host: Analytics.Example.ORG\n")
        .env(&[("AIDER_ANALYTICS_POSTHOG_PROJECT_API_KEY", "phc_env")]);
    let settings = world.read().destination.unwrap();
    assert_eq!(settings.host.as_str(), "https://analytics.example.org");
    assert_eq!(settings.host_from, Some(Source::HomeConfig));
    assert_eq!(settings.key_from, Some(Source::Environment));
}

#[test]
fn p13_a_host_that_cannot_be_understood_sends_nowhere_else() {
    let world = World::new("cecli")
        .env(&[("CECLI_ANALYTICS_POSTHOG_HOST", "http://mine.example")])
        .typing(to(None, Some("phc_mine")));
    let settings = world.read();
    assert_eq!(settings.destination, None);
    assert!(settings.held_off());
}

#[test]
fn p13_the_profiles_own_host_is_not_the_users() {
    let mut world = aider();
    world.profile.host = Some("https://collect.example.org".to_owned());
    let found = world.read().destination.unwrap();
    assert!(!found.is_the_users() && found.is_the_profiles_host());
}

#[test]
fn p13_hosts_are_encrypted_except_on_this_machine() {
    for (text, expected) in [
        ("app.posthog.com", Ok("https://app.posthog.com")),
        (
            "https://eu.example.org:8443/",
            Ok("https://eu.example.org:8443"),
        ),
        ("http://localhost:1", Ok("http://localhost:1")),
        ("http://127.0.0.2", Ok("http://127.0.0.2")),
        ("http://[::1]:8787", Ok("http://[::1]:8787")),
        ("http://app.posthog.com", Err(Invalid::Unencrypted)),
        ("http://127.0.0.1.example.org", Err(Invalid::Unencrypted)),
        ("http://localhost.example.org", Err(Invalid::Unencrypted)),
        ("ftp://x.org", Err(Invalid::Host)),
        ("https://x.org/path", Err(Invalid::Host)),
        ("https://me:secret@x.org", Err(Invalid::Host)),
        ("x.org?a", Err(Invalid::Host)),
        ("x.org:0", Err(Invalid::Host)),
        ("x.org:99999", Err(Invalid::Host)),
        ("x..org", Err(Invalid::Host)),
        ("", Err(Invalid::Host)),
        ("https://", Err(Invalid::Host)),
        ("exa mple.org", Err(Invalid::Host)),
    ] {
        let parsed = HostAddress::parse(text);
        let parsed = parsed
            .as_ref()
            .map(HostAddress::as_str)
            .map_err(|error| *error);
        assert_eq!(parsed, expected, "{text:?}");
    }
    for bad in ["", "a b", "phc_\u{e9}", "a/b", "\"", &"x".repeat(201)] {
        assert_eq!(ProjectKey::parse(bad), Err(Invalid::Key), "{bad:?}");
    }
}
