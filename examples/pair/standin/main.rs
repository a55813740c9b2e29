//! A stand-in for an OpenAI-compatible endpoint, to try `pair` without any model.
//!
//! It adds a line to the first file of the chat, whatever it is asked to do; a message with
//! the word `mistake` in it is answered with an edit that does not fit, to be corrected.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of its own")]

mod answer;
mod server;

use std::net::TcpListener;
use std::process::ExitCode;

/// Where it listens if nothing else is said.
const PORT: u16 = 8_095;

fn main() -> ExitCode {
    let port = std::env::args().nth(1).map_or(Ok(PORT), |port| port.parse());
    let Ok(port) = port else {
        eprintln!("usage: pair-standin [PORT]; 0 stands for any free port");
        return ExitCode::from(2);
    };
    let bound = TcpListener::bind(("127.0.0.1", port)).and_then(|it| Ok((it.local_addr()?, it)));
    match bound {
        Ok((address, listener)) => {
            println!("http://{address}/v1");
            server::serve(listener, |request| answer::answer(&request));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("pair-standin: cannot listen on port {port}: {error}; name another one");
            ExitCode::FAILURE
        }
    }
}
