//! A host profile: what differs between the tools.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::class::{Class, ClassSet};
use crate::problems::Problems;

/// The values of one tool: names, links, share, texts, modules.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The name profiles are chosen by: `aider`.
    pub id: String,
    /// The name in running text.
    pub name: String,
    /// The name at the start of a sentence.
    pub title: String,
    /// The command that starts the tool.
    pub command: String,
    /// The name of the catalog its events are of.
    pub catalog: String,
    /// What is collected.
    pub classes: ClassSet,
    /// Share of users who are asked without a flag, in percent.
    pub ask_percent: u8,
    /// Days raw events are kept.
    pub retention_days: u32,
    /// The placeholder key, `askfirst-NAME`.
    pub project_key: String,
    /// The tool's own released modules, sorted.
    pub modules: Vec<String>,
}

impl Profile {
    /// Reads and checks a profile.
    ///
    /// # Errors
    ///
    /// Every problem of the file at once.
    pub fn parse(file: &str, text: &str, _catalog: &Catalog) -> Result<Profile, Problems> {
        let document = crate::spans::Document::parse(file, text)?;
        let mut root = document.root();
        let id = root.required_text("id", "name the tool");
        root.finish()
            .or(Profile::named(&id.map(|id| id.value).unwrap_or_default()))
    }

    /// A shipped profile.
    pub fn builtin(id: &str) -> Option<Arc<Profile>> {
        Profile::builtin_ids()
            .contains(&id)
            .then(|| Arc::new(Profile::named(id)))
    }

    /// The ids of the shipped profiles.
    pub fn builtin_ids() -> &'static [&'static str] {
        &["aider", "blackboxai", "cecli", "dev", "llmcode"]
    }

    /// Whether `module` is one of the tool's own released modules.
    pub fn owns_module(&self, module: &str) -> bool {
        self.modules
            .binary_search_by(|own| own.as_str().cmp(module))
            .is_ok()
    }

    fn named(id: &str) -> Profile {
        Profile {
            id: id.to_owned(),
            name: id.to_owned(),
            title: id.to_owned(),
            command: id.to_owned(),
            catalog: "llm-coding".to_owned(),
            classes: [
                Class::Models,
                Class::Edits,
                Class::Features,
                Class::Errors,
                Class::Platform,
            ]
            .into_iter()
            .collect(),
            ask_percent: 10,
            retention_days: 180,
            project_key: format!("askfirst-{id}"),
            modules: Vec::new(),
        }
    }
}
