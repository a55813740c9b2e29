//! `askfirst demo`.

use std::net::SocketAddr;

use clap::Args;

/// Options of `askfirst demo`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst demo                               collect, print the reports, show the page
  askfirst demo --once | less                 print the reports and end
  askfirst demo --installs 30 --weeks 8       less of it, sooner
  askfirst demo --data ./demo                 keep what was stored, for `askfirst report --data ./demo`

Nobody's data: installs, sessions and errors come out of a random number generator, and whatever \
shows them says \"simulated\". They take the way of real ones: a collector on this machine, HTTP, \
26 weeks of its clock in seconds. Ctrl-C ends it; without --data nothing is left.")]
pub(crate) struct DemoArgs {
    /// How many installs there are, over the whole time
    #[arg(long, value_name = "N", default_value_t = 800)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub(crate) installs: u32,
    /// How many weeks, up to yesterday
    #[arg(long, value_name = "N", default_value_t = 26)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=104))]
    pub(crate) weeks: u16,
    /// Where the random numbers begin: the same seed makes the same installs and events
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u32,
    /// Address and port to listen on, of this machine alone; any free port if that one is taken
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    pub(crate) listen: SocketAddr,
    /// Print the reports and end, without showing the page
    #[arg(long)]
    pub(crate) once: bool,
}
