//! A person's home, a repository in it, and an endpoint for its tool.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;

use crate::answer;
use crate::server::{self, Reply, Request};

/// The key of the endpoint: nobody but the endpoint may see it.
pub(crate) const KEY: &str = "sk-canary-key-5309";

/// Home, repository and endpoint.
pub(crate) struct Project {
    home: TempDir,
    endpoint: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Project {
    /// A repository with `hello.py`, and an endpoint that adds a greeting to it.
    pub(crate) fn new() -> Project {
        Project::answered(|_, request| answer::answer(request))
    }

    /// The same, with an endpoint that answers as `reply` says; it is told how many requests
    /// came before.
    pub(crate) fn answered(
        reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static,
    ) -> Project {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            server::serve(listener, move |request| {
                let mut seen = seen.lock().unwrap();
                let before = seen.len();
                seen.push(request.clone());
                drop(seen);
                reply(before, &request)
            });
        });
        let project = Project { home: TempDir::new().unwrap(), endpoint, requests };
        fs::create_dir(project.dir()).unwrap();
        project.write("hello.py", "print(\"hello\")\n");
        for args in [&["init", "-q", "-b", "main"][..], &["add", "."], &["commit", "-qm", "Begin"]]
        {
            project.git(args);
        }
        project
    }

    /// The repository.
    pub(crate) fn dir(&self) -> PathBuf {
        self.home.path().join("project")
    }

    /// A file of the home.
    pub(crate) fn home(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.dir().join(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.dir().join(name)).unwrap()
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(args);
        let output = self.alone(command).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The commits, the last one first.
    pub(crate) fn commits(&self) -> Vec<String> {
        let log = self.git(&["log", "--format=%s"]);
        log.lines().map(str::to_owned).collect()
    }

    /// What the endpoint was asked.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// `pair`, with nothing of this machine's environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pair"));
        command.args(args);
        let mut command = self.alone(command);
        command
            .env("OPENAI_API_BASE", &self.endpoint)
            .env("OPENAI_API_KEY", KEY)
            .env("PAIR_MODEL", "gpt-4o");
        command
    }

    /// A run without a terminal that is given `input`.
    pub(crate) fn run(&self, args: &[&str], input: &str) -> Output {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A run that ends before it has read everything is no surprise.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    /// A run with a log: what it printed, and its events.
    pub(crate) fn logged(&self, args: &[&str], input: &str) -> (Output, Vec<Value>) {
        let log = self.home("analytics.jsonl");
        let _ = fs::remove_file(&log);
        let mut all = vec!["--analytics-log", log.to_str().unwrap()];
        all.extend(args);
        let output = self.run(&all, input);
        (output, self.events())
    }

    /// The events of the log.
    pub(crate) fn events(&self) -> Vec<Value> {
        let log = fs::read_to_string(self.home("analytics.jsonl")).unwrap_or_default();
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn alone(&self, mut command: Command) -> Command {
        command
            .current_dir(self.dir())
            .env_clear()
            .env("PATH", env!("PATH"))
            .env("HOME", self.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["AUTHOR", "COMMITTER"].into_iter().flat_map(|who| {
                [
                    (format!("GIT_{who}_NAME"), "Ann Other".to_owned()),
                    (format!("GIT_{who}_EMAIL"), "ann@example.org".to_owned()),
                    (format!("GIT_{who}_DATE"), "2026-01-02T03:04:05Z".to_owned()),
                ]
            }));
        command
    }
}

/// The names of events.
pub(crate) fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

/// What a run wrote to standard output; shown with standard error if it failed.
pub(crate) fn said(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{said}\n---\n{error}");
    said
}
