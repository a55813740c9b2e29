//! An endpoint on a free port of this machine that answers as it is told to.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use serde_json::{Value, json};

/// What is asked of it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Its header lines, in lower case up to the colon.
    #[allow(dead_code, reason = "for the tests")]
    pub(crate) head: Vec<String>,
    pub(crate) body: Value,
}

impl Request {
    /// The first message, which says what the model is to do.
    pub(crate) fn system(&self) -> &str {
        self.body["messages"][0]["content"].as_str().unwrap_or_default()
    }

    /// The last message.
    pub(crate) fn last(&self) -> &str {
        let messages = self.body["messages"].as_array();
        let last = messages.and_then(|all| all.last()?["content"].as_str());
        last.unwrap_or_default()
    }
}

/// What it does then.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "the program uses one of them, the tests all")]
pub(crate) enum Reply {
    /// Streams this text, and says how many tokens it counted, if it counts.
    Text(String, Option<(u64, u64)>),
    /// Refuses with a status and these words.
    Status(u16, String),
    /// Streams this text and closes the connection before its end.
    Cut(String),
    /// Streams this text, and then nothing until the other side goes.
    Silence(String),
    /// Streams this line of the protocol.
    Line(String),
}

/// Answers whoever connects, each on a thread, as `reply` says.
pub(crate) fn serve(
    listener: TcpListener,
    reply: impl Fn(Request) -> Reply + Send + Sync + 'static,
) {
    let reply = Arc::new(reply);
    for stream in listener.incoming().flatten() {
        let reply = Arc::clone(&reply);
        std::thread::spawn(move || {
            // Who goes away early is nobody's concern.
            let _ = one(stream, &*reply);
        });
    }
}

fn one(stream: TcpStream, reply: &dyn Fn(Request) -> Reply) -> io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    let request = read(&mut reader)?;
    match reply(request) {
        Reply::Status(status, said) => {
            let body = json!({"error": {"message": said}}).to_string();
            let length = body.len();
            write!(
                out,
                "HTTP/1.1 {status} No\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
            )
        }
        Reply::Text(text, usage) => {
            begin(&mut out)?;
            words(&mut out, &text)?;
            line(&mut out, &json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}))?;
            if let Some((sent, received)) = usage {
                let usage = json!({"prompt_tokens": sent, "completion_tokens": received});
                line(&mut out, &json!({"choices": [], "usage": usage}))?;
            }
            out.write_all(b"data: [DONE]\n\n")
        }
        Reply::Cut(text) => {
            begin(&mut out)?;
            words(&mut out, &text)
        }
        Reply::Silence(text) => {
            begin(&mut out)?;
            words(&mut out, &text)?;
            reader.read_to_end(&mut Vec::new()).map(drop)
        }
        Reply::Line(text) => {
            begin(&mut out)?;
            write!(out, "{text}\n\n")
        }
    }
}

fn begin(out: &mut TcpStream) -> io::Result<()> {
    out.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n",
    )
}

/// A text in pieces, as models send it.
fn words(out: &mut TcpStream, text: &str) -> io::Result<()> {
    text.split_inclusive(' ')
        .try_for_each(|word| line(out, &json!({"choices": [{"delta": {"content": word}}]})))
}

fn line(out: &mut TcpStream, event: &Value) -> io::Result<()> {
    write!(out, "data: {event}\n\n")
}

fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Request> {
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let name = name.to_lowercase();
        if name == "content-length" {
            length = value.trim().parse().unwrap_or(0);
        }
        head.push(format!("{name}:{value}"));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Ok(Request { head, body })
}
