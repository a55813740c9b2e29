//! The collector as its operator meets it.

use crate::home::Home;

const UUID: &str = "0b1b9e5e-3a5e-4c55-9f39-2f1d8e5b7c11";

#[test]
fn an_event_shows_up_in_status_at_once_and_survives_a_stop() {
    let home = Home::new();
    let made = home.json("project add mine --host aider --format json");
    let key = made["key"].as_str().unwrap();
    let server = home.serve();
    let (status, body) = server.send(key, "launched", UUID);
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        home.json("status --format json")["projects"][0]["events"],
        1
    );
    assert_eq!(server.send(key, "launched", UUID).0, 200);
    assert_eq!(server.send(key, "not an event of ours", UUID).0, 200);
    let stopped = server.stop();
    assert_eq!(stopped.code, 0, "{stopped:?}");
    let status = home.json("status --format json");
    let outcomes = &status["projects"][0]["outcomes"];
    assert_eq!(status["projects"][0]["events"], 1, "{status}");
    assert_eq!(outcomes["accepted"]["accepted"], 1, "{status}");
    assert_eq!(outcomes["duplicate"]["duplicate"], 1, "{status}");
    assert_eq!(outcomes["filtered"]["unknown_event"], 1, "{status}");
}

#[test]
fn serving_an_empty_directory_without_a_terminal_says_the_command() {
    let home = Home::new();
    let server = home.serve();
    let stopped = server.stop();
    assert_eq!(stopped.code, 0);
    let said = stopped.stdout + &stopped.stderr;
    assert!(said.contains("askfirst project add NAME --host "), "{said}");
}

#[test]
fn the_address_and_the_projects_are_printed() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let stopped = home.serve().stop();
    assert!(stopped.stdout.contains("mine (aider)"), "{stopped:?}");
}

#[test]
fn another_address_than_loopback_serves_ingest_alone_and_says_so() {
    let home = Home::new();
    let made = home.json("project add mine --host aider --format json");
    let server = home.serve_with(&["--listen", "0.0.0.0:0"]);
    let port = server.address().rsplit(':').next().unwrap().to_owned();
    let key = made["key"].as_str().unwrap();
    let body = format!(r#"{{"api_key":"{key}","event":"launched","distinct_id":"x"}}"#);
    let answer = crate::home::post(&format!("127.0.0.1:{port}"), "/capture/", &body);
    assert_eq!(answer.0, 200, "{answer:?}");
    let stopped = server.stop();
    assert!(stopped.stdout.contains("ingest alone"), "{stopped:?}");
}

#[cfg(unix)]
#[test]
fn the_operators_token_is_for_the_operator_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    home.ok("project add mine --host aider");
    let server = home.serve();
    let token = std::fs::metadata(home.data().join("operator.token")).expect("a token");
    assert_eq!(token.permissions().mode() & 0o777, 0o600);
    drop(server);
}
