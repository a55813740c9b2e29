//! A client that writes what it is told, byte for byte, and reads the reply.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

/// A request in the making.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask {
    pub(crate) fn new(method: &str, target: &str) -> Ask {
        let (method, target) = (method.to_owned(), target.to_owned());
        Ask {
            method,
            target,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn get(target: &str) -> Ask {
        Ask::new("GET", target)
    }

    pub(crate) fn post(target: &str, body: impl Into<Vec<u8>>) -> Ask {
        Ask {
            body: body.into(),
            ..Ask::new("POST", target)
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Ask {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn json(self) -> Ask {
        self.header("Content-Type", "application/json")
    }

    /// The body compressed, and said to be.
    pub(crate) fn gzip(self) -> Ask {
        let body = super::bodies::gzip(&self.body);
        Ask { body, ..self }.header("Content-Encoding", "gzip")
    }

    fn head(&self) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            head.push_str("Host: 127.0.0.1\r\n");
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head
    }

    /// The request with its length.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let head = format!("{}Content-Length: {}\r\n\r\n", self.head(), self.body.len());
        [head.into_bytes(), self.body.clone()].concat()
    }

    /// The request in chunks of `size` bytes.
    pub(crate) fn chunked(&self, size: usize) -> Vec<u8> {
        let mut bytes = format!("{}Transfer-Encoding: chunked\r\n\r\n", self.head()).into_bytes();
        for chunk in self.body.chunks(size) {
            bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            bytes.extend(chunk);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        bytes
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The reply every accepted batch gets, to the byte.
    pub(crate) fn is_ok(&self) {
        assert_eq!(
            (self.status, self.body.as_str()),
            (200, r#"{"status":"Ok"}"#)
        );
    }

    /// A refusal: this status and error, as an object with a sentence.
    #[track_caller]
    pub(crate) fn is_refused(&self, status: u16, error: &str) {
        assert_eq!(self.status, status, "{self:?}");
        let body = self.json();
        assert_eq!(body["error"], error, "{self:?}");
        assert!(
            body["detail"]
                .as_str()
                .is_some_and(|detail| detail.len() > 10),
            "{self:?}"
        );
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn to(address: SocketAddr) -> Connection {
        Connection(BufReader::new(TcpStream::connect(address).unwrap()))
    }

    pub(crate) fn send(&mut self, ask: &Ask) -> Reply {
        self.write(&ask.bytes());
        self.reply().unwrap()
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// Writes what can be written before the other side closes.
    pub(crate) fn try_write(&mut self, bytes: &[u8]) {
        let _ = self.0.get_mut().write_all(bytes);
    }

    /// The next reply, or none if the server closed the connection.
    pub(crate) fn reply(&mut self) -> Option<Reply> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        while let Some((name, value)) = self.line()?.split_once(": ") {
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut reply = Reply {
            status,
            headers,
            body: String::new(),
        };
        let length = reply
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        // compressed bodies are no text; nothing looks into them
        reply.body = String::from_utf8_lossy(&body).into_owned();
        Some(reply)
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
        }
    }
}
