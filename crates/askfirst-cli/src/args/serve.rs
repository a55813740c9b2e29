//! `askfirst serve`.

use std::net::SocketAddr;

use askfirst_store::policy;
use clap::Args;
use clap::builder::RangedU64ValueParser;

/// Options of `askfirst serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst serve
  askfirst serve --data /var/lib/askfirst
  askfirst serve --listen 0.0.0.0:8787    ingest alone: what only the operator may do stays on loopback

Stops at Ctrl-C or SIGTERM, after everything received is sealed.
200 is answered only after an event is on disk; GET /healthz answers when events can be taken.")]
pub(crate) struct ServeArgs {
    /// Address and port to listen on
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "ASKFIRST_LISTEN",
        default_value = "127.0.0.1:8787"
    )]
    pub(crate) listen: SocketAddr,
    /// Events that may wait in memory before they are written to a file; fewer need less
    /// memory and make a start after a crash faster, but the files are worse to read
    #[arg(
        long,
        value_name = "EVENTS",
        env = "ASKFIRST_SEAL_ROWS",
        default_value_t = policy::SEAL_ROWS,
        value_parser = RangedU64ValueParser::<u64>::new().range(100..=policy::SEAL_ROWS)
    )]
    pub(crate) seal_rows: u64,
    /// Events of one day from which the day gets files of its own when files are merged
    #[arg(
        long,
        value_name = "EVENTS",
        env = "ASKFIRST_DAY_ROWS",
        default_value_t = policy::DAY_ROWS,
        value_parser = RangedU64ValueParser::<u64>::new().range(100..)
    )]
    pub(crate) day_rows: u64,
}
