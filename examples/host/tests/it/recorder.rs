//! A server that takes everything and keeps it, byte for byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};

/// Where it is, and what it was sent.
pub(crate) struct Recorder {
    pub(crate) url: String,
    pub(crate) bodies: Receiver<Vec<u8>>,
    /// What stood before each body: the line of the request and its headers.
    pub(crate) heads: Receiver<String>,
}

impl Recorder {
    pub(crate) fn start() -> Recorder {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, bodies) = mpsc::channel();
        let (first, heads) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                while let Some((head, body)) = request(&mut reader) {
                    let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"Ok\"}";
                    if reader.get_mut().write_all(reply).is_err()
                        || first.send(head).is_err()
                        || sender.send(body).is_err()
                    {
                        break;
                    }
                }
            }
        });
        Recorder { url, bodies, heads }
    }
}

/// Head and body of the next request on a connection.
fn request(reader: &mut BufReader<std::net::TcpStream>) -> Option<(String, Vec<u8>)> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(n) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}
