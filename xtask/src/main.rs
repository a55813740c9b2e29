//! The project's chores, as `cargo xtask COMMAND`.
//!
//! | command | what for |
//! |---|---|
//! | `setup` | install what the tests need beside Rust, into `.cache/` of the workspace |
//! | `test` | `setup`, `wheel`, then every test; CI runs exactly this. With arguments: `setup`, then what they name |
//! | `wheel` | build the Python package and install it where the tests look for it |
//! | `size` | the release binary against its limit |
//! | `added` | what the SDK adds to a program: bytes, packages; no way out without `network` |
//! | `targets` | the SDK compiled for the systems CI cannot run |
//! | `bench-python` | what the Python package costs inside a tool, beside its peers |
//! | `check-generated` | generated files against what makes them |
//! | `long` | the tests that are short in CI, at full length |
//! | `scoreboard` | check tools as they are, and write `docs/scoreboard.md` |
//!
//! Nothing here is part of the shipped program.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to the person who started it"
)]

mod added;
mod dependencies;
mod environments;
mod generated;
mod interpreters;
mod long;
mod run_tests;
mod scoreboard;
mod setup;
mod size;
mod sources;
mod targets;
mod wheel;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  setup            install what the tests need beside Rust, into .cache/
  test             setup, wheel, then every test
  test ARGS        setup, then `cargo test --workspace ARGS` alone
  wheel            build the Python package, install it into .cache/askfirst-python
  wheel --release  the same, as it is released
  size             build the release binary and check its size
  added            build a tool with and without the SDK, check what it adds
  targets          check the SDK for Windows and macOS; fetches their standard libraries
  bench-python     what the Python package costs inside a tool; needs `setup`
  check-generated  check that generated files are up to date
  generate         write the generated files anew
  long             run the long tests at full length, print their figures
  scoreboard       check four published tools, write docs/scoreboard.md
  scoreboard JSON  write it of reports of `askfirst check --format json`";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => bail!("no command given\n\n{USAGE}"),
    };
    workspace::found()?;
    match (command, rest) {
        ("setup", []) => setup::run().map(|_| ()),
        ("test", arguments) => run_tests::run(arguments),
        ("wheel", []) => wheel::run(wheel::Profile::Dev),
        ("wheel", [release]) if release == "--release" => wheel::run(wheel::Profile::Release),
        ("bench-python", tables) => wheel::bench(tables),
        ("size", []) => size::run(),
        ("added", []) => added::run(),
        ("targets", []) => targets::run(),
        ("check-generated", []) => generated::check(),
        ("generate", []) => generated::write(),
        ("long", []) => long::run(),
        ("scoreboard", []) => scoreboard::run(),
        ("scoreboard", reports) => scoreboard::of(reports),
        ("help" | "--help" | "-h", _) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such command: {}\n\n{USAGE}", arguments.join(" ")),
    }
}
