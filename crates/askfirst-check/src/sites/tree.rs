//! The source files of a tree.

use std::fs;
use std::path::{Path, PathBuf};

use super::call::Call;
use super::{python, rust, typescript};
use crate::error::{Error, Named as _};

/// Folders that hold what was built or fetched, not written.
const NOT_SOURCE: [&str; 9] = [
    "target",
    "node_modules",
    "__pycache__",
    "dist",
    "build",
    "site-packages",
    "venv",
    "tests",
    "test",
];

/// A language that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Rust,
    Python,
    TypeScript,
}

/// A source file.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// From the tree's root.
    pub(super) name: PathBuf,
    pub(super) language: Language,
}

impl Language {
    fn of(path: &Path) -> Option<Language> {
        Some(match path.extension()?.to_str()? {
            "rs" => Language::Rust,
            "py" => Language::Python,
            "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs" => Language::TypeScript,
            _ => return None,
        })
    }

    /// The places of a file that record.
    pub(super) fn calls(self, text: &str) -> Vec<Call> {
        match self {
            Language::Rust => rust::calls(text),
            Language::Python => python::calls(text),
            Language::TypeScript => typescript::calls(text),
        }
    }
}

/// Every source file below a folder, by name. Hidden folders, tests and what was built or
/// fetched are left out: no user runs them.
///
/// # Errors
///
/// If the folder cannot be read.
pub(super) fn sources(root: &Path) -> Result<Vec<Source>, Error> {
    let mut found = Vec::new();
    let mut dirs = vec![root.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).at(&dir)? {
            let path = entry.at(&dir)?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() && !path.is_symlink() {
                if !name.starts_with('.') && !NOT_SOURCE.contains(&name.as_str()) {
                    dirs.push(path);
                }
            } else if let Some(language) = Language::of(&path) {
                let name = path.strip_prefix(root).unwrap_or(&path).to_owned();
                found.push(Source {
                    path,
                    name,
                    language,
                });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// A source file's text. What is no UTF-8 in it is in a string or a comment.
///
/// # Errors
///
/// If it cannot be read.
pub(super) fn read(path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).at(path)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
