//! Which events leave, under which profile, and that nothing else does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use askfirst_catalog::Catalog;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::project::{KEY, Project, names, said};
use crate::pty::Terminal;
use crate::server::Reply;
use crate::terminal::enter;

/// `pair`'s own profile, and the shipped ones.
const PROFILES: [&str; 6] = ["pair", "aider", "blackboxai", "cecli", "dev", "llmcode"];

/// What a session of every command types.
const SESSION: &str = "\
/add hello.py
greet
/undo
/ask what is it?
/code greet again
/diff
/tokens
/run echo hi
y
/model gpt-4o-mini
/drop hello.py
/clear
/help
/help how?
/exit
";

/// What it records, one line a step; what only `pair`'s own profile collects ends with `*`.
const RECORDED: &str = "\
launched repo auto_commits cli session
command_add
message_send_starting message_send message duration* language touched* edit lint* test*
command_undo
command_ask message_send_starting message_send message duration*
command_code message_send_starting message_send message duration* edit lint* test*
command_diff
command_tokens
command_run
command_model
command_drop
command_clear
command_help
command_help interactive help message_send_starting message_send message duration*
command_exit session length* exit";

/// Names of two words, which the text above is not to be split at.
const TWO_WORDS: [&str; 5] =
    ["cli session", "message duration", "language touched", "interactive help", "session length"];

fn expected(profile: &str) -> Vec<String> {
    let joined = TWO_WORDS
        .iter()
        .fold(RECORDED.to_owned(), |text, name| text.replace(name, &name.replace(' ', "~")));
    joined
        .split_whitespace()
        .filter(|name| profile == "pair" || !name.ends_with('*'))
        .map(|name| name.trim_end_matches('*').replace('~', " "))
        .collect()
}

#[test]
fn a_session_records_what_it_does_in_its_order_under_every_profile() {
    for profile in PROFILES {
        let project = Project::new();
        let checks = ["--lint-cmd", "true", "--test-cmd", "true"];
        let args = [&["--profile", profile], &checks[..]].concat();
        let (output, events) = project.logged(&args, SESSION);
        said(&output);
        assert_eq!(names(&events), expected(profile), "{profile}");
        assert!(events.iter().all(|event| event["user_id"].is_null()), "nobody agreed");
    }
}

#[test]
fn every_event_says_what_pair_knows() {
    let project = Project::new();
    let (_, events) = project.logged(&["hello.py", "--test-cmd", "true"], "greet\n/exit\n");
    let of = |name: &str| -> Value {
        let found = events.iter().find(|event| event["event"] == name);
        found.unwrap()["properties"].clone()
    };
    assert_eq!(of("repo")["num_files"], 1);
    assert_eq!(of("auto_commits")["enabled"], true);
    assert_eq!(of("cli session")["main_model"], "gpt-4o");
    assert_eq!(of("cli session")["edit_format"], "diff");
    let answered = of("message_send");
    assert_eq!(answered["prompt_tokens"], 1_000);
    assert_eq!(answered["completion_tokens"], 50);
    assert_eq!(answered["cost"], 0.003);
    assert_eq!(of("edit")["applied"], 1);
    assert_eq!(of("language touched")["language"], "python");
    assert_eq!(of("test")["outcome"], "passed");
    assert!(of("message duration")["duration"].is_u64());
    assert_eq!(of("exit")["reason"], "/exit");
    assert_eq!(of("launched")["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn b08_b19_a_private_model_has_neither_name_nor_price() {
    let project = Project::new();
    let args = ["--model", "our-own/model", "--message", "greet", "hello.py"];
    let (_, events) = project.logged(&args, "");
    assert_eq!(names(&events)[3], "model warning");
    let answered = events.iter().find(|event| event["event"] == "message_send").unwrap();
    assert_eq!(answered["properties"]["main_model"], "REDACTED");
    assert!(answered["properties"].get("cost").is_none());
    assert!(!fs::read_to_string(project.home("analytics.jsonl")).unwrap().contains("our-own"));
}

#[test]
fn every_event_of_the_catalog_is_recorded_or_said_not_to_be() {
    let mut recorded = BTreeSet::new();
    let mut session = |project: &Project, args: &[&str], input: &str| {
        for event in project.logged(args, input).1 {
            let name = event["event"].as_str().unwrap();
            let name = if name.starts_with("command_") { "command" } else { name };
            recorded.insert(name.to_owned());
        }
    };
    let project = Project::new();
    session(&project, &["--lint-cmd", "true", "--test-cmd", "true"], SESSION);
    session(&project, &["--no-git", "--model", "our-own"], "/crash\n");
    let unnamed = Project::answered(|_, _| Reply::Status(500, "no".to_owned()));

    let log = unnamed.home("analytics.jsonl");
    let mut command = unnamed.command(&["--analytics-log", log.to_str().unwrap(), "-m", "greet"]);
    assert!(!command.env_remove("PAIR_MODEL").output().unwrap().status.success());
    for event in unnamed.events() {
        recorded.insert(event["event"].as_str().unwrap().to_owned());
    }
    let readme = include_str!("../../README.md");
    let (_, not) = readme.split_once("It does not record").unwrap();
    let (not, _) = not.split_once("\n\n##").unwrap();
    let said: BTreeSet<String> = not.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let catalog = Catalog::builtin();
    for event in catalog.events() {
        let (is, isnt) = (recorded.contains(&*event.name), said.contains(&*event.name));
        assert!(is != isnt, "{}: recorded {is}, said not to be {isnt}", event.name);
    }
}

/// Words that may be nowhere, in the spellings they might take.
fn spellings(word: &str) -> Vec<Vec<u8>> {
    let percent: String = word.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // Base64 of the word wherever it stands in what is encoded: without the ends, which depend
    // on what is beside it.
    let encoded = (0..3).map(|at| {
        let shifted = STANDARD.encode([&vec![b' '; at], word.as_bytes()].concat());
        shifted.as_bytes()[4..shifted.len() - 4].to_owned()
    });
    let plain = [word.to_owned(), word.to_lowercase(), word.to_uppercase(), percent];
    plain.into_iter().map(String::into_bytes).chain([wide]).chain(encoded).collect()
}

/// Everything below a folder, in one.
fn everything(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(everything(&path)),
            false => all.extend(fs::read(path).unwrap()),
        }
    }
    all
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[test]
fn a_canary_is_found_in_every_spelling() {
    let word = "CanaryPrompt7";
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hidden =
        [wide, b"a canaryprompt7 b".to_vec(), b"%43%61%6E%61%72%79%50%72%6F%6D%70%74%37".to_vec()];
    let encoded =
        ["", "a", "ab"].map(|before| STANDARD.encode(format!("{before}{word} after")).into_bytes());
    for bytes in hidden.into_iter().chain(encoded) {
        assert!(spellings(word).iter().any(|it| holds(&bytes, it)), "{bytes:?}");
    }
    assert!(!spellings(word).iter().any(|it| holds(b"launched repo", it)));
}

#[test]
fn p02_nothing_of_the_chat_is_in_log_or_spool_under_any_profile() {
    let canaries =
        ["CanaryPrompt7", "CanaryCode7", "CanaryFile7", "CanaryAnswer7", "CanaryModel7", KEY];
    for profile in PROFILES {
        let project = Project::answered(|before, _| match before {
            0 => Reply::Text("CanaryAnswer7".to_owned(), None),
            1 => Reply::Status(400, "CanaryAnswer7 was refused".to_owned()),
            _ => Reply::Line("data: CanaryAnswer7".to_owned()),
        });
        project.write("CanaryFile7.py", "CanaryCode7 = 1\n");
        let log = project.home("analytics.jsonl");
        let args = [
            "--profile",
            profile,
            "--analytics",
            "--analytics-log",
            log.to_str().unwrap(),
            "--analytics-posthog-host",
            "http://127.0.0.1:9",
            "--analytics-posthog-project-api-key",
            "phc_test",
            "--model",
            "CanaryModel7",
            "CanaryFile7.py",
        ];
        let mut terminal = Terminal::start(project.command(&args), 100);
        terminal.until_anew("[Yes]: ");
        terminal.types("y");
        terminal.until_anew("try /help");
        for line in ["CanaryPrompt7", "CanaryPrompt7", "CanaryPrompt7", "/CanaryPrompt7", "/crash"]
        {
            enter(&mut terminal, line);
        }
        let (code, screen) = terminal.end();
        assert_eq!(code, 101, "{screen}");
        let state = fs::read_dir(project.home(""))
            .unwrap()
            .flatten()
            .find(|entry| entry.path().join("askfirst-spool").is_dir());
        let spool = everything(&state.unwrap().path());
        let log = fs::read(log).unwrap();
        let events = project.events();
        assert!(names(&events).contains(&"message_send_exception"), "{profile}");
        for event in &events {
            let id = event["uuid"].as_str().unwrap();
            assert!(holds(&spool, id.as_bytes()), "{profile}: what is logged is what waits");
        }
        let home = project.home("").display().to_string();
        for canary in canaries.into_iter().chain([home.trim_end_matches('/')]) {
            for spelling in spellings(canary) {
                assert!(!holds(&log, &spelling), "{profile}: {canary} is in the log");
                assert!(!holds(&spool, &spelling), "{profile}: {canary} is in the spool");
            }
        }
    }
}

#[test]
fn output_and_exit_code_are_the_same_without_analytics() {
    let run = |args: &[&str], reply: Option<Reply>| {
        let project = match reply {
            Some(reply) => Project::answered(move |_, _| reply.clone()),
            None => Project::new(),
        };
        // A person has agreed, and nobody listens where the events go.
        let places = ["--analytics-posthog-host", "http://127.0.0.1:9"];
        let mut terminal =
            Terminal::start(project.command(&[&["--exit"], &places[..]].concat()), 100);
        terminal.until_anew("[Yes]: ");
        terminal.types("y");
        assert_eq!(terminal.end().0, 0);
        let output = project.run(&[&places[..], args, &["hello.py"]].concat(), SESSION);
        (output.stdout, output.status.code())
    };
    let refused = Reply::Status(401, "who?".to_owned());
    for (args, reply) in [
        (&["--lint-cmd", "true"][..], None),
        (&["--message", "greet"], None),
        (&["--message", "greet"], Some(refused)),
    ] {
        let with = run(args, reply.clone());
        let without = run(&[args, &["--no-analytics"]].concat(), reply);
        assert_eq!(with, without);
        assert!(!with.0.is_empty());
    }
}

#[test]
fn p12_every_call_site_is_found_by_the_search_of_the_profile() {
    let profile = include_str!("../../pair.toml");
    assert!(profile.contains("call_search = \"analytics.record(\""));
    for (file, text) in sources() {
        let calls = text.matches(".record(").count();
        let found = text.matches("analytics.record(").count();
        assert_eq!(calls, found, "{file}");
        assert_eq!(file == "journal", found > 0, "{file}");
    }
}

#[test]
fn the_list_of_modules_is_the_source() {
    let listed = include_str!("../../modules.txt").lines().filter(|line| !line.starts_with('#'));
    let files: BTreeSet<String> = sources().into_iter().map(|(file, _)| file).collect();
    assert_eq!(listed.collect::<Vec<_>>(), files.iter().collect::<Vec<_>>());
}

#[test]
fn it_stays_readable_in_one_sitting() {
    let lines: usize = sources().iter().map(|(_, text)| text.lines().count()).sum();
    assert!(lines < 1_500, "{lines} lines");
}

/// The modules of `pair` with their text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(&root).unwrap().with_extension("");
            let name = below.to_str().unwrap().replace('/', ".");
            let name = name.strip_suffix(".mod").unwrap_or(&name).to_owned();
            found.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    found
}
