//! A server that takes everything, and keeps it byte for byte with its headers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};

/// Where it is, and the requests it was sent.
pub(crate) struct Listener {
    pub(crate) url: String,
    pub(crate) requests: Receiver<Vec<u8>>,
}

impl Listener {
    pub(crate) fn start() -> Listener {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream);
                    while let Some(request) = request(&mut reader) {
                        let reply =
                            b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"Ok\"}";
                        // Kept before it is answered: what was answered is there.
                        if sender.send(request).is_err()
                            || reader.get_mut().write_all(reply).is_err()
                        {
                            break;
                        }
                    }
                });
            }
        });
        Listener { url, requests }
    }
}

/// The next request on a connection, head and body.
fn request(reader: &mut BufReader<std::net::TcpStream>) -> Option<Vec<u8>> {
    let (mut request, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        request.extend_from_slice(line.as_bytes());
        if let Some(n) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let head = request.len();
    request.resize(head + length, 0);
    reader.read_exact(request.get_mut(head..)?).ok()?;
    Some(request)
}
