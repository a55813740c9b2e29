//! `askfirst catalog`: what may be collected, checked, printed and compared.

mod sites;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use askfirst_catalog::{Catalog, Models, Problems, Profile, diff, page, privacy, symbols};

use crate::args::CatalogCommand;
use crate::choose;
use crate::failure::Failure;
use crate::output::Output;

/// Does what was asked.
pub(crate) fn run(command: &CatalogCommand, output: &Output) -> anyhow::Result<()> {
    match command {
        CatalogCommand::Check { files } if files.is_empty() => check_shipped(output),
        CatalogCommand::Check { files } => check(files, output),
        CatalogCommand::Page { host } => {
            let profile = choose::profile(host.as_deref())?;
            Ok(output.result(&page(&Catalog::builtin(), &profile))?)
        }
        CatalogCommand::Privacy { host } => {
            let profile = choose::profile(host.as_deref())?;
            Ok(output.result(&privacy(&profile))?)
        }
        CatalogCommand::Diff { a, b } => compare(a, b, output),
        CatalogCommand::Sites {
            dir,
            search,
            format,
        } => sites::run(dir, search.as_deref(), format.format, output),
        CatalogCommand::Symbols { dir, package } => {
            let modules = symbols::modules(dir, package).map_err(|error| {
                Failure::failed(
                    error.to_string(),
                    "name the folder a wheel or source archive was unpacked into",
                )
            })?;
            let lines: Vec<String> = modules.into_iter().collect();
            Ok(output.result(&lines.join("\n"))?)
        }
    }
}

/// The shipped ones are parsed by use: the program cannot have started with a broken one.
fn check_shipped(output: &Output) -> anyhow::Result<()> {
    let mut said = in_order("built in", &Catalog::builtin());
    for id in Profile::builtin_ids() {
        let profile = choose::profile(Some(id))?;
        said += &profile_in_order("built in", &profile);
    }
    Ok(output.result(&said)?)
}

/// Checks every file and says everything that is wrong, in all of them, at once.
fn check(files: &[PathBuf], output: &Output) -> anyhow::Result<()> {
    let texts: Vec<(&PathBuf, String)> = files
        .iter()
        .map(|path| Ok((path, read(path)?)))
        .collect::<anyhow::Result<_>>()?;
    let (catalogs, profiles): (Vec<_>, Vec<_>) =
        texts.iter().partition(|(_, text)| is_catalog(text));
    let mut said = String::new();
    let mut problems = Vec::new();
    let mut against = Catalog::builtin();
    for (path, text) in catalogs {
        match parse(path, text)? {
            Ok(catalog) => {
                said += &in_order(&path.display().to_string(), &catalog);
                against = Arc::new(catalog);
            }
            Err(found) => problems.push(found),
        }
    }
    for (path, text) in profiles {
        match parse_profile(path, text, &against)? {
            Ok(profile) => said += &profile_in_order(&path.display().to_string(), &profile),
            Err(found) => problems.push(found),
        }
    }
    if !said.is_empty() {
        output.result(&said)?;
    }
    refuse(&problems, output)
}

/// Every problem on a line of its own, then one error that counts them.
fn refuse(problems: &[Problems], output: &Output) -> anyhow::Result<()> {
    let count: usize = problems.iter().map(Problems::len).sum();
    for file in problems {
        output.note(file);
    }
    match count {
        0 => Ok(()),
        n => Err(Failure::failed(
            format!("{n} {} found", if n == 1 { "problem" } else { "problems" }),
            "each line above ends with what to change",
        )
        .into()),
    }
}

/// The difference in lines a reviewer reads; also whether B may follow A at all.
fn compare(a: &Path, b: &Path, output: &Output) -> anyhow::Result<()> {
    let (older, newer) = (parse(a, &read(a)?)?, parse(b, &read(b)?)?);
    let (older, newer) = match (older, newer) {
        (Ok(older), Ok(newer)) => (older, newer),
        (older, newer) => {
            let problems: Vec<Problems> = older.err().into_iter().chain(newer.err()).collect();
            return refuse(&problems, output);
        }
    };
    let lines = diff(&older, &newer);
    match lines.is_empty() {
        true => output.result("no difference")?,
        false => output.result(&lines.join("\n"))?,
    }
    let problems: Vec<Problems> = newer.compare(&older).err().into_iter().collect();
    refuse(&problems, output)
}

/// A catalog with the model list it names beside it, or else the shipped list.
fn parse(path: &Path, text: &str) -> anyhow::Result<Result<Catalog, Problems>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let (names, providers) = (folder.join("models.tsv"), folder.join("providers.txt"));
    let models = if names.is_file() && providers.is_file() {
        let (name, provider) = (names.display().to_string(), providers.display().to_string());
        match Models::parse((&name, &read(&names)?), (&provider, &read(&providers)?)) {
            Ok(models) => Arc::new(models),
            Err(problems) => return Ok(Err(problems)),
        }
    } else {
        Models::builtin()
    };
    Ok(Catalog::parse(&path.display().to_string(), text, models))
}

/// A profile with the list of modules it names beside it.
fn parse_profile(
    path: &Path,
    text: &str,
    catalog: &Catalog,
) -> anyhow::Result<Result<Profile, Problems>> {
    let profile = match Profile::parse(&path.display().to_string(), text, catalog) {
        Ok(profile) => profile,
        Err(problems) => return Ok(Err(problems)),
    };
    let Some(named) = profile.modules_file.clone() else {
        return Ok(Ok(profile));
    };
    let modules = path.parent().unwrap_or(Path::new("")).join(named);
    Ok(profile.with_modules(&modules.display().to_string(), &read(&modules)?))
}

/// A catalog has a table `[catalog]`; a profile names the catalog it is of.
fn is_catalog(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with("[catalog]"))
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn in_order(file: &str, catalog: &Catalog) -> String {
    format!(
        "{file}: catalog {} version {}, {} events, {} properties, {} models, in order ({})\n",
        catalog.name(),
        catalog.version(),
        catalog.events().len(),
        catalog.properties().len(),
        catalog.models().len(),
        catalog.short_hex()
    )
}

fn profile_in_order(file: &str, profile: &Profile) -> String {
    format!("{file}: host profile {}, in order\n", profile.id)
}
