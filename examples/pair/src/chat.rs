//! The chat: its files, read anew for each message, and what was said.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::endpoint::Message;

/// The largest file that is taken, in bytes: more than most models can read.
const LARGEST: u64 = 1 << 20;

/// Files and words.
#[derive(Debug)]
pub(crate) struct Chat {
    /// The folder all names are below.
    pub(crate) root: PathBuf,
    files: BTreeSet<String>,
    said: Vec<Message>,
}

impl Chat {
    pub(crate) fn new(root: &Path) -> Chat {
        Chat {
            root: root.to_owned(),
            files: BTreeSet::new(),
            said: Vec::new(),
        }
    }

    /// Adds a file by its path from the current folder; gives its name below the root.
    pub(crate) fn add(&mut self, path: &Path) -> anyhow::Result<String> {
        let name = self.name(path)?;
        let place = self.root.join(&name);
        match fs::metadata(&place) {
            Ok(it) if it.is_dir() => bail!("{name} is a folder; add its files"),
            Ok(it) if it.len() > LARGEST => bail!("{name} is larger than a megabyte"),
            Ok(_) => drop(read(&place)?),
            Err(_) => {}
        }
        self.files.insert(name.clone());
        Ok(name)
    }

    /// Takes a file out; whether it was there.
    pub(crate) fn drop_file(&mut self, path: &Path) -> bool {
        self.name(path).is_ok_and(|name| self.files.remove(&name))
    }

    /// Takes all out.
    pub(crate) fn drop_files(&mut self) {
        self.files.clear();
    }

    pub(crate) fn files(&self) -> Vec<String> {
        self.files.iter().cloned().collect()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.files.contains(name)
    }

    /// A file's name below the root, with `/` between the parts.
    fn name(&self, path: &Path) -> anyhow::Result<String> {
        let root = self.root.canonicalize().context("the project is gone")?;
        let path = std::path::absolute(path)?;
        // What does not exist yet lies in a folder that does.
        let real = path
            .canonicalize()
            .or_else(|_| match (path.parent(), path.file_name()) {
                (Some(folder), Some(file)) => Ok(folder.canonicalize()?.join(file)),
                _ => path.canonicalize(),
            });
        let real = real.with_context(|| format!("there is no folder for {}", path.display()))?;
        let Ok(below) = real.strip_prefix(&root) else {
            bail!("{} is not below {}", path.display(), root.display());
        };
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        Ok(parts.context("its name is not UTF-8")?.join("/"))
    }

    /// A file's text; `None` if it does not exist.
    pub(crate) fn text(&self, name: &str) -> anyhow::Result<Option<String>> {
        let place = self.root.join(name);
        match place.exists() {
            true => read(&place).map(Some),
            false => Ok(None),
        }
    }

    /// The files as the model is shown them, and the fence around each: longer than any run
    /// of backticks in them.
    pub(crate) fn shown(&self) -> (String, String) {
        let texts: Vec<(&str, String)> = self
            .files
            .iter()
            .map(|name| {
                (
                    name.as_str(),
                    self.text(name).ok().flatten().unwrap_or_default(),
                )
            })
            .collect();
        let mut fence = "```".to_owned();
        while texts.iter().any(|(_, text)| text.contains(&fence)) {
            fence.push('`');
        }
        let mut shown = match texts.is_empty() {
            true => "No file was added to the chat.\n".to_owned(),
            false => "The files as they are now:\n".to_owned(),
        };
        for (name, text) in &texts {
            let end = if text.is_empty() || text.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            shown.push_str(&format!("\n{name}\n{fence}\n{text}{end}{fence}\n"));
        }
        (shown, fence)
    }

    /// The messages to send: what the model is told, what was said, and `text`.
    pub(crate) fn with(&self, system: String, text: &str) -> Vec<Message> {
        let mut messages = vec![message("system", system)];
        messages.extend(self.said.iter().cloned());
        messages.push(message("user", text.to_owned()));
        messages
    }

    /// Remembers what was said.
    pub(crate) fn remember(&mut self, user: &str, assistant: &str) {
        self.said.push(message("user", user.to_owned()));
        self.said.push(message("assistant", assistant.to_owned()));
    }

    /// Remembers something to be sent with the next message.
    pub(crate) fn note(&mut self, text: String) {
        self.remember(&text, "Ok.");
    }

    /// Forgets what was said.
    pub(crate) fn clear(&mut self) {
        self.said.clear();
    }

    /// Everything that was said, for counting.
    pub(crate) fn history(&self) -> String {
        self.said
            .iter()
            .map(|message| message.content.as_str())
            .collect()
    }
}

pub(crate) fn message(role: &'static str, content: String) -> Message {
    Message { role, content }
}

fn read(place: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(place).with_context(|| format!("cannot read {}", place.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is no UTF-8 text", place.display()))
}
