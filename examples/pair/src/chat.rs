//! The chat: its files, read anew for each message, and what was said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use crate::{cli::Format, commands, session::Mode};

/// Files and words.
pub(crate) struct Chat {
    /// The folder all names are below.
    pub(crate) root: PathBuf,
    pub(crate) files: BTreeSet<String>,
    /// Messages, as the endpoint takes them.
    pub(crate) said: Vec<Value>,
}

impl Chat {
    /// Adds a file by its path from the current folder; gives its name below the root.
    pub(crate) fn add(&mut self, path: &Path) -> anyhow::Result<String> {
        let name = self.name(path)?;
        ensure!(!path.is_dir(), "{name} is a folder; add its files");
        self.text(&name)?;
        self.files.insert(name.clone());
        Ok(name)
    }

    /// Takes a file out; gives its name below the root.
    pub(crate) fn take_out(&mut self, path: &Path) -> anyhow::Result<String> {
        let name = self.name(path)?;
        ensure!(self.files.remove(&name), "{name} is not in the chat");
        Ok(name)
    }

    /// A file's name below the root, with `/` between the parts.
    fn name(&self, path: &Path) -> anyhow::Result<String> {
        let path = std::path::absolute(path)?;
        let name = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
        match name.filter(|name| !name.split(['/', '\\']).any(|part| part == "..")) {
            Some(name) => Ok(name.replace('\\', "/")),
            None => bail!("{} is no path below {}", path.display(), self.root.display()),
        }
    }

    /// A file's text; none if it does not exist.
    pub(crate) fn text(&self, name: &str) -> anyhow::Result<String> {
        match std::fs::read_to_string(self.root.join(name)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            text => text.with_context(|| format!("cannot read {name}")),
        }
    }

    /// What the model is told beside the user's words: what to do, and the files, each in a
    /// fence that is longer than any run of backticks in them.
    pub(crate) fn system(&self, mode: Mode, format: Format) -> String {
        let text = |name| self.text(name).unwrap_or_default();
        let mut fence = "```".to_owned();
        while self.files.iter().any(|name| text(name).contains(&fence)) {
            fence.push('`');
        }
        let told = match (mode, format) {
            (Mode::Help, _) => {
                return include_str!("../prompts/about.md").to_owned() + &commands::list();
            }
            (Mode::Ask, _) => include_str!("../prompts/ask.md"),
            (Mode::Code, Format::Diff) => include_str!("../prompts/diff.md"),
            (Mode::Code, Format::Whole) => include_str!("../prompts/whole.md"),
        };
        let told = told.replace("FENCE", &fence);
        self.files.iter().fold(told + "The files of the chat:\n", |shown, name| {
            let text = text(name);
            let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
            format!("{shown}\n{name}\n{fence}\n{text}{end}{fence}\n")
        })
    }

    /// The messages to send: what the model is told, what was said, and `text`.
    pub(crate) fn with(&self, system: &str, text: &str) -> Vec<Value> {
        [&[message("system", system)], &self.said[..], &[message("user", text)]].concat()
    }

    /// Remembers what was said.
    pub(crate) fn remember(&mut self, user: &str, assistant: &str) {
        self.said.extend([message("user", user), message("assistant", assistant)]);
    }
}

fn message(role: &str, content: &str) -> Value {
    json!({"role": role, "content": content})
}
