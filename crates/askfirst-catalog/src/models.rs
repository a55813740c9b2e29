//! Public model names, and what becomes of every other one.

use std::sync::{Arc, OnceLock};

use crate::problems::Problems;

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
pub struct Models {}

impl Models {
    /// Reads the two lists.
    ///
    /// # Errors
    ///
    /// Every line that is not `NAME<TAB>PROVIDER[,PROVIDER...]`, out of order or double.
    pub fn parse(_names: (&str, &str), _providers: (&str, &str)) -> Result<Models, Problems> {
        Ok(Models {})
    }

    /// The lists this program was built with.
    #[expect(
        clippy::expect_used,
        reason = "the texts are part of the program, and a test parses them"
    )]
    pub fn builtin() -> Arc<Models> {
        static BUILTIN: OnceLock<Arc<Models>> = OnceLock::new();
        let parse = || {
            let names = include_str!("../../../catalogs/models.tsv");
            let providers = include_str!("../../../catalogs/providers.txt");
            Models::parse(
                ("catalogs/models.tsv", names),
                ("catalogs/providers.txt", providers),
            )
            .map(Arc::new)
            .map_err(|problems| problems.to_string())
            .expect("the built-in lists are valid")
        };
        Arc::clone(BUILTIN.get_or_init(parse))
    }

    /// What may be kept of `name`.
    pub fn admit(&self, _name: &str) -> ModelName {
        ModelName {
            text: Arc::from("REDACTED"),
            redacted: true,
        }
    }
}
