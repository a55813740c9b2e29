//! A person in front of a terminal.

use crate::project::{Project, names};
use crate::pty::Terminal;
use crate::server::Reply;

/// `pair` on a terminal with a log, at its first prompt.
fn at_the_prompt(project: &Project, args: &[&str]) -> Terminal {
    let log = project.home("analytics.jsonl");
    let mut all = vec!["--analytics-log", log.to_str().unwrap()];
    all.extend(args);
    let mut terminal = Terminal::start(project.command(&all), 100);
    terminal.until_anew("try /help");
    terminal
}

/// Types a line once the line editor listens: what is typed before that may be lost.
pub(crate) fn enter(terminal: &mut Terminal, line: &str) {
    terminal.until_anew("[?2004h");
    terminal.types(line);
}

/// Why the session ended, by its log.
fn reason(project: &Project) -> String {
    let events = project.events();
    let last = events.last().unwrap();
    assert_eq!(last["event"], "exit");
    last["properties"]["reason"].as_str().unwrap().to_owned()
}

#[test]
fn the_commands_do_what_help_says() {
    let project = Project::new();
    project.write("other.txt", "other\n");
    let mut terminal = at_the_prompt(&project, &[]);
    let steps = [
        ("/help", "take pair's last commit back"),
        ("/add hello.py nowhere/../x.py", "Added to the chat: hello.py"),
        ("/tokens", "tokens of instructions and files, 0 of chat."),
        ("/ask what is it?", "I answer every question with this sentence."),
        ("/und", "pair has committed nothing in this session"),
        ("/co", ""),
        ("greet", "pair: greet"),
        ("/diff", "+good morning"),
        ("/undo", "back."),
        ("/undo", "pair has committed nothing in this session"),
        // Its words are the next prompt, which the next line waits for.
        ("/run echo four*5", ""),
        ("y", ""),
        ("/model our-own/model", "The price of our-own/model is not known"),
        ("/model", "our-own/model"),
        ("/drop other.txt", "other.txt is not in the chat"),
        ("/drop hello.py", "Taken out of the chat: hello.py"),
        ("/c", "/c may be /clear or /code or /crash."),
        ("/frobnicate", "There is no command /frobnicate"),
        ("/help how do I undo?", "I answer every question"),
    ];
    for (line, words) in steps {
        enter(&mut terminal, line);
        terminal.until_anew(words);
    }
    enter(&mut terminal, "/exit");
    let (code, screen) = terminal.end();
    assert_eq!(code, 0, "{screen}");
    assert_eq!(project.read("hello.py"), "print(\"hello\")\n");
    assert_eq!(project.commits(), ["Begin"]);
    assert_eq!(reason(&project), "/exit");
    let requests = project.requests();
    assert!(requests[2].body.to_string().contains("four*5"), "the output went into the chat");
    let events = project.events();
    let commands: Vec<&str> =
        names(&events).into_iter().filter_map(|name| name.strip_prefix("command_")).collect();
    let expected =
        "help add tokens ask undo code diff undo undo run model model drop drop help exit";
    assert_eq!(commands.join(" "), expected, "what is no command is not recorded");
}

#[test]
fn ctrl_c_ends_the_answer_and_not_the_session() {
    let project = Project::answered(|before, _| match before {
        0 => Reply::Silence("I am thinking about".to_owned()),
        _ => Reply::Text("At once.".to_owned(), None),
    });
    let mut terminal = at_the_prompt(&project, &[]);
    enter(&mut terminal, "/ask what?");
    terminal.until_anew("thinking about");
    let id = rustix::process::Pid::from_raw(terminal.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    terminal.until_anew("Interrupted.");
    enter(&mut terminal, "/ask and now?");
    terminal.until_anew("At once.");
    enter(&mut terminal, "/exit");
    assert_eq!(terminal.end().0, 0);
    let events = project.events();
    let names = names(&events);
    let count = |name| names.iter().filter(|it| **it == name).count();
    assert_eq!((count("message_send_starting"), count("message_send")), (2, 1));
    assert_eq!(count("message_send_exception"), 0, "the user's wish is no error");
}

#[test]
fn two_ctrl_c_at_the_prompt_or_ctrl_d_end_the_session() {
    let project = Project::new();
    let mut terminal = at_the_prompt(&project, &[]);
    terminal.until_anew("[?2004h");
    terminal.presses(b"\x03");
    terminal.until_anew("Ctrl-C again to exit.");
    terminal.until_anew("[?2004h");
    terminal.presses(b"\x03");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(reason(&project), "Control-C");

    let mut terminal = at_the_prompt(&project, &[]);
    terminal.until_anew("[?2004h");
    terminal.presses(b"\x04");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(reason(&project), "Completed main CLI coder.run");
}

#[test]
fn b02_a_crash_is_recorded_by_class_and_place_and_nothing_of_its_message() {
    let project = Project::new();
    let mut terminal = at_the_prompt(&project, &["hello.py"]);
    enter(&mut terminal, "/crash");
    let (code, screen) = terminal.end();
    assert_eq!(code, 101);
    let home = project.home("").display().to_string();
    assert!(screen.contains("asked to crash") && screen.contains(home.trim_end_matches('/')));
    let events = project.events();
    assert_eq!(names(&events).last(), Some(&"exception"));
    let crash = &events.last().unwrap()["properties"];
    assert_eq!(crash["error"], "panic");
    let source = include_str!("../../src/commands.rs");
    let line = 1 + source.lines().position(|line| line.contains("panic!(")).unwrap();
    assert_eq!(crash["frames"], format!("commands:{line}"));
    assert!(!std::fs::read_to_string(project.home("analytics.jsonl")).unwrap().contains("asked"));
}

#[test]
fn a_profile_in_a_file_is_read_with_the_modules_beside_it() {
    let project = Project::new();
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let frames = |profile: std::path::PathBuf| {
        let args = ["--profile", profile.to_str().unwrap()];
        let (_, events) = project.logged(&args, "/crash\n");
        events.last().unwrap()["properties"]["frames"].clone()
    };
    assert!(frames(here.join("pair.toml")).as_str().unwrap().starts_with("commands:"));
    let of_another = frames(here.join("../../hosts/aider.toml"));
    assert!(of_another.is_null(), "its own modules are aider's: {of_another}");
    let missing = project.run(&["--profile", "nowhere.toml"], "");
    let error = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(error.starts_with("pair: cannot use the profile nowhere.toml: "), "{error}");
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn p09_the_question_is_asked_once_and_the_session_goes_on_after_it() {
    let project = Project::new();
    let start = || {
        let args = ["--analytics-posthog-host", "http://127.0.0.1:9"];
        Terminal::start(project.command(&args), 100)
    };
    let mut terminal = start();
    terminal.until_anew("help improve pair? (Y)es/(N)o [Yes]: ");
    terminal.types("y");
    terminal.until_anew("Analytics are on.");
    terminal.until_anew("try /help");
    enter(&mut terminal, "/ask what is it?");
    terminal.until_anew("with this sentence.");
    enter(&mut terminal, "/exit");
    assert_eq!(terminal.end().0, 0);
    let waiting = project.home(".pair/askfirst-spool");
    assert!(waiting.is_dir(), "what was agreed to waits to be sent");

    let mut terminal = start();
    terminal.until_anew("try /help");
    enter(&mut terminal, "/exit");
    let (_, screen) = terminal.end();
    assert!(!screen.contains("(Y)es"), "{screen}");
}

#[test]
fn p10_a_no_is_for_ever() {
    let project = Project::new();
    let args = ["--analytics", "--analytics-posthog-host", "http://127.0.0.1:9"];
    let mut terminal = Terminal::start(project.command(&args), 100);
    terminal.until_anew("[Yes]: ");
    terminal.types("n");
    terminal.until_anew("try /help");
    enter(&mut terminal, "/exit");
    assert_eq!(terminal.end().0, 0);
    assert!(project.home(".pair/analytics.disabled").exists());
    assert!(!project.home(".pair/askfirst-spool").exists());
}
