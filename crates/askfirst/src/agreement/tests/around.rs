//! What the environment, a project and the home say, and what status says of it.

use super::*;

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
