//! `askfirst verify-receipt`: whether a collector said what a file says. Asks nobody.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use askfirst_catalog::{Catalog, Profile};
use askfirst_receipt::{ForgetKey, PublicKey, Receipt, Signed};
use serde_json::json;

use crate::args::{Format, VerifyReceiptArgs};
use crate::choose;
use crate::failure::Failure;
use crate::output::{Output, csv, wrapped};

/// Does what was asked.
pub(crate) fn run(args: &VerifyReceiptArgs, output: &Output) -> anyhow::Result<()> {
    let asked = args.forget_key.as_deref().map(forget_key).transpose()?;
    let (signed, text) = read(&args.file)?;
    let expected = Expected::of(args, signed.receipt())?;
    let file = args.file.display();
    let receipt = signed.check(expected.key).map_err(|forged| {
        Failure::failed(
            format!("{file}: {forged} ({})", expected.from),
            format!(
                "do not count on it; ask whoever received the events ({})",
                signed.receipt().recipient
            ),
        )
    })?;
    if asked.as_ref().is_some_and(|key| !receipt.is_for(key)) {
        return Err(Failure::failed(
            format!("{file}: it is a receipt, but for another forget key"),
            "look for the receipt of the day you asked with this key",
        )
        .into());
    }
    match args.format.format {
        Format::Json => output.json(&json!({
            "valid": true,
            "key": expected.key.to_string(),
            "for_forget_key": asked.map(|_| true),
            "receipt": serde_json::from_str::<serde_json::Value>(&text)?["receipt"],
        }))?,
        Format::Csv => output.result(&csv(&["name", "value"], &rows(receipt)))?,
        Format::Table => {
            let text = words(receipt, &expected, asked.is_some(), output.look().width)?;
            output.result(&output.readable(&text))?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<(Signed, String)> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::failed(
            format!("there is no file {}", path.display()),
            "check the path",
        ),
        _ => Failure::failed(
            format!("cannot read {}: {error}", path.display()),
            "let this user read it",
        ),
    })?;
    let signed = Signed::parse(&bytes).map_err(|problem| {
        Failure::failed(
            format!("{}: {problem}", path.display()),
            "name a receipt as it was printed by --analytics-forget and kept in the tool's \
             state directory, byte for byte",
        )
    })?;
    let text = signed.text();
    Ok((signed, text))
}

fn forget_key(text: &str) -> Result<ForgetKey, Failure> {
    ForgetKey::parse(text).ok_or_else(|| {
        Failure::wrong_use(
            "--forget-key is no forget key",
            "give the 64 hex digits that were printed once, when analytics were disabled",
        )
    })
}

/// The key a receipt has to be signed with, and who says so.
struct Expected {
    key: PublicKey,
    from: String,
}

impl Expected {
    fn of(args: &VerifyReceiptArgs, receipt: &Receipt) -> anyhow::Result<Expected> {
        if let Some(text) = &args.key {
            let key = PublicKey::parse(text).ok_or_else(|| {
                Failure::wrong_use(
                    "--key is no public key",
                    "give the 64 hex digits `askfirst status` prints where the collector runs",
                )
            })?;
            let from = "the key given".to_owned();
            return Ok(Expected { key, from });
        }
        let profile = match &args.profile {
            Some(named) => profile(named)?,
            None => Profile::builtin(&receipt.tool).ok_or_else(|| unpinned(&receipt.tool))?,
        };
        let pinned = profile.receipt_key.as_deref().and_then(PublicKey::parse);
        Ok(Expected {
            key: pinned.ok_or_else(|| unpinned(&profile.id))?,
            from: format!("the key the profile {} pins", profile.id),
        })
    }
}

fn unpinned(tool: &str) -> Failure {
    Failure::failed(
        format!("no profile of {tool} here pins a key, so nobody can say whose receipt this is"),
        "name the collector's public key (--key), or a profile that pins it (--profile FILE)",
    )
}

fn profile(named: &str) -> anyhow::Result<Arc<Profile>> {
    if !named.ends_with(".toml") {
        return Ok(choose::profile(Some(named))?);
    }
    let text = std::fs::read_to_string(named)
        .with_context(|| format!("cannot read the profile {named}"))?;
    let profile = Profile::parse(named, &text, &Catalog::builtin());
    let profile = profile.map_err(|problems| {
        Failure::failed(
            problems.to_string(),
            "each line ends with what to change: askfirst catalog check FILE",
        )
    })?;
    Ok(Arc::new(profile))
}

fn words(
    receipt: &Receipt,
    expected: &Expected,
    yours: bool,
    width: usize,
) -> Result<String, std::fmt::Error> {
    let mut text = format!("a receipt, whole, signed with {}\n", expected.from);
    for (name, value) in facts(receipt) {
        write!(text, "{}", wrapped(&format!("  {name:<12}"), value, width))?;
    }
    if yours {
        writeln!(text, "  it is for the forget key given")?;
    }
    for (head, list) in lists(receipt) {
        writeln!(text, "{head}")?;
        for line in list {
            write!(text, "{}", wrapped("  - ", line, width))?;
        }
    }
    Ok(text)
}

fn rows(receipt: &Receipt) -> Vec<Vec<String>> {
    let facts = facts(receipt).into_iter();
    let lists = lists(receipt).into_iter();
    let lists = lists.flat_map(|(name, list)| list.iter().map(move |line| (name, line.as_str())));
    let row = |(name, value): (&str, &str)| vec![name.to_owned(), value.to_owned()];
    facts.chain(lists).map(row).collect()
}

fn facts(receipt: &Receipt) -> [(&'static str, &str); 6] {
    [
        ("state", &receipt.state),
        ("accepted on", &receipt.accepted_on),
        ("tool", &receipt.tool),
        ("project", &receipt.project),
        ("recipient", &receipt.recipient),
        ("asked", &receipt.asked),
    ]
}

fn lists(receipt: &Receipt) -> [(&'static str, &[String]); 2] {
    [
        ("covers", &receipt.covers),
        ("does not cover", &receipt.does_not_cover),
    ]
}
