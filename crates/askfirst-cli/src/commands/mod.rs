//! One file per command.

mod catalog;
#[cfg(unix)]
mod check;
mod completions;
mod demo;
mod import;
mod inspect;
mod man;
mod project;
mod report;
mod serve;
mod status;
mod store;
mod verify_receipt;

use crate::args::{Cli, Command};
use crate::data_dir;
use crate::output::Output;

/// Does what was asked.
pub(crate) fn run(cli: &Cli, output: &Output) -> anyhow::Result<()> {
    let data = || data_dir::path(&cli.globals);
    match &cli.command {
        Command::Demo(args) => demo::run(args, &cli.globals, output),
        Command::Serve(args) => serve::run(args, &data()?, output),
        Command::Project(args) => project::run(&args.action, &data()?, output),
        Command::Import(args) => import::run(args, &data()?, output),
        Command::Report(args) => report::run(args, &data()?, output),
        Command::Status(args) => status::run(args, &data()?, output),
        Command::Store(args) => store::run(&args.action, &data()?, output),
        Command::VerifyReceipt(args) => verify_receipt::run(args, output),
        Command::Inspect(args) => inspect::run(args, output),
        Command::Catalog(args) => catalog::run(&args.command, output),
        #[cfg(unix)]
        Command::Check(args) => check::run(args, output),
        Command::Completions(args) => completions::run(args, output),
        Command::Man(args) => man::run(args, output),
    }
}
