//! Packs the list of public model names for the tools that ship it: of 150 kB of text some 50
//! lie in every program. `src/models/packed.rs` says how it is read; a test there compares what
//! is read with the text, line by line.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script by variables where things are"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Lines of a block: what is unpacked to find one of them, some 1,300 bytes.
const BLOCK: usize = 32;

/// The largest number that is one byte; a larger one is two, the first of them from here on.
const ONE_BYTE: usize = 0x80;

fn main() -> Result<(), Box<dyn Error>> {
    let list = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../catalogs/models.tsv");
    println!("cargo::rerun-if-changed={}", list.display());
    println!("cargo::rerun-if-changed=build.rs");
    let text = fs::read_to_string(&list).map_err(|why| format!("{}: {why}", list.display()))?;
    let lines = lines(&text).ok_or("a line of models.tsv has no tab")?;
    let sets = sets(&lines);
    let (bytes, starts) = pack(&lines, &sets)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("models.packed"), bytes)?;
    fs::write(out.join("models.rs"), tables(&starts, &sets)?)?;
    Ok(())
}

/// Names and their providers, as they stand in the list.
fn lines(text: &str) -> Option<Vec<(&str, &str)>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t')).collect()
}

/// The sets of providers, the commonest first, so that most are told by one byte.
fn sets<'t>(lines: &[(&'t str, &'t str)]) -> Vec<&'t str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, set) in lines {
        *counts.entry(set).or_default() += 1;
    }
    let mut sets: Vec<_> = counts.into_iter().collect();
    sets.sort_by_key(|(set, count)| (usize::MAX - count, *set));
    sets.into_iter().map(|(set, _)| set).collect()
}

/// The blocks one after the other, and where each begins.
fn pack(lines: &[(&str, &str)], sets: &[&str]) -> Result<(Vec<u8>, Vec<usize>), Box<dyn Error>> {
    let (mut bytes, mut starts) = (Vec::new(), Vec::new());
    for block in lines.chunks(BLOCK) {
        starts.push(bytes.len());
        let mut before = "";
        for (name, set) in block {
            let shared = before.bytes().zip(name.bytes());
            let shared = shared.take_while(|(one, other)| one == other).count();
            let set = sets.iter().position(|it| it == set).ok_or("no such set")?;
            let rest = &name.as_bytes()[shared..];
            number(shared, &mut bytes)?;
            number(rest.len(), &mut bytes)?;
            bytes.extend(rest);
            number(set, &mut bytes)?;
            before = name;
        }
    }
    Ok((bytes, starts))
}

fn number(number: usize, bytes: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
    if number >= ONE_BYTE {
        bytes.push(u8::try_from(ONE_BYTE + number / ONE_BYTE)?);
    }
    bytes.push(u8::try_from(number % ONE_BYTE)?);
    Ok(())
}

fn tables(starts: &[usize], sets: &[&str]) -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    writeln!(code, "const BLOCKS: usize = {};", starts.len())?;
    writeln!(code, "static STARTS: [u32; BLOCKS] = {starts:?};")?;
    writeln!(code, "static SETS: &str = {:?};", sets.join("\n"))?;
    Ok(code)
}
