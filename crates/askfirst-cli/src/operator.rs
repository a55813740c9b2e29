//! The operator's side of a running server: what it alone may do to the data directory it does
//! for those who can read its token there (`docs/formats/operator.md`).

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::args::KeptArgs;
use crate::failure::{FAILED, Failure, WRONG_USE};

/// Longest wait for a reply. A chunk of an import may have to wait for a segment to be written.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server found through its data directory.
#[derive(Debug)]
pub(crate) struct Operator {
    agent: ureq::Agent,
    base: String,
    token: String,
    /// Where it takes events.
    pub(crate) address: String,
}

/// A project, as the server tells it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Project {
    /// Its number.
    pub(crate) id: u32,
    /// Its name.
    pub(crate) name: String,
    /// Its host profile.
    pub(crate) host: String,
}

/// A project with a key that is shown this once.
#[derive(Debug, Deserialize)]
pub(crate) struct Keyed {
    /// The project.
    pub(crate) project: Project,
    /// The key.
    pub(crate) key: String,
}

/// What became of one chunk of an import.
#[derive(Debug, Deserialize)]
pub(crate) struct Chunk {
    /// What the next chunk has to name.
    pub(crate) run: String,
    /// Lines stored.
    pub(crate) stored: u64,
    /// Lines an earlier import stored.
    pub(crate) already_there: u64,
    /// Lines refused, by reason.
    pub(crate) refused: BTreeMap<String, u64>,
    /// What was left out of stored lines or corrected in them, by reason.
    pub(crate) notes: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct ServeFile {
    address: String,
    operator: String,
}

#[derive(Deserialize)]
struct Projects {
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    detail: String,
}

impl Operator {
    /// The server of a data directory, if one has left its address there.
    pub(crate) fn of(dir: &Path) -> anyhow::Result<Option<Self>> {
        let path = dir.join("serve.json");
        let Some(text) = read(&path)? else {
            return Ok(None);
        };
        let file: ServeFile = serde_json::from_str(&text).with_context(|| unreadable(&path))?;
        // A server that is stopping, or was killed while it did, may have taken one of the two
        // files away and not yet the other.
        let Some(token) = read(&dir.join("operator.token"))? else {
            return Ok(None);
        };
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // The server is on this machine, whatever the environment says about proxies.
            .proxy(None)
            .build();
        Ok(Some(Self {
            agent: config.into(),
            base: format!("http://{}/operator", file.operator),
            token: token.trim().to_owned(),
            address: file.address,
        }))
    }

    /// Where a tool on this machine sends its events.
    pub(crate) fn url(&self) -> String {
        let everywhere = ["0.0.0.0:", "[::]:"];
        let port = everywhere
            .iter()
            .find_map(|prefix| self.address.strip_prefix(prefix));
        match port {
            Some(port) => format!("http://127.0.0.1:{port}"),
            None => format!("http://{}", self.address),
        }
    }

    /// Whether it runs: its files may be left over from a crash.
    pub(crate) fn answers(&self) -> bool {
        self.projects().is_ok()
    }

    /// The projects there are.
    pub(crate) fn projects(&self) -> anyhow::Result<Vec<Project>> {
        let request = self.agent.get(format!("{}/projects", self.base));
        Ok(self
            .answer::<Projects>(request.header("Authorization", self.bearer()).call())?
            .projects)
    }

    /// Makes a project.
    pub(crate) fn add_project(
        &self,
        name: &str,
        host: &str,
        kept: KeptArgs,
    ) -> anyhow::Result<Keyed> {
        let body = json!({
            "name": name,
            "host": host,
            "received_days": kept.days,
            "imported_days": kept.imported_days,
        });
        self.post("/projects", body.to_string().as_bytes())
    }

    /// Sets how long a project keeps its events; what is not said stays.
    pub(crate) fn set_retention(&self, id: u32, kept: KeptArgs) -> anyhow::Result<()> {
        let body = json!({
            "received_days": kept.days,
            "imported_days": kept.imported_days,
        });
        let path = format!("/projects/{id}/retention");
        self.post::<serde_json::Value>(&path, body.to_string().as_bytes())
            .map(drop)
    }

    /// Says that the clock is right.
    pub(crate) fn accept_clock(&self) -> anyhow::Result<()> {
        self.post::<serde_json::Value>("/clock/accept", b"")
            .map(drop)
    }

    /// Gives a project a new key.
    pub(crate) fn rotate_key(&self, id: u32, keep_old: bool) -> anyhow::Result<Keyed> {
        let old = if keep_old { "keep" } else { "refuse" };
        self.post(
            &format!("/projects/{id}/rotate"),
            json!({ "old": old }).to_string().as_bytes(),
        )
    }

    /// Removes a project for good.
    pub(crate) fn remove_project(&self, id: u32) -> anyhow::Result<()> {
        let request = self.agent.delete(format!("{}/projects/{id}", self.base));
        let reply = request.header("Authorization", self.bearer()).call();
        self.answer::<serde_json::Value>(reply).map(drop)
    }

    /// Sends whole lines of a log; `query` names project, run, and what begins or ends.
    pub(crate) fn import(&self, query: &str, lines: &[u8]) -> anyhow::Result<Chunk> {
        self.post(&format!("/import?{query}"), lines)
    }

    /// Gives up an import: what was not committed is as if it had never been sent.
    pub(crate) fn give_up(&self, query: &str) -> anyhow::Result<()> {
        let request = self.agent.delete(format!("{}/import?{query}", self.base));
        let reply = request.header("Authorization", self.bearer()).call();
        self.answer::<serde_json::Value>(reply).map(drop)
    }

    fn post<T: DeserializeOwned>(&self, path: &str, body: &[u8]) -> anyhow::Result<T> {
        let request = self.agent.post(format!("{}{path}", self.base));
        self.answer(request.header("Authorization", self.bearer()).send(body))
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn answer<T: DeserializeOwned>(
        &self,
        reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> anyhow::Result<T> {
        let mut reply = reply.map_err(|error| {
            Failure::failed(
                format!(
                    "the running askfirst at {} does not answer: {error}",
                    self.base
                ),
                "see whether `askfirst serve` still runs; if not, remove serve.json from the data \
                 directory",
            )
        })?;
        let status = reply.status().as_u16();
        let text = reply
            .body_mut()
            .read_to_string()
            .with_context(|| format!("the reply of {} broke off", self.base))?;
        if (200..300).contains(&status) {
            return serde_json::from_str(&text).with_context(|| {
                format!("a reply of {} is not what its version sends", self.base)
            });
        }
        Err(refusal(&text).into())
    }
}

/// The server's word on what it does not do; its sentence has the remedy in it.
fn refusal(text: &str) -> Failure {
    let Ok(Refused { error, detail }) = serde_json::from_str(text) else {
        return Failure::of(format_args!("the running askfirst refused: {text}"), None);
    };
    let remedy = (error == "import_running").then_some(
        "try again later; one that was broken off is given up after a minute of silence",
    );
    let code = match error.as_str() {
        "project_exists" | "bad_name" | "bad_request" | "bad_retention" | "unknown_project" => {
            WRONG_USE
        }
        _ => FAILED,
    };
    Failure::of(detail.trim_end_matches('.'), remedy).with_code(code)
}

/// A file the server leaves while it runs; none if it is not there.
fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| unreadable(path)),
    }
}

fn unreadable(path: &Path) -> String {
    format!(
        "cannot read {}, which leads to the running server",
        path.display()
    )
}
