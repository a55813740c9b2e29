//! `askfirst verify-receipt`.

use std::path::PathBuf;

use clap::Args;

use super::FormatArgs;

/// Options of `askfirst verify-receipt`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst verify-receipt ~/.aider/askfirst-receipts/2026-11-21-3f9a0c1d.json
  askfirst verify-receipt receipt.json --profile aider
  askfirst verify-receipt receipt.json --key 8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f
  askfirst verify-receipt receipt.json --profile hosts/aider.toml --forget-key KEY

Asks nobody: the signature is checked on this machine against the public key of the collector \
(`askfirst status` prints it there; the tool's profile pins it as `receipt_key`). Ends with 0 if \
the receipt is whole and signed with that key, else with 1. A receipt says which key it is for only to whoever has \
that key: give it with --forget-key to see that it is yours.")]
pub(crate) struct VerifyReceiptArgs {
    /// The receipt
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The collector's public key, 64 hex digits
    #[arg(long, value_name = "PUBLIC", conflicts_with = "profile")]
    pub(crate) key: Option<String>,
    /// The profile that pins the key: a shipped one by name, or a file [default: the shipped profile of the tool the receipt names]
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Also check that the receipt is for this forget key
    #[arg(long, value_name = "KEY")]
    pub(crate) forget_key: Option<String>,
    /// How the result is written
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}
