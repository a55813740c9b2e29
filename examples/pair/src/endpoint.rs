//! An OpenAI-compatible endpoint: one request, and its answer as it comes.
//!
//! A thread of its own reads, so that Ctrl-C is heard while the endpoint is silent. A reader
//! nobody listens to ends with the next words that come.

use std::io::{BufRead, BufReader, Read};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::{Agent, Body, http::Response};

use crate::interrupt::Interrupt;

/// How often Ctrl-C is looked for.
const LISTEN: Duration = Duration::from_millis(50);
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a model may think before its first word.
const FIRST_WORD: Duration = Duration::from_secs(300);
/// The longest answer that is read, in bytes: more than any model writes.
const LONGEST: u64 = 8 << 20;

/// What came back.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) text: String,
    /// Tokens sent and received, if the endpoint counted them.
    pub(crate) usage: Option<(u64, u64)>,
    /// Ctrl-C was pressed before its end.
    pub(crate) interrupted: bool,
}

/// No answer.
pub(crate) struct Failure {
    /// The name the OpenAI libraries have for it: the protocol is theirs.
    pub(crate) class: &'static str,
    /// For the user alone.
    pub(crate) said: String,
    /// The line of this file that gave up.
    pub(crate) line: u32,
}

macro_rules! failure {
    ($class:expr, $($said:tt)+) => {
        Failure { class: $class, said: format!($($said)+), line: line!() }
    };
}

/// Where events of an answer go; none stands for its end.
type Events = Sender<Result<Option<Value>, Failure>>;

/// Where the model is.
#[derive(Clone)]
pub(crate) struct Endpoint {
    url: String,
    /// It goes into the request's header and nowhere else.
    key: Option<String>,
    agent: Agent,
}

impl Endpoint {
    pub(crate) fn new(base: &str, key: Option<String>) -> Endpoint {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(FIRST_WORD))
            .user_agent(concat!("pair/", env!("CARGO_PKG_VERSION")));
        let url = format!("{}/chat/completions", base.trim_end_matches('/'));
        Endpoint { url, key, agent: config.build().into() }
    }

    /// Sends the chat; `each` is given the answer's text as it comes.
    pub(crate) fn ask(
        &self,
        model: &str,
        messages: &[Value],
        interrupt: &Interrupt,
        each: impl Fn(&str),
    ) -> Result<Answer, Failure> {
        let usage = json!({"include_usage": true});
        let body = json!({
            "model": model, "messages": messages, "stream": true, "stream_options": usage,
        });
        let ((sender, events), endpoint) = (mpsc::channel(), self.clone());
        std::thread::spawn(move || {
            let end = endpoint.read(&body.to_string(), &sender);
            let _ = sender.send(end.map(|()| None));
        });
        let mut answer = Answer::default();
        loop {
            let event = match events.recv_timeout(LISTEN) {
                Ok(Ok(Some(event))) => event,
                Ok(Ok(None)) => return Ok(answer),
                Ok(Err(failure)) => return Err(failure),
                Err(RecvTimeoutError::Timeout) => Value::Null,
                Err(_) => return Err(failure!("openai.APIError", "reading the answer failed")),
            };
            if interrupt.pressed.load(Ordering::SeqCst) {
                answer.interrupted = true;
                return Ok(answer);
            }
            if let Some(text) = event["choices"][0]["delta"]["content"].as_str() {
                each(text);
                answer.text.push_str(text);
            }
            let count = |of: &str| event["usage"][of].as_u64();
            let usage = count("prompt_tokens").zip(count("completion_tokens"));
            answer.usage = usage.or(answer.usage);
        }
    }

    fn read(&self, body: &str, events: &Events) -> Result<(), Failure> {
        let mut request = self.agent.post(&self.url).header("Content-Type", "application/json");
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        let response = request.send(body).map_err(|error| {
            let class = match error {
                ureq::Error::Timeout(_) => "openai.APITimeoutError",
                _ => "openai.APIConnectionError",
            };
            failure!(class, "cannot reach {}: {error}; is --openai-api-base right?", self.url)
        })?;
        match response.status().as_u16() {
            200 => stream(response.into_body().into_reader().take(LONGEST), events),
            status => Err(self.refused(status, response)),
        }
    }

    /// What the endpoint says instead of an answer.
    fn refused(&self, status: u16, response: Response<Body>) -> Failure {
        let body = response.into_body().into_reader().take(LONGEST);
        let body: Value = serde_json::from_reader(body).unwrap_or_default();
        let mut said = body["error"]["message"].as_str().unwrap_or("no reason given").to_owned();
        // Some endpoints quote the key in what they say.
        if let Some(key) = self.key.as_ref().filter(|key| !key.is_empty()) {
            said = said.replace(key, "[key]");
        }
        let (class, remedy) = match status {
            400 => ("openai.BadRequestError", ""),
            401 => ("openai.AuthenticationError", "; check OPENAI_API_KEY"),
            403 => ("openai.PermissionDeniedError", ""),
            404 => ("openai.NotFoundError", "; check --model and --openai-api-base"),
            422 => ("openai.UnprocessableEntityError", ""),
            429 => ("openai.RateLimitError", "; wait a while and send it again"),
            500.. => ("openai.InternalServerError", "; send it again later"),
            _ => ("openai.APIStatusError", ""),
        };
        failure!(class, "the endpoint answered {status}: {said}{remedy}")
    }
}

/// Hands server-sent events on until `[DONE]`. Some endpoints leave it out: a reason to finish
/// will do.
fn stream(answer: impl Read, events: &Events) -> Result<(), Failure> {
    let mut finished = false;
    for line in BufReader::new(answer).lines().map_while(Result::ok) {
        let Some(data) = line.strip_prefix("data:").map(str::trim) else { continue };
        if data == "[DONE]" {
            return Ok(());
        }
        let Ok(event) = serde_json::from_str::<Value>(data) else {
            return Err(failure!("openai.APIError", "the endpoint sent an event that is no JSON"));
        };
        if let Some(said) = event["error"]["message"].as_str() {
            return Err(failure!("openai.APIError", "the endpoint broke off: {said}"));
        }
        finished |= event["choices"][0]["finish_reason"].is_string();
        if events.send(Ok(Some(event))).is_err() {
            return Ok(()); // Nobody listens any more.
        }
    }
    let said = "the answer broke off before its end; send it again";
    finished.then_some(()).ok_or_else(|| failure!("openai.APIConnectionError", "{said}"))
}
