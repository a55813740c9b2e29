//! The profiles this program is built with.

use std::sync::{Arc, LazyLock};

use super::Profile;
use crate::catalog::Catalog;

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
        None,
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
    /// A shipped profile.
    pub fn builtin(id: &str) -> Option<Arc<Profile>> {
        static PROFILES: LazyLock<Vec<Arc<Profile>>> = LazyLock::new(parse_all);
        let found = PROFILES.iter().find(|profile| profile.id == id);
        found.map(Arc::clone)
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
fn parse_all() -> Vec<Arc<Profile>> {
    let catalog = Catalog::builtin();
    let parse = |(_, file, text, modules): &(&str, &str, &str, Option<&str>)| {
        let profile = Profile::parse(file, text, &catalog)?;
        match (&profile.modules_file, modules) {
            (Some(name), Some(modules)) => {
                let name = format!("hosts/{name}");
                profile.with_modules(&name, modules)
            }
            _ => Ok(profile),
        }
    };
    let profiles = SHIPPED.iter().map(parse);
    profiles
        .map(|profile| {
            profile
                .map(Arc::new)
                .map_err(|problems| problems.to_string())
                .expect("the shipped profiles are valid")
        })
        .collect()
}
