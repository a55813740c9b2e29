//! A real Chromium, driven by `tests/peers/browse.cjs`: it looks at pages and says what it saw.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::collector::Collector;
use crate::environment::{in_ci, path};
use crate::peer::{installed, script};

/// Names the browser goes by.
const NAMES: [&str; 2] = ["chromium", "chromium-browser"];

/// A browser, and the packages that drive it.
pub(crate) struct Browser {
    program: PathBuf,
    packages: PathBuf,
}

impl Browser {
    /// The browser of this machine, if there is one.
    ///
    /// # Panics
    ///
    /// In CI, where there must be one.
    pub(crate) fn found() -> Option<Browser> {
        let packages = installed("node")?;
        let paths = path();
        let programs =
            std::env::split_paths(&paths).flat_map(|folder| NAMES.map(|name| folder.join(name)));
        let Some(program) = programs.into_iter().find(|program| program.is_file()) else {
            let missing = "there is no Chromium; `cargo xtask setup` says how to get one";
            assert!(!in_ci(), "{missing}");
            println!("not run: {missing}");
            return None;
        };
        Some(Browser { program, packages })
    }

    /// Looks at what the job says, and gives what was seen of every page in every look.
    pub(crate) fn look(&self, collector: &Collector, job: &Value) -> Vec<Value> {
        let profile = tempfile::tempdir().unwrap();
        let mut node = Command::new("node")
            .arg(script("browse.cjs"))
            .arg(collector.address().to_string())
            .args([&self.program, Path::new(profile.path())])
            .env("NODE_PATH", self.packages.join("node_modules"))
            .env("NO_PROXY", "127.0.0.1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        node.stdin
            .take()
            .unwrap()
            .write_all(job.to_string().as_bytes())
            .unwrap();
        let output = node.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "browse.cjs ended with {}",
            output.status
        );
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        said["seen"].as_array().unwrap().clone()
    }
}

/// Both themes, three widths (the narrowest is 1280 pixels at 400 %), with and without script.
pub(crate) fn every_look() -> Vec<Value> {
    let mut looks = Vec::new();
    for theme in ["light", "dark"] {
        for width in [1280, 360, 320] {
            for script in [true, false] {
                looks.push(json!({ "theme": theme, "width": width, "script": script }));
            }
        }
    }
    looks
}

/// The look of most people.
pub(crate) fn one_look() -> Vec<Value> {
    vec![json!({ "theme": "light", "width": 1280, "script": true })]
}
