//! Five collectors on this machine: one that works and four as they go wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use flate2::read::GzDecoder;
use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto};

/// How a collector is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Answers 200, and counts events.
    Works,
    /// Nobody listens.
    Refuses,
    /// Takes the connection and never answers.
    Hangs,
    /// Answers 500.
    Fails,
    /// Packets get no answer at all.
    Drops,
}

impl Manner {
    /// Every manner, and how the table calls it.
    pub const ALL: [(Manner, &str); 5] = [
        (Manner::Works, "works"),
        (Manner::Refuses, "refuses connections"),
        (Manner::Hangs, "accepts, never answers"),
        (Manner::Fails, "answers 500"),
        (Manner::Drops, "packets dropped"),
    ];
}

/// What is on every event that counts, whatever the SDK makes of it.
const MARK: &[u8] = br#""edit_format":"diff""#;

/// A collector, as long as this lives.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    arrived: Arc<AtomicU64>,
    /// Fills the queue of a listener that drops.
    _queued: Vec<rustix::fd::OwnedFd>,
}

impl Collector {
    /// Starts one.
    pub fn start(manner: Manner) -> Result<Collector> {
        let arrived = Arc::new(AtomicU64::new(0));
        if manner == Manner::Drops {
            let (address, queued) = full()?;
            return Ok(Collector {
                address,
                arrived,
                _queued: queued,
            });
        }
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        if manner != Manner::Refuses {
            let counted = Arc::clone(&arrived);
            std::thread::spawn(move || serve(&listener, manner, &counted));
        }
        Ok(Collector {
            address,
            arrived,
            _queued: Vec::new(),
        })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Events that have arrived.
    pub fn arrived(&self) -> u64 {
        self.arrived.load(Ordering::SeqCst)
    }
}

/// A listener whose queue is full: the kernel drops what knocks.
fn full() -> Result<(SocketAddr, Vec<rustix::fd::OwnedFd>)> {
    let socket = || {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        rustix::net::socket_with(
            AddressFamily::INET,
            SocketType::STREAM,
            flags,
            Some(ipproto::TCP),
        )
    };
    let listener = socket()?;
    rustix::net::bind(&listener, &SocketAddr::from(([127, 0, 0, 1], 0)))?;
    rustix::net::listen(&listener, 0)?;
    let address = SocketAddr::try_from(rustix::net::getsockname(&listener)?)?;
    let mut queued = vec![listener];
    for _ in 0..3 {
        let knocking = socket()?;
        // "In progress" is what is wanted.
        let _ = rustix::net::connect(&knocking, &address);
        queued.push(knocking);
    }
    Ok((address, queued))
}

fn serve(listener: &TcpListener, manner: Manner, arrived: &Arc<AtomicU64>) {
    let mut held = Vec::new();
    for stream in listener.incoming().flatten() {
        if manner == Manner::Hangs {
            held.push(stream);
            continue;
        }
        let arrived = Arc::clone(arrived);
        std::thread::spawn(move || answer(&stream, manner, &arrived));
    }
}

/// Answers one connection's requests, until it ends.
fn answer(stream: &TcpStream, manner: Manner, arrived: &AtomicU64) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream.try_clone().ok()?;
    loop {
        let body = request(&mut reader)?;
        let status = match manner {
            Manner::Fails => "500 Internal Server Error",
            _ => {
                let found = body.windows(MARK.len()).filter(|it| *it == MARK).count();
                arrived.fetch_add(found as u64, Ordering::SeqCst);
                "200 OK"
            }
        };
        // In one write: a reply in pieces waits for the other side's receipt of the first.
        let reply = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
        );
        writer.write_all(reply.as_bytes()).ok()?;
    }
}

/// The body of the next request, unpacked; `None` at the end of the connection.
fn request(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let (mut length, mut chunked, mut packed) = (0, false, false);
    let mut first = true;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() && !first {
            break;
        }
        first = false;
        match line
            .split_once(':')
            .map(|(name, value)| (name, value.trim()))
        {
            Some(("content-length", value)) => length = value.parse().ok()?,
            Some(("transfer-encoding", value)) => chunked = value.contains("chunked"),
            Some(("content-encoding", value)) => packed = value == "gzip",
            _ => {}
        }
    }
    let body = match chunked {
        true => chunks(reader)?,
        false => exactly(reader, length)?,
    };
    if !packed {
        return Some(body);
    }
    let mut unpacked = Vec::new();
    GzDecoder::new(&body[..]).read_to_end(&mut unpacked).ok()?;
    Some(unpacked)
}

fn exactly(reader: &mut BufReader<TcpStream>, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn chunks(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut size = String::new();
        reader.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        body.extend(exactly(reader, size)?);
        exactly(reader, 2)?;
        if size == 0 {
            return Some(body);
        }
    }
}
