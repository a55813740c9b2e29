//! What the SDK brings into a program, as cargo counts it, and as `docs/dependencies.md`
//! lists it.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::workspace;

/// Packages, by name.
type Names = BTreeSet<String>;

/// Prints how many packages each feature of the SDK adds to a program.
///
/// # Errors
///
/// If cargo cannot say.
pub(crate) fn print() -> Result<()> {
    let count = |features: &str| linked(features).map(|names| names.len());
    println!("\n| packages compiled into a program | |\n|---|---|");
    println!("| always | {} |", count("")?);
    println!("| with feature `clap` | {} |", count("clap")?);
    println!("| with feature `network` | {} |", count("network")?);
    println!("| with both, as by default | {} |", count("clap,network")?);
    println!("docs/dependencies.md says what each is for");
    Ok(())
}

/// What is compiled into a program on Linux.
fn linked(features: &str) -> Result<Names> {
    tree(features, "normal,no-proc-macro")
}

fn tree(features: &str, edges: &str) -> Result<Names> {
    let printed = workspace::output(workspace::cargo().args([
        "tree",
        "--locked",
        "--package=askfirst",
        "--no-default-features",
        "--features",
        features,
        "--edges",
        edges,
        "--target=x86_64-unknown-linux-gnu",
        "--prefix=none",
        "--format={p}",
    ]))?;
    let names = printed.lines().filter_map(|line| line.split(' ').next());
    let foreign = names.filter(|name| !name.is_empty() && !name.starts_with("askfirst"));
    Ok(foreign.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use anyhow::Context;

    use super::*;

    /// The packages in the table below a heading of the document that begins so.
    fn listed(heading: &str) -> Result<Names> {
        let path = workspace::root().join("docs/dependencies.md");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let section = text
            .split("\n## ")
            .find(|section| section.starts_with(heading))
            .with_context(|| format!("{} has no section `{heading}`", path.display()))?;
        let rows = section.lines().filter(|line| line.starts_with("| "));
        let names = rows.skip(1).filter_map(|row| row.split(" | ").next());
        Ok(names
            .map(|name| name.trim_start_matches("| ").to_owned())
            .collect())
    }

    /// What a feature adds to what is always there.
    fn added(feature: &str) -> Names {
        let always = linked("").unwrap();
        linked(feature)
            .unwrap()
            .difference(&always)
            .cloned()
            .collect()
    }

    #[test]
    fn every_package_in_a_program_is_listed_with_its_reason() {
        assert_eq!(listed("Always").unwrap(), linked("").unwrap());
        assert_eq!(listed("Feature `clap`").unwrap(), added("clap"));
        assert_eq!(listed("Feature `network`").unwrap(), added("network"));
    }

    #[test]
    fn every_package_needed_to_compile_is_listed() {
        let all = tree("clap,network", "normal,build").unwrap();
        let in_program = linked("clap,network").unwrap();
        let only_compiling: Names = all.difference(&in_program).cloned().collect();
        assert_eq!(listed("Only while compiling").unwrap(), only_compiling);
    }
}
