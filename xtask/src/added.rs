//! `cargo xtask added`: what the SDK adds to a program.
//!
//! `benches/added` has one small tool without the SDK, one that speaks HTTPS, and one with the
//! SDK in it. They are built as releases are; the last one also speaking HTTPS by itself, and
//! with feature `network` off, when it must have nothing to make a connection with.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use object::read::elf::ElfFile64;
use object::{Endianness, Object, ObjectSymbol};

use crate::{dependencies, workspace};

/// Bytes the SDK may add to a stripped release binary, as the project's plan has it: TLS and
/// certificates are more than half of them.
const LIMIT: u64 = 2_500_000;

/// And to one that speaks HTTPS already, with rustls: what it adds, and little more.
const LIMIT_BESIDE_TLS: u64 = 1_100_000;

/// Without these a program on Linux reaches no network. The compiler's own standard library
/// takes them from the C library, so a program that has none in its symbols cannot call one.
const CONNECTS: [&str; 6] = [
    "connect",
    "getaddrinfo",
    "socket",
    "sendto",
    "sendmsg",
    "sendmmsg",
];

/// One built program.
struct Built {
    bytes: u64,
    connects: Vec<String>,
}

/// Builds the five and compares.
///
/// # Errors
///
/// If one does not build, the SDK adds too much, or the one without network could connect.
pub(crate) fn run() -> Result<()> {
    let without = build("tool-without", &[])?;
    let https = build("tool-https", &["--features=https"])?;
    let offline = build("tool-with", &["--features=sdk"])?;
    let whole = build("tool-with", &["--features=network"])?;
    let beside = build("tool-with", &["--features=network,https"])?;
    println!(
        "| a stripped release binary | bytes | more than the first | calls that could connect |"
    );
    println!("|---|---|---|---|");
    let row = |what: &str, built: &Built| {
        let added = built.bytes.saturating_sub(without.bytes);
        let connects = built.connects.join(" ");
        println!("| {what} | {} | {added} | {connects} |", built.bytes);
    };
    row("a small tool", &without);
    row("the same, speaking HTTPS", &https);
    row("with the SDK, feature `network` off", &offline);
    row("with the SDK", &whole);
    row("with the SDK, and speaking HTTPS", &beside);
    dependencies::print()?;
    no_way_out(&offline, &whole)?;
    limit("a tool", &without, &whole, LIMIT)?;
    limit(
        "a tool that speaks HTTPS",
        &https,
        &beside,
        LIMIT_BESIDE_TLS,
    )
}

fn no_way_out(offline: &Built, whole: &Built) -> Result<()> {
    // Where the whole SDK shows no call either, the one without network shows nothing.
    ensure!(
        whole.connects.iter().any(|name| name == "connect"),
        "the SDK with network has no `connect` in its symbols: this check has gone blind"
    );
    ensure!(
        offline.connects.is_empty(),
        "built with feature `network` off the SDK could still connect: {}",
        offline.connects.join(" ")
    );
    Ok(())
}

fn limit(what: &str, before: &Built, with: &Built, most: u64) -> Result<()> {
    let added = with.bytes.saturating_sub(before.bytes);
    if added > most {
        bail!(
            "the SDK adds {added} bytes to {what}, {most} at most; see `cargo tree --package askfirst`"
        );
    }
    println!("the SDK adds {added} bytes to {what}, {most} at most");
    Ok(())
}

fn build(name: &str, features: &[&str]) -> Result<Built> {
    let package = ["--package=askfirst-added", "--bin", name];
    let path = workspace::release(&[&package[..], features].concat(), name)?;
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Built {
        connects: connects(&path, &bytes)?,
        bytes: bytes.len() as u64,
    })
}

/// Which of [`CONNECTS`] a program takes from the C library. Stripping leaves these names in,
/// because the loader needs them.
fn connects(path: &Path, bytes: &[u8]) -> Result<Vec<String>> {
    let elf = ElfFile64::<Endianness>::parse(bytes)
        .with_context(|| format!("{} is no program of Linux", path.display()))?;
    let taken = elf
        .dynamic_symbols()
        .filter(|symbol| symbol.is_undefined())
        .filter_map(|symbol| symbol.name().ok());
    let mut found: Vec<String> = taken
        .filter(|name| CONNECTS.contains(name))
        .map(str::to_owned)
        .collect();
    found.sort();
    Ok(found)
}
