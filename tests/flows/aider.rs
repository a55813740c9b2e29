//! An unmodified aider 0.86.2 against the real collector, with a stand-in for
//! the model's endpoint.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::collector::{Collector, add_project, json, lines, models, run, wait};
use crate::environment::path;
use crate::peer::{installed, script};
use crate::stored;

/// "Within seconds" of the end of the run.
const SECONDS: Duration = Duration::from_secs(10);

#[test]
fn an_unmodified_aider_shows_up_in_the_report_within_seconds() {
    let Some(environment) = installed("aider-0.86.2") else {
        return;
    };
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let person = Person::new(folder.path(), environment);
    let log = folder.path().join("analytics.jsonl");
    person.asks_for_a_greeting(&collector.url(), &key, &log);
    let ended = Instant::now();

    let report = models(&data);
    assert!(ended.elapsed() < SECONDS);
    let row = &report["rows"][0];
    assert!(
        row["main_model"].as_str().unwrap().ends_with("gpt-4o"),
        "{report:#}"
    );
    assert_eq!(row["messages"], 1);
    assert_eq!(
        (&row["tokens_in"], &row["tokens_out"]),
        (&json!(1000), &json!(50))
    );
    assert_eq!(row["cost_usd"].as_f64(), Some(0.003));
    let exits = json(
        &data,
        &["report", "exits", "--host", "aider", "--period", "all"],
    );
    assert!(
        exits.to_string().contains("Completed --message"),
        "{exits:#}"
    );

    // What the tool itself says it sent is what is stored, event by event.
    let said: Vec<Value> = fs::read_to_string(&log)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    collector.stop();
    let mut said_names: Vec<&str> = said
        .iter()
        .filter_map(|line| line["event"].as_str())
        .collect();
    let rows = stored::rows(&data);
    let mut stored_names: Vec<&str> = rows.iter().map(|row| row.event.as_str()).collect();
    said_names.sort_unstable();
    stored_names.sort_unstable();
    assert_eq!(stored_names, said_names);

    // And the log gives the same report when it is imported instead.
    let imported = folder.path().join("imported");
    run(
        &imported,
        &["import", log.to_str().unwrap(), "--host", "aider"],
    );
    let again = models(&imported);
    assert_eq!(again["rows"][0]["main_model"], row["main_model"]);
    assert_eq!(again["total"]["cost_usd"], report["total"]["cost_usd"]);
    assert_eq!(again["total"]["tokens_in"], report["total"]["tokens_in"]);
}

/// Someone with a fresh home, a repository with one file, and analytics agreed to.
struct Person {
    environment: PathBuf,
    home: PathBuf,
    repository: PathBuf,
}

impl Person {
    fn new(folder: &Path, environment: PathBuf) -> Self {
        let (home, repository) = (folder.join("home"), folder.join("repository"));
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
            home,
            repository,
        };
        person.git(&["init", "--quiet"]);
        fs::write(person.repository.join("hello.py"), "print(\"hello\")\n").unwrap();
        person.git(&["add", "hello.py"]);
        person.git(&["commit", "--quiet", "--message", "begin"]);
        person
    }

    /// One message, answered, applied and committed, as a person would start it
    /// but for the questions that `--yes-always` answers.
    fn asks_for_a_greeting(&self, collector: &str, key: &str, log: &Path) {
        let endpoint = Endpoint::start(&self.environment);
        let mut aider = self.command(&self.environment.join("bin/aider"));
        aider
            .args(["--model", "openai/gpt-4o", "--openai-api-key", "x"])
            .args([
                "--openai-api-base",
                &format!("http://{}/v1", endpoint.address),
            ])
            .args([
                "--no-check-update",
                "--no-show-model-warnings",
                "--no-show-release-notes",
            ])
            .args(["--no-gitignore", "--no-pretty", "--no-fancy-input"])
            // With streaming the tool counts tokens itself instead of believing the endpoint.
            .args(["--no-stream", "--yes-always"])
            .args(["--analytics", "--analytics-posthog-host", collector])
            .args(["--analytics-posthog-project-api-key", key])
            .arg("--analytics-log")
            .arg(log)
            .args(["--message", "add a greeting", "hello.py"]);
        let mut child = aider
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let printed = lines(child.stdout.take().unwrap());
        let (status, lines) = wait(&mut child, &printed);
        let text = lines.join("\n");
        assert!(status.success(), "aider ended with {status}:\n{text}");
        let edited = fs::read_to_string(self.repository.join("hello.py")).unwrap();
        assert!(
            edited.contains("good morning"),
            "the edit was not applied:\n{text}"
        );
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
struct Endpoint {
    child: Child,
    /// It ends with this.
    stdin: Option<ChildStdin>,
    address: SocketAddr,
}

impl Endpoint {
    fn start(environment: &Path) -> Self {
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
