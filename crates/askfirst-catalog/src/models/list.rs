//! Reading the two lists, with every problem at once.

use std::collections::BTreeSet;

use crate::policy;
use crate::problems::{Problem, Problems};

/// The two lists, line by line.
#[derive(Debug)]
pub(super) struct Lists<'t> {
    pub(super) names: Vec<(&'t str, Vec<&'t str>)>,
    pub(super) providers: BTreeSet<&'t str>,
    pub(super) date: Option<&'t str>,
}

/// Reads `NAME<TAB>PROVIDER[,PROVIDER...]` and `PROVIDER` lines.
pub(super) fn read<'t>(
    (names_file, names_text): (&str, &'t str),
    (providers_file, providers_text): (&str, &'t str),
) -> Result<Lists<'t>, Problems> {
    let mut problems = Problems::default();
    let provider_rows = rows(providers_file, providers_text, &mut problems);
    let providers: BTreeSet<&str> = provider_rows
        .iter()
        .map(|(_, provider)| *provider)
        .collect();
    for (line, provider) in provider_rows {
        if !is_provider(provider) {
            problems.push(problem(
                providers_file,
                line,
                provider,
                "is not a provider's name",
                "write a-z, 0-9, _ and -",
            ));
        }
    }
    let mut names = Vec::new();
    for (line, row) in rows(names_file, names_text, &mut problems) {
        let mut report = |entry: &str, rule: &str, fix: &str| {
            problems.push(problem(names_file, line, entry, rule, fix));
        };
        let Some((name, listed)) = row.split_once('\t') else {
            report(row, "has no tab", "write NAME<TAB>PROVIDER[,PROVIDER...]");
            continue;
        };
        if !is_name(name) {
            report(
                name,
                "is not a model's name",
                "write printable ASCII without spaces, at most 200 bytes, never None or REDACTED",
            );
        }
        let listed: Vec<&str> = listed.split(',').filter(|p| !p.is_empty()).collect();
        for provider in listed.iter().filter(|p| !providers.contains(*p)) {
            report(
                name,
                &format!("has the unlisted provider `{provider}`"),
                &format!("add it to {providers_file}"),
            );
        }
        names.push((name, listed));
    }
    let date = names_text
        .lines()
        .find_map(|line| line.strip_prefix("# date: "))
        .map(str::trim);
    problems.or(Lists {
        names,
        providers,
        date,
    })
}

/// The lines that are neither blank nor comments, with their numbers. Reports those whose
/// first word is not greater than the one before.
fn rows<'t>(file: &str, text: &'t str, problems: &mut Problems) -> Vec<(u32, &'t str)> {
    let rows: Vec<(u32, &str)> = (1..)
        .zip(text.lines())
        .filter(|(_, row)| !row.is_empty() && !row.starts_with('#'))
        .collect();
    let word = |row: &'t str| row.split('\t').next().unwrap_or(row);
    for pair in rows.windows(2) {
        if let [(_, before), (line, row)] = pair
            && word(before) >= word(row)
        {
            problems.push(problem(
                file,
                *line,
                word(row),
                "is double or out of order",
                "sort the file by bytes, each name once",
            ));
        }
    }
    rows
}

fn is_name(name: &str) -> bool {
    (1..=policy::MAX_MODEL_NAME).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_graphic())
        && name != "None"
        && !name.ends_with("REDACTED")
}

fn is_provider(provider: &str) -> bool {
    (1..=policy::MAX_NAME).contains(&provider.len())
        && provider
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

fn problem(file: &str, line: u32, entry: &str, rule: &str, fix: &str) -> Problem {
    Problem {
        file: file.to_owned(),
        line,
        entry: entry.to_owned(),
        rule: rule.to_owned(),
        fix: fix.to_owned(),
    }
}
