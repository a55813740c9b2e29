//! `askfirst serve`.

use std::net::SocketAddr;

use clap::Args;

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
}
