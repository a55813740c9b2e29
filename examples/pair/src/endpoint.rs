//! An OpenAI-compatible endpoint: one request, and its answer as it comes.
//!
//! A thread of its own reads, so that Ctrl-C is heard while the endpoint is silent. A reader
//! nobody listens to ends with the next words that come.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Response;

use crate::cli::Secret;
use crate::interrupt::Interrupt;

/// How often Ctrl-C is looked for.
const LISTEN: Duration = Duration::from_millis(50);

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a model may think before its first word.
const FIRST_WORD: Duration = Duration::from_secs(300);

/// The longest answer that is read, in bytes: more than any model writes.
const LONGEST: u64 = 8 << 20;

/// One message of the chat.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) role: &'static str,
    pub(crate) content: String,
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) text: String,
    /// Tokens sent and received, if the endpoint counted them.
    pub(crate) usage: Option<(u64, u64)>,
    /// Ctrl-C was pressed before its end.
    pub(crate) interrupted: bool,
}

/// Why there is no answer, by the names the OpenAI libraries have for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Status(u16),
    /// The endpoint cannot be reached, or broke off.
    Connection,
    Timeout,
    /// It answered something else, or an error in the middle of an answer.
    Api,
}

/// No answer.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) why: Why,
    /// For the user alone.
    pub(crate) said: String,
    /// The line of this file that gave up.
    pub(crate) line: u32,
}

macro_rules! failure {
    ($why:expr, $($said:tt)+) => {
        Failure { why: $why, said: format!($($said)+), line: line!() }
    };
}

/// Where the model is.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    url: String,
    key: Option<Secret>,
    agent: Agent,
}

enum Piece {
    Text(String),
    Usage(u64, u64),
    End(Result<(), Failure>),
}

impl Endpoint {
    pub(crate) fn new(base: &str, key: Option<Secret>) -> Endpoint {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(FIRST_WORD))
            .user_agent(concat!("pair/", env!("CARGO_PKG_VERSION")))
            .build();
        Endpoint {
            url: format!("{}/chat/completions", base.trim_end_matches('/')),
            key,
            agent: config.into(),
        }
    }

    /// Sends the chat; `each` is given the answer's text as it comes.
    pub(crate) fn ask(
        &self,
        model: &str,
        chat: &[Message],
        interrupt: &Interrupt,
        mut each: impl FnMut(&str),
    ) -> Result<Answer, Failure> {
        let pieces = self.start(body(model, chat));
        let mut answer = Answer::default();
        loop {
            if interrupt.is_pressed() {
                answer.interrupted = true;
                return Ok(answer);
            }
            match pieces.recv_timeout(LISTEN) {
                Ok(Piece::Text(text)) => {
                    each(&text);
                    answer.text.push_str(&text);
                }
                Ok(Piece::Usage(sent, received)) => answer.usage = Some((sent, received)),
                Ok(Piece::End(end)) => return end.map(|()| answer),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(failure!(Why::Connection, "the answer was not read"));
                }
            }
        }
    }

    fn start(&self, body: String) -> Receiver<Piece> {
        let (sender, pieces) = mpsc::channel();
        let endpoint = self.clone();
        std::thread::spawn(move || {
            let end = endpoint.read(&body, &sender).map_err(|mut failure| {
                // Some endpoints quote the key in what they say.
                if let Some(key) = endpoint.key.as_ref().filter(|key| !key.expose().is_empty()) {
                    failure.said = failure.said.replace(key.expose(), "[key]");
                }
                failure
            });
            let _ = sender.send(Piece::End(end));
        });
        pieces
    }

    fn read(&self, body: &str, pieces: &Sender<Piece>) -> Result<(), Failure> {
        let mut request = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream");
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {}", key.expose()));
        }
        let response = request
            .send(body)
            .map_err(|error| self.unreachable(&error))?;
        if response.status() != 200 {
            return Err(refused(response));
        }
        let answer = response.into_body().into_reader().take(LONGEST);
        events(BufReader::new(answer), pieces)
    }

    fn unreachable(&self, error: &ureq::Error) -> Failure {
        match error {
            ureq::Error::Timeout(_) => {
                failure!(Why::Timeout, "{} did not answer in time", self.url)
            }
            error => failure!(
                Why::Connection,
                "cannot reach {}: {error}; is --openai-api-base right?",
                self.url
            ),
        }
    }
}

fn body(model: &str, chat: &[Message]) -> String {
    let messages: Vec<Value> = chat
        .iter()
        .map(|message| json!({"role": message.role, "content": message.content}))
        .collect();
    json!({
        "model": model,
        "messages": messages,
        "stream": true,
        "stream_options": {"include_usage": true},
    })
    .to_string()
}

/// What the endpoint says instead of an answer.
fn refused(response: Response<ureq::Body>) -> Failure {
    let status = response.status().as_u16();
    let mut text = String::new();
    let mut body = response.into_body().into_reader().take(16 << 10);
    let _ = body.read_to_string(&mut text);
    let said: Option<String> = serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|body| Some(body["error"]["message"].as_str()?.to_owned()));
    let remedy = match status {
        401 | 403 => "; check OPENAI_API_KEY",
        404 => "; check --model and --openai-api-base",
        429 => "; wait a while and send it again",
        500.. => "; send it again later",
        _ => "",
    };
    let said = said.unwrap_or_else(|| "no reason given".to_owned());
    failure!(
        Why::Status(status),
        "the endpoint answered {status}: {said}{remedy}"
    )
}

/// Reads server-sent events until `[DONE]`.
fn events(answer: impl BufRead, pieces: &Sender<Piece>) -> Result<(), Failure> {
    let mut finished = false;
    for line in answer.lines() {
        let line = line.map_err(|error| {
            failure!(
                Why::Connection,
                "the answer broke off: {error}; send it again"
            )
        })?;
        let Some(data) = line.strip_prefix("data:").map(str::trim) else {
            continue;
        };
        if data == "[DONE]" {
            return Ok(());
        }
        let Ok(event) = serde_json::from_str::<Value>(data) else {
            return Err(failure!(
                Why::Api,
                "the endpoint sent an event that is no JSON"
            ));
        };
        if let Some(said) = event["error"]["message"].as_str() {
            return Err(failure!(Why::Api, "the endpoint broke off: {said}"));
        }
        let choice = &event["choices"][0];
        finished |= choice["finish_reason"].is_string();
        let text = choice["delta"]["content"].as_str().map(str::to_owned);
        let usage = &event["usage"];
        let count = |of: &str| usage[of].as_u64();
        let usage = count("prompt_tokens").zip(count("completion_tokens"));
        let sent = text
            .map(Piece::Text)
            .into_iter()
            .chain(usage.map(|(sent, received)| Piece::Usage(sent, received)))
            .try_for_each(|piece| pieces.send(piece));
        if sent.is_err() {
            // Nobody listens any more.
            return Ok(());
        }
    }
    match finished {
        // Some endpoints leave `[DONE]` out.
        true => Ok(()),
        false => Err(failure!(
            Why::Connection,
            "the answer broke off before its end; send it again"
        )),
    }
}
