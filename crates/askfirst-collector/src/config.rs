//! What a collector is started with.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::policy;

/// What [`serve`](crate::serve) is handed beside the store.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. An address other than loopback serves ingest and health alone; the
    /// operator's endpoints then get a loopback port of their own.
    pub listen: SocketAddr,
    /// The data directory: `operator.token` and `serve.json` are written there.
    pub data: PathBuf,
    /// How much is taken, and how long it may take.
    pub limits: Limits,
}

impl Config {
    /// A collector for the data directory `data`, with the limits of [`policy`].
    pub fn new(listen: SocketAddr, data: impl Into<PathBuf>) -> Config {
        Config {
            listen,
            data: data.into(),
            limits: Limits::default(),
        }
    }
}

/// How much is taken, and how long it may take. The defaults are those of [`policy`], with
/// the reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// [`policy::BODY_WIRE_BYTES`].
    pub body_wire_bytes: usize,
    /// [`policy::BODY_BYTES`].
    pub body_bytes: usize,
    /// [`policy::BODIES_IN_FLIGHT`].
    pub bodies_in_flight: usize,
    /// [`policy::BODY_SHARE_WAIT`].
    pub body_share_wait: Duration,
    /// [`policy::CONNECTIONS`].
    pub connections: usize,
    /// [`policy::HEAD_TIME`].
    pub head_time: Duration,
    /// [`policy::BODY_TIME`].
    pub body_time: Duration,
    /// [`policy::STOP_TIME`].
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body_wire_bytes: policy::BODY_WIRE_BYTES,
            body_bytes: policy::BODY_BYTES,
            bodies_in_flight: policy::BODIES_IN_FLIGHT,
            body_share_wait: policy::BODY_SHARE_WAIT,
            connections: policy::CONNECTIONS,
            head_time: policy::HEAD_TIME,
            body_time: policy::BODY_TIME,
            stop_time: policy::STOP_TIME,
        }
    }
}
