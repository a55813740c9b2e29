//! A stand-in for the endpoint of a language model: OpenAI's protocol, always the same answer.

use serde_json::{Value, json};

use super::http::Request;
use super::server::{Reply, Server};
use crate::error::Error;

/// An edit of `hello.py`, in the form most tools ask models for.
const EDIT: &str = "\
Here is the greeting.

hello.py
```python
<<<<<<< SEARCH
print(\"hello\")
=======
print(\"hello\")
print(\"good morning\")
>>>>>>> REPLACE
```
";
const COMMIT: &str = "feat: add a greeting";
/// A fixed time, so that two runs get the same bytes.
const CREATED: u64 = 1_785_542_400;

/// Starts it.
///
/// # Errors
///
/// If the loopback has no free port.
pub(crate) fn start() -> Result<Server, Error> {
    Server::start(Box::new(|request| Some(reply(request))))
}

fn reply(request: &Request) -> Reply {
    let path = request.target.split('?').next().unwrap_or_default();
    if path.ends_with("/models") {
        let model =
            json!({"id": "gpt-4o", "object": "model", "created": CREATED, "owned_by": "stand-in"});
        return Reply::json(200, json!({"object": "list", "data": [model]}).to_string());
    }
    if !path.ends_with("/chat/completions") {
        // Quoting what was asked for, as endpoints do: a tool may pass that on.
        let message = format!("no such path: {path}");
        return Reply::json(404, json!({"error": {"message": message}}).to_string());
    }
    let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let answer = match asked["messages"].to_string().contains("commit message") {
        true => COMMIT,
        false => EDIT,
    };
    match asked["stream"].as_bool() {
        Some(true) => Reply {
            status: 200,
            kind: "text/event-stream",
            body: stream(&asked, answer),
        },
        _ => Reply::json(200, completion(&asked, answer).to_string()),
    }
}

fn head(asked: &Value, kind: &str) -> Value {
    let model = asked["model"].as_str().unwrap_or("gpt-4o");
    json!({"id": "chatcmpl-stand-in", "object": kind, "created": CREATED, "model": model})
}

fn usage() -> Value {
    json!({"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050})
}

fn completion(asked: &Value, answer: &str) -> Value {
    let mut whole = head(asked, "chat.completion");
    let message = json!({"role": "assistant", "content": answer});
    whole["choices"] = json!([{"index": 0, "message": message, "finish_reason": "stop"}]);
    whole["usage"] = usage();
    whole
}

fn stream(asked: &Value, answer: &str) -> String {
    let chunk = |choices: Value| {
        let mut chunk = head(asked, "chat.completion.chunk");
        chunk["choices"] = choices;
        chunk
    };
    let delta = |delta: Value, reason: Value| {
        chunk(json!([{"index": 0, "delta": delta, "finish_reason": reason}]))
    };
    let mut chunks = vec![delta(
        json!({"role": "assistant", "content": ""}),
        Value::Null,
    )];
    chunks.extend(
        answer
            .split_inclusive('\n')
            .map(|line| delta(json!({"content": line}), Value::Null)),
    );
    chunks.push(delta(json!({}), json!("stop")));
    if asked["stream_options"]["include_usage"] == true {
        let mut last = chunk(json!([]));
        last["usage"] = usage();
        chunks.push(last);
    }
    let mut text: String = chunks
        .iter()
        .map(|chunk| format!("data: {chunk}\n\n"))
        .collect();
    text.push_str("data: [DONE]\n\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(body: &Value) -> Reply {
        reply(&Request {
            target: "/v1/chat/completions".to_owned(),
            body: body.to_string().into_bytes(),
            ..Request::default()
        })
    }

    #[test]
    fn an_answer_comes_whole_or_in_pieces_and_is_the_same() {
        let whole: Value = serde_json::from_str(&asked(&json!({"messages": []})).body).unwrap();
        let streamed = asked(&json!({"messages": [], "stream": true})).body;
        let pieces: String = streamed
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok())
            .filter_map(|chunk| Some(chunk["choices"][0]["delta"]["content"].as_str()?.to_owned()))
            .collect();
        assert_eq!(whole["choices"][0]["message"]["content"], pieces.as_str());
        assert_eq!(pieces, EDIT);
    }
}
