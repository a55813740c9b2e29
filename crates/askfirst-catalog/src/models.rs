//! Public model names, and what becomes of every other one (breakage B08).
//!
//! A name is public when it, or `PROVIDER/NAME`, is in the shipped list; when cutting a
//! region or contract term out of it gives such a name; or when it is such a name followed
//! by a real date or `-latest`. Of every other name only a public provider is kept. Nothing
//! on anybody's machine can widen the lists.

mod cut;
mod list;
mod packed;
mod shipped;

use std::sync::{Arc, OnceLock};

use crate::problems::Problems;
use crate::words::Words;

pub use shipped::ShippedName;

/// What stands for a name that is not public.
const REDACTED: &str = "REDACTED";

/// A model name that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelName {
    /// The listed name, `PROVIDER/REDACTED`, or `REDACTED`.
    pub text: Arc<str>,
    /// Whether the name was not public.
    pub redacted: bool,
}

/// The public lists of model names and providers.
#[derive(Debug)]
pub struct Models {
    /// Every listed name, and every `PROVIDER/NAME` of it.
    names: Words<Arc<str>>,
    /// Public providers, each with its `PROVIDER/REDACTED`.
    providers: Words<Arc<str>>,
    redacted: Arc<str>,
    listed: usize,
    date: Option<String>,
}

impl Models {
    /// Reads the two lists, each as (file, text): lines `NAME<TAB>PROVIDER[,PROVIDER...]`,
    /// and lines `PROVIDER`, both sorted, with `#` for comments.
    ///
    /// # Errors
    ///
    /// Every line that is malformed, out of order, or names an unlisted provider.
    pub fn parse(names: (&str, &str), providers: (&str, &str)) -> Result<Models, Problems> {
        let lists = list::read(names, providers)?;
        let mut models = Models {
            names: Words::default(),
            providers: Words::default(),
            redacted: Arc::from(REDACTED),
            listed: lists.names.len(),
            date: lists.date.map(str::to_owned),
        };
        for provider in lists.providers {
            let redacted = Arc::from(format!("{provider}/{REDACTED}"));
            models.providers.insert(Box::from(provider), redacted);
        }
        for (name, providers) in &lists.names {
            for provider in providers {
                models.insert(format!("{provider}/{name}"));
            }
        }
        for (name, _) in lists.names {
            models.insert(name.to_owned());
        }
        Ok(models)
    }

    /// The lists this program was built with.
    #[expect(
        clippy::expect_used,
        reason = "the texts are part of the program, and a test parses them"
    )]
    pub fn builtin() -> Arc<Models> {
        static BUILTIN: OnceLock<Arc<Models>> = OnceLock::new();
        let parse = || {
            Models::parse(
                ("catalogs/models.tsv", shipped::NAMES),
                ("catalogs/providers.txt", shipped::PROVIDERS),
            )
            .map(Arc::new)
            .map_err(|problems| problems.to_string())
            .expect("the built-in lists are valid")
        };
        Arc::clone(BUILTIN.get_or_init(parse))
    }

    /// What may be kept of `name`.
    pub fn admit(&self, name: &str) -> ModelName {
        let (text, redacted) = self.kept(name);
        ModelName {
            text: Arc::clone(text),
            redacted,
        }
    }

    /// How many names are listed.
    pub fn len(&self) -> usize {
        self.listed
    }

    /// Whether no name is listed, so that every model is redacted.
    pub fn is_empty(&self) -> bool {
        self.listed == 0
    }

    /// The date of the list, from its `# date: ` line. Models younger than it are redacted.
    pub fn date(&self) -> Option<&str> {
        self.date.as_deref()
    }

    fn insert(&mut self, name: String) {
        let text: Arc<str> = Arc::from(name.as_str());
        self.names.insert(name.into_boxed_str(), text);
    }
}

impl<'m> Lists for &'m Models {
    type Text = &'m Arc<str>;

    fn listed(self, name: &str) -> Option<&'m Arc<str>> {
        self.names.get(name)
    }

    fn provider(self, provider: &str) -> Option<&'m Arc<str>> {
        self.providers.get(provider)
    }

    fn neither(self) -> &'m Arc<str> {
        &self.redacted
    }
}

/// The two lists, whatever they are made of, and what they make of a name.
trait Lists: Copy {
    /// What comes out.
    type Text;

    /// A listed name, or `PROVIDER/NAME` of one.
    fn listed(self, name: &str) -> Option<Self::Text>;

    /// `PROVIDER/REDACTED` of a public provider.
    fn provider(self, provider: &str) -> Option<Self::Text>;

    /// `REDACTED`.
    fn neither(self) -> Self::Text;

    /// What may be kept of a name, and whether that is a redacted one.
    fn kept(self, name: &str) -> (Self::Text, bool) {
        match self.public(name) {
            Some(text) => (text, false),
            None => (self.redact(name), true),
        }
    }

    /// The public name `name` stands for. What tools write in place of a name, `None` and
    /// redacted names, is never in the list.
    fn public(self, name: &str) -> Option<Self::Text> {
        if name.len() > crate::policy::MAX_MODEL_NAME {
            return None;
        }
        self.listed_or_dated(name)
            .or_else(|| self.listed_or_dated(&cut::without_region(name)?))
    }

    fn listed_or_dated(self, name: &str) -> Option<Self::Text> {
        self.listed(name)
            .or_else(|| self.listed(cut::without_date(name)?))
    }

    /// `PROVIDER/REDACTED` if the first path segment is a public provider. A name that is
    /// already redacted comes out as it went in, or loses a provider that is not public.
    fn redact(self, name: &str) -> Self::Text {
        name.split_once('/')
            .and_then(|(provider, _)| self.provider(provider))
            .unwrap_or_else(|| self.neither())
    }
}

#[cfg(test)]
mod tests;
