//! Finding and reading a catalog at compile time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::{Catalog, Models, Profile};
use syn::LitStr;

use crate::near::nearest;

/// A catalog, and the files it was read from.
pub(crate) type Found = (Arc<Catalog>, Vec<String>);

/// The catalog `named`: the shipped one by its name, or one of the tool's own by the path of
/// its file.
///
/// # Errors
///
/// A compile error at the name: what cannot be read, or every problem of the catalog at once.
pub(crate) fn read(named: &LitStr) -> syn::Result<Found> {
    find(&named.value()).map_err(|what| syn::Error::new(named.span(), what))
}

fn find(named: &str) -> Result<Found, String> {
    let shipped = Catalog::builtin();
    if named == shipped.name() {
        return Ok((shipped, Vec::new()));
    }
    if !named.ends_with(".toml") {
        let known = [shipped.name().to_owned()];
        return Err(format!(
            "there is no shipped catalog `{named}`: say \"{}\", or the path of a .toml file, \
             relative to the crate's Cargo.toml{}",
            shipped.name(),
            did_you_mean(named, &known)
        ));
    }
    let file = beside_manifest(named)?;
    let (list, providers) = (
        file.with_file_name("models.tsv"),
        file.with_file_name("providers.txt"),
    );
    let (names, known) = (text_of(&list)?, text_of(&providers)?);
    let models = Models::parse(("models.tsv", &names), ("providers.txt", &known))
        .map_err(|problems| problems.to_string())?;
    let catalog = Catalog::parse(named, &text_of(&file)?, models.into())
        .map_err(|problems| problems.to_string())?;
    Ok((
        catalog.into(),
        [file, list, providers].iter().map(|it| shown(it)).collect(),
    ))
}

/// A profile, with the files it was read from.
pub(crate) type FoundProfile = (Arc<Profile>, Vec<String>);

/// The profile `named`: a shipped one by its id, or a tool's own by the path of its file, with
/// its list of modules beside it. It is of the shipped catalog.
///
/// # Errors
///
/// A compile error at the name: what cannot be read, or every problem of the profile at once.
pub(crate) fn read_profile(named: &LitStr) -> syn::Result<FoundProfile> {
    find_profile(&named.value()).map_err(|what| syn::Error::new(named.span(), what))
}

fn find_profile(named: &str) -> Result<FoundProfile, String> {
    if let Some(shipped) = Profile::builtin(named) {
        return Ok((shipped, Vec::new()));
    }
    if !named.ends_with(".toml") {
        return Err(format!(
            "there is no shipped profile `{named}`: say one of {}, or the path of a .toml file, \
             relative to the crate's Cargo.toml",
            Profile::builtin_ids().join(", ")
        ));
    }
    let file = beside_manifest(named)?;
    let mut files = vec![shown(&file)];
    let mut profile = Profile::parse(named, &text_of(&file)?, &Catalog::builtin())
        .map_err(|problems| problems.to_string())?;
    if let Some(name) = profile.modules_file.clone() {
        let modules = file.with_file_name(&name);
        profile = profile
            .with_modules(&name, &text_of(&modules)?)
            .map_err(|problems| problems.to_string())?;
        files.push(shown(&modules));
    }
    Ok((profile.into(), files))
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo says by this variable which crate is being compiled"
)]
fn beside_manifest(path: &str) -> Result<PathBuf, String> {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR")
        .ok_or("cargo has not said where the crate lies (CARGO_MANIFEST_DIR)")?;
    Ok(Path::new(&folder).join(path))
}

fn text_of(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        format!(
            "cannot read {}: {error}; the path is relative to the crate's Cargo.toml{}",
            path.display(),
            did_you_mean(&name, &beside(path))
        )
    })
}

fn did_you_mean(named: &str, there: &[String]) -> String {
    let nearest = nearest(named, there);
    nearest.map_or(String::new(), |it| format!(". Did you mean \"{it}\"?"))
}

/// The names of the files in a file's folder.
fn beside(path: &Path) -> Vec<String> {
    let entries = path
        .parent()
        .and_then(|folder| std::fs::read_dir(folder).ok());
    let entries = entries.into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_none_says_what_there_is() {
        let error = find("llm").unwrap_err();
        assert!(error.contains("say \"llm-coding\""), "{error}");
        assert!(!error.contains("Did you mean"), "{error}");
        let error = find("llm_coding").unwrap_err();
        assert!(error.ends_with("Did you mean \"llm-coding\"?"), "{error}");
        let error = find("../../catalogs/llm_coding.toml").unwrap_err();
        assert!(
            error.ends_with("Did you mean \"llm-coding.toml\"?"),
            "{error}"
        );
        let error = find("no/such.toml").unwrap_err();
        assert!(
            error.contains("relative to the crate's Cargo.toml"),
            "{error}"
        );
    }

    #[test]
    fn a_profile_is_found_by_its_id_or_its_path() {
        let (shipped, none) = find_profile("aider").unwrap();
        let (own, files) = find_profile("../../hosts/aider.toml").unwrap();
        assert_eq!((&shipped, none.len()), (&own, 0));
        assert!(own.owns_module("aider.main"));
        assert_eq!(files.len(), 2);
        let error = find_profile("nobody").unwrap_err();
        assert!(error.contains("say one of aider, "), "{error}");
    }

    #[test]
    fn the_shipped_catalog_and_the_same_by_its_path_are_one() {
        let (shipped, none) = find("llm-coding").unwrap();
        let (own, files) = find("../../catalogs/llm-coding.toml").unwrap();
        assert_eq!((shipped.sha256(), none.len()), (own.sha256(), 0));
        assert_eq!(files.len(), 3);
    }
}
