//! A client that keeps some connections busy.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What to send: every body once, over as many connections, each waiting for its reply before
/// it sends the next.
#[derive(Debug, Clone, Copy)]
pub struct Load<'a> {
    /// Where to.
    pub address: SocketAddr,
    /// Request bodies, JSON.
    pub bodies: &'a [Vec<u8>],
    /// How many connections at once.
    pub connections: usize,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// From the first byte sent to the last reply read.
    pub took: Duration,
    /// How long each request waited, ascending.
    pub waits: Vec<Duration>,
}

impl Outcome {
    /// The wait that `percent` of the requests did not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        let at = (self.waits.len() * percent / 100).min(self.waits.len().saturating_sub(1));
        self.waits.get(at).copied().unwrap_or_default()
    }
}

impl Load<'_> {
    /// Sends everything. Any reply but 200 is an error.
    ///
    /// # Errors
    ///
    /// If a connection fails or a reply is not 200.
    pub fn run(self) -> Result<Outcome> {
        let next = Mutex::new(0);
        let start = Instant::now();
        let waits = std::thread::scope(|scope| -> Result<Vec<Duration>> {
            let workers: Vec<_> = (0..self.connections)
                .map(|_| scope.spawn(|| self.connection(&next)))
                .collect();
            let mut all = Vec::new();
            for worker in workers {
                match worker.join() {
                    Ok(waits) => all.extend(waits?),
                    Err(_) => bail!("a connection panicked"),
                }
            }
            Ok(all)
        });
        let (took, mut waits) = (start.elapsed(), waits?);
        waits.sort_unstable();
        Ok(Outcome { took, waits })
    }

    fn connection(&self, next: &Mutex<usize>) -> Result<Vec<Duration>> {
        let mut stream = TcpStream::connect(self.address).context("cannot connect")?;
        stream.set_nodelay(true)?;
        let mut replies = BufReader::new(stream.try_clone()?);
        let mut waits = Vec::new();
        loop {
            let index = {
                let mut next = next.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                *next += 1;
                *next - 1
            };
            let Some(body) = self.bodies.get(index) else {
                return Ok(waits);
            };
            let start = Instant::now();
            post(&mut stream, body)?;
            let status = read_reply(&mut replies)?;
            if status != 200 {
                bail!("request {index} was answered {status}");
            }
            waits.push(start.elapsed());
        }
    }
}

fn post(stream: &mut TcpStream, body: &[u8]) -> io::Result<()> {
    let head = format!(
        "POST /batch/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

fn read_reply(replies: &mut impl BufRead) -> Result<u16> {
    let mut line = String::new();
    replies.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.with_context(|| format!("no HTTP reply: {line:?}"))?;
    let mut length = 0;
    loop {
        line.clear();
        replies.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    io::copy(&mut replies.take(length), &mut io::sink())?;
    Ok(status)
}
