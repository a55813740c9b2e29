//! Making, listing, re-keying and removing projects.

use crate::home::{Home, files};

#[test]
fn a_new_project_prints_its_key_once_and_the_line_that_starts_the_tool() {
    let home = Home::new();
    let made = home.json("project add mine --host aider --format json");
    let key = made["key"].as_str().expect("a key").to_owned();
    assert!(key.len() >= 32, "{key}");
    assert_eq!(
        (&made["project"], &made["host"]),
        (&"mine".into(), &"aider".into())
    );
    let line = format!(
        "aider --analytics --analytics-posthog-host http://127.0.0.1:8787 \
         --analytics-posthog-project-api-key {key}"
    );
    assert_eq!(made["start"], line);
    for (path, bytes) in files(&home.data()) {
        let found = bytes.windows(key.len()).any(|part| part == key.as_bytes());
        assert!(!found, "the key is in {}", path.display());
    }
    assert!(!home.ok("project list").contains(&key));
}

#[test]
fn the_start_line_points_to_where_the_collector_listens() {
    let home = Home::new();
    let said = home.ok("project add one --host aider --url https://stats.example.org");
    assert!(
        said.contains("--analytics-posthog-host https://stats.example.org "),
        "{said}"
    );
    let server = home.serve();
    let said = home.ok("project add two --host aider");
    let host = format!("--analytics-posthog-host {} ", server.url());
    assert!(said.contains(&host), "{said}");
}

#[test]
fn a_rotated_key_is_another_and_the_old_one_is_refused() {
    let home = Home::new();
    let old = key(&home, "project add mine --host aider");
    let new = key(&home, "project rotate mine");
    assert_ne!(old, new);
    let server = home.serve();
    let uuid = "0b1b9e5e-3a5e-4c55-9f39-2f1d8e5b7c11";
    assert_eq!(server.send(&old, "launched", uuid).0, 401);
    assert_eq!(server.send(&new, "launched", uuid).0, 200);
}

#[test]
fn removing_needs_the_name_and_takes_everything() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let said = home.run("project remove mine").refused(2);
    assert!(said.contains("--confirm mine"), "{said}");
    let said = home.run("project remove mine --confirm yours").refused(2);
    assert!(said.contains("yours"), "{said}");
    assert!(home.ok("project list").contains("mine"));
    home.ok("project remove mine --confirm mine");
    assert!(!home.ok("project list").contains("mine"));
    home.run("project remove mine --confirm mine").refused(2);
}

#[test]
fn a_name_is_given_once_and_is_a_name() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let said = home.run("project add mine --host cecli").refused(2);
    assert!(said.contains("mine"), "{said}");
    for name in ["a/b", "..", "", "a b"] {
        let ran = home.run_args(&["project", "add", name, "--host", "aider"]);
        assert_eq!(ran.code, 2, "{name}: {ran:?}");
    }
}

#[test]
fn projects_change_while_the_collector_runs() {
    let home = Home::new();
    home.ok("project add first --host aider");
    let server = home.serve();
    let uuid = "0b1b9e5e-3a5e-4c55-9f39-2f1d8e5b7c11";
    let key = key(&home, "project add second --host aider");
    assert_eq!(server.send(&key, "launched", uuid).0, 200);
    home.ok("project remove second --confirm second");
    assert_eq!(server.send(&key, "launched", uuid).0, 401);
}

fn key(home: &Home, line: &str) -> String {
    let made = home.json(&format!("{line} --format json"));
    made["key"].as_str().expect("a key").to_owned()
}
