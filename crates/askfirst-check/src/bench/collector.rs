//! Collectors, good and bad.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::net::{
    AddressFamily, SocketFlags, SocketType, bind, connect, getsockname, listen, socket_with,
};

use super::http::Request;
use super::server::{Reply, Server};
use crate::error::{Error, Named as _};
use crate::policy::LATENCY;

/// What becomes of what is sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Takes everything at once.
    Good,
    /// Takes everything, a third of a second later.
    Slow,
    /// Answers 500.
    Failing,
    /// Accepts and never answers.
    Hanging,
    /// Refuses connections.
    Refusing,
    /// Nothing answers the first packet of a connection.
    Dropping,
}

impl Kind {
    /// Those that take nothing.
    pub const BAD: [Kind; 4] = [Kind::Refusing, Kind::Failing, Kind::Hanging, Kind::Dropping];

    /// What it does, after "a collector that".
    pub fn does(self) -> &'static str {
        match self {
            Kind::Good => "answers",
            Kind::Slow => "answers after 0.3 s",
            Kind::Failing => "answers 500",
            Kind::Hanging => "accepts and never answers",
            Kind::Refusing => "refuses connections",
            Kind::Dropping => "drops packets",
        }
    }
}

/// A collector on the loopback.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    server: Option<Server>,
    /// Of one that does not answer; the last is the one whose address it has.
    sockets: Vec<OwnedFd>,
}

impl Collector {
    /// Starts one.
    ///
    /// # Errors
    ///
    /// If the loopback has no free port.
    pub fn start(kind: Kind) -> Result<Collector, Error> {
        match kind {
            Kind::Refusing => silent(false),
            Kind::Dropping => silent(true),
            Kind::Good | Kind::Slow | Kind::Failing | Kind::Hanging => {
                let server = Server::start(Box::new(move |request| reply(kind, request)))?;
                Ok(Collector {
                    address: server.address(),
                    server: Some(server),
                    sockets: Vec::new(),
                })
            }
        }
    }

    /// Begins to answer, where it refused before.
    ///
    /// # Errors
    ///
    /// If the system does not let it.
    pub fn open(&mut self) -> Result<(), Error> {
        if let Some(socket) = self.sockets.pop() {
            listen(&socket, 128).to("listen on 127.0.0.1")?;
            let handler = Box::new(|request: &Request| reply(Kind::Good, request));
            self.server = Some(Server::on(socket.into(), handler)?);
        }
        Ok(())
    }

    /// Its address, as a tool is told it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request it was sent.
    pub fn received(&self) -> Vec<Request> {
        self.server.as_ref().map_or_else(Vec::new, Server::received)
    }

    /// How many connections were made, where that can be seen.
    pub fn connections(&self) -> usize {
        self.server.as_ref().map_or(0, Server::connections)
    }

    /// Waits until `enough` holds of what it was sent; whether it came to that.
    pub fn wait(&self, most: Duration, enough: impl Fn(&[Request]) -> bool) -> bool {
        match &self.server {
            Some(server) => server.wait(most, enough),
            None => {
                pause(most);
                false
            }
        }
    }
}

fn reply(kind: Kind, request: &Request) -> Option<Reply> {
    // At the proxy: nothing goes further than this machine.
    if request.method == "CONNECT" || request.target.starts_with("http") {
        return Some(Reply::json(502, "{}"));
    }
    match kind {
        Kind::Hanging => None,
        Kind::Failing => Some(Reply::json(500, r#"{"detail":"out of order"}"#)),
        Kind::Slow => {
            pause(LATENCY);
            Some(Reply::json(200, r#"{"status":"Ok"}"#))
        }
        _ => Some(Reply::json(200, r#"{"status":"Ok"}"#)),
    }
}

/// Waits. Nothing can be waited *for*: the delay is what is wanted.
pub(crate) fn pause(time: Duration) {
    let (_never, waited) = std::sync::mpsc::channel::<()>();
    let _ = waited.recv_timeout(time);
}

/// A port of its own behind which nobody is. Bound and not listening, it refuses; listening
/// with a backlog that is full, it says nothing at all: Linux drops the first packet of any
/// further connection.
fn silent(dropping: bool) -> Result<Collector, Error> {
    const WHAT: &str = "make a port that does not answer";
    let any = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0);
    let inet = || {
        socket_with(
            AddressFamily::INET,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        )
    };
    let listener = inet().to(WHAT)?;
    bind(&listener, &any).to(WHAT)?;
    let address: SocketAddr = getsockname(&listener)
        .and_then(SocketAddr::try_from)
        .to(WHAT)?;
    let mut sockets = Vec::new();
    if dropping {
        listen(&listener, 0).to(WHAT)?;
        for _ in 0..3 {
            let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
            let waiting =
                socket_with(AddressFamily::INET, SocketType::STREAM, flags, None).to(WHAT)?;
            // In progress, which is all it will ever be.
            let _ = connect(&waiting, &address);
            sockets.push(waiting);
        }
    }
    sockets.push(listener);
    Ok(Collector {
        address,
        server: None,
        sockets,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    const SOON: Duration = Duration::from_millis(300);

    fn reached(collector: &Collector) -> Result<TcpStream, ErrorKind> {
        TcpStream::connect_timeout(&collector.address, SOON).map_err(|error| error.kind())
    }

    #[test]
    fn a_good_one_answers_and_keeps_what_it_was_sent() {
        let collector = Collector::start(Kind::Good).unwrap();
        let mut stream = reached(&collector).unwrap();
        stream
            .write_all(b"POST /batch/ HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
            .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        assert_eq!(collector.received().len(), 1);
    }

    #[test]
    fn a_refusing_one_refuses_and_a_dropping_one_says_nothing() {
        let refusing = Collector::start(Kind::Refusing).unwrap();
        assert_eq!(
            reached(&refusing).unwrap_err(),
            ErrorKind::ConnectionRefused
        );
        let dropping = Collector::start(Kind::Dropping).unwrap();
        assert_eq!(reached(&dropping).unwrap_err(), ErrorKind::TimedOut);
    }

    #[test]
    fn one_that_refused_answers_once_it_is_opened() {
        let mut collector = Collector::start(Kind::Refusing).unwrap();
        assert!(reached(&collector).is_err());
        collector.open().unwrap();
        assert!(reached(&collector).is_ok());
    }

    #[test]
    fn a_hanging_one_takes_the_request_and_answers_nothing() {
        let collector = Collector::start(Kind::Hanging).unwrap();
        let mut stream = reached(&collector).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        assert!(collector.wait(Duration::from_secs(20), |received| received.len() == 1));
        stream.set_read_timeout(Some(SOON)).unwrap();
        assert!(stream.read(&mut [0; 1]).is_err());
    }
}
