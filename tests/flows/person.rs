//! Someone who uses an unmodified aider, and the stand-in they talk to.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

use serde_json::json;

use crate::collector::{lines, wait};
use crate::environment::path;
use crate::peer::script;
use crate::pty::Terminal;

/// The name of their project, which is nobody else's business.
pub(crate) const REPOSITORY: &str = "salutations-for-acme";

/// Someone with a fresh home, a repository with one file, and analytics agreed to.
#[derive(Clone)]
pub(crate) struct Person {
    environment: PathBuf,
    /// What starts the tool, if not the person themselves.
    runner: Option<PathBuf>,
    home: PathBuf,
    repository: PathBuf,
}

impl Person {
    /// With aider installed in `environment`; everything else below `folder`.
    pub(crate) fn new(folder: &Path, environment: PathBuf) -> Self {
        let (home, repository) = (folder.join("home"), folder.join(REPOSITORY));
        let caches = home.join(".aider/caches");
        fs::create_dir_all(&caches).unwrap();
        fs::create_dir_all(&repository).unwrap();
        // The answer to the question, as the tool keeps it.
        let choice = json!({
            "uuid": "7f3c1c50-1c1e-4c0a-9f1e-0123456789ab",
            "permanently_disable": false,
            "asked_opt_in": true,
        });
        fs::write(home.join(".aider/analytics.json"), choice.to_string()).unwrap();
        // Without the price list the tool looks for it on the network, and
        // reports every model as redacted and without cost.
        fs::copy(
            price_list(&environment),
            caches.join("model_prices_and_context_window.json"),
        )
        .unwrap();
        let person = Self {
            environment,
            runner: None,
            home,
            repository,
        };
        person.git(&["init", "--quiet"]);
        fs::write(person.repository.join("hello.py"), "print(\"hello\")\n").unwrap();
        person.git(&["add", "hello.py"]);
        person.git(&["commit", "--quiet", "--message", "begin"]);
        person
    }

    /// Who starts the tool by another program.
    pub(crate) fn with(mut self, runner: PathBuf) -> Self {
        self.runner = Some(runner);
        self
    }

    /// Their home directory.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// The tool on a terminal, with the one file in the chat.
    pub(crate) fn at_terminal(&self, endpoint: &Endpoint, collector: &str, key: &str) -> Terminal {
        let mut aider = self.aider(collector, key);
        aider
            .arg("--openai-api-base")
            .arg(format!("http://{}/v1", endpoint.address))
            .arg("hello.py");
        Terminal::start(aider, 80)
    }

    /// One message, answered, applied and committed, as a person would start it
    /// but for the questions that `--yes-always` answers.
    pub(crate) fn asks_for_a_greeting(&self, collector: &str, key: &str, log: &Path) {
        let endpoint = Endpoint::start(&self.environment);
        let mut aider = self.aider(collector, key);
        aider
            .arg("--openai-api-base")
            .arg(format!("http://{}/v1", endpoint.address))
            .arg("--yes-always")
            .arg("--analytics-log")
            .arg(log)
            .args(["--message", "add a greeting", "hello.py"]);
        let (status, printed) = run(&mut aider);
        assert!(status.success(), "aider ended with {status}:\n{printed}");
        let edited = fs::read_to_string(self.repository.join("hello.py")).unwrap();
        assert!(
            edited.contains("good morning"),
            "the edit was not applied:\n{printed}"
        );
    }

    /// A start that ends in an exception nobody catches: a link to itself
    /// cannot be opened.
    pub(crate) fn crashes(&self, collector: &str, key: &str) {
        std::os::unix::fs::symlink("loop.py", self.repository.join("loop.py")).unwrap();
        let mut aider = self.aider(collector, key);
        // Never reached, but without it the tool looks for a key elsewhere.
        aider.args(["--openai-api-base", "http://127.0.0.1:9/v1"]);
        aider.args(["--yes-always", "loop.py"]);
        let (status, printed) = run(&mut aider);
        assert_eq!(
            status.code(),
            Some(1),
            "aider was meant to crash:\n{printed}"
        );
    }

    /// The tool with what all runs share.
    fn aider(&self, collector: &str, key: &str) -> Command {
        let tool = self.environment.join("bin/aider");
        let mut aider = self.command(self.runner.as_deref().unwrap_or(&tool));
        aider
            .args(self.runner.as_ref().map(|_| &tool))
            .args(["--model", "openai/gpt-4o", "--openai-api-key", "x"])
            .args(["--no-check-update", "--no-show-model-warnings"])
            .args(["--no-show-release-notes", "--no-gitignore"])
            .args(["--no-pretty", "--no-fancy-input"])
            // With streaming the tool counts tokens itself instead of believing the endpoint.
            .arg("--no-stream")
            .args(["--analytics", "--analytics-posthog-host", collector])
            .args(["--analytics-posthog-project-api-key", key]);
        aider
    }

    fn git(&self, arguments: &[&str]) {
        let status = self
            .command(Path::new("git"))
            .args(arguments)
            .status()
            .unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    /// A command in the repository that knows this home and no other.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .stdin(Stdio::null())
            .current_dir(&self.repository)
            .env_clear()
            .env("PATH", path())
            .env("HOME", &self.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .env("BROWSER", "/bin/true")
            .env("NO_COLOR", "1");
        for name in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{name}_NAME"), "Somebody")
                .env(format!("GIT_{name}_EMAIL"), "somebody@example.com");
        }
        command
    }
}

/// Runs the tool to its end and gives what it printed on standard output.
fn run(aider: &mut Command) -> (ExitStatus, String) {
    let mut child = aider
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let printed = lines(child.stdout.take().unwrap());
    let (status, lines) = wait(&mut child, &printed);
    (status, lines.join("\n"))
}

/// The price list that came with the tool.
fn price_list(environment: &Path) -> PathBuf {
    let lib = fs::read_dir(environment.join("lib")).unwrap();
    lib.map(|entry| entry.unwrap().path())
        .map(|python| {
            python.join("site-packages/litellm/model_prices_and_context_window_backup.json")
        })
        .find(|path| path.is_file())
        .expect("litellm carries a price list")
}

/// The stand-in of `tests/peers/llm_standin.py`. Dropped, it ends.
pub(crate) struct Endpoint {
    child: Child,
    /// It ends with this.
    stdin: Option<ChildStdin>,
    address: SocketAddr,
}

impl Endpoint {
    pub(crate) fn start(environment: &Path) -> Self {
        let mut child = Command::new(environment.join("bin/python"))
            .arg(script("llm_standin.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = lines(child.stdout.take().unwrap());
        let port: u16 = printed.recv().unwrap().parse().unwrap();
        Self {
            stdin: child.stdin.take(),
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
        }
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}
