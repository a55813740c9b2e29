//! Servers on this machine.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{JoinHandle, spawn};

/// The requests of each connection.
pub(super) type Requests = Vec<Vec<Vec<u8>>>;

/// A server that answers one connection after the other.
pub(super) struct Server {
    authority: String,
    thread: JoinHandle<Requests>,
}

impl Server {
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    /// By the name for which its certificate is.
    pub(super) fn encrypted_url(&self) -> String {
        self.url("/batch/")
            .replace("http://127.0.0.1", "https://localhost")
    }

    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// What it was asked. It must not be in a conversation any more.
    pub(super) fn requests(self) -> Requests {
        // Wakes it, if it waits for one more.
        drop(TcpStream::connect(&self.authority));
        self.thread.join().unwrap()
    }
}

/// Each connection is closed after its last answer.
pub(super) fn serve<C, A>(connections: C) -> Server
where
    C: IntoIterator<Item = A>,
    A: IntoIterator,
    A::Item: AsRef<[u8]>,
{
    let answers = connections.into_iter().map(|answers| {
        let answers = answers.into_iter();
        answers.map(|it| it.as_ref().to_vec()).collect()
    });
    let answers: Vec<Vec<Vec<u8>>> = answers.collect();
    serve_with(move |connection| {
        let mut seen = Requests::new();
        for answers in &answers {
            let mut stream = connection();
            let requests = converse(&mut stream, answers);
            if requests.is_empty() {
                break;
            }
            seen.push(requests);
        }
        seen
    })
}

/// A server that does this with the connections it is given.
pub(super) fn serve_with(
    run: impl FnOnce(&mut dyn FnMut() -> TcpStream) -> Requests + Send + 'static,
) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let accept = move || {
        let stream = listener.accept().unwrap().0;
        // What is written is to be there then, whatever was acknowledged.
        stream.set_nodelay(true).unwrap();
        stream
    };
    let thread = spawn(move || run(&mut { accept }));
    Server { authority, thread }
}

/// The requests of one connection, answered each.
pub(super) fn converse(stream: &mut (impl Read + Write), answers: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut requests = Vec::new();
    for answer in answers {
        let Some(request) = request(stream) else {
            break;
        };
        requests.push(request);
        // Who has heard enough hangs up.
        drop(stream.write_all(answer).and_then(|()| stream.flush()));
    }
    requests
}

/// The head of a request; nothing if none comes.
pub(super) fn head(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => read.extend(byte),
            _ => return None,
        }
    }
    Some(read)
}

/// A whole request, by its `Content-Length`; nothing if none comes.
fn request(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut read = head(stream)?;
    let head = String::from_utf8(read.clone()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    read.extend(body);
    Some(read)
}

/// Somebody who takes connections and says nothing, as long as the listener is held.
pub(super) fn hanging() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    (url, listener)
}

/// An address where nobody listens.
pub(super) fn nobody() -> String {
    hanging().0
}
