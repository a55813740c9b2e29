//! The modules of a Python package, listed from its released sources.
//!
//! A frame of an exception names one of the tool's own released modules or nothing (promise
//! P02). The list is made here, from the folder a wheel or source archive was unpacked into;
//! the lists of several releases are put together, so that old versions keep their frames.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::profile::is_identifier;

/// Why modules could not be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SymbolsError {
    /// A folder could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder does not hold the package.
    #[error("no Python package `{package}` in {} or its folder src", folder.display())]
    NoPackage {
        /// The package that was asked for.
        package: String,
        /// The folder that was searched.
        folder: PathBuf,
    },
}

/// The modules of `package` in an unpacked release: dotted names such as
/// `aider.coders.base_coder`, without its tests. `folder` is the one that holds the package's
/// folder, or `src` with it.
///
/// Links are not followed, and what cannot be imported by name is not listed.
///
/// # Errors
///
/// If `folder` holds no such package, or something in it cannot be read.
pub fn modules(folder: &Path, package: &str) -> Result<BTreeSet<String>, SymbolsError> {
    let found = [folder.join(package), folder.join("src").join(package)]
        .into_iter()
        .find(|path| is_identifier(package) && path.join("__init__.py").is_file());
    let Some(path) = found else {
        return Err(SymbolsError::NoPackage {
            package: package.to_owned(),
            folder: folder.to_owned(),
        });
    };
    let mut modules = BTreeSet::new();
    list(&path, package, &mut modules)?;
    Ok(modules)
}

/// The list as a profile's `modules` file: sorted, one a line, below a head that says what it is.
pub fn module_list(package: &str, modules: &BTreeSet<String>) -> String {
    let mut text = format!(
        "# The modules of {package} that a frame of an exception may name, from released sources.\n\
         # Made by `askfirst catalog symbols`; docs/refreshing-modules.md says how.\n"
    );
    for module in modules {
        text.push_str(module);
        text.push('\n');
    }
    text
}

fn list(folder: &Path, name: &str, modules: &mut BTreeSet<String>) -> Result<(), SymbolsError> {
    let failed = |source| SymbolsError::Read {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let file = entry.file_name();
        let Some(file) = file.to_str().filter(|file| !is_test(file)) else {
            continue;
        };
        if kind.is_dir() && is_identifier(file) {
            list(&entry.path(), &format!("{name}.{file}"), modules)?;
        } else if kind.is_file()
            && let Some(stem) = file.strip_suffix(".py")
        {
            match stem {
                "__init__" => modules.insert(name.to_owned()),
                _ if is_identifier(stem) => modules.insert(format!("{name}.{stem}")),
                _ => false,
            };
        }
    }
    Ok(())
}

/// Folders and files of a test suite, as pytest and unittest name them.
fn is_test(file: &str) -> bool {
    matches!(file, "test" | "tests" | "testing" | "conftest.py")
        || file.starts_with("test_")
        || file.ends_with("_test.py")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    #[test]
    fn a_package_lists_its_modules_without_tests() {
        let folder = package(&[
            "tool/__init__.py",
            "tool/main.py",
            "tool/coders/__init__.py",
            "tool/coders/base_coder.py",
            "tool/namespace/inner.py",
            "tool/tests/test_main.py",
            "tool/test_main.py",
            "tool/main_test.py",
            "tool/conftest.py",
            "tool/queries/python.scm",
            "tool/website/_includes/2024-09-26-draft.py",
            "other/__init__.py",
        ]);
        let found = modules(folder.path(), "tool").unwrap();
        let expected = [
            "tool",
            "tool.coders",
            "tool.coders.base_coder",
            "tool.main",
            "tool.namespace.inner",
        ];
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_package_below_src_is_found() {
        let folder = package(&["src/tool/__init__.py"]);
        assert_eq!(modules(folder.path(), "tool").unwrap().len(), 1);
    }

    #[test]
    fn a_folder_without_the_package_is_named() {
        let folder = package(&["tool/__init__.py"]);
        for missing in ["aider", "../tool", "", "tool/.."] {
            let error = modules(folder.path(), missing).unwrap_err().to_string();
            assert!(
                error.contains(&folder.path().display().to_string()),
                "{error}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_is_not_followed() {
        let folder = package(&["tool/__init__.py"]);
        std::os::unix::fs::symlink("..", folder.path().join("tool/loop")).unwrap();
        assert_eq!(modules(folder.path(), "tool").unwrap().len(), 1);
    }

    #[test]
    fn the_list_is_read_back_by_a_profile() {
        let found: BTreeSet<String> = ["aider.main", "aider"].map(str::to_owned).into();
        let text = module_list("aider", &found);
        let profile = crate::Profile::clone(&crate::Profile::builtin("aider").unwrap());
        let profile = profile.with_modules("modules.txt", &text).unwrap();
        assert!(profile.modules.iter().eq(["aider", "aider.main"]));
    }
}
