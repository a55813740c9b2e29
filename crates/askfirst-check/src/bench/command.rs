//! The command of the tool: its words as they are found from any folder, because runs have
//! folders of their own.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf, is_separator};

use crate::error::{Error, Named as _};

/// What to do about a program that is not found.
const NOWHERE: &str =
    "no folder of PATH has such a program; write its path, with a slash in it: ./tool";

/// The command by whole paths. The first word is looked for as a shell does; of the others each
/// that has a slash in it and is there: a script, a folder. One without a slash may be the name
/// of anything, and of a file in the project of a run, so it stays as it is.
///
/// # Errors
///
/// If there is no command, or its program is in no folder of `path`.
pub(super) fn whole(words: &[OsString], path: Option<&OsStr>) -> Result<Vec<OsString>, Error> {
    let (program, others) = words
        .split_first()
        .ok_or_else(|| start(OsStr::new(""), "the command has no words"))?;
    let mut whole = vec![found(program, path)?];
    for word in others {
        let named = Path::new(word);
        whole.push(match has_slash(word) && named.exists() {
            true => absolute(named)?,
            false => word.clone(),
        });
    }
    Ok(whole)
}

/// The folder of the program that is checked, of a [`whole`] command: of the last word that can
/// be started. What stands before it starts it; of a script without the permission it is the
/// interpreter. Empty where none can be: of a first word that is not there, or that only the
/// system finds, as PATH is not set.
pub(super) fn program_dir(words: &[OsString]) -> PathBuf {
    let named = words.iter().rev().filter(|word| has_slash(word));
    let program = named.map(Path::new).find(|word| is_program(word));
    program
        .and_then(Path::parent)
        .map_or_else(PathBuf::new, Path::to_owned)
}

/// The first word. One with a slash is what it says, there or not: starting it says which.
/// Where PATH is not set, the system has folders of its own that it looks in.
fn found(program: &OsStr, path: Option<&OsStr>) -> Result<OsString, Error> {
    if has_slash(program) {
        return absolute(Path::new(program));
    }
    let Some(path) = path else {
        return Ok(program.to_owned());
    };
    let mut files = std::env::split_paths(path).map(|folder| folder.join(program));
    let file = files.find(|file| is_program(file));
    absolute(&file.ok_or_else(|| start(program, NOWHERE))?)
}

fn start(command: &OsStr, why: &str) -> Error {
    Error::Start {
        command: command.to_string_lossy().into_owned(),
        source: io::Error::new(io::ErrorKind::NotFound, why),
    }
}

fn absolute(path: &Path) -> Result<OsString, Error> {
    Ok(std::path::absolute(path).at(path)?.into_os_string())
}

/// Whether a word is a path by what is written: `tool/` is, which has one component.
fn has_slash(word: &OsStr) -> bool {
    let mut bytes = word.as_encoded_bytes().iter();
    bytes.any(|byte| is_separator(char::from(*byte)))
}

/// Whether it is a file that can be started.
fn is_program(file: &Path) -> bool {
    let about = std::fs::metadata(file);
    about.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use tempfile::TempDir;

    use super::*;

    /// A folder with a tool that can be started in `bin`, and a script that cannot be.
    fn folder() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, mode) in [("bin/tool", 0o755), ("src/tool.py", 0o644)] {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "#!/bin/sh\n").unwrap();
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        }
        folder
    }

    /// As one is typed in a folder beside: with a slash, and from there.
    fn relative(to: &Path) -> OsString {
        let here = std::env::current_dir().unwrap();
        let up = here.components().skip(1).map(|_| "..");
        let up: PathBuf = up.collect();
        up.join(to.strip_prefix("/").unwrap()).into_os_string()
    }

    fn canonical(path: &Path) -> PathBuf {
        path.canonicalize().unwrap()
    }

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_program_is_found_as_a_shell_finds_it_and_a_name_behind_it_stays_a_name() {
        let folder = folder();
        let bin = folder.path().join("bin");
        let path = std::env::join_paths([folder.path().join("none"), bin.clone()]).unwrap();
        let found = whole(&words(&["tool", "Cargo.toml"]), Some(&path)).unwrap();
        assert!(Path::new("Cargo.toml").exists(), "and yet it is a word");
        assert_eq!(
            found,
            [bin.join("tool").into_os_string(), "Cargo.toml".into()]
        );
        assert_eq!(program_dir(&found), bin);
        let typed = relative(&bin.join("tool"));
        let found = whole(&[typed, "hello.py".into()], None).unwrap();
        assert!(Path::new(&found[0]).is_absolute(), "{found:?}");
        assert_eq!(canonical(&program_dir(&found)), canonical(&bin));
    }

    #[test]
    fn a_folder_is_one_by_its_slash() {
        let found = whole(&words(&["./tool", "src/", "./", "src", "none/"]), None).unwrap();
        let here = std::env::current_dir().unwrap();
        assert_eq!(found[1], here.join("src/").into_os_string());
        assert_eq!(Path::new(&found[2]), here);
        assert_eq!(
            found[3..],
            ["src", "none/"],
            "a name, and what is not there"
        );
    }

    #[test]
    fn a_script_is_found_from_any_folder_whether_or_not_it_could_start_by_itself() {
        let folder = folder();
        let script = folder.path().join("src/tool.py");
        let interpreter = folder.path().join("bin/tool").into_os_string();
        let typed = [interpreter, relative(&script), relative(folder.path())];
        let found = whole(&typed, None).unwrap();
        for word in &found {
            assert!(Path::new(word).is_absolute(), "{found:?}");
        }
        assert_eq!(canonical(Path::new(&found[1])), canonical(&script));
    }

    #[test]
    fn what_is_checked_is_the_last_word_that_can_be_started() {
        let folder = folder();
        let (bin, src) = (folder.path().join("bin"), folder.path().join("src"));
        let script = src.join("tool.py");
        let dir = |program: &str, path: Option<&Path>| {
            let typed = [program.into(), relative(&script), relative(folder.path())];
            program_dir(&whole(&typed, path.map(Path::as_os_str)).unwrap())
        };
        assert_eq!(dir("tool", Some(&bin)), bin, "it starts the script");
        assert_eq!(dir("tool", None), PathBuf::new(), "where nobody knows");
        fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
        for path in [Some(&*bin), None] {
            assert_eq!(canonical(&dir("tool", path)), canonical(&src));
        }
    }

    #[test]
    fn a_program_that_is_nowhere_is_named_with_what_to_write() {
        let folder = folder();
        let path = folder.path().join("src").into_os_string();
        let refused = |words: &[OsString]| {
            let error = whole(words, Some(&path)).unwrap_err();
            error.shared().to_string()
        };
        for name in ["tool", "tool.py"] {
            let said = refused(&words(&[name]));
            let begins = format!("cannot start {name}: no folder of PATH has such a program");
            assert!(said.starts_with(&begins), "{said}");
        }
        // These say themselves where they would be; starting one says that it is not.
        let here = std::env::current_dir().unwrap();
        for (typed, file) in [("tool/", "tool/"), ("./tool", "tool"), ("/tool", "/tool")] {
            let found = whole(&words(&[typed]), Some(&path)).unwrap();
            assert_eq!(found, [here.join(file).into_os_string()]);
        }
        assert!(refused(&[]).contains("the command has no words"));
        let unset = whole(&words(&["tool", "tool.py"]), None).unwrap();
        assert_eq!(unset, ["tool", "tool.py"], "then the system looks itself");
        assert_eq!(program_dir(&unset), PathBuf::new());
    }
}
