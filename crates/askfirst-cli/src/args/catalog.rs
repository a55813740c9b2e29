//! `askfirst catalog`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Options of `askfirst catalog`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  askfirst catalog check catalogs/llm-coding.toml hosts/aider.toml
  askfirst catalog page --host aider > analytics.md"
)]
pub(crate) struct CatalogArgs {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: CatalogCommand,
}

/// What can be done with a catalog.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Say everything that is wrong with catalogs and host profiles, at once
    #[command(after_help = "\
Examples:
  askfirst catalog check                            the ones this program was built with
  askfirst catalog check catalogs/llm-coding.toml
  askfirst catalog check hosts/*.toml")]
    Check {
        /// Catalogs and host profiles [default: the ones this program was built with]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print the page that tells a tool's users what is collected
    #[command(after_help = "\
Examples:
  askfirst catalog page --host aider > docs/analytics.md")]
    Page {
        /// The tool (its host profile)
        #[arg(long, value_name = "PROFILE", env = "ASKFIRST_HOST")]
        host: Option<String>,
    },
    /// Print the privacy notice for a tool
    #[command(after_help = "\
Examples:
  askfirst catalog privacy --host aider > PRIVACY.md")]
    Privacy {
        /// The tool (its host profile)
        #[arg(long, value_name = "PROFILE", env = "ASKFIRST_HOST")]
        host: Option<String>,
    },
    /// Say what a change of the catalog begins or ceases to collect
    #[command(after_help = "\
Examples:
  askfirst catalog diff released.toml catalogs/llm-coding.toml")]
    Diff {
        /// The catalog before
        #[arg(value_name = "A")]
        a: PathBuf,
        /// The catalog after
        #[arg(value_name = "B")]
        b: PathBuf,
    },
    /// List the modules of a released Python package, for a profile's `modules`
    #[command(after_help = "\
Examples:
  askfirst catalog symbols aider_chat-0.86.2/ aider > hosts/modules/aider.txt")]
    Symbols {
        /// The unpacked source or wheel
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// The package inside it
        #[arg(value_name = "PACKAGE")]
        package: String,
    },
    /// List every place in a source tree that records an event, and what none records
    #[command(after_help = "\
Rust, Python and TypeScript are read. Comments, strings, tests and what was built or fetched are \
left out. Ends with 1 if a place records something the catalog does not declare.

Examples:
  askfirst catalog sites src/
  askfirst catalog sites examples/pair/src --search 'analytics.record('")]
    Sites {
        /// The source tree
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Hold this against it, the text a page's search looks for: it must find these places
        /// and nothing else
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// How the result is written
        #[command(flatten)]
        format: super::FormatArgs,
    },
}
