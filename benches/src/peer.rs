//! The naive peer: what a collector costs that only keeps bytes.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::Result;

/// Answers 200 to every request once its body is appended to one file and synced: durable as
/// the collector is, but it looks at nothing, drops no duplicates and answers no question. A
/// thread for each connection; ends with the process.
#[derive(Debug)]
pub struct Peer {
    /// Where it listens.
    pub address: SocketAddr,
}

impl Peer {
    /// Starts it, writing to `file`.
    ///
    /// # Errors
    ///
    /// If it cannot listen or write.
    pub fn start(file: &Path) -> Result<Peer> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let file = Arc::new(Mutex::new(File::create(file)?));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let file = Arc::clone(&file);
                std::thread::spawn(move || serve(&stream, &file));
            }
        });
        Ok(Peer { address })
    }
}

fn serve(stream: &TcpStream, file: &Mutex<File>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut requests = BufReader::new(stream);
    let mut answer = stream;
    loop {
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            if requests.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        requests.read_exact(&mut body)?;
        {
            let mut file = file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            file.write_all(&body)?;
            file.sync_data()?;
        }
        answer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")?;
    }
}
