//! `cargo xtask scoreboard`: what `askfirst check` says of tools as they are, as a page.
//!
//! Not in CI: a plain tool waits 69 seconds for a collector that never answers, and a whole
//! scoreboard takes the better part of an hour. Who ran it commits the page.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{setup, wheel, workspace};

/// Where the page is.
const PAGE: &str = "docs/scoreboard.md";

/// What runs a tool on askfirst, below `.cache/`; `cargo xtask wheel` puts it there.
const RUNNER: &str = "askfirst-python/bin/askfirst-run";

/// A tool: its drive file, where `cargo xtask setup` puts it, and the command inside. It is
/// checked as it is, and as `askfirst-run` runs it, by the drive file `DRIVE-askfirst`.
struct Tool {
    drive: &'static str,
    folder: &'static str,
    command: &'static str,
}

const TOOLS: [Tool; 4] = [
    Tool {
        drive: "aider",
        folder: "peers/aider-0.86.2",
        command: "aider",
    },
    Tool {
        drive: "llmcode",
        folder: "peers/llmcode-0.1.1",
        command: "llmcode",
    },
    Tool {
        drive: "cecli",
        folder: "peers/cecli-1.10.0",
        command: "cecli",
    },
    Tool {
        drive: "dev",
        folder: "peers/dev-0.0.1",
        command: "dev",
    },
];

/// Checks every tool that can be installed here, and writes the page.
///
/// # Errors
///
/// If a check comes to no end, or the page cannot be written.
pub(crate) fn run() -> Result<()> {
    setup::scoreboard()?;
    wheel::run(wheel::Profile::Dev)?;
    let mut reports = Vec::new();
    for tool in &TOOLS {
        reports.push(checked(tool, false)?);
        reports.push(checked(tool, true)?);
    }
    write(&reports)
}

/// Writes the page of reports that were made before, one JSON file each.
///
/// # Errors
///
/// If one is none, or the page cannot be written.
pub(crate) fn of(files: &[String]) -> Result<()> {
    let read = |file: &String| -> Result<Value> {
        let text = fs::read(file).with_context(|| format!("cannot read {file}"))?;
        serde_json::from_slice(&text).with_context(|| format!("{file} is no report"))
    };
    write(&files.iter().map(read).collect::<Result<Vec<_>>>()?)
}

fn checked(tool: &Tool, on_askfirst: bool) -> Result<Value> {
    let command = workspace::cache()
        .join(tool.folder)
        .join("bin")
        .join(tool.command);
    println!("scoreboard: checking {} ...", command.display());
    let output = workspace::cargo()
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "askfirst-cli",
            "--",
        ])
        .args(["check", "--format", "json", "--jobs", "4", "--drive"])
        .arg(match on_askfirst {
            true => format!("hosts/drive/{}-askfirst.toml", tool.drive),
            false => format!("hosts/drive/{}.toml", tool.drive),
        })
        .arg("--")
        .args(on_askfirst.then(|| workspace::cache().join(RUNNER)))
        .arg(&command)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    // 1 is a verdict: something is broken.
    if !matches!(output.status.code(), Some(0 | 1)) {
        bail!(
            "`askfirst check` of {} ended with {}",
            tool.drive,
            output.status
        );
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("no report of {}", tool.drive))
}

fn write(reports: &[Value]) -> Result<()> {
    let path: PathBuf = workspace::root().join(PAGE);
    let text = page(reports, &today());
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    println!("scoreboard: wrote {PAGE}");
    Ok(())
}

fn today() -> String {
    let said = workspace::output(Command::new("date").args(["-u", "+%Y-%m-%d"]));
    said.map_or_else(|_| "an unknown day".to_owned(), |day| day.trim().to_owned())
}

/// The page: a table of all, then what is broken in each, with what was seen.
fn page(reports: &[Value], day: &str) -> String {
    let mut page = format!(
        "# Scoreboard\n\n\
         What `askfirst check` says of tools as they were published, each by its own \
         analytics page: `cargo xtask scoreboard`, {day}. Each promise and each way it was seen \
         broken is one line of {tests}; what stands here was seen from outside, in runs with \
         fresh homes on one machine, and says nothing about anybody's intent. Most of it goes \
         back to one module that the tools share. Beside each stands the same tool, not a byte \
         of it changed, run by [`askfirst-run`](../crates/askfirst-python/README.md).\n\n\
         | | promise |",
        tests = "[the checks](../crates/askfirst-check/src/promises.rs)"
    );
    for report in reports {
        let _ = write!(page, " {} |", text(report, "tool"));
    }
    page.push_str("\n|---|---|");
    page.push_str(&"---|".repeat(reports.len()));
    page.push('\n');
    let first = reports.first().map_or(&[][..], lines);
    for (at, line) in first.iter().enumerate() {
        let _ = write!(
            page,
            "| {} | {} |",
            text(line, "number"),
            text(line, "promise")
        );
        for report in reports {
            let verdict = lines(report)
                .get(at)
                .map_or("", |line| text(line, "verdict"));
            let _ = write!(page, " {} |", said(verdict));
        }
        page.push('\n');
    }
    page.push_str("| | |");
    for report in reports {
        let score = &report["score"];
        let _ = write!(page, " {} of {} |", score["ok"], score["of"]);
    }
    page.push('\n');
    for report in reports {
        details(&mut page, report);
    }
    page
}

fn details(page: &mut String, report: &Value) {
    let score = &report["score"];
    let _ = write!(
        page,
        "\n## {}\n\n{} of {} ok, {} broken, {} not applicable.\n",
        text(report, "tool"),
        score["ok"],
        score["of"],
        score["broken"],
        score["not_applicable"]
    );
    for verdict in ["broken", "not_applicable"] {
        for line in lines(report)
            .iter()
            .filter(|line| text(line, "verdict") == verdict)
        {
            let _ = write!(
                page,
                "\n**{}** {} ({})\n\n",
                text(line, "number"),
                text(line, "promise"),
                said(verdict)
            );
            let findings = line["findings"].as_array().into_iter().flatten();
            for finding in findings.filter(|finding| text(finding, "verdict") == verdict) {
                let _ = writeln!(
                    page,
                    "- {}: {}",
                    text(finding, "what"),
                    plain(text(finding, "evidence"))
                );
            }
        }
    }
}

/// Evidence may quote a screen: nothing of it is markup.
fn plain(evidence: &str) -> String {
    evidence
        .replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('*', "\\*")
}

fn said(verdict: &str) -> &str {
    match verdict {
        "not_applicable" => "n/a",
        "broken" => "**broken**",
        other => other,
    }
}

fn lines(report: &Value) -> &[Value] {
    report["lines"].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_broken_stands_with_what_was_seen_and_what_does_not_apply_with_why() {
        let line = |number: &str, verdict: &str, evidence: &str| {
            let finding = json!({"verdict": verdict, "what": "it is so", "evidence": evidence});
            json!({"number": number, "promise": "kept", "verdict": verdict, "findings": [finding]})
        };
        let report = json!({
            "tool": "sketch 1.0",
            "score": {"of": 3, "ok": 1, "broken": 1, "not_applicable": 1},
            "lines": [line("P01", "ok", ""), line("P02", "broken", "a | b"), line("P13", "not_applicable", "no section")],
        });
        let page = page(&[report], "2026-11-21");
        assert!(page.contains("| P02 | kept | **broken** |"), "{page}");
        assert!(page.contains("| | | 1 of 3 |"), "{page}");
        assert!(
            page.contains("**P02** kept (**broken**)\n\n- it is so: a \\| b\n"),
            "{page}"
        );
        assert!(page.contains("- it is so: no section\n"), "{page}");
        assert!(!page.contains("**P01**"), "{page}");
    }
}
