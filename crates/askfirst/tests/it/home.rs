//! A home directory of a test's own, and the sample host started in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// What a run leaves on standard output where the user is opted in begins with this.
pub(crate) const ON: &str = "ready\non, row ";

/// A home, a project and a machine without anything of analytics in them.
pub(crate) struct Home {
    root: TempDir,
}

impl Home {
    pub(crate) fn new() -> Home {
        let root = TempDir::new().unwrap();
        for dir in ["home", "project", "machine"] {
            std::fs::create_dir(root.path().join(dir)).unwrap();
        }
        Home { root }
    }

    /// One in which a person has said yes.
    pub(crate) fn agreed() -> Home {
        let home = Home::new();
        let mut terminal = home.ask(&["--analytics"]);
        terminal.until("[Yes]: ");
        terminal.types("y");
        let (code, screen) = terminal.end();
        assert_eq!(code, 0, "{screen}");
        assert!(screen.contains("Analytics are on."), "{screen}");
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A file of the state directory.
    pub(crate) fn state(&self, name: &str) -> PathBuf {
        self.path("home/.aider").join(name)
    }

    pub(crate) fn put(&self, path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The sample host, with nothing of this machine's environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_askfirst-sample-host"));
        command
            .args(["--machine".as_ref(), self.path("machine").as_os_str()])
            .args(args)
            .current_dir(self.path("project"))
            .env_clear()
            .env("HOME", self.path("home"))
            .env("AIDER_ANALYTICS_POSTHOG_HOST", "http://127.0.0.1:9");
        command
    }

    /// Runs it without a terminal.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let mut command = self.command(args);
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// Standard output and standard error of a run without a terminal.
    pub(crate) fn said(&self, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        assert!(output.status.success(), "{output:?}");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    }

    /// Starts it on a terminal.
    pub(crate) fn ask(&self, args: &[&str]) -> crate::pty::Terminal {
        crate::pty::Terminal::start(self.command(args), 120)
    }

    /// Every file of the home, with what is in it.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut dirs = vec![self.path("home")];
        while let Some(dir) = dirs.pop() {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => dirs.push(path),
                    false => found.push((path.clone(), std::fs::read(path).unwrap())),
                }
            }
        }
        found.sort();
        found
    }
}
