//! From a name to a connection.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::deadline::{Deadline, named, timed_out};
use super::origin::Origin;
use crate::within::within;

/// What the system can wait for at least.
const SHORTEST: Duration = Duration::from_millis(1);

/// A connection to the first address that takes one.
///
/// # Errors
///
/// That of the last address that was tried.
pub(super) fn dial(origin: &Origin, until: Deadline) -> io::Result<TcpStream> {
    reach(&addresses(origin, until)?, until)
}

/// An address that is never answered must not use up the time of those after it: each has its
/// share of what is left.
pub(super) fn reach(addresses: &[SocketAddr], until: Deadline) -> io::Result<TcpStream> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "no such host");
    let count = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    for (address, to_try) in addresses.iter().zip((1..=count).rev()) {
        let left = until.left()?;
        let share = left.checked_div(to_try).unwrap_or(left);
        match TcpStream::connect_timeout(address, share.max(SHORTEST)) {
            Ok(stream) => {
                // A request is written at once, there is nothing to collect. Who cannot be told
                // so has hung up, and writing tells.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => failed = named(error),
        }
    }
    Err(failed)
}

/// The addresses of a name. The system may look for them as long as it likes, in a thread that
/// is not waited for.
fn addresses(origin: &Origin, until: Deadline) -> io::Result<Vec<SocketAddr>> {
    let (host, port) = (origin.host().to_owned(), origin.port);
    if let Ok(number) = host.parse::<IpAddr>() {
        return Ok(Vec::from([SocketAddr::new(number, port)]));
    }
    let look = move || {
        (host.as_str(), port)
            .to_socket_addrs()
            .map(Iterator::collect)
    };
    within(until.left()?, "askfirst-names", look)?.ok_or_else(timed_out)?
}
