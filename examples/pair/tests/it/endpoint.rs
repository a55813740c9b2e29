//! The endpoint, and what happens when it refuses, breaks off or falls silent.

use std::process::Output;

use serde_json::Value;

use crate::project::{KEY, Project, names, said};
use crate::server::Reply;

/// One message to an endpoint that answers `reply`: the run and its events.
fn answered(reply: Reply) -> (Project, Output, Vec<Value>) {
    let project = Project::answered(move |_, _| reply.clone());
    let (output, events) = project.logged(&["--message", "edit", "hello.py"], "");
    (project, output, events)
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_request_carries_the_key_in_its_header_and_the_file_in_its_body() {
    let project = Project::new();
    said(&project.run(&["--model", "openai/gpt-4o", "--message", "greet", "hello.py"], ""));
    let first = &project.requests()[0];
    let bearer = format!("authorization: Bearer {KEY}");
    assert!(first.head.contains(&bearer), "{:?}", first.head);
    assert_eq!(first.body["model"], "gpt-4o", "without the provider");
    assert_eq!(first.body["stream"], true);
    assert!(first.system().contains("hello.py\n```\nprint(\"hello\")\n```"));
    assert_eq!(first.last(), "greet");
}

#[test]
fn a_refusal_is_said_with_a_remedy_and_recorded_by_its_class() {
    let statuses = [
        (400, "openai.BadRequestError", "400: why"),
        (401, "openai.AuthenticationError", "401: why; check OPENAI_API_KEY"),
        (404, "openai.NotFoundError", "404: why; check --model"),
        (429, "openai.RateLimitError", "429: why; wait a while"),
        (500, "openai.InternalServerError", "500: why; send it again later"),
        (418, "openai.APIStatusError", "418: why"),
    ];
    for (status, class, words) in statuses {
        let (_, output, events) = answered(Reply::Status(status, "why".to_owned()));
        assert_eq!(output.status.code(), Some(1), "{status}");
        assert!(error(&output).contains(words), "{}", error(&output));
        let failed = events.iter().find(|it| it["event"] == "message_send_exception");
        let properties = &failed.unwrap()["properties"];
        assert_eq!(properties["error"], class);
        let frames = properties["frames"].as_str().unwrap();
        assert!(frames.starts_with("endpoint:"), "{frames}");
        assert!(!names(&events).contains(&"message_send"));
    }
}

#[test]
fn an_answer_that_breaks_off_is_no_answer() {
    let cut = "hello.py\n<<<<<<< SEARCH\nprint(\"hello\")\n=======\nx\n>>>>>>> REPLACE\n";
    let (project, output, events) = answered(Reply::Cut(cut.to_owned()));
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("the answer broke off before its end; send it again"));
    assert_eq!(project.read("hello.py"), "print(\"hello\")\n", "nothing is applied");
    assert_eq!(events[4]["properties"]["error"], "openai.APIConnectionError");
}

#[test]
fn an_error_in_the_middle_of_an_answer_is_said() {
    let line = r#"data: {"error":{"message":"overloaded"}}"#;
    let (_, output, events) = answered(Reply::Line(line.to_owned()));
    assert!(error(&output).contains("the endpoint broke off: overloaded"));
    assert_eq!(events[4]["properties"]["error"], "openai.APIError");
    let (_, output, _) = answered(Reply::Line("data: <html>".to_owned()));
    assert!(error(&output).contains("an event that is no JSON"));
}

#[test]
fn an_endpoint_that_is_not_there_is_said_with_a_remedy() {
    let project = Project::new();
    let nobody = "http://127.0.0.1:9/v1";
    let args = ["--openai-api-base", nobody, "--message", "greet"];
    let (output, events) = project.logged(&args, "");
    assert_eq!(output.status.code(), Some(1));
    let words = "cannot reach http://127.0.0.1:9/v1/chat/completions";
    assert!(error(&output).contains(words), "{}", error(&output));
    assert_eq!(events[4]["properties"]["error"], "openai.APIConnectionError");
}

#[test]
fn a_key_that_the_endpoint_quotes_is_not_shown() {
    let quoting = format!("Incorrect API key provided: {KEY}.");
    let (_, output, _) = answered(Reply::Status(401, quoting));
    assert!(error(&output).contains("provided: [key]."), "{}", error(&output));
}

#[test]
fn what_a_model_writes_does_not_drive_the_terminal() {
    let (_, output, _) = answered(Reply::Text("\u{1b}[2Jhello\u{7}".to_owned(), None));
    let said = said(&output);
    assert!(said.starts_with("[2Jhello\n"), "{said:?}");
}

#[test]
fn tokens_that_nobody_counted_are_estimated_and_said_to_be() {
    let (_, output, _) = answered(Reply::Text("eight ch".to_owned(), None));
    let said = said(&output);
    assert!(said.contains("Tokens: about ") && said.contains(" 2 received."), "{said}");
}
