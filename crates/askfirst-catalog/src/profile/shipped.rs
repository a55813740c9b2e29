//! The profiles this program is built with.

use std::sync::{Arc, OnceLock};

use super::Profile;

/// The name of the catalog they are of.
const SHIPPED_CATALOG: &str = "llm-coding";

/// Identifier, file, text, and the list of modules where there is one. Sorted by identifier.
const SHIPPED: [(&str, &str, &str, Option<&str>); 5] = [
    (
        "aider",
        "hosts/aider.toml",
        include_str!("../../../../hosts/aider.toml"),
        Some(include_str!("../../../../hosts/modules/aider.txt")),
    ),
    (
        "blackboxai",
        "hosts/blackboxai.toml",
        include_str!("../../../../hosts/blackboxai.toml"),
        None,
    ),
    (
        "cecli",
        "hosts/cecli.toml",
        include_str!("../../../../hosts/cecli.toml"),
        Some(include_str!("../../../../hosts/modules/cecli.txt")),
    ),
    (
        "dev",
        "hosts/dev.toml",
        include_str!("../../../../hosts/dev.toml"),
        None,
    ),
    (
        "llmcode",
        "hosts/llmcode.toml",
        include_str!("../../../../hosts/llmcode.toml"),
        None,
    ),
];

impl Profile {
    /// A shipped profile. Each is read once, when it is first asked for.
    pub fn builtin(id: &str) -> Option<Arc<Profile>> {
        static PROFILES: [OnceLock<Arc<Profile>>; SHIPPED.len()] =
            [const { OnceLock::new() }; SHIPPED.len()];
        let mut both = SHIPPED.iter().zip(&PROFILES);
        let (shipped, profile) = both.find(|(shipped, _)| shipped.0 == id)?;
        Some(Arc::clone(profile.get_or_init(|| Arc::new(read(shipped)))))
    }

    /// The ids of the shipped profiles, sorted.
    pub fn builtin_ids() -> &'static [&'static str] {
        static IDS: [&str; SHIPPED.len()] = {
            let mut ids = [""; SHIPPED.len()];
            let mut i = 0;
            while i < ids.len() {
                ids[i] = SHIPPED[i].0;
                i += 1;
            }
            ids
        };
        &IDS
    }
}

#[expect(
    clippy::expect_used,
    reason = "the texts are part of the program, and a test parses them"
)]
fn read((_, file, text, modules): &(&str, &str, &str, Option<&str>)) -> Profile {
    // Its catalog would take longer to read than itself, and only its name is looked at.
    let profile = Profile::of_catalog(file, text, SHIPPED_CATALOG);
    let whole = profile.and_then(|profile| match (&profile.modules_file, modules) {
        (Some(name), Some(modules)) => {
            let name = format!("hosts/{name}");
            profile.with_modules(&name, modules)
        }
        _ => Ok(profile),
    });
    whole
        .map_err(|problems| problems.to_string())
        .expect("the shipped profiles are valid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn shipped_profiles_are_of_the_shipped_catalog() {
        assert_eq!(Catalog::builtin().name(), SHIPPED_CATALOG);
        assert!(
            Profile::builtin_ids()
                .iter()
                .all(|id| Profile::builtin(id).is_some())
        );
    }
}
