//! What an installed wheel was made of. `cargo xtask wheel` writes it down beside the wheel; the
//! tests that run `askfirst-run` read this file too (`tests/flows/runner.rs`), so that none of
//! them judges an old build.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The file in the environment that says it. It is written last.
pub(crate) const STAMP: &str = "sources";

/// Folders of a crate that go into no wheel.
const LEFT_OUT: [&str; 2] = ["tests", "__pycache__"];

/// What stands in the stamp: a SHA-256 of the names and bytes of all files at these paths of the
/// repository, then the paths, a line each. Whoever reads it makes it anew of the same paths.
///
/// # Errors
///
/// If something cannot be read, or is not there.
pub(crate) fn stamp(root: &Path, paths: &[&str]) -> io::Result<String> {
    let mut files = Vec::new();
    for path in paths {
        below(&root.join(path), &mut files)?;
    }
    files.sort();
    let mut all = Sha256::new();
    for file in &files {
        let name = file.strip_prefix(root).unwrap_or(file);
        all.update(Sha256::digest(name.as_os_str().as_encoded_bytes()));
        all.update(Sha256::digest(fs::read(file)?));
    }
    let digest: String = (all.finalize().iter())
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(format!("{digest}\n{}\n", paths.join("\n")))
}

fn below(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let left_out = LEFT_OUT.iter().any(|name| entry.file_name() == *name);
        if !left_out {
            below(&entry.path(), files)?;
        }
    }
    Ok(())
}
