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
    /// How long each request waited, ascending; those of one that was told to come back, together.
    pub waits: Vec<Duration>,
    /// How often the server said 503, come back.
    pub refused: usize,
}

/// How long a client that was told to come back stays away.
const AWAY: Duration = Duration::from_millis(100);

impl Outcome {
    /// The wait that `percent` of the requests did not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        let at = (self.waits.len() * percent / 100).min(self.waits.len().saturating_sub(1));
        self.waits.get(at).copied().unwrap_or_default()
    }
}

impl Load<'_> {
    /// Sends everything, and again what was answered 503. Any reply but these and 200 is an error.
    ///
    /// # Errors
    ///
    /// If a connection fails or a reply is neither 200 nor 503.
    pub fn run(self) -> Result<Outcome> {
        let next = Mutex::new(0);
        let start = Instant::now();
        let sent = std::thread::scope(|scope| -> Result<(Vec<Duration>, usize)> {
            let workers: Vec<_> = (0..self.connections)
                .map(|_| scope.spawn(|| self.connection(&next)))
                .collect();
            let (mut all, mut refused) = (Vec::new(), 0);
            for worker in workers {
                let Ok(sent) = worker.join() else {
                    bail!("a connection panicked");
                };
                let (waits, times) = sent?;
                all.extend(waits);
                refused += times;
            }
            Ok((all, refused))
        });
        let took = start.elapsed();
        let (mut waits, refused) = sent?;
        waits.sort_unstable();
        Ok(Outcome {
            took,
            waits,
            refused,
        })
    }

    fn connection(&self, next: &Mutex<usize>) -> Result<(Vec<Duration>, usize)> {
        let mut stream = TcpStream::connect(self.address).context("cannot connect")?;
        stream.set_nodelay(true)?;
        let mut replies = BufReader::new(stream.try_clone()?);
        let (mut waits, mut refused) = (Vec::new(), 0);
        loop {
            let index = {
                let mut next = next.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                *next += 1;
                *next - 1
            };
            let Some(body) = self.bodies.get(index) else {
                return Ok((waits, refused));
            };
            let start = Instant::now();
            loop {
                post(&mut stream, body)?;
                match read_reply(&mut replies)? {
                    200 => break,
                    503 => refused += 1,
                    status => bail!("request {index} was answered {status}"),
                }
                std::thread::park_timeout(AWAY);
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
