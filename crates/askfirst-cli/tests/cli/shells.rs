//! Completions and manual pages, as a shell and `man` take them.

use std::fs;
use std::process::Command;

use crate::home::Home;

/// What bash offers for the last word of `line`, with our script sourced.
fn offered(home: &Home, line: &[&str]) -> Vec<String> {
    let script = home.write("askfirst.bash", home.ok("completions bash"));
    let words = line.iter().map(|word| format!("'{word}'"));
    let asked = format!(
        "source '{}'; COMP_WORDS=({}); COMP_CWORD={}; \
         _askfirst askfirst \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display(),
        words.collect::<Vec<_>>().join(" "),
        line.len() - 1
    );
    let output = Command::new("bash")
        .args(["--norc", "--noprofile", "-c", &asked])
        .output()
        .expect("bash");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_reports_and_filters() {
    let home = Home::new();
    assert_eq!(offered(&home, &["askfirst", "repo"]), ["report"]);
    let reports = offered(&home, &["askfirst", "report", ""]);
    let list = home.json("report --format json");
    for report in list["reports"].as_array().expect("reports") {
        let name = report["name"].as_str().expect("a name").to_owned();
        assert!(reports.contains(&name), "{name} of {reports:?}");
    }
    assert_eq!(offered(&home, &["askfirst", "report", "mod"]), ["models"]);
    let periods = offered(&home, &["askfirst", "report", "models", "--period", ""]);
    assert_eq!(periods, ["7d", "28d", "91d", "364d", "all"]);
    assert_eq!(
        offered(&home, &["askfirst", "report", "--host", "ai"]),
        ["aider"]
    );
    assert_eq!(
        offered(&home, &["askfirst", "report", "--platform", "Dar"]),
        ["Darwin"]
    );
}

/// What each shell's script has of it is up to `clap_complete`: values of flags where the shell
/// takes them, reports in bash and zsh.
#[test]
fn every_shell_gets_a_script_with_the_commands() {
    let home = Home::new();
    for (shell, knows) in [
        ("bash", "overview"),
        ("zsh", "overview"),
        ("fish", "364d"),
        ("elvish", "--period"),
        ("powershell", "--period"),
    ] {
        let script = home.ok(&format!("completions {shell}"));
        assert!(script.contains(knows), "{shell} does not know {knows}");
    }
    let refused = home.run("completions csh");
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(
        refused
            .stderr
            .contains("bash, elvish, fish, powershell, zsh"),
        "{refused:?}"
    );
}

#[test]
fn what_completes_a_value_does_not_judge_it() {
    let home = Home::new();
    let said = home.run("report nonsense").refused(2);
    assert!(said.contains("there is no report `nonsense`"), "{said}");
}

#[test]
fn a_manual_page_for_every_command_with_its_flags() {
    let home = Home::new();
    let first = home.ok("man");
    assert!(
        first.starts_with(".ie") || first.contains(".TH askfirst 1"),
        "{first}"
    );
    let dir = home.path("man1");
    let ran = home.run_args(&["man", "--dir", dir.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let page = |name: &str| fs::read_to_string(dir.join(name)).expect(name);
    assert_eq!(page("askfirst.1").trim(), first.trim());
    assert!(page("askfirst-report.1").contains("period"));
    assert!(page("askfirst-project-rotate.1").contains("keep"));
    assert!(
        page("askfirst-demo.1").contains("EXTRA") || page("askfirst-demo.1").contains("Examples")
    );
}

#[test]
fn pages_that_cannot_be_written_say_where_and_what_to_do() {
    let home = Home::new();
    let file = home.write("file", "");
    let said = home
        .run_args(&["man", "--dir", file.to_str().expect("UTF-8")])
        .refused(1);
    assert!(said.contains("cannot write manual pages into"), "{said}");
    assert!(said.contains("--dir DIR"), "{said}");
}
