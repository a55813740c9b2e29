//! What the operator may do, and nobody else (`docs/formats/operator.md`).

use askfirst_collector::Limits;
use serde_json::{Value, json};

use super::bodies::{ALICE, KEY, launched};
use super::client::{Ask, Connection};
use super::served::Served;

fn line(event: &str, time: u32) -> String {
    json!({"event": event, "properties": {"main_model": "gpt-4o"}, "user_id": ALICE, "time": time})
        .to_string()
}

fn import(served: &Served, query: &str, lines: &[String]) -> Value {
    let target = format!("/operator/import?project={}{query}", served.project.0);
    let reply = served.operate(Ask::post(&target, lines.join("\n")));
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

#[test]
fn only_who_can_read_the_token_is_the_operator() {
    let served = Served::start();
    let ask = |ask: Ask| served.ask(&ask);
    ask(Ask::get("/operator/status")).is_refused(401, "not_operator");
    let wrong = Ask::get("/operator/status").header("Authorization", "Bearer 00");
    ask(wrong).is_refused(401, "not_operator");
    let reply = served.operate(Ask::get("/operator/status"));
    assert_eq!(reply.json()["health"], "good");
    assert_eq!(reply.header("access-control-allow-origin"), None);
}

#[test]
fn a_page_that_makes_a_name_resolve_to_loopback_is_turned_away() {
    let served = Served::start();
    let reply = served.operate(Ask::get("/operator/status").header("Host", "evil.example:8787"));
    reply.is_refused(403, "not_loopback");
}

#[test]
fn the_operators_files_are_private_and_go_with_the_server() {
    let served = Served::start();
    let (token, serving) = (
        served.data().join("operator.token"),
        served.data().join("serve.json"),
    );
    let said: Value = serde_json::from_slice(&std::fs::read(&serving).unwrap()).unwrap();
    assert_eq!(said["address"], served.address().to_string());
    assert_eq!(said["operator"], served.address().to_string());
    #[cfg(unix)]
    for file in [&token, &serving] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (_dir, stopped) = served.stop();
    stopped.unwrap();
    assert!(!token.exists() && !serving.exists());
}

#[test]
fn an_address_that_is_not_loopback_takes_events_alone() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::on("0.0.0.0:0", Limits::default(), dir);
    let port = served.address().port();
    let mut outside = Connection::to(([127, 0, 0, 1], port).into());
    outside
        .send(&Ask::post("/batch/", launched(1)).json())
        .is_ok();
    let token = std::fs::read_to_string(served.data().join("operator.token")).unwrap();
    let with_token =
        Ask::get("/operator/status").header("Authorization", &format!("Bearer {}", token.trim()));
    outside.send(&with_token).is_refused(404, "not_found");
    assert!(served.started.operator.ip().is_loopback());
    assert_eq!(served.operate(Ask::get("/operator/status")).status, 200);
    let mut inside = Connection::to(served.started.operator);
    inside
        .send(&Ask::post("/batch/", launched(2)).json())
        .is_refused(404, "not_found");
}

#[test]
fn projects_are_made_rekeyed_and_removed_while_events_come() {
    let served = Served::start();
    let post = |path: &str, body: Value| served.operate(Ask::post(path, body.to_string()));
    let made = post(
        "/operator/projects",
        json!({"name": "second", "host": "cecli"}),
    );
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    let (id, key) = (
        &made["project"]["id"],
        made["key"].as_str().unwrap().to_owned(),
    );
    let takes = |key: &str| {
        served
            .ask(&Ask::post("/batch/", launched(1).replace(KEY, key)).json())
            .status
    };
    assert_eq!(takes(&key), 200);
    let again = post(
        "/operator/projects",
        json!({"name": "second", "host": "cecli"}),
    );
    again.is_refused(409, "project_exists");
    post("/operator/projects", json!({"name": "x", "host": "nobody"}))
        .is_refused(400, "bad_request");

    let rotated = post(
        &format!("/operator/projects/{id}/rotate"),
        json!({"old": "refuse"}),
    )
    .json();
    assert_eq!(
        (takes(&key), takes(rotated["key"].as_str().unwrap())),
        (401, 200)
    );

    let listed = served.operate(Ask::get("/operator/projects")).json();
    let names: Vec<_> = listed["projects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["name"])
        .collect();
    assert_eq!(names, ["aider", "second"]);
    assert!(!listed.to_string().contains("salt"));

    let path = format!("/operator/projects/{id}");
    assert_eq!(served.operate(Ask::new("DELETE", &path)).status, 200);
    assert_eq!(takes(rotated["key"].as_str().unwrap()), 401);
    served
        .operate(Ask::new("DELETE", &path))
        .is_refused(404, "unknown_project");
}

#[test]
fn d18_a_log_imported_twice_in_any_chunks_is_stored_once() {
    let served = Served::start();
    let twice = line("launched", 1_723_560_031);
    let lines = [
        twice.clone(),
        twice,
        line("exit", 1_723_560_032),
        line("hello", 1_723_560_033),
    ];

    let first = import(&served, "", &lines[..1]);
    assert_eq!(first["committed"], false);
    let run = format!("&run={}", first["run"].as_str().unwrap());
    let rest = import(&served, &format!("{run}&end=1"), &lines[1..]);
    assert_eq!(
        (&rest["stored"], &rest["committed"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(rest["refused"], json!({"unknown_event": 1}));
    assert_eq!(served.stored().len(), 3);
    assert!(served.stored().iter().all(|row| row.consent == "imported"));

    let again = import(&served, "&end=1", &lines);
    assert_eq!(
        (&again["stored"], &again["already_there"]),
        (&json!(0), &json!(3))
    );
    assert_eq!(served.stored().len(), 3);
}

#[test]
fn lines_that_cannot_be_read_are_refused_by_name() {
    let served = Served::start();
    let lines = [
        r#"{"event": "launched", "properties": {}, "user_id": null, "time": 1723560031}"#,
        r#"{"event": "launched", "properties": {"x": NaN}, "user_id": null, "time": 1723560032}"#,
        r#"{"event": "launched", "properties": {}, "user_id": null}"#,
        r#"{"event": "launched", "prop"#,
        "[]",
        r#"{"properties": {}, "time": 1723560031}"#,
    ];
    let done = import(&served, "&end=1", &lines.map(str::to_owned));
    assert_eq!(done["lines"], 6);
    assert_eq!(done["stored"], 2);
    let reasons =
        json!({"bad_json": 1, "bad_timestamp": 1, "no_event_name": 1, "not_an_object": 1});
    assert_eq!(done["refused"], reasons);
    assert!(served.stored().iter().all(|row| row.install.is_none()));
}

#[test]
fn one_import_at_a_time_and_one_that_died_gives_way() {
    let served = Served::start();
    let lines = [line("launched", 1_723_560_031)];
    let first = import(&served, "", &lines);
    let target = format!("/operator/import?project={}", served.project.0);
    served
        .operate(Ask::post(&target, ""))
        .is_refused(409, "import_running");
    served.clock.advance(61_000);
    import(&served, "&end=1", &lines);
    let late = format!("{target}&run={}", first["run"].as_str().unwrap());
    served
        .operate(Ask::post(&late, ""))
        .is_refused(404, "unknown_run");
    assert_eq!(served.stored().len(), 1);
}

#[test]
fn an_import_given_up_leaves_nothing() {
    let served = Served::start();
    let first = import(&served, "", &[line("launched", 1_723_560_031)]);
    let run = first["run"].as_str().unwrap();
    let target = format!("/operator/import?project={}&run={run}", served.project.0);
    assert_eq!(served.operate(Ask::new("DELETE", &target)).status, 200);
    assert_eq!(served.stored(), []);
    import(&served, "&end=1", &[]);
}

#[test]
fn p17_the_operator_says_how_long_events_are_kept_within_what_users_were_told() {
    let served = Served::start();
    let path = format!("/operator/projects/{}/retention", served.project.0);
    let set = |body: Value| served.operate(Ask::post(&path, body.to_string()));
    let shown = set(json!({"received_days": 90})).json();
    assert_eq!(
        (
            &shown["project"]["received_days"],
            &shown["project"]["imported_days"]
        ),
        (&json!(90), &json!(180))
    );
    let shown = set(json!({"imported_days": 4000})).json();
    assert_eq!(
        (
            &shown["project"]["received_days"],
            &shown["project"]["imported_days"]
        ),
        (&json!(90), &json!(4000))
    );
    let more = set(json!({"received_days": 181}));
    assert!(format!("{more:?}").contains("180 days at most"), "{more:?}");
    more.is_refused(400, "bad_retention");
    set(json!({"received_days": -1})).is_refused(400, "bad_request");
    served
        .operate(Ask::post("/operator/projects/99/retention", "{}"))
        .is_refused(404, "unknown_project");
    let new = json!({"name": "second", "host": "cecli", "received_days": 7});
    let made = served.operate(Ask::post("/operator/projects", new.to_string()));
    assert_eq!(made.json()["project"]["received_days"], 7);
    served
        .ask(&Ask::post(&path, "{}"))
        .is_refused(401, "not_operator");
}

#[test]
fn d34_the_operator_says_that_the_clock_is_right() {
    let served = Served::start();
    let doubted = || served.operate(Ask::get("/operator/status")).json()["clock_doubted"].clone();
    assert_eq!(doubted(), Value::Null);
    served.clock.advance(400 * 86_400_000);
    assert_eq!(doubted()["files_held_back"], 0);
    let accepted = served.operate(Ask::post("/operator/clock/accept", ""));
    assert_eq!(accepted.status, 200, "{accepted:?}");
    let now_ms = askfirst_store::Clock::now_ms(&*served.clock);
    assert_eq!(accepted.json(), json!({"now_ms": now_ms}));
    assert_eq!(doubted(), Value::Null);
    served
        .ask(&Ask::post("/operator/clock/accept", ""))
        .is_refused(401, "not_operator");
}
